/** Around a whole run: one folder holds its temporary files, and at the end nothing is left in it or beside it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { BUILDING, home } from '../built.ts';
import { MADE, SERVED } from '../temporary.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Temporary folder of the run. */
    run: string;
  }
}

/** What the run itself keeps in its folder. */
const OURS = new Set([BUILDING, MADE, SERVED, 'state']);

export default function setUp(project: TestProject): () => void {
  const system = realpathSync(os.tmpdir());
  const before = new Set(traces(system));
  const run = mkdtempSync(path.join(system, 'nayek-tests-'));
  // A database of a test may belong to another user, who must get in.
  chmodSync(run, 0o755);
  project.provide('run', run);
  // The key of journals lies in a folder of the tests' own, not in that of who runs them.
  process.env.XDG_STATE_HOME = path.join(run, 'state');
  passShims();
  return () => {
    // What a file has left, it has told itself.
    const left = readdirSync(run).filter((name) => !OURS.has(name) && !name.endsWith('-test-ts'));
    rmSync(run, { recursive: true, force: true });
    left.push(...traces(system).filter((trace) => !before.has(trace)));
    if (left.length > 0) throw new Error(`the tests left behind: ${left.join(', ')}`);
  };
}

/** The python3 of a version manager is a script that takes longer than what it starts: what it starts goes before it. */
function passShims(): void {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  const folder = path.dirname(stdout?.trim() ?? '');
  const { PATH = '' } = process.env;
  if (path.isAbsolute(folder) && !PATH.split(path.delimiter).includes(folder)) {
    process.env.PATH = `${folder}${path.delimiter}${PATH}`;
  }
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
