/** A bounded number of jobs at a time. */
import type { JobRecord, JobSpec } from './job.ts';

export interface LaneOptions {
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Once it is aborted no further job starts. */
  readonly signal?: AbortSignal;
}

/** Takes the jobs in turn and hands over each record as it comes; resolves when all that were started have ended. */
export async function runInLanes(
  jobs: AsyncIterable<JobSpec> | Iterable<JobSpec>,
  { concurrency, signal }: LaneOptions,
  perform: (job: JobSpec) => Promise<JobRecord>,
  done: (record: JobRecord) => void,
): Promise<void> {
  const queue = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    while (!signal?.aborted) {
      const next = await queue.next();
      if (next.done || signal?.aborted) return;
      done(await perform(next.value));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
