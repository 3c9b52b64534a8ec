/** `nayek batch status`: what the ledger and the lock say together; and the sums that a run ends with. */

import { nextSteps } from '../report/next.ts';
import { openOutput } from '../report/output.ts';
import { local } from '../report/words/local.ts';
import { mask } from '../secrets/mask.ts';
import { takesColour, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { type BatchOutcome, isTrouble, type JobRecord, type JobStatus } from './job.ts';
import { latest, readLedger } from './ledger.ts';
import { type LockedJob, readLockFile } from './lock-file.ts';
import { countsText, duration, recordLine, repositories, titleOf } from './progress.ts';
import { approvals, type Mark, markOf, readMarks } from './review/marks.ts';
import { existingStore } from './store.ts';

/** A repository of the batch with its last records. */
export interface Standing {
  readonly job: LockedJob;
  /** The record that belongs to what the lock says: one of another commit or of other options counts as none. */
  readonly plan?: JobRecord;
  /** Of the same patch only. */
  readonly publish?: JobRecord;
}

/** Every repository of the batch, in the lock's order. @throws NayekError `batch` */
export function standings(store: string): Standing[] {
  const { records } = readLedger(store);
  const planned = latest(records, 'plan');
  const published = latest(records, 'publish');
  return readLockFile(store).repos.map((job): Standing => {
    const plan = planned.get(job.jobId);
    if (!plan || (job.inputKey !== null && plan.inputKey !== job.inputKey)) return { job };
    const publish = published.get(job.jobId);
    return { job, plan, ...(publish && publish.inputKey === plan.inputKey ? { publish } : {}) };
  });
}

/** The status that a repository is shown with. */
export function statusOf({ plan, publish }: Standing): JobStatus | 'pending' {
  return publish?.status ?? plan?.status ?? 'pending';
}

export interface StatusOptions {
  readonly state: string;
  readonly format: string;
  readonly output?: string;
}

/** @throws NayekError `batch` when there is no batch. */
export async function status(options: StatusOptions): Promise<number> {
  const store = existingStore(options.state);
  const all = standings(store);
  const marks = readMarks(store);
  const out = openOutput(options.output);
  const colour = options.output === undefined && takesColour(process.stdout);
  out.end(
    options.format === 'json'
      ? `${JSON.stringify(statusReport(all, marks), null, 2)}\n`
      : statusText(all, marks, colour),
  );
  return exitOf(
    all.flatMap((s) => s.publish ?? s.plan ?? []),
    false,
  );
}

function statusReport(all: readonly Standing[], marks: readonly Mark[]) {
  return {
    schema: 1,
    counts: countsOf(all.map(statusOf)),
    repositories: all.map((s) => {
      const { repo, subdir, ref, baseSha, jobId } = s.job;
      const { files = 0, insertions = 0, deletions = 0, inputKey = null, patch = null } = s.plan ?? {};
      const { error = null } = s.publish ?? s.plan ?? {};
      const { branch = null, headSha = null, prUrl = null } = s.publish ?? {};
      const shown = { repo: mask(repo), subdir, ref, baseSha, jobId, status: statusOf(s) };
      return {
        ...shown,
        files,
        insertions,
        deletions,
        inputKey,
        patch,
        error,
        branch,
        headSha,
        prUrl,
        mark: markOf(marks, s.plan) ?? null,
      };
    }),
  };
}

function statusText(all: readonly Standing[], marks: readonly Mark[], colour: boolean): string {
  const lines = all.flatMap((s) => {
    const record = s.publish ?? s.plan;
    return record && isTrouble(record.status) ? [recordLine(record, colour)] : [];
  });
  const links = all.flatMap((s) => (s.publish?.prUrl ? [visible(mask(`${s.publish.prUrl}  ${titleOf(s.job)}`))] : []));
  const counts = countsText(countsOf(all.map(statusOf)));
  const reviewed = reviewLine(all, marks);
  const sum = `${local(repositories(all.length))}${local(say`:`)} ${counts.join(', ')}`;
  return `${[...lines, ...links, sum, ...reviewed].join('\n')}\n${nextSteps(nextOf(all, marks))}`;
}

/** What is to be done next with a batch that stands so. */
export function nextOf(all: readonly Standing[], marks: readonly Mark[]): string[] {
  const states = all.map(statusOf);
  const has = (...wanted: readonly string[]): boolean => states.some((s) => wanted.includes(s));
  const open = all.filter((s) => s.plan?.status === 'changed' && s.publish === undefined);
  const approved = open.some(({ plan }) => markOf(marks, plan) === 'approve');
  const unread = open.some(({ plan }) => markOf(marks, plan) === undefined);
  return [
    ...(has('pending', 'canceled') ? [say`\`nayek batch plan\` with the same sources goes on`] : []),
    ...(has('failed', 'timeout')
      ? [say`\`nayek batch plan --only failed\` with the same sources tries those that failed again`]
      : []),
    ...(unread ? [say`\`nayek batch review --serve\` shows every diff and keeps what you approve`] : []),
    ...(approved ? [say`\`nayek batch publish --dry-run\` shows what would be published`] : []),
    ...(has('committed', 'pushed', 'pr-opened', 'pr-updated', 'up-to-date')
      ? [say`\`nayek batch undo\` takes branches back`]
      : []),
  ];
}

/** What the reviewer has decided about the patches that stand; nothing where there are none. */
function reviewLine(all: readonly Standing[], marks: readonly Mark[]): string[] {
  const patched = all.filter(({ plan }) => plan?.status === 'changed');
  const own = patched.flatMap(({ plan }) => marks.filter((m) => markOf([m], plan) !== undefined));
  return patched.length === 0
    ? []
    : [`${local(say`review:`)} ${approvals(own)}, ${local(say`${patched.length - own.length} without a mark`)}`];
}

/** How often each occurs, the most frequent first. */
export function countsOf<T extends string>(values: readonly T[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}

/** 2 when any of them is trouble, 1 with `check` when any would change, else 0. */
export function exitOf(records: readonly JobRecord[], check: boolean): number {
  if (records.some((r) => isTrouble(r.status))) return 2;
  return check && records.some((r) => r.status === 'changed') ? 1 : 0;
}

const STOPPED = {
  canary: say`stopped after the canaries, as one of them failed`,
  'fail-fast': say`stopped at the first failure`,
  interrupted: say`interrupted`,
} as const;

/** The end of a run in one line. */
export function closing(outcome: BatchOutcome): string {
  const { records, planned, reused, pending, stopped, seconds } = outcome;
  const counts = countsText(countsOf(records.map((r) => r.status)));
  const rate = planned > 0 ? ` (${(planned / Math.max(seconds, 0.001)).toFixed(1)}/s)` : '';
  return [
    ...(stopped ? [local(STOPPED[stopped])] : []),
    ...(counts.length > 0 ? [counts.join(', ')] : []),
    local(say`planned ${planned} in ${duration(seconds)}`) + rate,
    ...(reused > 0 ? [local(say`${reused} were done before`)] : []),
    ...(pending > 0 ? [local(say`${pending} are left for another run`)] : []),
  ].join('; ');
}
