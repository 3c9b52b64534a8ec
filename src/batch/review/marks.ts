/** What a reviewer decided, bound to the very patch that was read. `batch publish` reads it from `marks.json`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { local } from '../../report/words/local.ts';
import type { NayekError } from '../../system/errors.ts';
import { readGiven } from '../../system/given-file.ts';
import { say } from '../../system/say.ts';
import { replaceWhole } from '../../system/whole-file.ts';
import { batchError, type JobRecord } from '../job.ts';
import { ANYBODYS, type StateSeal, stateSeal } from '../state-seal.ts';

export interface Mark {
  readonly jobId: string;
  /** SHA-256 of the patch that was read. */
  readonly patch: string;
  readonly mark: 'approve' | 'exclude';
  /**
   * What of the patch was opened before: itself, one that differs in names only, or nothing. Absent where it is not known.
   */
  readonly seen?: (typeof SEEN)[number];
}

const SEEN = ['opened', 'alike', 'unopened'] as const;

export interface MarksFile {
  readonly schema: 1;
  readonly marks: readonly Mark[];
}

/** More than any batch has; such a file was not exported from a page. Bytes. */
const MAX_LENGTH = 50_000_000;

const fileOf = (store: string): string => path.join(store, 'marks.json');

/**
 * Reads marks that the page has exported.
 * @throws NayekError `unreadable`, `batch` when it is no such file.
 */
export function readMarksFile(file: string): Mark[] {
  return parseMarks(readGiven(file), file, ANYBODYS);
}

/** The marks of a batch; none where nothing has been taken over. @throws NayekError `batch` when they are not its own. */
export function readMarks(store: string, seal: Pick<StateSeal, 'open'> = stateSeal(store)): Mark[] {
  try {
    return parseMarks(readFileSync(fileOf(store), 'utf8'), fileOf(store), seal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Takes marks over into the batch: a newer mark of a job replaces its older one. Returns all. */
export function addMarks(store: string, fresh: readonly Mark[]): Mark[] {
  const all = new Map([...readMarks(store), ...fresh].map((m) => [m.jobId, m]));
  writeMarks(store, [...all.values()]);
  return [...all.values()];
}

/** Replaces the marks of a batch. */
export function writeMarks(store: string, marks: readonly Mark[]): void {
  const file: MarksFile = { schema: 1, marks };
  replaceWhole(fileOf(store), Buffer.from(`${JSON.stringify(stateSeal(store).sign('marks', file), null, 1)}\n`));
}

/** The mark of a plan; undefined when there is none for this very patch. */
export function markOf(
  marks: readonly Mark[],
  plan: Pick<JobRecord, 'jobId' | 'patch'> | undefined,
): Mark['mark'] | undefined {
  if (!plan?.patch) return undefined;
  return marks.find((m) => m.jobId === plan.jobId && m.patch === plan.patch?.sha256)?.mark;
}

/** How many of these are approved, in words, and how many of those nobody has opened. */
export function approvals(marks: readonly Mark[]): string {
  const approved = marks.filter((m) => m.mark === 'approve');
  const count = (seen: Mark['seen']): number => approved.filter((m) => m.seen === seen).length;
  const [alike, unopened] = [count('alike'), count('unopened')];
  const how = [
    ...(alike > 0 ? [local(say`${alike} by one that differs in names only`)] : []),
    ...(unopened > 0 ? [local(say`${unopened} unopened`)] : []),
  ];
  const excluded = marks.length - approved.length;
  const many = how.length > 0 ? ` (${how.join(', ')})` : '';
  return `${local(say`${approved.length} approved`)}${many}, ${local(say`${excluded} excluded`)}`;
}

function parseMarks(text: string, origin: string, seal: Pick<StateSeal, 'open'>): Mark[] {
  const wrong = (): NayekError =>
    batchError(say`${origin} holds no marks`, say`export them from the page of \`nayek batch review\``);
  if (text.length > MAX_LENGTH) throw wrong();
  let data: Partial<MarksFile> | undefined;
  try {
    data = seal.open('marks', JSON.parse(text));
  } catch {
    throw wrong();
  }
  if (data?.schema !== 1 || !Array.isArray(data.marks) || !data.marks.every(isMark)) throw wrong();
  return data.marks.map(({ jobId, patch, mark, seen }) => ({ jobId, patch, mark, ...(seen ? { seen } : {}) }));
}

/** A mark as somebody may have sent it. */
export function isMark(value: Mark): boolean {
  return (
    typeof value?.jobId === 'string' &&
    /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(value.jobId) &&
    typeof value.patch === 'string' &&
    /^[0-9a-f]{64}$/.test(value.patch) &&
    (value.mark === 'approve' || value.mark === 'exclude') &&
    (value.seen === undefined || SEEN.includes(value.seen))
  );
}
