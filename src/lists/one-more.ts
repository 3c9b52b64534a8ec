/** A list with one distribution more, for parts whose code needs it. */
import type { Dependencies } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { applyEdits, type Edit } from '../syntax/edit.ts';
import { addToList } from './add.ts';
import { onlyAdded } from './proof.ts';

/**
 * Edits of the dependency file, beside one of `anchors` where they are listed, proved to add that entry and nothing
 * else. Undefined where it cannot be proved, and where a lock would go stale.
 */
export function oneMore(
  repo: Snapshot,
  { path, form, locks }: Dependencies,
  name: string,
  anchors: readonly string[],
): Readonly<Record<string, readonly Edit[]>> | undefined {
  const text = repo.read(path)?.text;
  if (text === undefined || locks.length > 0) return undefined;
  const added = addToList(text, form, { additions: [{ name }], remark: '', anchors, constrained: new Set<string>() });
  return added && onlyAdded(form, text, applyEdits(text, added.edits), 1) ? { [path]: added.edits } : undefined;
}
