/** `nayek batch plan`: resolves, runs what has no record yet, and keeps the ledger. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NayekError } from '../errors.ts';
import { withLockFile } from '../lock.ts';
import { takesColour } from '../report/visible.ts';
import { cloneName } from './clone.ts';
import { isFinished, isTrouble, type JobRecord, type JobSpec } from './job.ts';
import { latest, openLedger, readLedger } from './ledger.ts';
import { type LockedJob, lockedJob, readLockFile, writeLockFile } from './lock-file.ts';
import { type Entry, type Manifest, PUBLISH_DEFAULTS, type RepositorySettings, readManifest } from './manifest.ts';
import { createPool, type PoolOptions } from './pool.ts';
import { createProgress } from './progress.ts';
import { createResolver, type Resolved, type Target, targetsOf } from './resolve.ts';
import { holds, openStore, reap } from './store.ts';

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
  readonly command?: PoolOptions['command'];
  readonly signal?: AbortSignal;
}

export interface BatchOutcome {
  /** The last record of each selected repository that has one, in order. */
  readonly records: readonly JobRecord[];
  /** Selected repositories. */
  readonly selected: number;
  /** Of them: planned now, and taken from the ledger. */
  readonly planned: number;
  readonly reused: number;
  /** Selected repositories that this run has left for another one. */
  readonly pending: number;
  /** Why not all were run. */
  readonly stopped?: 'canary' | 'fail-fast' | 'interrupted';
  /** Bytes: the largest worker process. */
  readonly peak: number;
  readonly seconds: number;
}

/** Processes that ask remotes for their refs at a time. */
const ASKING = 8;
/** Megabytes. */
const MEMORY = 1024;

/**
 * Plans a batch. `sources` are manifests (`.yaml`) and folders of repositories.
 * @throws NayekError for what concerns the whole batch: `usage`, `manifest`, `unreadable`, `broken-recipe`, `batch`, `locked`.
 */
export async function planBatch(sources: readonly string[], options: PlanBatchOptions): Promise<BatchOutcome> {
  const { entries, publish } = readSources(sources);
  const targets = targetsOf(entries);
  const store = openStore(options.state);
  const busy = (who: string): NayekError =>
    new NayekError('locked', `${who} works on the batch in ${store}`, { hint: 'wait until it ends' });
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
    const selected = this.selected(known);
    reap(store);
    const { resolved, left } = await this.resolve(selected, known);
    this.writeLock(resolved);
    const open = resolved.filter((r) => !this.stands(r, known));
    const writer = openLedger(store, ledger);
    const stop = new AbortController();
    options.signal?.addEventListener('abort', () => stop.abort());
    if (options.signal?.aborted) stop.abort();
    const now = new Map<string, JobRecord>();
    const progress = createProgress({
      total: open.length,
      stream: process.stderr,
      out: process.stdout,
      colour: takesColour(process.stderr),
    });
    const done = (record: JobRecord): void => {
      writer.append(record);
      now.set(record.jobId, record);
      progress.done(record);
      if (options.failFast && isTrouble(record.status)) stop.abort();
    };
    const pool = createPool({
      store,
      concurrency: options.concurrency ?? os.availableParallelism(),
      memory: options.memory ?? MEMORY,
      signal: stop.signal,
      ...(options.command ? { command: options.command } : {}),
    });
    let stopped: BatchOutcome['stopped'];
    try {
      const first = options.canary ?? 0;
      await this.run(open.slice(0, first), pool, done);
      if (first < open.length && [...now.values()].some((r) => isTrouble(r.status))) stopped = 'canary';
      else await this.run(open.slice(first), pool, done);
    } finally {
      pool.close();
      progress.end();
      writer.close();
      reap(store);
    }
    if (options.signal?.aborted) stopped = 'interrupted';
    else if (stop.signal.aborted) stopped = 'fail-fast';
    const records = selected.flatMap((t) => now.get(t.jobId) ?? this.standing(t, known, resolved) ?? []);
    return {
      records,
      selected: selected.length,
      planned: now.size,
      reused: resolved.length - open.length,
      pending: open.length - now.size + left,
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

  /** In order; with --limit no further than is needed, and `left` are those not looked at. */
  private async resolve(selected: readonly Target[], known: ReadonlyMap<string, JobRecord>) {
    const { options, store } = this;
    const commits = readLockFile(store).repos.flatMap((r) =>
      r.baseSha === null ? [] : [[r.jobId, { sha: r.baseSha, ref: r.ref }] as const],
    );
    const resolver = createResolver({
      runId: `${new Date()
        .toISOString()
        .replace(/[^0-9]/g, '')
        .slice(0, 14)}-${randomBytes(4).toString('hex')}`,
      settings: options.settings,
      ...(options.locked ? { locked: new Map(commits) } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const resolved: Resolved[] = [];
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    let open = 0;
    let at = 0;
    while (at < selected.length && open < limit && !options.signal?.aborted) {
      const some = selected.slice(at, at + ASKING);
      const batch = await Promise.all(some.map(resolver));
      for (const one of batch) {
        if (open >= limit) break;
        at++;
        resolved.push(one);
        if (!this.stands(one, known)) open++;
      }
    }
    return { resolved, left: selected.length - at };
  }

  /** Whether the ledger has its answer, with the files that belong to it. */
  private stands({ ok, job }: Resolved, known: ReadonlyMap<string, JobRecord>): boolean {
    const record = known.get(job.jobId);
    if (!ok || !record || job.inputKey === null || record.inputKey !== job.inputKey) return false;
    if (!isFinished(record.status)) return false;
    return [record.patch, record.report].every((file) => file === null || holds(this.store, file));
  }

  private standing(target: Target, known: ReadonlyMap<string, JobRecord>, resolved: readonly Resolved[]) {
    const mine = resolved.find((r) => r.job.jobId === target.jobId);
    return mine && this.stands(mine, known) ? known.get(target.jobId) : undefined;
  }

  private async run(
    open: readonly Resolved[],
    pool: ReturnType<typeof createPool>,
    done: (record: JobRecord) => void,
  ): Promise<void> {
    for (const one of open) if (!one.ok) done(one.record);
    const jobs: JobSpec[] = open.flatMap((one) => (one.ok ? [one.job] : []));
    await pool.run(jobs, done);
  }

  /** All targets are listed; those not looked at keep what was known of them. */
  private writeLock(resolved: readonly Resolved[]): void {
    const before = new Map(readLockFile(this.store).repos.map((r) => [r.jobId, r]));
    const fresh = new Map(resolved.map((r) => [r.job.jobId, r]));
    const repos = this.targets.map((target): LockedJob => {
      const { origin } = target.entry;
      const now = fresh.get(target.jobId);
      if (now) return lockedJob(now.job, origin, now.ok);
      return before.get(target.jobId) ?? unknown(target);
    });
    writeLockFile(this.store, { schema: 1, publish: this.publish, repos });
    const clones = repos.flatMap((r) =>
      r.source.kind === 'url' && r.baseSha ? [cloneName(r.source.url, r.baseSha)] : [],
    );
    reap(this.store, new Set(clones));
  }
}

function unknown({ jobId, address, entry }: Target): LockedJob {
  const source =
    'url' in entry.at ? ({ kind: 'url', url: address } as const) : ({ kind: 'folder', root: address } as const);
  const { branch = '', commitMessage = '', recipe = '' } = entry.settings;
  return {
    ...{ jobId, repo: address, name: path.basename(address), source, subdir: entry.subdir, ref: null, baseSha: null },
    ...{ inputKey: null, recipe, branch, commitMessage, resolved: false, origin: entry.origin },
  };
}
