/** Around a whole run: one folder holds its temporary files, and at the end nothing is left in it or beside it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Temporary folder of the run. */
    run: string;
  }
}

const home = path.join(import.meta.dirname, '..', '..');

export default function setUp(project: TestProject): () => void {
  const system = realpathSync(os.tmpdir());
  const before = new Set(traces(system));
  const run = mkdtempSync(path.join(system, 'nayek-tests-'));
  // A database of a test may belong to another user, who must get in.
  chmodSync(run, 0o755);
  project.provide('run', run);
  return () => {
    const left = readdirSync(run).filter((name) => name !== 'building');
    rmSync(run, { recursive: true, force: true });
    left.push(...traces(system).filter((trace) => !before.has(trace)));
    if (left.length > 0) throw new Error(`the tests left behind: ${left.join(', ')}`);
  };
}

/**
 * What tests could leave elsewhere: entries of the system's temporary folder, and changes in the project. Only in CI, as
 * elsewhere somebody may be at work beside the tests.
 */
function traces(system: string): readonly string[] {
  if (!process.env.CI) return [];
  const status = execFileSync('git', ['status', '--porcelain'], { cwd: home, encoding: 'utf8' });
  const names = readdirSync(system).filter((name) => /^nayek(?!-tests)/.test(name));
  return [...status.split('\n'), ...names.map((name) => path.join(system, name))];
}
