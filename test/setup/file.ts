/** Around each test file: no file and no process stays behind, and if one does, the test that left it fails by name. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, inject } from 'vitest';
import { enter, leave, madeIn, remove } from '../temporary.ts';

// Tests compare English texts, wherever they run.
process.env.LC_ALL = 'C.UTF-8';

const file = expect.getState().testPath ?? 'unknown';
const run = inject('run');
const folder = path.join(run, path.relative(path.dirname(import.meta.dirname), file).replace(/\W+/g, '-'));
/** Temporary folder → test. */
const names = new Map<string, string>();
const outside = path.join(folder, 'file');
names.set(outside, 'outside the tests');
enter(outside, run);

beforeEach(({ task }) => {
  const system = path.join(folder, `t${names.size}`);
  names.set(system, task.name);
  enter(system, run);
});

afterEach(() => complain(leave()));

afterAll(async () => {
  const processes = await stillRunning();
  for (const { pid } of processes) kill(pid);
  const left = leave();
  remove(folder);
  expect(
    processes.map((p) => `${names.get(p.system)}: ${p.command}`),
    'tests left processes behind',
  ).toEqual([]);
  complain(left);
});

function complain(left: readonly string[]): void {
  expect(left, 'left in the temporary folder; tests use temporaryFolder() of test/temporary.ts').toEqual([]);
}

interface Process {
  readonly pid: number;
  readonly command: string;
  /** Its temporary folder: that of the test which has started it. */
  readonly system: string;
}

/** Processes that this file has started; what is ending gets its time. Only Linux can tell. */
async function stillRunning(): Promise<readonly Process[]> {
  let found = processes();
  if (found.length > 0) (await import('../../src/engine/cpython.ts')).dismissPython();
  for (let turn = 0; turn < 300 && found.length > 0; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = processes();
  }
  return found;
}

function processes(): readonly Process[] {
  return pids().flatMap((pid): Process[] => {
    try {
      const [environment = '', command = ''] = ['environ', 'cmdline'].map((f) =>
        readFileSync(`/proc/${pid}/${f}`, 'utf8'),
      );
      const variables = environment.split('\0').filter((line) => line.startsWith('TMPDIR='));
      // With an environment of its own, it may yet work in a folder of the test.
      const places = [...variables.map((line) => line.slice('TMPDIR='.length)), readlinkSync(`/proc/${pid}/cwd`)];
      if (!places.some((place) => place.startsWith(`${folder}/`))) return [];
      const system = [...names.keys()].find((name) =>
        places.some((place) => [name, madeIn(name)].some((top) => `${place}/`.startsWith(`${top}/`))),
      );
      return system === undefined ? [] : [{ pid, command: command.replaceAll('\0', ' ').trim(), system }];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => pid !== process.pid);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
