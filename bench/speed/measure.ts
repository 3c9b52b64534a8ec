/** Runs a command and says what it cost. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Seconds, and MiB at the peak of its largest process. */
export interface Cost {
  readonly wall: number;
  /** User and system time. */
  readonly cpu: number;
  readonly user: number;
  readonly rss: number;
}

/**
 * Runs `command` to its end, its output thrown away.
 * @throws Error when it fails or takes longer than ten minutes.
 */
export function measure(command: readonly string[]): Cost {
  const out = path.join(tmpdir(), `nayek-bench-${process.pid}.json`);
  const script = path.join(import.meta.dirname, '..', 'bench', 'measure.py');
  const done = spawnSync(python(), [script, out, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${done.status}:\n${(done.stderr ?? '').slice(-2_000)}`);
  }
  const cost = JSON.parse(readFileSync(out, 'utf8')) as Cost;
  rmSync(out);
  return cost;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

let interpreter: string | undefined;

/** The interpreter itself: what a shim in front of it starts would be counted, too. */
function python(): string {
  interpreter ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return interpreter;
}
