/** What a running batch shows: one line that is written over on a terminal, else one line per repository. */

import { mask } from '../secrets/mask.ts';
import { type Colour, oneLine, painter, visible } from '../syntax/visible.ts';
import { isTrouble, type JobRecord, type JobStatus } from './job.ts';

export interface Progress {
  done(record: JobRecord): void;
  /** One that was done before. */
  reused(): void;
  /** Clears the line. */
  end(): void;
}

export interface ProgressOptions {
  /** Repositories, those that were done before included. */
  readonly total: number;
  readonly stream: NodeJS.WriteStream;
  readonly out: NodeJS.WriteStream;
  readonly colour: boolean;
}

export const STATUS_COLOURS: Readonly<Partial<Record<JobStatus, Colour>>> = {
  changed: 'green', 'no-change': 'dim', 'up-to-date': 'dim', skipped: 'dim', failed: 'red', timeout: 'red', canceled: 'yellow',
  'blocked-foreign-commits': 'yellow', stale: 'yellow', 'pr-opened': 'green', 'pr-updated': 'green', pushed: 'green', committed: 'green',
}; // biome-ignore format: a table

/** Milliseconds between two writes of the line. */
const PACE = 100;

export function createProgress(options: ProgressOptions): Progress {
  const { total, stream, out, colour } = options;
  if (!stream.isTTY) {
    return {
      done: (record) => void out.write(`${recordLine(record, out.isTTY === true && colour)}\n`),
      reused: () => undefined,
      end: () => undefined,
    };
  }
  const paint = painter(colour);
  const start = Date.now();
  let done = 0;
  let reused = 0;
  let trouble = 0;
  let written = 0;
  const clear = (): void => void stream.write('\r\x1b[2K');
  const show = (force: boolean): void => {
    if (!force && Date.now() - written < PACE) return;
    written = Date.now();
    const seconds = (Date.now() - start) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    const left = done > 0 ? `, ${duration((total - done - reused) / rate)} left` : '';
    const failing = trouble > 0 ? `, ${paint('red', `${trouble} failing`)}` : '';
    const line = `${done + reused} of ${repositories(total)}${failing}, ${rate.toFixed(1)}/s${left}`;
    stream.write(`\r\x1b[2K${line}`);
  };
  return {
    done(record) {
      done++;
      if (isTrouble(record.status)) {
        trouble++;
        clear();
        stream.write(`${recordLine(record, colour)}\n`);
      }
      show(done + reused === total);
    },
    reused() {
      reused++;
      show(false);
    },
    end: clear,
  };
}

/** One repository in one line. */
export function recordLine(record: JobRecord, colour: boolean): string {
  const { status, files, insertions, deletions, error } = record;
  const paint = painter(colour);
  const head = paint(STATUS_COLOURS[status] ?? 'cyan', status.padEnd(9));
  const size = files > 0 ? `  ${files} ${files === 1 ? 'file' : 'files'} +${insertions} -${deletions}` : '';
  const why = error ? `  ${error.code}: ${error.message}` : '';
  return `${head}  ${visible(oneLine(mask(`${titleOf(record)}${size}${why}`)))}`;
}

/** The repository, its folder where that is not the top. */
export function titleOf({ repo, subdir }: Pick<JobRecord, 'repo' | 'subdir'>): string {
  return subdir === '' ? repo : `${repo} (${subdir})`;
}

/** `1 repository`, `2 repositories`. */
export function repositories(count: number): string {
  return `${count} ${count === 1 ? 'repository' : 'repositories'}`;
}

/** Seconds in words: `40 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
