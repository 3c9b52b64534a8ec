/** What a running batch shows: one line that is written over on a terminal, else one line per repository. */

import { shownLine } from '../report/shown-line.ts';
import { local } from '../report/words/local.ts';
import { type Colour, painter } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
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

/** What a status is called. */
const NAMES: Readonly<Record<JobStatus | 'pending', string>> = {
  changed: say`changed`, 'no-change': say`no-change`, 'up-to-date': say`up-to-date`, skipped: say`skipped`, failed: say`failed`,
  timeout: say`timeout`, canceled: say`canceled`, 'blocked-foreign-commits': say`blocked-foreign-commits`, stale: say`stale`,
  'pr-opened': say`pr-opened`, 'pr-updated': say`pr-updated`, 'pr-closed': say`pr-closed`, pushed: say`pushed`,
  committed: say`committed`, undone: say`undone`, pending: say`pending`,
}; // biome-ignore format: a table

/** How often each status occurs, in the language of the run. */
export function countsText(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).map(([name, count]) => `${count} ${statusWord(name)}`);
}

/** A status in the language of the run. */
export function statusWord(status: string): string {
  return local(NAMES[status as JobStatus] ?? status);
}

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
    const left = done > 0 ? local(say`, about ${duration((total - done - reused) / rate)} left`) : '';
    const failing = trouble > 0 ? `, ${paint('red', local(say`${trouble} failing`))}` : '';
    const line = `${local(total === 1 ? say`${done + reused} of 1 repository` : say`${done + reused} of ${total} repositories`)}${failing}, ${rate.toFixed(1)}/s${left}`;
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
  const head = paint(STATUS_COLOURS[status] ?? 'cyan', statusWord(status).padEnd(9));
  const many = local(files === 1 ? say`1 file` : say`${files} files`);
  const size = files > 0 ? `  ${many} +${insertions} -${deletions}` : '';
  const why = error ? `  ${error.code}: ${local(error.message)}` : '';
  return `${head}  ${shownLine(`${titleOf(record)}${size}${why}`)}`;
}

/** The repository, its folder where that is not the top. */
export function titleOf({ repo, subdir }: Pick<JobRecord, 'repo' | 'subdir'>): string {
  return subdir === '' ? repo : `${repo} (${subdir})`;
}

/** `1 repository`, `2 repositories`. */
export function repositories(count: number): string {
  return count === 1 ? say`1 repository` : say`${count} repositories`;
}

/** Seconds in words: `40 s`, `3 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
