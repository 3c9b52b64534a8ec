/** How the tests of `verify --live` run it: in an environment for each set of requirements, and nothing stays behind. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../src/verify/steps.ts';
import { temporaryFolder } from '../temporary.ts';

const root = path.join(import.meta.dirname, '..', '..');
export const apps = path.join(import.meta.dirname, 'apps');
export const command = path.join(root, 'dist', 'nayek.cjs');
/** A folder for a file of tests. */
export let home = '';
export let temp = '';

beforeAll(() => {
  home = temporaryFolder('live');
  temp = path.join(home, 'tmp');
  mkdirSync(temp);
  // PostgreSQL runs as another user when we are root.
  for (const folder of [home, temp]) chmodSync(folder, 0o755);
});

/** One environment for each set of requirements: what an application needs unpatched names it. */
export function environmentOf(app: string): string {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((f) => /requirements\.txt$/.test(f));
  const text = files.map((f) => readFileSync(path.join(app, f), 'utf8').replace(/^gunicorn.*\n/gm, '')).join('\n');
  return path.join(home, `env-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
}

interface Answer {
  readonly exit: number | null;
  readonly steps: readonly Step[];
  readonly out: SpawnSyncReturns<string>;
}

export function verify(app: string, ...args: string[]): Answer {
  const before = hashOf(app);
  const env = { ...process.env, TMPDIR: temp };
  const out = spawnSync(
    process.execPath,
    [command, 'verify', '--live', '--yes', '--format', 'json', '--reuse-env', environmentOf(app), ...args, app],
    { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 },
  );
  expect(hashOf(app)).toBe(before);
  expect(left(app)).toEqual([]);
  // Of a failed run the log stays.
  expect(readdirSync(temp).filter((name) => !name.endsWith('.log'))).toEqual([]);
  const report = out.stdout.startsWith('{') ? (JSON.parse(out.stdout) as { steps: Step[] }) : { steps: [] };
  return { exit: out.status, steps: report.steps, out };
}

/** Names and bytes of all files. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(folder, name);
    hash.update(`${name}\0`);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Command lines of living processes that were started in the application's environment. */
export function left(app: string): string[] {
  const mark = `VIRTUAL_ENV=${environmentOf(app)}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}

export const namesOf = (steps: readonly Step[], status: Step['status']): string[] =>
  steps.filter((s) => s.status === status).map((s) => [s.origin, s.name].filter(Boolean).join(': '));

/** What a launch shows; `release` where the Procfile has one. */
const launch = (origin: string): string[] =>
  ['start', 'all interfaces', 'two workers', 'stop'].map((name) => `${origin}: ${name}`);
export const both = [...launch('render.yaml'), ...launch('Procfile')];
export const passwords = ['render.yaml: wrong password', 'Procfile: wrong password'];

/** An application: what it is, the steps that fail as it is, and those that hold once it is patched. */
export interface App {
  readonly name: string;
  readonly what: string;
  readonly broken: readonly string[];
  readonly holds: readonly string[];
  readonly args?: readonly string[];
}

/** Two tests for each. */
export function holdOncePatched(all: readonly App[]): void {
  describe.each(all)('$what', ({ name, broken, holds, args = [] }) => {
    const app = path.join(apps, name);

    // First, as the environment has no gunicorn yet.
    it('falls short as it is', () => {
      const { exit, steps, out } = verify(app, '--unpatched', ...args);
      expect(namesOf(steps, 'failed'), out.stderr).toEqual(broken);
      expect(exit).toBe(1);
    });

    it('boots once patched', () => {
      const { exit, steps, out } = verify(app, ...args);
      expect(
        steps.filter((s) => !s.ok),
        out.stderr,
      ).toEqual([]);
      expect(namesOf(steps, 'ok')).toEqual(expect.arrayContaining([...holds]));
      expect(namesOf(steps, 'warning')).toEqual([]);
      expect(exit).toBe(0);
    });
  });
}
