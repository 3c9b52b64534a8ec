/** Ranges out of a TOML file: where an array of strings or a table can take one more entry. Nothing is ever reprinted. */
import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { type Edit, indentAt, lineEnd, lineEnding, lineStart } from './edit.ts';

export interface TomlString {
  readonly value: string;
  /** UTF-16 offsets of the literal with its quotes, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  readonly quote: '"' | "'";
}

/** An array whose elements are all one-line strings. */
export interface TomlStrings {
  /** Range with the brackets. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly items: readonly TomlString[];
}

export interface TomlEntry {
  /** The key as resolved: `a.b = 1` in table `t` has ['b'] below `t.a`. */
  readonly key: string;
  /** Range of `key = value`. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  /** Range of the key, and start of the value. */
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly value: unknown;
}

export interface Toml {
  readonly text: string;
  /** The whole document as plain objects. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The array of strings at a key path; undefined when it is something else. */
  strings(...path: string[]): TomlStrings | undefined;
  /** The entries that stand under the header `[path]`; undefined without such a header. */
  entries(...path: string[]): readonly TomlEntry[] | undefined;
  /** 1-based line of the key or header at a key path. */
  line(...path: string[]): number | undefined;
}

/** Undefined when the text is not TOML. */
export function readToml(text: string): Toml | undefined {
  let program: AST.TOMLProgram;
  let value: Readonly<Record<string, unknown>>;
  try {
    program = parseTOML(text);
    value = getStaticTOMLValue(program) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const index = new Map<string, AST.TOMLContentNode>();
  const lines = new Map<string, number>();
  const tables = new Map<string, readonly TomlEntry[]>();
  const collect = (prefix: readonly (string | number)[], body: readonly AST.TOMLKeyValue[]): TomlEntry[] =>
    body.map((pair) => {
      const keys = getStaticTOMLValue(pair.key) as unknown as string[];
      const path = [...prefix, ...keys];
      index.set(id(path), pair.value);
      for (let i = prefix.length + 1; i <= path.length; i++) {
        const at = id(path.slice(0, i));
        if (!lines.has(at)) lines.set(at, pair.loc.start.line);
      }
      if (pair.value.type === 'TOMLInlineTable') collect(path, pair.value.body);
      return {
        key: keys.join('.'),
        start: pair.range[0],
        end: pair.range[1],
        line: pair.loc.start.line,
        keyEnd: pair.key.range[1],
        valueStart: pair.value.range[0],
        value: getStaticTOMLValue(pair.value),
      };
    });
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') collect([], [node]);
    else {
      lines.set(id(node.resolvedKey), node.loc.start.line);
      tables.set(id(node.resolvedKey), collect(node.resolvedKey, node.body));
    }
  }
  return {
    text,
    value,
    strings: (...path) => stringsOf(index.get(id(path))),
    entries: (...path) => tables.get(id(path)),
    line: (...path) => lines.get(id(path)),
  };
}

/** The table at a key path of a plain value; empty when there is none. */
export function tableIn(value: unknown, ...path: string[]): Readonly<Record<string, unknown>> {
  let at = value;
  for (const key of path) at = isTable(at) ? at[key] : undefined;
  return isTable(at) ? at : {};
}

/** Names of a plain value that stand where a key path has its `*`. */
export function namesAt(value: unknown, path: readonly string[]): string[] {
  return Object.keys(tableIn(value, ...path.slice(0, path.indexOf('*'))));
}

/** The value at a key path of a plain value. */
export function valueIn(value: unknown, path: readonly string[]): unknown {
  return tableIn(value, ...path.slice(0, -1))[path.at(-1) ?? ''];
}

/** The strings of an array; other elements are left out. */
export function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

/** A string to put into an array, with what goes behind it on a line of its own ('  # why'). */
export interface NewString {
  readonly value: string;
  readonly comment?: string;
}

/**
 * Puts strings behind element `after` (-1: before the first), in the style of its neighbours: quotes, indentation, line
 * ends and trailing comma. Undefined for an empty array and where the place is not clear.
 */
export function insertStrings(
  text: string,
  array: TomlStrings,
  after: number,
  values: readonly NewString[],
): Edit | undefined {
  const { items } = array;
  const neighbour = items[Math.max(after, 0)];
  if (!neighbour || values.some((v) => /["'\\\r\n]/.test(v.value))) return undefined;
  const literals = values.map((v) => neighbour.quote + v.value + neighbour.quote);
  const next = items[after + 1];
  const ownLine = text.slice(lineStart(text, neighbour.start), neighbour.start).trim() === '';
  if (after < 0 && !ownLine) {
    return { start: neighbour.start, end: neighbour.start, text: literals.map((l) => `${l}, `).join('') };
  }
  const shared = after >= 0 && next && lineStart(text, next.start) === lineStart(text, neighbour.start);
  if (!ownLine || shared) {
    return { start: neighbour.end, end: neighbour.end, text: literals.map((l) => `, ${l}`).join('') };
  }
  const indent = indentAt(text, neighbour.start);
  const eol = lineEnding(text);
  const lines = values.map((v, i) => `${indent}${literals[i]},${v.comment ?? ''}${eol}`).join('');
  if (after < 0) {
    const at = lineStart(text, neighbour.start);
    return { start: at, end: at, text: lines };
  }
  const comma = commaAfter(text, neighbour.end, array.end);
  if (comma !== undefined) {
    const behind = lineEnd(text, neighbour.end);
    return comma < behind && behind < array.end ? { start: behind, end: behind, text: lines } : undefined;
  }
  // The last element, without a trailing comma: the line's comment, if any, stays with its element.
  const stop = contentEnd(text, neighbour.end, array.end - 1);
  const added = values.map((v, i) => {
    const last = i === values.length - 1;
    return `${eol}${indent}${literals[i]}${last ? '' : ','}${v.comment ?? ''}`;
  });
  return { start: neighbour.end, end: stop, text: `,${text.slice(neighbour.end, stop)}${added.join('')}` };
}

function id(path: readonly (string | number)[]): string {
  return path.join('\0');
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function stringsOf(node: AST.TOMLContentNode | undefined): TomlStrings | undefined {
  if (node?.type !== 'TOMLArray') return undefined;
  const items: TomlString[] = [];
  for (const element of node.elements) {
    if (element.type !== 'TOMLValue' || element.kind !== 'string' || element.multiline) return undefined;
    items.push({
      value: element.value,
      start: element.range[0],
      end: element.range[1],
      line: element.loc.start.line,
      quote: element.style === 'literal' ? "'" : '"',
    });
  }
  return { start: node.range[0], end: node.range[1], line: node.loc.start.line, items };
}

/** Offset of the comma that follows `at` before `stop`, past white space and comments. */
function commaAfter(text: string, at: number, stop: number): number | undefined {
  while (at < stop) {
    const c = text[at];
    if (c === ',') return at;
    if (c === '#') at = lineEnd(text, at);
    else if (c === ' ' || c === '\t' || c === '\r' || c === '\n') at++;
    else return undefined;
  }
  return undefined;
}

/** Offset of the end of the line of `at`, without its line end and without going past `stop`. */
function contentEnd(text: string, at: number, stop: number): number {
  let end = Math.min(lineEnd(text, at), stop);
  while (end > at && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return end;
}
