/**
 * A bounded pool of processes on this machine. Starting one takes longer than an ordinary job, so each takes many; one
 * that crashes, hangs or runs out of memory fails the job that it had, and is replaced.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { say } from '../system/say.ts';
import { allowedEnvironment, killGroup, WORKER_VARIABLE } from './git.ts';
import { type Answer, type JobRecord, type JobSpec, type Order, recordOf } from './job.ts';
import { runInLanes } from './lanes.ts';

export interface PoolOptions {
  /** State folder, absolute. */
  readonly store: string;
  /** Processes at a time. */
  readonly concurrency: number;
  /** Megabytes of JavaScript heap for each. */
  readonly memory: number;
  /** Program and arguments that serve as `worker-process.ts` does; the installed command where undefined. */
  readonly command?: { readonly file: string; readonly args: readonly string[] };
  /** Ends the run: no further job starts, and those that run are killed and recorded as `canceled`. */
  readonly signal?: AbortSignal;
}

export interface Pool {
  /** Runs the jobs, and hands over each record as it comes; resolves when all have ended. */
  run(jobs: AsyncIterable<JobSpec> | Iterable<JobSpec>, done: (record: JobRecord) => void): Promise<void>;
  /** Bytes of memory that the largest process has taken so far. */
  readonly peak: number;
  close(): void;
}

/** Jobs after which a process is replaced: whatever a long life may gather is bounded. */
const LIFE = 500;

export function createPool(options: PoolOptions): Pool {
  // Each running job listens.
  if (options.signal) setMaxListeners(0, options.signal);
  const idle: Member[] = [];
  const all = new Set<Member>();
  let peak = 0;

  const take = (): Member => {
    const member = idle.pop() ?? new Member(options);
    all.add(member);
    return member;
  };

  const perform = async (job: JobSpec): Promise<JobRecord> => {
    const member = take();
    const experienced = member.jobs > 0;
    const end = await member.perform(job, options.store, options.signal);
    peak = Math.max(peak, end.peak);
    if (end.alive && member.jobs < LIFE) idle.push(member);
    else {
      all.delete(member);
      member.close();
    }
    // What earlier jobs have left in the process may be why it has ended: once more in a fresh one.
    if (end.crashed && experienced && !options.signal?.aborted) return perform({ ...job, attempt: job.attempt + 1 });
    return end.record;
  };

  return {
    get peak() {
      return peak;
    },
    run: (jobs, done) => runInLanes(jobs, options, perform, done),
    close() {
      for (const member of all) member.close();
      all.clear();
      idle.length = 0;
    },
  };
}

interface End {
  readonly record: JobRecord;
  /** False when the process is gone. */
  readonly alive: boolean;
  /** True when it ended by itself in the middle of the job. */
  readonly crashed: boolean;
  readonly peak: number;
}

class Member {
  jobs = 0;
  private readonly child: ChildProcess;
  private lastWords = '';

  constructor({ memory, command }: PoolOptions) {
    const { file, args } = command ?? installed();
    this.child = fork(file, [...args], {
      execArgv: [`--max-old-space-size=${memory}`],
      env: { ...allowedEnvironment(), [WORKER_VARIABLE]: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // The leader of a group: one signal ends it with every git that it has started.
      detached: process.platform !== 'win32',
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-4000);
    });
    // Not to be started at all is one way to end: `close` follows, or the job's own listener hears it.
    this.child.on('error', () => undefined);
  }

  /** Never rejects. */
  perform(job: JobSpec, store: string, signal: AbortSignal | undefined): Promise<End> {
    this.jobs++;
    const { child } = this;
    const startedAt = new Date().toISOString();
    const start = performance.now();
    return new Promise((resolve) => {
      const settle = (end: End): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        child.off('message', answered).off('close', ended).off('error', failed);
        resolve(end);
      };
      const stopped = (
        status: 'failed' | 'timeout' | 'canceled',
        code: string,
        message: string,
        crashed = false,
      ): void => {
        const ms = Math.round(performance.now() - start);
        this.close();
        const record = recordOf(job, status, { startedAt, ms, error: { code, message } });
        settle({ record, alive: false, crashed, peak: 0 });
      };
      const answered = ({ record, peak }: Answer): void => settle({ record, alive: true, crashed: false, peak });
      const ended = (exit: number | null, by: NodeJS.Signals | null): void => {
        const memory = /heap out of memory|Allocation failed/.test(this.lastWords);
        if (memory) stopped('failed', 'out-of-memory', say`the process ran out of memory`, true);
        else stopped('failed', 'crashed', say`the process ended in the middle (${by ?? `exit ${exit}`})`, true);
      };
      const failed = (error: Error): void =>
        stopped('failed', 'crashed', say`the process failed: ${error.message}`, true);
      const cancel = (): void => stopped('canceled', 'canceled', say`the run was stopped`);
      const late = (): void => stopped('timeout', 'timeout', say`took longer than ${job.timeout} s`);
      const timer = setTimeout(late, job.timeout * 1000);
      child.on('message', answered).on('close', ended).on('error', failed);
      signal?.addEventListener('abort', cancel);
      const order: Order = { job, store };
      if (signal?.aborted) cancel();
      else if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode);
      else child.send(order, (error) => error && failed(error));
    });
  }

  close(): void {
    killGroup(this.child.pid);
  }
}

function installed(): NonNullable<PoolOptions['command']> {
  // In the bundle, `nayek.cjs` lies beside this code and starts from what is compiled already.
  const here =
    typeof __dirname === 'string'
      ? __dirname
      : path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
  return { file: path.join(here, 'nayek.cjs'), args: ['batch', 'worker-process'] };
}
