/** A change of the requirements that a file lists, by ranges, and the proof that all others stay. */
import { isDeepStrictEqual } from 'node:util';
import { formOf } from '../../knowledge/managers.ts';
import { addToList } from '../../lists/add.ts';
import { entriesIn, formsOf, type ListEntry } from '../../lists/entries.ts';
import { entriesOf } from '../../lists/proof.ts';
import { raised } from '../../lists/raise.ts';
import { applyEdits, type Edit } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import type { ListChange } from './change.ts';
import type { KeyEdit } from './key-edit.ts';

/** The edits of one change on a file of this path: none where there is nothing to do. */
export function editList(path: string, text: string, change: ListChange): KeyEdit {
  const kinds = formsOf(path);
  const entries = entriesIn(text, kinds);
  const mine = entries.filter((e) => e.name === change.name);
  const made = change.kind === 'add' ? added(path, text, entries, change) : changed(text, entries, mine, change);
  if ('refused' in made || made.edits.length === 0) return made;
  if (proved(path, text, applyEdits(text, made.edits), change)) return made;
  return { refused: say`what an edit would make of it cannot be proved`, at: mine[0]?.at ?? 0 };
}

function changed(
  text: string,
  entries: readonly ListEntry[],
  mine: readonly ListEntry[],
  change: Exclude<ListChange, { kind: 'add' }>,
): KeyEdit {
  const edits: Edit[] = [];
  let there = change.kind === 'replace' && entries.some((e) => e.name === change.by);
  for (const entry of mine) {
    const made = edited(text, entry, there && change.kind === 'replace' ? { kind: 'drop', name: change.name } : change);
    if (typeof made === 'string') return { refused: made, at: entry.at };
    if (change.kind === 'replace' && !there) there = true;
    edits.push(...made);
  }
  return { edits };
}

function edited(text: string, entry: ListEntry, change: Exclude<ListChange, { kind: 'add' }>): Edit[] | string {
  if (change.kind === 'drop') return entry.without ? [entry.without] : say`how ${entry.name} goes is not clear`;
  if (entry.specifier === undefined) return say`${entry.name} has no plain version`;
  if (change.kind === 'replace') {
    if (entry.row) return say`${entry.name} is a row of a table: which version the other takes is up to you`;
    return [{ start: entry.at, end: entry.end, text: change.requirement }];
  }
  const specifier = raised(entry.specifier, change.version);
  if (specifier === undefined) return say`${entry.name}${entry.specifier} leaves no room for ${change.version}`;
  if (specifier === entry.specifier) return [];
  const gap = entry.row || entry.end > entry.start ? '' : /\s*$/.exec(text.slice(entry.at, entry.start))?.[0];
  return [{ start: entry.start, end: entry.end, text: gap ? specifier.trim() : specifier }];
}

/** Behind the one that it stands beside; without such, at its place in any list that there is. */
function added(
  path: string,
  text: string,
  entries: readonly ListEntry[],
  change: Extract<ListChange, { kind: 'add' }>,
): KeyEdit {
  const { name, requirement, beside } = change;
  if (entries.some((e) => e.name === name)) return { edits: [] };
  if (beside === undefined ? entries.length === 0 : !entries.some((e) => e.name === beside)) return { edits: [] };
  const [, written = name, range = ''] = /^([^<>=!~;\s]+)\s*(.*)$/s.exec(requirement) ?? [];
  const wish = {
    ...{ additions: [{ name: written, range }], remark: '' },
    ...{ anchors: beside === undefined ? [] : [beside], constrained: new Set<string>() },
  };
  for (const form of formsOf(path)) {
    const home = entriesIn(text, [form]);
    if (beside === undefined ? home.length === 0 : !home.some((e) => e.name === beside)) continue;
    const table = formOf(form).lists?.find((list) => list.part === 'main')?.style === 'table';
    if (table && /[[;]/.test(requirement)) break;
    const made = addToList(text, form, wish);
    if (made) return { edits: made.edits };
  }
  const at = entries.find((e) => e.name === beside)?.at ?? 0;
  return { refused: say`where ${name} goes is not clear`, at };
}

/** What is lost and gained are entries of the change, and as many as it means; all others stay, in order. */
function proved(path: string, before: string, after: string, change: ListChange): boolean {
  const kinds = formsOf(path);
  const [was, is] = [before, after].map((text) => entriesOf(kinds[0] ?? 'requirements', text));
  if (!was || !is) return false;
  const [lost, gained] = [without(was, is), without(is, was)];
  const kept = (list: readonly string[], gone: readonly string[]): string[] => without(list, gone);
  if (!isDeepStrictEqual(kept(was, lost), kept(is, gained))) return false;
  const [old, now] = [before, after].map((text) => entriesIn(text, kinds));
  const mine = (now ?? []).filter((e) => e.name === change.name);
  const had = (old ?? []).filter((e) => e.name === change.name).length;
  switch (change.kind) {
    case 'add':
      return lost.length === 0 && gained.length === 1 && mine.length === 1;
    case 'raise':
      if (lost.length !== gained.length || lost.length > had || mine.length !== had) return false;
      return mine.every((e) => raised(e.specifier ?? '', change.version) === e.specifier);
    case 'drop':
      // A row of a table may hold several values.
      return lost.length >= had && gained.length === 0 && isDeepStrictEqual(others(old, change.name), others(now, ''));
    case 'replace':
      if (lost.length !== had || gained.length > had || mine.length > 0) return false;
      return (now ?? []).some((e) => e.name === change.by);
  }
}

function others(entries: readonly ListEntry[] | undefined, name: string): readonly (string | undefined)[] {
  return (entries ?? []).filter((e) => e.name !== name).flatMap((e) => [e.name, e.specifier]);
}

/** The items of a list that another one lacks, counted. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const item of other) left.set(item, (left.get(item) ?? 0) + 1);
  return list.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}
