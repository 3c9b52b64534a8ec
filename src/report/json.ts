/** A plan as JSON: for machines to read (nothing secret in it), and saved so that `nayek apply` can execute it. */
import { createHash } from 'node:crypto';
import type { Evidence } from '../model/facts.ts';
import type { FileChange, Plan, Verdict } from '../model/plan.ts';
import { isInside } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { type Encoding, encode } from '../repo/source.ts';
import { mask } from '../secrets/mask.ts';
import { applyEdits, type Edit } from '../syntax/edit.ts';
import { NayekError } from '../system/errors.ts';
import { VERSION } from '../system/version.ts';
import { shownFile } from './diff.ts';

const SCHEMA = 1;

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

/** The plan to be saved; `readSavedPlan` is its inverse. */
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

/**
 * The plan that was saved, on a repository that must be as it was then.
 * @throws NayekError `broken-plan` for a wrong form, `outside` for a path that leads out, `drift` when a file to change is not the one it was made for.
 */
export function readSavedPlan(text: string, repo: (root: string) => Snapshot): Plan {
  const saved = parseSaved(text);
  for (const name of [...saved.changes.map((c) => c.path), ...Object.keys(saved.reads)]) {
    if (!isInside(name)) throw new NayekError('outside', JSON.stringify(name));
  }
  const snapshot = repo(saved.root);
  const drifted: string[] = [];
  const changes = saved.changes.map((change): FileChange => {
    const { path, encoding, bom, edits, by, sha256 } = change;
    const file = change.created ? undefined : snapshot.read(path);
    if (change.created ? snapshot.has(path) : file?.sha256 !== sha256.before) drifted.push(path);
    const before = change.created ? null : (file?.text ?? '');
    return { path, before, after: edited(path, before ?? '', edits), edits, encoding, bom, sha256: sha256.before, by };
  });
  if (drifted.length > 0) throw new NayekError('drift', drifted.join(', '));
  for (const [index, change] of changes.entries()) {
    const wanted = saved.changes[index]?.sha256.after;
    if (createHash('sha256').update(encode(change.after, change)).digest('hex') !== wanted) {
      throw new NayekError('broken-plan', `the saved plan does not give the recorded result for ${change.path}`);
    }
  }
  const { recipe, verdicts, warnings, reads, skipped } = saved;
  return { root: snapshot.root, recipe, verdicts, warnings, reads, skipped, changes };
}

function edited(path: string, before: string, edits: readonly Edit[]): string {
  try {
    return applyEdits(before, edits);
  } catch (cause) {
    throw new NayekError('broken-plan', `the saved plan has edits that overlap in ${path}`, { cause });
  }
}

function parseSaved(text: string): SavedPlan {
  const broken = (why: string): never => {
    throw new NayekError('broken-plan', `not a saved plan: ${why}`);
  };
  let data: SavedPlan;
  try {
    data = JSON.parse(text);
  } catch {
    return broken('no JSON');
  }
  if (data?.schema !== SCHEMA) return broken(`schema ${JSON.stringify(data?.schema)} instead of ${SCHEMA}`);
  const strings = [data.root, data.recipe].every((s) => typeof s === 'string');
  const lists = [data.verdicts, data.changes, data.warnings, data.skipped].every(Array.isArray);
  if (!strings || !lists) return broken('a field is missing');
  if (typeof data.reads !== 'object' || data.reads === null || !data.changes.every(isSavedChange)) {
    return broken('it holds no edits: save it with --dry-run --format json -o');
  }
  return data;
}

function isSavedChange(change: SavedChange): boolean {
  const hash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  return (
    typeof change?.path === 'string' &&
    typeof change.created === 'boolean' &&
    typeof change.bom === 'boolean' &&
    ['utf-8', 'utf-16le', 'utf-16be', 'latin1'].includes(change.encoding) &&
    Array.isArray(change.by) &&
    hash(change.sha256?.after) &&
    (change.created ? change.sha256.before === null : hash(change.sha256.before)) &&
    Array.isArray(change.edits) &&
    change.edits.every((e) => Number.isInteger(e?.start) && Number.isInteger(e.end) && typeof e.text === 'string')
  );
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
