/**
 * The jobs of a batch on an engine, with the face of the local pool. A job that is there already is waited for, and one
 * that has been done is not done again: submitting twice, or again after a kill, does no harm.
 */

import type { Job, Queue, QueueEvents } from 'bullmq';
import { note } from '../../report/voice.ts';
import { mask } from '../../secrets/mask.ts';
import { oneLine } from '../../syntax/visible.ts';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { isTrouble, type JobRecord, type JobSpec, recordOf } from '../job.ts';
import { runInLanes } from '../lanes.ts';
import type { Pool } from '../pool.ts';
import { keep } from '../store.ts';
import { type Engine, openEngine, type Stage, said } from './connect.ts';
import { insist } from './insist.ts';
import { type Sealer, sealerOf } from './seal.ts';

/** What a worker answers with, sealed. */
export interface Result {
  readonly record: JobRecord;
  /** Base64; null where the record has none. */
  readonly patch: string | null;
  readonly report: string | null;
  /** Bytes of memory that its largest process has taken. */
  readonly peak: number;
}

export interface EnginePoolOptions {
  readonly url: string;
  /** State folder, absolute. */
  readonly store: string;
  /** Jobs that are submitted at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
}

/** Results stay so long for who submits the same again. Seconds. */
const KEPT = 24 * 3600;
/** Milliseconds between two looks at all that is waited for; events tell most of it before. */
const SWEEP = 3000;
/** Milliseconds without any answer until it is said that workers may be missing. */
const SILENCE = 15_000;

/** @throws NayekError `engine`, `usage` */
export async function createEnginePool(options: EnginePoolOptions): Promise<Pool> {
  const sealer = sealerOf(process.env);
  const engine = await openEngine(options.url);
  const lines = new Map<Stage, Promise<Line>>();
  let peak = 0;
  let answered = false;
  const lineOf = (stage: Stage): Promise<Line> => {
    const line = lines.get(stage) ?? openLine(engine, stage);
    lines.set(stage, line);
    return line;
  };

  const perform = async (job: JobSpec): Promise<JobRecord> => {
    const startedAt = new Date().toISOString();
    const start = performance.now();
    const failed = (status: 'failed' | 'canceled', code: string, message: string): JobRecord =>
      recordOf(job, status, { startedAt, ms: Math.round(performance.now() - start), error: { code, message } });
    try {
      const line = await lineOf(job.publish ? 'publish' : 'plan');
      const end = await line.run(job, sealer, options.signal);
      answered = true;
      if (end === undefined) return failed('canceled', 'canceled', say`the run was stopped`);
      if ('failed' in end) return failed('failed', 'crashed', say`no worker got through it: ${end.failed}`);
      peak = Math.max(peak, end.result.peak);
      return taken(job, end.result, options.store) ?? failed('failed', 'engine', say`the files do not fit the record`);
    } catch (error) {
      if (error instanceof NayekError) return failed('failed', error.kind, oneLine(mask(error.message)));
      return failed('failed', 'engine', said(error as Error));
    }
  };

  // Wrong addresses and passwords are known before anything is resolved.
  try {
    await lineOf('plan');
  } catch (error) {
    await engine.close();
    throw error;
  }
  const silent = setTimeout(() => {
    if (!answered) note(say`no answer yet; are there workers? \`nayek batch worker --engine …\``);
  }, SILENCE).unref();
  return {
    get peak() {
      return peak;
    },
    run: (jobs, done) => runInLanes(jobs, options, perform, done),
    close() {
      clearTimeout(silent);
      for (const line of lines.values()) line.then((l) => l.close()).catch(() => undefined);
      void engine.close();
    },
  };
}

/** Stores the files of a result; undefined when they are not what the record says. */
function taken(job: JobSpec, { record, patch, report }: Result, store: string): JobRecord | undefined {
  const own = { ...record, runId: job.runId };
  if (record.stage === 'publish') return own;
  const pairs = [
    ['patches', record.patch, patch],
    ['reports', record.report, report],
  ] as const;
  for (const [folder, file, bytes] of pairs) {
    if (file === null) continue;
    if (bytes === null || keep(store, folder, Buffer.from(bytes, 'base64')).sha256 !== file.sha256) return undefined;
  }
  return own;
}

type End = { readonly result: Result } | { readonly failed: string };

/** A queue with what is waited for. */
interface Line {
  /** Undefined when it was aborted. */
  run(job: JobSpec, sealer: Sealer, signal: AbortSignal | undefined): Promise<End | undefined>;
  close(): void;
}

async function openLine(engine: Engine, stage: Stage): Promise<Line> {
  const queue: Queue = await engine.queue(stage);
  const events: QueueEvents = await engine.events(stage);
  const looks = new Map<string, () => void>();
  const wake = ({ jobId }: { jobId: string }): void => looks.get(jobId)?.();
  events.on('completed', wake).on('failed', wake);
  const sweep = setInterval(() => {
    for (const look of looks.values()) look();
  }, SWEEP);

  const submit = async (job: JobSpec, id: string, sealer: Sealer): Promise<void> => {
    const there: Job | undefined = await queue.getJob(id);
    const state = there && (await there.getState());
    if (there && (state === 'failed' || (state === 'completed' && !stands(job, there, id, sealer)))) {
      await there.remove();
    }
    const kept = { removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT } };
    await queue.add(stage, { sealed: sealer.seal(job, `job ${id}`) }, { jobId: id, attempts: 1, ...kept });
  };

  /** How a job has ended; undefined while it has not. */
  const endOf = async (job: JobSpec, id: string, sealer: Sealer): Promise<End | undefined> => {
    const now: Job | undefined = await queue.getJob(id);
    // The server may have lost it, or somebody has emptied the queue.
    if (!now) await submit(job, id, sealer);
    const state = await now?.getState();
    if (now && state === 'failed') return { failed: oneLine(mask(now.failedReason ?? '')) };
    if (state !== 'completed') return undefined;
    const answer = now?.returnvalue ?? (await queue.getJob(id))?.returnvalue;
    return { result: sealer.open(answer, `result ${id}`) as Result };
  };

  return {
    async run(job, sealer, signal) {
      const id = idOf(job);
      await insist(() => submit(job, id, sealer), signal);
      return new Promise<End | undefined>((resolve, reject) => {
        let looking = false;
        const settle = (how: () => void): void => {
          looks.delete(id);
          signal?.removeEventListener('abort', cancel);
          how();
        };
        const look = async (): Promise<void> => {
          if (looking) return;
          looking = true;
          try {
            const end = await endOf(job, id, sealer);
            if (end) settle(() => resolve(end));
          } catch (error) {
            // Of an outage the queue tells itself; the next sweep looks again.
            if (error instanceof NayekError) settle(() => reject(error));
          } finally {
            looking = false;
          }
        };
        // What no worker has begun is taken back.
        const cancel = (): void => {
          const end = (): void => settle(() => resolve(undefined));
          queue.remove(id).then(end, end);
        };
        looks.set(id, () => void look());
        signal?.addEventListener('abort', cancel);
        if (signal?.aborted) cancel();
        else void look();
      });
    },
    close() {
      clearInterval(sweep);
      looks.clear();
    },
  };
}

/** Neither a number nor with a ':', which BullMQ keeps for itself. The same work has the same id. */
function idOf(job: JobSpec): string {
  if (job.publish) return `p-${job.jobId}-${job.publish.plan.patch?.sha256.slice(0, 20) ?? ''}`;
  return `w-${job.jobId}-${job.inputKey?.slice(0, 20) ?? job.runId}`;
}

/** Whether a finished job is the answer to this one. What publish has found is looked at anew each time. */
function stands(job: JobSpec, there: Job, id: string, sealer: Sealer): boolean {
  if (job.publish) return false;
  try {
    const { record } = sealer.open(there.returnvalue, `result ${id}`) as Result;
    return record.inputKey === job.inputKey && !isTrouble(record.status);
  } catch {
    return false;
  }
}
