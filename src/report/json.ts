/** A plan as JSON: for machines to read (nothing secret in it), and saved so that `nayek apply` can execute it. */
import { createHash } from 'node:crypto';
import type { Evidence } from '../model/facts.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { type Encoding, encode } from '../repo/source.ts';
import { mask } from '../secrets/mask.ts';
import type { Edit } from '../syntax/edit.ts';
import { VERSION } from '../system/version.ts';
import { shownFile } from './diff.ts';

export const SCHEMA = 1;

/** What `--format json` prints. Texts and diffs are masked. */
export interface PlanReport {
  readonly schema: typeof SCHEMA;
  /** Version of nayek. */
  readonly nayek: string;
  readonly root: string;
  readonly recipe: string;
  /** True when the changes have been written. */
  readonly written: boolean;
  readonly verdicts: readonly Verdict[];
  readonly changes: readonly ReportedChange[];
  readonly warnings: readonly string[];
  readonly skipped: Plan['skipped'];
}

export interface ReportedChange {
  readonly path: string;
  readonly by: readonly string[];
  readonly created: boolean;
  /** SHA-256 of the bytes, hexadecimal; null where the file does not exist before. */
  readonly sha256: { readonly before: string | null; readonly after: string };
  /** Hunks, masked: for reading. */
  readonly diff: string;
}

/** A report with what it takes to execute it: exact texts, which may hold credentials. */
export interface SavedPlan extends PlanReport {
  readonly reads: Plan['reads'];
  readonly changes: readonly SavedChange[];
}

export interface SavedChange extends ReportedChange {
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Ranges on the text before, in UTF-16 units; of a created file one insertion at 0. */
  readonly edits: readonly Edit[];
}

/** The report without anything secret. */
export function planReport(plan: Plan, written: boolean): PlanReport {
  return {
    schema: SCHEMA,
    nayek: VERSION,
    root: plan.root,
    recipe: plan.recipe,
    written,
    verdicts: plan.verdicts.map(maskVerdict),
    changes: plan.changes.map((change) => ({
      path: change.path,
      by: change.by,
      created: change.before === null,
      sha256: {
        before: change.sha256,
        after: createHash('sha256').update(encode(change.after, change)).digest('hex'),
      },
      diff: shownFile(change),
    })),
    warnings: plan.warnings.map((w) => mask(w)),
    skipped: plan.skipped,
  };
}

/** The plan to be saved; `readSavedPlan` of saved-plan.ts is its inverse. */
export function savedPlan(plan: Plan): SavedPlan {
  const report = planReport(plan, false);
  const changes = report.changes.flatMap((reported, index) => {
    const change = plan.changes[index];
    if (!change) return [];
    const edits = change.before === null ? [{ start: 0, end: 0, text: change.after }] : change.edits;
    return [{ ...reported, encoding: change.encoding, bom: change.bom, edits }];
  });
  return { ...report, reads: plan.reads, changes };
}

function maskVerdict(verdict: Verdict): Verdict {
  const { snippet, ...rest } = verdict;
  return {
    ...rest,
    reason: mask(verdict.reason),
    at: verdict.at.map(maskEvidence),
    warnings: verdict.warnings.map((w) => mask(w)),
    commands: verdict.commands.map((c) => mask(c)),
    ...(snippet === undefined ? {} : { snippet: mask(snippet) }),
  };
}

function maskEvidence(evidence: Evidence): Evidence {
  return evidence.note === undefined ? evidence : { ...evidence, note: mask(evidence.note) };
}
