/** What a review shows of each repository. All texts are masked and harmless: control and bidi characters are spelt out. */

import type { VerdictKind } from '../../model/plan.ts';
import { type RepositoryView, viewOf } from '../../report/page/view.ts';
import { shownLine } from '../../report/shown-line.ts';
import { language, local, localPlan } from '../../report/words/local.ts';
import { say } from '../../system/say.ts';
import { titleOf } from '../progress.ts';
import { type Standing, statusOf } from '../status.ts';
import { readReport } from '../store.ts';
import { groupOf, namesOf } from './groups.ts';
import { type Mark, markOf } from './marks.ts';

export interface Row {
  readonly jobId: string;
  /** The repository as it is told apart from the others: without the folder that all local ones share. */
  readonly title: string;
  /** Its whole path or URL. */
  readonly repo: string;
  readonly status: string;
  /** Reason of a failure, or of nothing to patch. */
  readonly why: string;
  readonly ref: string;
  readonly sha: string;
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  /** How many verdicts of each kind. */
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
  /** Warnings of all verdicts and of the repository. */
  readonly warnings: number;
  /** A diff holds characters that reorder text on a screen. */
  readonly bidi: boolean;
  /** SHA-256 of the patch; '' where there is none to approve. */
  readonly patch: string;
  readonly mark: Mark['mark'] | '';
  /** Repositories with the same group differ in their names and line numbers only. '' where there is no report. */
  readonly group: string;
}

/** Everything else, made into elements when it is opened. */
export type Detail = RepositoryView;

/** Bidi controls as `visible` spells them. */
const SPELT_BIDI = /\\u\{(?:61c|200[ef]|202[a-e]|206[6-9])\}/;

const NO_VERDICTS = { applied: 0, satisfied: 0, skipped: 0, manual: 0, failed: 0 } as const;

/** The folder, with its final separator, that all local repositories lie in; '' where there is none. */
export function sharedFolder(all: readonly Standing[]): string {
  const locals = all.filter((s) => s.job.source.kind !== 'url').map((s) => s.job.repo);
  const [first = ''] = locals;
  let end = first.length;
  for (const repo of locals) while (!repo.startsWith(first.slice(0, end))) end--;
  return first.slice(0, first.slice(0, end).search(/[^\\/]*$/));
}

/** The row of a repository; `detail` is in English, so that groups are; `shared` is what `sharedFolder` says. */
export function rowOf(standing: Standing, detail: Detail | undefined, marks: readonly Mark[], shared: string): Row {
  const { job, plan } = standing;
  const verdicts: Record<VerdictKind, number> = { ...NO_VERDICTS };
  for (const { kind } of detail?.verdicts ?? []) verdicts[kind]++;
  const { error = null } = standing.publish ?? plan ?? {};
  return {
    jobId: job.jobId,
    title: shownLine(titleOf(job.repo.startsWith(shared) ? { ...job, repo: job.repo.slice(shared.length) } : job)),
    repo: shownLine(titleOf(job)),
    status: statusOf(standing),
    why: error ? shownLine(`${error.code}${local(say`:`)} ${local(error.message)}`) : '',
    ref: shownLine(job.ref ?? ''),
    sha: (job.baseSha ?? '').slice(0, 12),
    files: plan?.files ?? 0,
    insertions: plan?.insertions ?? 0,
    deletions: plan?.deletions ?? 0,
    verdicts,
    warnings: (detail?.notes.length ?? 0) + (detail?.verdicts ?? []).flatMap((v) => v.warnings).length,
    bidi: detail?.changes.some((c) => SPELT_BIDI.test(c.diff)) === true,
    // A patch of which a part failed is there to be read, not to be approved.
    patch: plan?.status === 'changed' ? (plan.patch?.sha256 ?? '') : '',
    mark: markOf(marks, plan) ?? '',
    group: detail ? groupOf(detail, namesOf(titleOf(job), detail)) : '',
  };
}

/** The report of a plan, in English for `rowOf` and as it is shown; undefined when there is none or its file is gone. */
export function detailOf(
  store: string,
  { plan }: Standing,
): { readonly english: Detail; readonly shown: Detail } | undefined {
  const report = readReport(store, plan?.report);
  if (!report) return undefined;
  const english = viewOf(report);
  return { english, shown: language() === 'en' ? english : viewOf(localPlan(report)) };
}
