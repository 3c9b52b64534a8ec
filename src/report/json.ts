/** A plan as JSON: for machines to read (nothing secret in it), and saved so that `nayek apply` can execute it. */
import { createHash } from 'node:crypto';
import type { Evidence } from '../model/facts.ts';
import type { Overview } from '../model/overview.ts';
import type { FileChange, Plan, Verdict } from '../model/plan.ts';
import { type Encoding, encode } from '../repo/source.ts';
import { mask } from '../secrets/mask.ts';
import type { Edit } from '../syntax/edit.ts';
import { firstIndex } from '../syntax/python/bisect.ts';
import { VERSION } from '../system/version.ts';
import { hunksIn, shownFile } from './diff.ts';

export const SCHEMA = 1;

/** What `--format json` prints; its form is report.schema.json. Texts and diffs are masked. */
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
  /** How each service hangs together; absent where no part needed to know. */
  readonly services?: readonly Overview[];
}

/** A hunk of `diff`, as its `@@` line says, and whose it is. */
export interface ReportedHunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** Indexes into `verdicts`. */
  readonly verdicts: readonly number[];
}

export interface ReportedChange {
  readonly path: string;
  readonly by: readonly string[];
  readonly created: boolean;
  /** SHA-256 of the bytes, hexadecimal; null where the file does not exist before. */
  readonly sha256: { readonly before: string | null; readonly after: string };
  /** Hunks, masked: for reading. */
  readonly diff: string;
  /** One for each hunk of `diff`, in order. Absent in reports of earlier versions. */
  readonly hunks?: readonly ReportedHunk[];
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

/** The report without anything secret. `services` as `overviewOf` of src/survey has them. */
export function planReport(plan: Plan, written: boolean, services?: readonly Overview[]): PlanReport {
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
      hunks: reportedHunks(change),
    })),
    warnings: plan.warnings.map((w) => mask(w)),
    skipped: plan.skipped,
    ...(services ? { services: services.map(maskOverview) } : {}),
  };
}

/** A hunk is of the verdicts that have an edit on its lines: each edit lies in one hunk. */
function reportedHunks(change: FileChange): ReportedHunk[] {
  const before = change.before ?? '';
  const hunks = hunksIn(change);
  const verdicts = hunks.map(() => new Set<number>());
  const breaks = [...before.matchAll(/\n/g)].map((m) => m.index);
  for (const { verdict, edits } of change.claims ?? []) {
    for (const { start } of edits) {
      const line = firstIndex(breaks.length, (i) => (breaks[i] ?? 0) >= start) + 1;
      const next = firstIndex(hunks.length, (i) => (hunks[i]?.oldStart ?? 0) > line);
      verdicts[Math.max(0, next - 1)]?.add(verdict);
    }
  }
  return hunks.map(({ oldStart, oldCount, newStart, newCount }, index) => {
    return { oldStart, oldCount, newStart, newCount, verdicts: [...(verdicts[index] ?? [])] };
  });
}

function maskOverview(service: Overview): Overview {
  const named = <T extends { readonly name: string }>(one: T): T => ({ ...one, name: mask(one.name) });
  return {
    ...service,
    ...(service.migrations ? { migrations: named(service.migrations) } : {}),
    ...(service.install ? { install: named(service.install) } : {}),
    processes: service.processes.map(named),
  };
}

/** The plan to be saved; `readSavedPlan` of saved-plan.ts is its inverse. */
export function savedPlan(plan: Plan, services?: readonly Overview[]): SavedPlan {
  const report = planReport(plan, false, services);
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
