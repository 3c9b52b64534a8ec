/** A saved plan, read back. It may come from anywhere: it is checked as a whole before anything is made of it. */
import { createHash } from 'node:crypto';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FileChange, Plan } from '../model/plan.ts';
import { isInside } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { encode } from '../repo/source.ts';
import { applyEdits, type Edit } from '../syntax/edit.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { type SavedPlan, SCHEMA } from './json.ts';
import form from './plan.schema.json';

/**
 * The plan that was saved, on a repository that must be as it was then. What the writer refuses, it refuses later.
 * @throws NayekError `broken-plan` for a wrong form, `outside` for a path that leads out, `drift` when a file to change
 * is not the one it was made for.
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
      throw new NayekError('broken-plan', say`the saved plan does not give the recorded result for ${change.path}`);
    }
  }
  const { recipe, verdicts, warnings, reads, skipped } = saved;
  return { root: snapshot.root, recipe, verdicts, warnings, reads, skipped, changes };
}

function edited(path: string, before: string, edits: readonly Edit[]): string {
  if (edits.some((e) => e.start > e.end || e.end > before.length)) {
    throw new NayekError('broken-plan', say`the saved plan has edits outside of ${path}`);
  }
  try {
    return applyEdits(before, edits);
  } catch (cause) {
    throw new NayekError('broken-plan', say`the saved plan has edits that overlap in ${path}`, { cause });
  }
}

let isSaved: ValidateFunction<SavedPlan> | undefined;

function parseSaved(text: string): SavedPlan {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw broken(say`no JSON`);
  }
  const schema = (data as SavedPlan | null)?.schema;
  if (schema !== SCHEMA) throw broken(say`schema ${JSON.stringify(schema)?.slice(0, 40)} instead of ${SCHEMA}`);
  isSaved ??= new Ajv().compile<SavedPlan>(form);
  if (!isSaved(data)) throw broken(problem(isSaved.errors?.[0]));
  return data;
}

/** The first thing that is wrong, as a place in the document and what it must be. */
function problem(error: ErrorObject | undefined): string {
  const { extra, missing } = { extra: error?.params.additionalProperty, missing: error?.params.missingProperty };
  const place = `${error?.instancePath.slice(0, 200)}${extra === undefined ? '' : `/${String(extra).slice(0, 200)}`}`;
  if (missing === 'edits' || missing === 'encoding') return say`${place} holds no edits`;
  return `${place || 'it'} ${error?.message ?? 'has another form'}`;
}

function broken(why: string): NayekError {
  return new NayekError('broken-plan', say`not a saved plan: ${why}`);
}
