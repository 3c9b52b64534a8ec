/**
 * A large batch, measured: `npm run bench:batch -- [repositories] [kills]`. Makes repositories in a temporary folder, plans
 * them, resumes, kills (-9) runs at random moments, and compares the end with the undisturbed run. Linux only: memory is
 * read from /proc.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readLedger } from '../../src/batch/ledger.ts';
import { outcomeOf } from './outcome.ts';
import { makeRepository } from './repositories.ts';

const [count = 1000, kills = 10] = process.argv.slice(2).map(Number);
const command = path.join(import.meta.dirname, 'nayek.cjs');
const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'nayek-bench-')));
const manifest = path.join(top, 'batch.yaml');

interface Measured {
  readonly code: number | null;
  readonly seconds: number;
  /** Megabytes: of the command itself, and at one moment of all its processes together. */
  readonly parent: number;
  readonly tree: number;
}

function status(pid: number, field: string): number {
  try {
    return (
      Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    );
  } catch {
    return 0;
  }
}

function descendants(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** Runs `nayek batch …`; kills it after so many milliseconds where given. */
function run(args: readonly string[], killAfter?: number): Promise<Measured> {
  const start = performance.now();
  const child = spawn(process.execPath, [command, 'batch', ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
    cwd: top,
  });
  const pid = child.pid ?? 0;
  let parent = 0;
  let tree = 0;
  const sampler = setInterval(() => {
    parent = Math.max(parent, status(pid, 'VmHWM'));
    tree = Math.max(
      tree,
      [pid, ...descendants(pid)].reduce((sum, p) => sum + status(p, 'VmRSS'), 0),
    );
  }, 50);
  const killer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearInterval(sampler);
      clearTimeout(killer);
      resolve({ code, seconds: (performance.now() - start) / 1000, parent, tree });
    });
  });
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const shown = ({ code, seconds, parent, tree }: Measured, planned: number): string =>
  `exit ${code}, ${seconds.toFixed(1)} s, ${(planned / seconds).toFixed(1)} repositories/s, peak ${parent.toFixed(0)} MB (command), ${tree.toFixed(0)} MB (all processes)`;

async function main(): Promise<boolean> {
  say(
    `${os.availableParallelism()} processors, node ${process.version}, ${spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout.trim()}`,
  );
  const made = performance.now();
  const folders = Array.from({ length: count }, (_, n) => makeRepository(top, n));
  say(`made ${count} repositories in ${((performance.now() - made) / 1000).toFixed(1)} s`);
  const list = folders.map((f) => `  - path: ${path.relative(top, f)}\n`).join('');
  writeFileSync(manifest, `version: 1\nrepos:\n${list}`);

  const calm = await run(['plan', manifest, '--state', 'calm']);
  say(`planned: ${shown(calm, count)}`);
  const resumed = await run(['plan', manifest, '--state', 'calm']);
  say(`resumed: ${shown(resumed, count)}`);
  const expected = outcomeOf(path.join(top, 'calm'));
  const sizes = readLedger(path.join(top, 'calm')).records.length;
  const page = await run(['review', '--state', 'calm']);
  const bytes = statSync(path.join(top, 'calm', 'review.html')).size;
  say(`page: ${page.seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB`);

  let whole = true;
  const moments: string[] = [];
  for (let n = 0; n < kills; n++) {
    const after = 200 + Math.random() * ((calm.seconds * 1000) / kills) * 1.5;
    await run(['plan', manifest, '--state', 'killed'], after);
    try {
      moments.push(`${(after / 1000).toFixed(1)} s: ${readLedger(path.join(top, 'killed')).records.length} records`);
    } catch (error) {
      whole = false;
      moments.push(String(error));
    }
  }
  say(`killed (-9) ${kills} times: ${moments.join('; ')}`);
  const last = await run(['plan', manifest, '--state', 'killed']);
  const records = readLedger(path.join(top, 'killed')).records;
  const equal = isDeepStrictEqual(outcomeOf(path.join(top, 'killed')), expected);
  say(
    `finished: ${shown(last, count)}; ${records.length - count} jobs recorded twice; equal to the undisturbed run: ${equal}`,
  );
  return whole && equal && calm.code === 0 && resumed.code === 0 && sizes === count && records.length === count;
}

main()
  .then((fine) => {
    process.exitCode = fine ? 0 : 1;
  })
  .finally(() => rmSync(top, { recursive: true, force: true }));
