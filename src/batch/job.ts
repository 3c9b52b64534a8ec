/**
 * One repository of a batch: a job is plain JSON, its record is plain JSON, and `runJob` turns one into the other. The
 * same function works in the processes of the local pool and under an engine of several machines.
 */
import { createHash } from 'node:crypto';
import type { Origin } from '../engine/plugin.ts';
import type { Options } from '../model/transform.ts';
import type { PlanReport } from '../report/json.ts';
import { NayekError } from '../system/errors.ts';
import { VERSION } from '../system/version.ts';
import type { PublishSettings } from './manifest.ts';

/** Where the files of a job come from. */
export type Source =
  /** A remote repository: `url` is fetched at `baseSha`. Without credentials. */
  | { readonly kind: 'url'; readonly url: string }
  /** A repository on this machine: objects are read from its (common) git directory, absolute; its checkout is not touched. */
  | { readonly kind: 'local'; readonly gitDir: string }
  /** A folder without git, absolute, read in place. */
  | { readonly kind: 'folder'; readonly root: string };

/** A part of the recipe with all of its options, after --only, --skip and --set. */
export interface JobStep {
  readonly id: string;
  readonly options: Options;
  /** The YAML of the rule, where the part is one. */
  readonly rule?: string;
  /** The module that the part comes from, where it is somebody's own. */
  readonly plugin?: Origin;
  /** Services that it is run for. */
  readonly when?: string;
}

export interface JobSpec {
  /** The run that has planned it; a resumed run has a new one. */
  readonly runId: string;
  /** Stays the same from run to run: letters and digits, starts with a letter. See `jobIdOf`. */
  readonly jobId: string;
  /** The URL, or the absolute path of the working tree's top (of the git directory, where it is bare). */
  readonly repo: string;
  /** Folder name of the repository; parts name services after it. */
  readonly name: string;
  readonly source: Source;
  /** Folder below the repository's top, with '/', '' for the top. */
  readonly subdir: string;
  /** Branch or tag (short name) that `baseSha` is the tip of; null without git and for a detached HEAD or a plain SHA. */
  readonly ref: string | null;
  /** Commit that the patch is for; null without git. */
  readonly baseSha: string | null;
  /** Version of nayek that has made the job. */
  readonly tool: string;
  readonly recipe: string;
  readonly steps: readonly JobStep[];
  readonly unsafe: boolean;
  /** See `inputKeyOf`; null where nothing tells the input apart: a folder without git is planned anew each time. */
  readonly inputKey: string | null;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Seconds for the whole job. */
  readonly timeout: number;
  /** For `publish`: the branch to push, and the template of its commit message. */
  readonly branch: string;
  readonly commitMessage: string;
  /** The job is to publish this plan, instead of making one. */
  readonly publish?: PublishOrder;
}

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** One repository of `batch publish`: what was reviewed, and where it goes. Plain JSON. */
export interface PublishOrder {
  readonly jobId: string;
  /** The plan that was reviewed. */
  readonly plan: JobRecord;
  readonly source: Source;
  readonly branch: string;
  /** Template; see `messageOf`. */
  readonly commitMessage: string;
  /** The reviewed patch, Base64. */
  readonly patch: string;
  readonly report: PlanReport | null;
  readonly settings: Pick<PublishSettings, 'mode' | 'forge'>;
  /** Undefined: as git is configured. */
  readonly author?: Identity;
  /** Seconds for each call that goes to the remote. */
  readonly timeout: number;
}

/**
 * `skipped`: nothing to patch (no Python, no service, a template). Answers of publish are `up-to-date`,
 * `blocked-foreign-commits`, `stale` (the base has moved since the plan), `committed` (a branch on this machine only),
 * `pushed`, `pr-opened`, `pr-updated`, `pr-closed` (somebody has closed the pull request of this very patch), and
 * `undone`.
 */
export type JobStatus =
  | 'changed'
  | 'no-change'
  | 'up-to-date'
  | 'blocked-foreign-commits'
  | 'skipped'
  | 'failed'
  | 'timeout'
  | 'canceled'
  | 'pushed'
  | 'stale'
  | 'committed'
  | 'pr-opened'
  | 'pr-updated'
  | 'pr-closed'
  | 'undone';

/** One line of the ledger. Nothing in it is secret: texts are masked. */
export interface JobRecord {
  readonly stage: 'plan' | 'publish';
  readonly runId: string;
  readonly jobId: string;
  readonly repo: string;
  readonly name: string;
  readonly subdir: string;
  readonly ref: string | null;
  readonly baseSha: string | null;
  readonly tool: string;
  readonly recipe: string;
  readonly inputKey: string | null;
  readonly status: JobStatus;
  readonly attempt: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly ms: number;
  /** Files changed or created. */
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  /** The exact diff against `baseSha`, paths from the repository's top: relative to the state folder; null where there is none. */
  readonly patch: StoredFile | null;
  /** A masked `PlanReport` (JSON), for review. */
  readonly report: StoredFile | null;
  /** Each part's answers, in order. */
  readonly verdicts: readonly { readonly part: string; readonly kind: string }[];
  /** Set when something went wrong, or with the reason of `skipped`; masked, one line. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** For publish: the branch, what it is at now, and the pull request. */
  readonly branch: string | null;
  readonly headSha: string | null;
  readonly prUrl: string | null;
}

export interface StoredFile {
  /** Relative to the state folder, with '/'. */
  readonly path: string;
  /** Of the bytes, hexadecimal. */
  readonly sha256: string;
}

/** Statuses that need no second look while the inputKey is the same. */
const FINISHED: ReadonlySet<JobStatus> = new Set(['changed', 'no-change', 'skipped']);
/** Statuses that show in the exit code. */
const TROUBLE: ReadonlySet<JobStatus> = new Set(['failed', 'timeout', 'canceled', 'blocked-foreign-commits', 'stale']);

export const isFinished = (status: JobStatus): boolean => FINISHED.has(status);
export const isTrouble = (status: JobStatus): boolean => TROUBLE.has(status);

/** `ref` as it was asked for ('' for the default). No ':' and never a number, as queues want it. */
export function jobIdOf(repo: string, subdir: string, ref: string): string {
  return `j${createHash('sha256')
    .update(JSON.stringify([repo, subdir, ref]))
    .digest('hex')
    .slice(0, 20)}`;
}

/** SHA-256 over everything that the patch depends on; null for a folder without git. */
export function inputKeyOf(
  job: Pick<JobSpec, 'repo' | 'subdir' | 'baseSha' | 'recipe' | 'steps' | 'unsafe'>,
): string | null {
  if (job.baseSha === null) return null;
  const steps = job.steps.map(({ id, options, rule, plugin, when }) => [
    ...[id, sorted(options)],
    ...[rule, plugin?.sha256, when].filter((given) => given !== undefined),
  ]);
  const input = [job.repo, job.subdir, job.baseSha, VERSION, job.recipe, steps, job.unsafe];
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}

/** Objects with their keys in order, so that equal options give equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** What a record says when the job has not come to an answer of its own. */
export function recordOf(
  job: JobSpec,
  status: JobStatus,
  answer: Partial<JobRecord> & Pick<JobRecord, 'startedAt' | 'ms'>,
): JobRecord {
  const { runId, jobId, repo, name, subdir, ref, baseSha, tool, recipe, inputKey, attempt, branch, publish } = job;
  if (publish) return { ...publish.plan, stage: 'publish', status, attempt, branch, ...answer };
  return {
    ...{ stage: 'plan', runId, jobId, repo, name, subdir, ref, baseSha, tool, recipe, inputKey, status, attempt },
    ...{ files: 0, insertions: 0, deletions: 0, patch: null, report: null, verdicts: [], error: null },
    ...{ branch, headSha: null, prUrl: null },
    ...answer,
  };
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

export interface Order {
  readonly job: JobSpec;
  readonly store: string;
}

export interface Answer {
  readonly record: JobRecord;
  /** Bytes of memory that the process has taken at most. */
  readonly peak: number;
}

/** A state folder's error, in the table's words. */
export function batchError(message: string, hint?: string): NayekError {
  return new NayekError('batch', message, hint === undefined ? {} : { hint });
}
