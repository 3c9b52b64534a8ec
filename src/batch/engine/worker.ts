/** `nayek batch worker`: takes jobs from an engine; the work itself is done by the processes of the local pool. */
import os from 'node:os';
import path from 'node:path';
import { note } from '../../report/voice.ts';
import { mask } from '../../secrets/mask.ts';
import { takesColour, visible } from '../../syntax/visible.ts';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { withLockFile } from '../../writer/lock.ts';
import type { JobRecord, JobSpec } from '../job.ts';
import { createPool, type PoolOptions } from '../pool.ts';
import { recordLine } from '../progress.ts';
import { openStore, readStored, reap } from '../store.ts';
import { openEngine, type Stage } from './connect.ts';
import type { Result } from './pool.ts';
import { sealerOf } from './seal.ts';

export interface WorkerArguments {
  readonly engine: string;
  /** Folder for clones and checkouts. */
  readonly state: string;
  /** Jobs at a time. */
  readonly concurrency?: number;
  /** Megabytes of heap for each process. */
  readonly memory?: number;
  /** Seconds after which the job of a worker that says nothing goes to another. */
  readonly patience?: number;
  readonly command?: PoolOptions['command'];
  /** Ends it when the jobs that it has are done. */
  readonly signal: AbortSignal;
}

/** Seconds. */
const PATIENCE = 30;
/** Megabytes. */
const MEMORY = 1024;

/** Works until the signal. Returns the exit code. @throws NayekError `engine`, `usage`, `locked` */
export async function work(options: WorkerArguments): Promise<number> {
  const sealer = sealerOf(process.env);
  const store = openStore(options.state);
  const busy = (who: string): NayekError =>
    new NayekError('locked', say`${who} works in ${store}`, { hint: say`give each worker a folder with --state` });
  return withLockFile(path.join(store, 'lock'), busy, async () => {
    reap(store);
    const concurrency = options.concurrency ?? os.availableParallelism();
    const { memory = MEMORY, command } = options;
    const pool = createPool({ store, concurrency: 1, memory, ...(command ? { command } : {}) });
    const engine = await openEngine(options.engine);
    const colour = takesColour(process.stdout);

    const perform = async (stage: Stage, sealed: string, id: string, tries: number): Promise<string> => {
      const job = sealer.open(sealed, `job ${id}`) as JobSpec;
      if ((job.publish ? 'publish' : 'plan') !== stage) throw new NayekError('engine', say`it is in the wrong queue`);
      let record: JobRecord | undefined;
      await pool.run([{ ...job, attempt: tries }], (one) => {
        record = one;
      });
      if (!record) throw new NayekError('engine', say`the worker was stopped`);
      process.stdout.write(`${recordLine(record, colour)}\n`);
      const bytes = (file: JobRecord['patch']): string | null =>
        (file && readStored(store, file)?.toString('base64')) ?? null;
      const files = stage === 'plan' ? [bytes(record.patch), bytes(record.report)] : [null, null];
      const [patch = null, report = null] = files;
      const result: Result = { record, patch, report, peak: pool.peak };
      return sealer.seal(result, `result ${id}`);
    };

    const patience = (options.patience ?? PATIENCE) * 1000;
    const settings = {
      concurrency,
      lockDuration: patience,
      stalledInterval: Math.ceil(patience / 2),
      // A job that has killed two workers is not given to a third.
      maxStalledCount: 1,
    };
    try {
      for (const stage of ['plan', 'publish'] as const) {
        await engine.worker(stage, (sealed, id, tries) => perform(stage, sealed, id, tries), settings);
      }
      const where = visible(mask(options.engine));
      note(say`worker for ${where}, ${concurrency} at a time; Ctrl-C ends it after these`);
      await new Promise<void>((resolve) => {
        if (options.signal.aborted) resolve();
        options.signal.addEventListener('abort', () => resolve());
      });
    } finally {
      await engine.close();
      pool.close();
    }
    return 0;
  });
}
