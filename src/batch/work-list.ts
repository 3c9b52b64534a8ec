/** What a run has to do: targets are resolved a few ahead of the work, and those with a standing record are left out. */
import { isFinished, type JobRecord } from './job.ts';
import type { Resolved, Target } from './resolve.ts';
import { holds } from './store.ts';

export interface WorkListOptions {
  readonly store: string;
  readonly targets: readonly Target[];
  readonly resolve: (target: Target) => Promise<Resolved>;
  /** The last record of each job. */
  readonly known: ReadonlyMap<string, JobRecord>;
  /** At most so many to do. */
  readonly limit: number;
  /** Told of each that is resolved, in order, and whether its record stands. */
  readonly seen: (one: Resolved, stands: boolean) => void;
  /** Ends the list. */
  readonly signal: AbortSignal;
}

/** Targets that are resolved at a time, ahead of those that are worked on. */
const AHEAD = 8;

/** Those that have no standing record, in order. */
export async function* workList(options: WorkListOptions): AsyncGenerator<Resolved, undefined> {
  const { targets, resolve, known, limit, store, seen, signal } = options;
  const asked: Promise<Resolved>[] = [];
  let next = 0;
  for (let open = 0; open < limit; ) {
    while (asked.length < AHEAD) {
      const target = targets[next++];
      if (!target) break;
      asked.push(resolve(target));
    }
    const first = asked.shift();
    if (!first) return;
    const one = await first;
    if (signal.aborted) return;
    const stands = standsIn(known, one, store);
    seen(one, stands);
    if (stands) continue;
    open++;
    yield one;
  }
}

/** The first n of an iterator, which can be gone on with. */
export async function* take<T>(from: AsyncIterator<T>, n: number): AsyncGenerator<T, undefined> {
  for (let i = 0; i < n; i++) {
    const next = await from.next();
    if (next.done) return;
    yield next.value;
  }
}

/** Whether the ledger has the answer to this very input, with the files that belong to it. */
function standsIn(known: ReadonlyMap<string, JobRecord>, { ok, job }: Resolved, store: string): boolean {
  const record = known.get(job.jobId);
  if (!ok || !record || job.inputKey === null || record.inputKey !== job.inputKey) return false;
  if (!isFinished(record.status)) return false;
  return [record.patch, record.report].every((file) => file === null || holds(store, file));
}
