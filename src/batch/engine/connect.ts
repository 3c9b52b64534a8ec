/**
 * The engine beyond one machine: BullMQ on Redis, Valkey or PostgreSQL. It and its drivers are optional and loaded here
 * alone. https://docs.bullmq.io
 */
import type { Queue, QueueEvents, Worker, WorkerOptions } from 'bullmq';
import { mask } from '../../secrets/mask.ts';
import { oneLine, visible } from '../../syntax/visible.ts';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';

/** What jobs are about; each has a queue of its own. */
export type Stage = 'plan' | 'publish';

export interface Engine {
  queue(stage: Stage): Promise<Queue>;
  events(stage: Stage): Promise<QueueEvents>;
  /** `process` gets the sealed data and the job's id, and answers with a sealed result. */
  worker(stage: Stage, process: Processor, options: Partial<WorkerOptions>): Promise<Worker>;
  close(): Promise<void>;
}

/** `tries` counts from 1. */
export type Processor = (sealed: string, id: string, tries: number) => Promise<string>;

/** Before 6.3.3 a worker could hang for ever after an outage. https://github.com/taskforcesh/bullmq/issues/4585 */
const OLDEST = [6, 3, 3] as const;

/** Milliseconds to wait for a first answer. */
const CONNECTING = 15_000;

/** All keys start with it. */
const PREFIX = 'nayek';

/**
 * Loads what the URL needs; connections are made when a queue is asked for. What goes wrong later is said on stderr,
 * once in a row, and tried again.
 * @throws NayekError `usage` for another scheme, `engine` when a package is missing or too old.
 */
export async function openEngine(url: string): Promise<Engine> {
  const kind = kindOf(url);
  const bull = await load(kind);
  const connection =
    kind === 'redis'
      ? // Commands wait for the server to come back.
        { url: url.replace(/^valkey/, 'redis'), maxRetriesPerRequest: null }
      : { connectionString: url, migrate: true, max: 4 };
  const options = { connection, prefix: PREFIX };
  const backend = (kind === 'redis' ? undefined : bull.createPostgresBackend) as undefined;
  const open: { close(): Promise<void> }[] = [];
  let lastSaid = '';
  const note = (error: Error): void => {
    const text = said(error);
    if (text !== lastSaid) process.stderr.write(`nayek: engine: ${visible(text)}\n`);
    lastSaid = text;
  };

  const ready = async <T extends Queue | QueueEvents | Worker>(one: T): Promise<T> => {
    open.push(one);
    let timer: NodeJS.Timeout | undefined;
    let first: (error: Error) => void = note;
    const late = new Promise<never>((_, reject) => {
      // The drivers would try for ever.
      first = reject;
      timer = setTimeout(() => reject(new Error(say`no answer`)), CONNECTING);
    });
    (one as Queue).on('error', first);
    try {
      await Promise.race([one.waitUntilReady(), late]);
    } catch (error) {
      throw new NayekError('engine', say`cannot use ${mask(url)}: ${said(error as Error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    (one as Queue).off('error', first).on('error', note);
    return one;
  };

  return {
    queue: (stage) => ready(new bull.Queue(nameOf(stage), options, backend)),
    events: (stage) => ready(new bull.QueueEvents(nameOf(stage), options, backend)),
    worker: (stage, process, more) =>
      ready(
        new bull.Worker(
          nameOf(stage),
          (job) => process(job.data.sealed, job.id ?? '', (job.stalledCounter ?? 0) + 1),
          { ...options, ...more },
          backend,
        ),
      ),
    async close() {
      await Promise.allSettled(open.splice(0).map((one) => one.close()));
    },
  };
}

function nameOf(stage: Stage): string {
  return `nayek-${stage}`;
}

/** One masked line; errors of several addresses have no message of their own. */
export function said(error: Error): string {
  const inner = (error as AggregateError).errors?.[0] as Error | undefined;
  return oneLine(mask(error.message || inner?.message || error.name));
}

function kindOf(url: string): 'redis' | 'postgres' {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1] ?? '';
  if (['redis', 'rediss', 'valkey', 'valkeys'].includes(scheme)) return 'redis';
  if (['postgres', 'postgresql'].includes(scheme)) return 'postgres';
  throw new NayekError('usage', say`--engine is neither redis://…, rediss://…, valkey://… nor postgres://…`);
}

async function load(kind: 'redis' | 'postgres'): Promise<typeof import('bullmq')> {
  const driver = kind === 'redis' ? 'ioredis' : 'pg';
  const missing = (name: string, cause: unknown): NayekError =>
    new NayekError('engine', say`--engine needs the package ${name}`, {
      cause,
      hint: say`npm install 'bullmq@^${OLDEST.join('.')}' ${driver}, where nayek is installed`,
    });
  let bull: typeof import('bullmq');
  try {
    bull = await import('bullmq');
  } catch (cause) {
    throw missing('bullmq', cause);
  }
  try {
    // BullMQ loads it only when it connects.
    await (kind === 'redis' ? import('ioredis') : import('pg' as string));
  } catch (cause) {
    throw missing(driver, cause);
  }
  const { version } = await import('bullmq/package.json');
  if (isOlder(version)) {
    throw new NayekError('engine', say`bullmq ${version} is too old`, {
      hint: say`npm install 'bullmq@^${OLDEST.join('.')}', where nayek is installed`,
    });
  }
  return bull;
}

function isOlder(version: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [at, oldest] of OLDEST.entries()) {
    const number = numbers[at] ?? 0;
    if (number !== oldest) return number < oldest;
  }
  return false;
}
