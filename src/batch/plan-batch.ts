/** `nayek batch plan`: resolves, runs what has no record yet, and keeps the ledger. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { takesColour } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { withLockFile } from '../writer/lock.ts';
import { type BatchOutcome, isTrouble, type JobRecord, type JobSpec } from './job.ts';
import { latest, openLedger, readLedger } from './ledger.ts';
import { keepLock } from './lock-keeper.ts';
import { type Entry, type Manifest, PUBLISH_DEFAULTS, type RepositorySettings, readManifest } from './manifest.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';
import { createProgress } from './progress.ts';
import { createResolver, type Resolved, type Target, targetsOf } from './resolve.ts';
import { openStore, reap } from './store.ts';
import { take, workList } from './work-list.ts';

export interface PlanBatchOptions {
  /** State folder. */
  readonly state: string;
  readonly settings: RepositorySettings;
  readonly concurrency?: number;
  /** Megabytes of heap for each process. */
  readonly memory?: number;
  /** At most so many repositories that have no record yet. */
  readonly limit?: number;
  /** Only those whose last record is trouble. */
  readonly onlyFailed?: boolean;
  /** The k-th of n equal parts; k from 1. */
  readonly shard?: readonly [number, number];
  /** So many first; the others only when none of these is trouble. */
  readonly canary?: number;
  readonly failFast?: boolean;
  /** Use the commits of the lock. */
  readonly locked?: boolean;
  /** URL of the engine that has the work done; this machine where undefined. */
  readonly engine?: string;
  readonly command?: PoolOptions['command'];
  readonly signal?: AbortSignal;
}

/** Megabytes. */
const MEMORY = 1024;
/** Jobs that an engine has at a time. */
const SUBMITTED = 64;

/**
 * Plans a batch. `sources` are manifests (`.yaml`) and folders of repositories.
 * @throws NayekError for what concerns the whole batch: `usage`, `manifest`, `unreadable`, `broken-recipe`, `batch`, `locked`.
 */
export async function planBatch(sources: readonly string[], options: PlanBatchOptions): Promise<BatchOutcome> {
  const { entries, publish } = readSources(sources);
  const targets = targetsOf(entries);
  const store = openStore(options.state);
  const busy = (who: string): NayekError =>
    new NayekError('locked', say`${who} works on the batch in ${store}`, { hint: say`wait until it ends` });
  return withLockFile(path.join(store, 'lock'), busy, () => new Run(store, targets, publish, options).perform());
}

function readSources(sources: readonly string[]): Manifest {
  const manifests: Manifest[] = [];
  const folders = new Map<string, Entry>();
  for (const source of sources) {
    const folder = path.resolve(source);
    if (/\.ya?ml$/i.test(source) && !isFolder(source)) manifests.push(readManifest(source));
    else if (!folders.has(folder))
      folders.set(folder, { at: { path: folder }, subdir: '', settings: {}, origin: source });
  }
  const entries = [...manifests.flatMap((m) => m.entries), ...folders.values()];
  return { entries, publish: manifests[0]?.publish ?? PUBLISH_DEFAULTS };
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

class Run {
  private readonly store: string;
  private readonly targets: readonly Target[];
  private readonly publish: Manifest['publish'];
  private readonly options: PlanBatchOptions;
  private readonly standing = new Set<string>();

  constructor(store: string, targets: readonly Target[], publish: Manifest['publish'], options: PlanBatchOptions) {
    this.store = store;
    this.targets = targets;
    this.publish = publish;
    this.options = options;
  }

  async perform(): Promise<BatchOutcome> {
    const { store, options } = this;
    const start = performance.now();
    const ledger = readLedger(store);
    const known = latest(ledger.records);
    const lock = keepLock(store, this.targets, this.publish);
    const selected = this.selected(known);
    const stop = new AbortController();
    options.signal?.addEventListener('abort', () => stop.abort());
    if (options.signal?.aborted) stop.abort();
    const resolver = createResolver({
      runId: newRunId(),
      settings: options.settings,
      signal: stop.signal,
      ...(options.locked ? { locked: lock.commits() } : {}),
    });
    await resolver.assertRecipes(selected);
    reap(store);
    lock.write();
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    const progress = createProgress({
      total: Math.min(selected.length, limit),
      stream: process.stderr,
      out: process.stdout,
      colour: takesColour(process.stderr),
    });
    const work = workList({
      ...{ store, targets: selected, known, limit, resolve: resolver.resolve, signal: stop.signal },
      seen: (one, stands) => {
        lock.note(one);
        if (!stands) return;
        this.standing.add(one.job.jobId);
        progress.reused();
      },
    });
    const pool = await poolFor(store, options, stop.signal);
    const now = new Map<string, JobRecord>();
    const writer = openLedger(store, ledger);
    const done = (record: JobRecord): void => {
      writer.append(record);
      now.set(record.jobId, record);
      progress.done(record);
      if (options.failFast && isTrouble(record.status)) stop.abort();
    };
    let canaryDied = false;
    try {
      if (options.canary !== undefined) {
        await pool.run(jobsOf(take(work, options.canary), done), done);
        canaryDied = [...now.values()].some((r) => isTrouble(r.status));
      }
      if (!canaryDied) await pool.run(jobsOf(work, done), done);
    } finally {
      pool.close();
      progress.end();
      writer.close();
      lock.write();
      reap(store, lock.clones());
    }
    const records = selected.flatMap(({ jobId }) => {
      const record = now.get(jobId) ?? (this.standing.has(jobId) ? known.get(jobId) : undefined);
      return record ?? [];
    });
    const pending = selected.length - records.length;
    const early = stop.signal.aborted ? 'fail-fast' : canaryDied && pending > 0 ? 'canary' : undefined;
    const stopped = options.signal?.aborted ? 'interrupted' : early;
    return {
      ...{ records, selected: selected.length, planned: now.size, reused: this.standing.size, pending },
      ...(stopped ? { stopped } : {}),
      peak: pool.peak,
      seconds: (performance.now() - start) / 1000,
    };
  }

  private selected(known: ReadonlyMap<string, JobRecord>): Target[] {
    const { shard, onlyFailed } = this.options;
    const mine = shard ? this.targets.filter((_, index) => index % shard[1] === shard[0] - 1) : [...this.targets];
    if (!onlyFailed) return mine;
    return mine.filter(({ jobId }) => {
      const record = known.get(jobId);
      return record !== undefined && isTrouble(record.status);
    });
  }
}

async function poolFor(store: string, options: PlanBatchOptions, signal: AbortSignal): Promise<Pool> {
  const { engine, concurrency, memory = MEMORY, command } = options;
  // A variable that is set to nothing is not set.
  if (engine) {
    const { createEnginePool } = await import('./engine/pool.ts');
    return createEnginePool({ url: engine, store, concurrency: concurrency ?? SUBMITTED, signal });
  }
  const processes = concurrency ?? os.availableParallelism();
  return createPool({ store, concurrency: processes, memory, signal, ...(command ? { command } : {}) });
}

/** The jobs among them; of the others the record is known already. */
async function* jobsOf(
  work: AsyncGenerator<Resolved, undefined>,
  done: (record: JobRecord) => void,
): AsyncGenerator<JobSpec, undefined> {
  for await (const one of work) {
    if (one.ok) yield one.job;
    else done(one.record);
  }
}

/** Sorts by time. */
function newRunId(): string {
  const time = new Date()
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14);
  return `${time}-${randomBytes(4).toString('hex')}`;
}
