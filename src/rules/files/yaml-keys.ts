/** Keys of YAML files. Programs read YAML 1.1 or 1.2: both readings must agree. https://yaml.org/spec/1.2.2/ */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
  type Scalar as YamlScalar,
} from 'yaml';
import { lineEnding, lineStart } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import type { KeyPath, NewValue, Scalar } from './change.ts';
import {
  doubleQuoted,
  type Edited,
  type FoundKey,
  type Grammar,
  type Home,
  type Reading,
  type SecondReading,
} from './key-edit.ts';
import { commentedLines, lineBelow, ownsLines, withoutLines } from './lines.ts';

/** As PyYAML reads it: yes and on are true, `<<` merges. */
const yaml11: SecondReading = {
  value: (text) => {
    const documents = documentsOf(text, '1.1');
    return typeof documents === 'string' ? undefined : plain(documents);
  },
  place: (path) => path.map((name) => (TRUE.test(String(name)) ? 'true' : FALSE.test(String(name)) ? 'false' : name)),
  stored: (value) => value,
};
const TRUE = /^(?:y|yes|true|on)$/i;
const FALSE = /^(?:n|no|false|off)$/i;

export const yamlKeys: Grammar = { read, seconds: [yaml11], stored: (value) => value };

function documentsOf(text: string, version: '1.1' | '1.2'): Document.Parsed[] | string {
  try {
    const documents = parseAllDocuments(text, {
      version,
      keepSourceTokens: true,
      logLevel: 'silent',
      uniqueKeys: true,
    });
    if (!Array.isArray(documents)) return [];
    const error = documents.flatMap((d) => d.errors)[0];
    return error ? say`it is not YAML: ${error.message.split('\n')[0]}` : documents;
  } catch {
    return say`it is not YAML`;
  }
}

/** Undefined for a bomb of aliases. */
function plain(documents: readonly Document.Parsed[]): unknown {
  try {
    return documents.map((d): unknown => d.toJS({ maxAliasCount: 100 }));
  } catch {
    return undefined;
  }
}

function read(text: string): Reading | string {
  const documents = documentsOf(text, '1.2');
  if (typeof documents === 'string') return documents;
  const value = plain(documents);
  if (value === undefined) return say`it is not YAML`;
  return {
    value,
    keys: (pattern) => documents.flatMap((d, i) => [...below(d.contents, pattern, [i])].map((at) => found(text, at))),
    homes: (pattern) => documents.flatMap((d, i) => homesBelow(text, d.contents, pattern, [i])),
  };
}

/** A pair of a mapping, or an item of a list. */
interface Place {
  readonly path: KeyPath;
  readonly node: Node | null;
  readonly pair?: Pair;
  readonly map?: YAMLMap;
}

function* below(node: Node | null, [step, ...rest]: KeyPath, path: KeyPath): Generator<Place> {
  if (step === undefined) return;
  if (isAlias(node)) {
    yield { path: [...path, step], node };
    return;
  }
  const inner: Place[] = [];
  if (isMap(node)) {
    for (const pair of node.items) {
      const name = nameOf(pair);
      if (name === undefined || (step !== '*' && String(step) !== name)) continue;
      inner.push({ path: [...path, name], node: pair.value as Node | null, pair, map: node });
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      if (step === '*' || Number(step) === index) inner.push({ path: [...path, index], node: item as Node });
    });
  }
  for (const place of inner) {
    if (rest.length === 0) yield place;
    else yield* below(place.node, rest, place.path);
  }
}

function nameOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function found(text: string, { path, node, pair, map }: Place): FoundKey {
  const alias = isAlias(node) && !pair ? say`it stands behind an alias` : undefined;
  const key = pair?.key as YamlScalar | undefined;
  const start = key?.range?.[0] ?? node?.range?.[0] ?? 0;
  const end = pair ? endOf(text, pair) : start;
  const lines = (): string | undefined => {
    if (!pair) return say`it is an item of a list`;
    if (map?.flow) return say`it stands in a mapping in braces`;
    return ownsLines(text, start, end) ? undefined : say`other things stand on its line`;
  };
  const value: unknown = isScalar(node) ? node.value : node === null ? null : undefined;
  return {
    ...{ path, written: String(path.at(-1)), value: value ?? (isSeq(node) ? node.toJSON() : value), at: start },
    set: (to) => alias ?? valueSet(text, node, pair, to),
    rename: (to) => {
      if (!key?.range) return alias ?? say`it is an item of a list`;
      if (key.anchor || key.tag) return say`it has an anchor or a tag`;
      if (map?.items.some((p) => nameOf(p) === to)) return say`there is a ${to} already`;
      return [{ start, end: key.range[1], text: literalOf(to, key.type) }];
    },
    remove: () => alias ?? lines() ?? withoutLines(text, start, end),
    commentOut: () => alias ?? lines() ?? commentedLines(text, start, end),
  };
}

function valueSet(text: string, node: Node | null, pair: Pair | undefined, to: NewValue): Edited {
  if (isAlias(node)) return say`it is an alias`;
  const [start, end] = node?.range ?? [];
  if (isScalar(node) && (node.anchor || node.tag)) return say`it has an anchor or a tag`;
  if (start === undefined || end === undefined || (isScalar(node) && start === end)) {
    const colon = pair && colonOf(pair);
    if (colon === undefined) return say`it has no value whose place is clear`;
    return [{ start: colon, end: colon, text: ` ${literalOf(to)}` }];
  }
  const old = text.slice(start, end);
  if (!isScalar(node)) {
    const oneLine = isSeq(node) && node.flow && !old.includes('\n') && Array.isArray(to);
    return oneLine ? [{ start, end, text: literalOf(to) }] : say`it is a list or a mapping`;
  }
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  if (block && old.slice(0, old.indexOf('\n')).includes('#')) return say`a comment stands in its value`;
  const tail = block && old.endsWith('\n') ? lineEnding(text) : '';
  return [{ start, end, text: literalOf(to, node.type) + tail }];
}

/** Behind the colon of a pair. */
function colonOf(pair: Pair): number | undefined {
  const token = pair.srcToken?.sep?.find((t) => t.type === 'map-value-ind');
  return token && token.offset + 1;
}

/** Where what belongs to a pair ends, without the line end. */
function endOf(text: string, pair: Pair): number {
  const key = pair.key as Node | null;
  return contentEnd(text, pair.value as Node | null) ?? colonOf(pair) ?? key?.range?.[1] ?? 0;
}

function contentEnd(text: string, node: Node | null): number | undefined {
  const [start, end] = node?.range ?? [];
  if (start === undefined || end === undefined || (isScalar(node) && start === end)) return undefined;
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last && endOf(text, last);
  }
  if (isSeq(node) && !node.flow) return contentEnd(text, node.items.at(-1) as Node | null) ?? end;
  let at = end;
  while (at > start && /[\r\n]/.test(text[at - 1] ?? '')) at--;
  return at;
}

function homesBelow(text: string, node: Node | null, pattern: KeyPath, path: KeyPath): Home[] {
  const places: readonly Place[] = pattern.length === 0 ? [{ path, node }] : [...below(node, pattern, path)];
  return places.flatMap((place) => (isMap(place.node) ? [homeOf(text, place.node, place.path)] : []));
}

function homeOf(text: string, map: YAMLMap, path: KeyPath): Home {
  return {
    path,
    has: (key) => map.items.some((pair) => nameOf(pair) === key),
    add: (key, to) => {
      const line = `${literalOf(key)}: ${literalOf(to)}`;
      const [start = 0] = map.range ?? [];
      if (map.flow) {
        if (map.items.some((pair) => nameOf(pair) === undefined)) return say`a key in braces may be a template`;
        const last = map.items.at(-1);
        const at = last ? endOf(text, last) : start + 1;
        return [{ start: at, end: at, text: last ? `, ${line}` : line }];
      }
      return lineIn(text, map, line);
    },
  };
}

/** Below the last value that is a plain scalar; else above the first key. */
function lineIn(text: string, map: YAMLMap, line: string): Edited {
  const first = map.items[0]?.key as Node | undefined;
  const at = first?.range?.[0];
  if (at === undefined) return say`there is no key beside which it could stand`;
  const before = text.slice(lineStart(text, at), at);
  if (!/^[ -]*$/.test(before)) return say`other things stand on its line`;
  const indent = ' '.repeat(before.length);
  const eol = lineEnding(text);
  const above = map.items.findLast(({ value }) => isScalar(value) && /^(?:PLAIN|QUOTE_.*)$/.test(value.type ?? ''));
  if (above) return [lineBelow(text, endOf(text, above), indent + line, eol)];
  return [{ start: at, end: at, text: line + eol + indent }];
}

/** Words that YAML 1.1 or 1.2 takes for something else than a text. */
const MEANT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** As it is written, in the quotes of what it replaces. */
function literalOf(value: NewValue, like?: string | null): string {
  if (Array.isArray(value)) return `[${value.map((item: Scalar) => literalOf(item)).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  if (like === 'QUOTE_DOUBLE') return doubleQuoted(value);
  const printable = /^[\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe]*$/.test(value);
  if (like === 'QUOTE_SINGLE' && printable) return `'${value.replaceAll("'", "''")}'`;
  const bare = /^[A-Za-z_/][A-Za-z0-9_./@+-]*$/.test(value) && !MEANT.test(value);
  return bare ? value : doubleQuoted(value);
}
