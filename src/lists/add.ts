/** Adds dependencies to a file by ranges, one function per form; undefined where the place is not clear. */
import { type DependencyForm, formOf, type KeyPath } from '../knowledge/managers.ts';
import { isDevGroup } from '../survey/dependencies/dev-group.ts';
import { type Edit, lineEnd, lineEnding, lineStart } from '../syntax/edit.ts';
import { normalizeName, parseRequirement, readRequirements } from '../syntax/requirements.ts';
import { readInstallRequires } from '../syntax/setup-cfg.ts';
import { insertStrings, namesAt, readToml, type Toml, type TomlEntry } from '../syntax/toml.ts';
import { type Addition, behind, type Entry, type Placement, place, versionLike } from './style.ts';

export interface Wish {
  readonly additions: readonly Addition[];
  /** Normalised names behind which a new entry goes in an unsorted list, best first. */
  readonly anchors: readonly string[];
  /** Names that a constraints file pins: written bare. */
  readonly constrained: ReadonlySet<string>;
  /** Written as it stands, behind the anchor, instead of the additions. */
  readonly literal?: string;
  /** Behind the literal. */
  readonly comment?: string;
  /** Comment of an addition among entries that all have one. */
  readonly remark: string;
}

export interface Added {
  readonly edits: readonly Edit[];
  /** What was written, without comments. */
  readonly written: readonly string[];
}

/** Adds to a file of any form; undefined where the place is not clear, or the form takes no edit. */
export function addToList(text: string, form: DependencyForm, wish: Wish): Added | undefined {
  const { grammar, lists = [] } = formOf(form);
  if (grammar === 'requirements') return addToRequirements(text, wish);
  if (grammar === 'setup.cfg') return addToSetupCfg(text, wish);
  const main = lists.find((list) => list.part === 'main');
  if (main?.style === 'table') return addToTable(text, wish, main.key);
  if (!main) return undefined;
  const toml = readToml(text)?.value;
  const extras = lists.filter((list) => list.part === 'extra');
  return addToPyproject(
    text,
    wish,
    [main, ...extras].flatMap(({ key }) => listsOf(toml, key)),
  );
}

/** The lists of a key, which its `*` may make several; none for development. */
function listsOf(toml: unknown, key: KeyPath): KeyPath[] {
  if (!key.includes('*')) return [key];
  return namesAt(toml, key).flatMap((name) => (isDevGroup(name) ? [] : [[...key.slice(0, -1), name]]));
}

/** A requirements.txt that somebody keeps by hand. */
export function addToRequirements(text: string, wish: Wish): Added | undefined {
  const lines = readRequirements(text).filter((l) => l.kind === 'requirement');
  const entries = lines.map((l): Entry => {
    const behindName = text.slice(l.name.end, l.specifier.start);
    const gap = /\s*$/.exec(behindName)?.[0] ?? '';
    return { name: l.name.text, gap, specifier: l.url ? undefined : l.specifier.text };
  });
  const eol = lineEnding(text);
  return each(entries, wish, (at, items) => {
    const line = lines[Math.max(at.after, 0)];
    if (!line) return undefined;
    const own = line.next > line.end ? text.slice(line.end, line.next) : eol;
    const added = items.map((item) => item.text + item.comment);
    if (at.after < 0) return { start: line.start, end: line.start, text: added.map((a) => a + own).join('') };
    if (line.next > line.end) return { start: line.next, end: line.next, text: added.map((a) => a + own).join('') };
    return { start: line.end, end: line.end, text: added.map((a) => eol + a).join('') };
  });
}

/** The `[project]` list, or the extra that holds the server. */
export function addToPyproject(text: string, wish: Wish, keys: readonly (readonly string[])[]): Added | undefined {
  const toml = readToml(text);
  const array = arrayFor(toml, wish.anchors, keys);
  if (!array) return undefined;
  const entries = array.items.map((item): Entry => {
    const parsed = parseRequirement(item.value);
    if (!parsed) return { name: item.value, gap: '', specifier: undefined };
    const gap = /\s*$/.exec(item.value.slice(parsed.name.end, parsed.specifier.start))?.[0] ?? '';
    return { name: parsed.name.text, gap, specifier: parsed.url ? undefined : parsed.specifier.text };
  });
  return each(entries, wish, (at, items) => {
    const values = items.map(({ text: value, comment }) => ({
      value,
      comment: comment === '' ? alignedComment(text, array.items, at, { value, remark: wish.remark }) : comment,
    }));
    return insertStrings(text, array, at.after, values);
  });
}

function arrayFor(toml: Toml | undefined, anchors: readonly string[], keys: readonly (readonly string[])[]) {
  const arrays = keys.map((key) => toml?.strings(...key)).filter((a) => a !== undefined);
  for (const anchor of anchors) {
    for (const array of arrays) {
      if (array.items.some((i) => normalizeName(parseRequirement(i.value)?.name.text ?? '') === anchor)) return array;
    }
  }
  return arrays[0];
}

/** A comment in the column of the neighbours' comments, where all neighbours have one. */
function alignedComment(
  text: string,
  items: readonly { readonly start: number; readonly end: number }[],
  at: Placement,
  item: { readonly value: string; readonly remark: string },
): string {
  const near = [items[at.after], items[at.after + 1] ?? items[at.after - 1]].filter((i) => i !== undefined);
  const columns = near.map((i) => {
    const rest = text.slice(i.end, lineEnd(text, i.end));
    const match = /^,?[ \t]*(?=#)/.exec(rest);
    return match ? i.end - lineStart(text, i.start) + match[0].length : undefined;
  });
  const [column] = columns;
  const first = near[0];
  if (column === undefined || !first || columns.some((c) => c === undefined)) return '';
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, first.start)))?.[0].length ?? 0;
  const width = indent + item.value.length + 3;
  return `${' '.repeat(Math.max(column - width, 1))}# ${item.remark}`;
}

/** Poetry's or Pipenv's table of `name = "version"` lines. */
export function addToTable(text: string, wish: Wish, key: readonly string[]): Added | undefined {
  const rows = readToml(text)
    ?.entries(...key)
    ?.filter((e) => !e.key.includes('.'));
  const packages = rows?.filter((e) => e.key !== 'python');
  if (!packages || wish.literal !== undefined) return undefined;
  const entries = packages.map((e): Entry => {
    const version = typeof e.value === 'string' ? e.value : (e.value as { version?: unknown } | null)?.version;
    return { name: e.key, gap: '', specifier: typeof version === 'string' ? version : undefined };
  });
  const eol = lineEnding(text);
  const edits: Edit[] = [];
  const written: string[] = [];
  for (const addition of wish.additions) {
    const at = place(entries, addition.name, wish.anchors);
    const row = at && packages[Math.max(at.after, 0)];
    if (!at || !row) return undefined;
    const version = versionLike(entries, at, addition, true);
    const quote = text[row.valueStart] === "'" ? "'" : '"';
    const line = `${addition.name}${padding(text, packages, row, addition.name)}${quote}${version}${quote}`;
    written.push(`${addition.name} = "${version}"`);
    const indent = text.slice(lineStart(text, row.start), row.start);
    if (indent.trim() !== '') return undefined;
    const next = lineEnd(text, row.end);
    if (at.after < 0) edits.push({ start: row.start, end: row.start, text: `${line}${eol}${indent}` });
    else if (text[next - 1] === '\n') edits.push({ start: next, end: next, text: `${indent}${line}${eol}` });
    else edits.push({ start: next, end: next, text: `${eol}${indent}${line}` });
  }
  return { edits, written };
}

/** `=` with the neighbour's spaces, in the column of the others where they share one. */
function padding(text: string, rows: readonly TomlEntry[], row: TomlEntry, name: string): string {
  const between = text.slice(row.keyEnd, row.valueStart);
  const column = (r: TomlEntry): number => text.indexOf('=', r.keyEnd) - lineStart(text, r.start);
  const columns = new Set(rows.map(column));
  const lengths = new Set(rows.map((r) => r.key.length));
  const behind = between.slice(between.indexOf('=') + 1);
  if (columns.size === 1 && lengths.size > 1) {
    const indent = row.start - lineStart(text, row.start);
    return `${' '.repeat(Math.max(column(row) - indent - name.length, 1))}=${behind}`;
  }
  return between;
}

/** `install_requires` of a setup.cfg, one requirement a line. */
export function addToSetupCfg(text: string, wish: Wish): Added | undefined {
  const items = readInstallRequires(text).filter((i) => i.extra === undefined);
  if (!items.every((i) => i.own)) return undefined;
  const entries = items.map(({ requirement: r }): Entry => {
    const gap = /\s*$/.exec(text.slice(r.name.end, r.specifier.start))?.[0] ?? '';
    return { name: r.name.text, gap, specifier: r.url ? undefined : r.specifier.text };
  });
  const eol = lineEnding(text);
  return each(entries, wish, (at, added) => {
    const own = items[Math.max(at.after, 0)]?.own;
    if (!own) return undefined;
    const indent = /^[ \t]*/.exec(text.slice(own.start))?.[0] ?? '';
    if (at.after < 0) {
      return { start: own.start, end: own.start, text: added.map((a) => indent + a.text + eol).join('') };
    }
    return { start: own.end, end: own.end, text: added.map((a) => eol + indent + a.text).join('') };
  });
}

interface Item {
  readonly text: string;
  /** With the spaces before it. */
  readonly comment: string;
}

/** Places what is wished for; entries that go to the same place are inserted together. */
function each(
  entries: readonly Entry[],
  wish: Wish,
  insert: (at: Placement, items: readonly Item[]) => Edit | undefined,
): Added | undefined {
  const places = new Map<number, { at: Placement; items: Item[] }>();
  const written: string[] = [];
  const put = (at: Placement, text: string, comment: string): void => {
    const known = places.get(at.after);
    if (known) known.items.push({ text, comment });
    else places.set(at.after, { at, items: [{ text, comment }] });
    written.push(text);
  };
  if (wish.literal !== undefined) {
    const at = behind(entries, wish.anchors);
    if (!at) return undefined;
    put(at, wish.literal, wish.comment ? `  # ${wish.comment}` : '');
  } else {
    for (const addition of wish.additions) {
      const at = place(entries, addition.name, wish.anchors);
      if (!at) return undefined;
      const version = wish.constrained.has(addition.name) ? '' : versionLike(entries, at, addition);
      put(at, addition.name + version, '');
    }
  }
  const edits = [...places.values()].map(({ at, items }) => insert(at, items));
  return edits.every((e) => e !== undefined) ? { edits, written } : undefined;
}
