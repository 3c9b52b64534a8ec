/** `nayek batch publish`: the reviewed patches, each on its branch; the hosts beside each other, each at its pace. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextSteps } from '../../report/next.ts';
import { aside, note } from '../../report/voice.ts';
import { local } from '../../report/words/local.ts';
import { mask } from '../../secrets/mask.ts';
import { takesColour, visible } from '../../syntax/visible.ts';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { withLockFile } from '../../writer/lock.ts';
import { batchError, type Identity, isTrouble, type JobRecord, type JobSpec, type PublishOrder } from '../job.ts';
import { openLedger, readLedger } from '../ledger.ts';
import { type LockFile, readLockFile } from '../lock-file.ts';
import type { PublishSettings } from '../manifest.ts';
import { countsText, createProgress, recordLine, repositories, titleOf } from '../progress.ts';
import { markOf, readMarks } from '../review/marks.ts';
import { countsOf, exitOf, nextOf, type Standing, standings } from '../status.ts';
import { existingStore, readReport, readStored, reap } from '../store.ts';
import { createPace, type Pace } from './pace.ts';
import { publishJob } from './publish-job.ts';
import { hostOf, targetOf } from './remote.ts';

export interface PublishOptions {
  readonly state: string;
  readonly mode?: PublishSettings['mode'];
  readonly forge?: PublishSettings['forge'];
  /** Also those that nobody has marked. */
  readonly unmarked?: boolean;
  /** Say what would be done; change nothing. */
  readonly dryRun?: boolean;
  readonly limit?: number;
  /** Only those whose last publish was trouble. */
  readonly onlyFailed?: boolean;
  readonly author?: Identity;
  /** Seconds for each call that goes to a remote. */
  readonly timeout?: number;
  /** URL of the engine that has the work done; this machine where undefined. */
  readonly engine?: string;
  readonly signal?: AbortSignal;
}

/** Seconds. */
const TIMEOUT = 300;

/** Statuses that have changed something at the host. */
const CHANGES: ReadonlySet<JobRecord['status']> = new Set(['pushed', 'pr-opened', 'pr-updated']);

/** Carries one order out: here, or on an engine. */
type Perform = (order: PublishOrder, store: string, pace: Pace | undefined) => Promise<JobRecord>;

/**
 * Publishes what was approved. Returns the exit code.
 * @throws NayekError `batch` when nothing was planned or approved, `locked`.
 */
export async function publish(options: PublishOptions): Promise<number> {
  const store = existingStore(options.state);
  const busy = (who: string): NayekError =>
    new NayekError('locked', say`${who} works on the batch in ${store}`, { hint: say`wait until it ends` });
  return withLockFile(path.join(store, 'lock'), busy, async () => {
    reap(store);
    const { orders, refused, notes } = ordersOf(store, options);
    if (notes.length > 0) note(notes.map(local).join(', '));
    if (options.dryRun) return dryRun(orders, refused);
    const { perform, close } = await performer(options, store);
    const progress = createProgress({
      total: orders.length + refused.length,
      stream: process.stderr,
      out: process.stdout,
      colour: takesColour(process.stderr),
    });
    const ledger = readLedger(store);
    const writer = openLedger(store, ledger);
    const now: JobRecord[] = [];
    const done = (record: JobRecord): void => {
      writer.append(record);
      now.push(record);
      progress.done(record);
    };
    try {
      for (const record of refused) done(record);
      const { perHour } = readLockFile(store).publish;
      await byHost(orders, done, { store, perHour, records: ledger.records, perform, signal: options.signal });
    } finally {
      close();
      progress.end();
      writer.close();
    }
    for (const { prUrl } of now) if (prUrl) process.stdout.write(`${visible(mask(prUrl))}\n`);
    const counts = countsText(countsOf(now.map((r) => r.status)));
    const left = orders.length + refused.length - now.length;
    const rest = left > 0 ? [local(say`${left} are left for another run`)] : [];
    note([...counts, ...rest].join(', ') || say`nothing to publish`);
    aside(nextSteps(now.length > 0 ? nextOf(standings(store), readMarks(store)) : []));
    if (options.signal?.aborted) return 130;
    return exitOf(now, false);
  });
}

/** Says what would be done, and what could not be: a repository without a place to push to is known before. */
async function dryRun(orders: readonly PublishOrder[], refused: readonly JobRecord[]): Promise<number> {
  const lost: JobRecord[] = [];
  const lines: string[] = [];
  for (const order of orders) {
    try {
      await targetOf(order.source, order.settings.mode === 'local');
      lines.push(intention(order));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      lost.push({ ...order.plan, stage: 'publish', status: 'failed', error: { code: 'batch', message } });
    }
  }
  const failing = [...refused, ...lost];
  process.stdout.write([...lines, ...failing.map((r) => recordLine(r, false))].map((l) => `${l}\n`).join(''));
  note(say`${lines.length} would be published, ${failing.length} refused; nothing was changed`);
  if (lines.length > 0) process.stdout.write(nextSteps([say`\`nayek batch publish\` does it`]));
  return exitOf(failing, false);
}

/** What a publish would do, in a line. */
function intention({ plan, branch, settings }: PublishOrder): string {
  const { mode, forge } = settings;
  const pull = mode === 'draft' ? say` and a draft pull request` : say` and a pull request`;
  const what = mode === 'local' || mode === 'push' || forge === 'none' ? '' : pull;
  const where = mode === 'local' ? say`on this machine` : say`at the remote`;
  const files = plan.files === 1 ? say`1 file` : say`${plan.files} files`;
  const size = `+${plan.insertions} -${plan.deletions}, ${local(files)}`;
  return visible(mask(`${titleOf(plan)}: ${local(say`branch ${branch}`)} ${local(where)}${local(what)} (${size})`));
}

/** What is to be published, and what cannot be. */
function ordersOf(store: string, options: PublishOptions) {
  const lock = readLockFile(store);
  const marks = readMarks(store);
  const planned = standings(store).filter(({ plan }) => plan?.status === 'changed' && plan.patch);
  const chosen = planned.filter(({ plan }) => {
    const mark = markOf(marks, plan);
    return mark === 'approve' || (options.unmarked === true && mark === undefined);
  });
  const excluded = planned.filter(({ plan }) => markOf(marks, plan) === 'exclude').length;
  const unmarked = planned.length - chosen.length - excluded;
  if (planned.length > 0 && chosen.length === 0 && excluded < planned.length) {
    throw batchError(
      say`none of ${repositories(planned.length)} with a patch is approved`,
      say`review first, or pass --unmarked`,
    );
  }
  const wanted = chosen
    .filter(({ publish: last }) => !options.onlyFailed || (last !== undefined && isTrouble(last.status)))
    .slice(0, options.limit);
  const clash = clashes(chosen);
  const orders: PublishOrder[] = [];
  const refused: JobRecord[] = [];
  for (const standing of wanted) {
    const twin = clash.get(standing.job.jobId);
    const patch = standing.plan?.patch ? readStored(store, standing.plan.patch) : undefined;
    if (twin)
      refused.push(refusal(standing, say`${standing.job.branch} is the branch of ${twin}, too: give it its own`));
    else if (!patch) refused.push(refusal(standing, say`the patch is missing or damaged: plan again`));
    else orders.push(orderOf(standing, patch, store, lock, options));
  }
  const notes = [
    ...(excluded > 0 ? [say`${excluded} excluded`] : []),
    ...(unmarked > 0 ? [say`${unmarked} without a mark left out`] : []),
  ];
  return { orders, refused, notes };
}

function orderOf(
  { job, plan }: Standing,
  patch: Buffer,
  store: string,
  lock: LockFile,
  options: PublishOptions,
): PublishOrder {
  if (!plan) throw batchError(say`${job.repo} has no plan`);
  return {
    ...{ jobId: job.jobId, plan, source: job.source, branch: job.branch, commitMessage: job.commitMessage },
    patch: patch.toString('base64'),
    report: readReport(store, plan.report) ?? null,
    settings: { mode: options.mode ?? lock.publish.mode, forge: options.forge ?? lock.publish.forge },
    ...(options.author ? { author: options.author } : {}),
    timeout: options.timeout ?? TIMEOUT,
  };
}

/** Jobs that would overwrite each other's branch: jobId → `file:line` of the other. */
function clashes(all: readonly Standing[]): Map<string, string> {
  const first = new Map<string, Standing>();
  const out = new Map<string, string>();
  for (const standing of all) {
    const { job } = standing;
    const key = JSON.stringify([job.source, job.branch]);
    const twin = first.get(key);
    if (twin) out.set(job.jobId, twin.job.origin);
    else first.set(key, standing);
  }
  return out;
}

function refusal({ job, plan }: Standing, message: string): JobRecord {
  if (!plan) throw batchError(say`${job.repo} has no plan`);
  const at = { startedAt: new Date().toISOString(), ms: 0, headSha: null, prUrl: null };
  return { ...plan, stage: 'publish', status: 'failed', ...at, branch: job.branch, error: { code: 'batch', message } };
}

interface Hosts {
  readonly store: string;
  readonly perHour: number | undefined;
  /** Of the ledger: changes of earlier runs count. */
  readonly records: readonly JobRecord[];
  readonly perform: Perform;
  readonly signal: AbortSignal | undefined;
}

/** One after the other for each host, as forges want it; the hosts beside each other. */
async function byHost(orders: readonly PublishOrder[], done: (record: JobRecord) => void, hosts: Hosts): Promise<void> {
  const { store, perHour, records, perform, signal } = hosts;
  const groups = new Map<string, PublishOrder[]>();
  const hostFor = new Map<string, string>();
  for (const order of orders) {
    const host = await hostOfOrder(order);
    hostFor.set(order.jobId, host);
    const group = groups.get(host);
    if (group) group.push(order);
    else groups.set(host, [order]);
  }
  const clock = { now: Date.now, sleep: (ms: number) => sleep(ms, undefined, { signal }) };
  const lanes = [...groups].map(async ([host, group]) => {
    const before = records
      .filter((r) => r.stage === 'publish' && CHANGES.has(r.status) && hostFor.get(r.jobId) === host)
      .map((r) => Date.parse(r.startedAt) + r.ms);
    const pace = host === '' ? undefined : createPace(perHour, before, clock);
    for (const order of group) {
      if (signal?.aborted) return;
      done(await perform(order, store, pace));
    }
  });
  await Promise.all(lanes);
}

/** This process only waits for git, gh and glab; on an engine a worker's process does. */
async function performer(options: PublishOptions, store: string): Promise<{ perform: Perform; close: () => void }> {
  if (!options.engine) {
    const perform: Perform = (order, folder, pace) => publishJob(order, folder, pace && (() => pace.turn()));
    return { perform, close: () => undefined };
  }
  const { createEnginePool } = await import('../engine/pool.ts');
  const signal = options.signal ? { signal: options.signal } : {};
  const pool = await createEnginePool({ url: options.engine, store, concurrency: 1, ...signal });
  const perform: Perform = async (order, _store, pace) => {
    await pace?.turn();
    let record: JobRecord | undefined;
    await pool.run([jobOf(order)], (one) => {
      record = one;
    });
    if (!record) throw new NayekError('interrupted', '', { hint: say`run publish again to go on` });
    if (!CHANGES.has(record.status)) pace?.giveBack();
    return record;
  };
  return { perform, close: () => pool.close() };
}

/** Calls to the remote that one order makes at most. */
const CALLS = 6;

function jobOf(order: PublishOrder): JobSpec {
  const { plan, jobId, source, branch, commitMessage, timeout } = order;
  const { runId, repo, name, subdir, ref, baseSha, tool, recipe, inputKey } = plan;
  return {
    ...{ runId, jobId, repo, name, source, subdir, ref, baseSha, tool, recipe, inputKey, branch, commitMessage },
    ...{ steps: [], unsafe: false, attempt: 1, timeout: timeout * CALLS, publish: order },
  };
}

/** '' for this machine, and where it cannot be told: the order itself then says why. */
async function hostOfOrder({ source, settings }: PublishOrder): Promise<string> {
  try {
    return hostOf(await targetOf(source, settings.mode === 'local'));
  } catch {
    return '';
  }
}
