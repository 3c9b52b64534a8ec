/** Keys of TOML files. https://toml.io/en/v1.0.0 */
import { isDeepStrictEqual } from 'node:util';
import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { indentAt, lineEnding, lineStart } from '../../syntax/edit.ts';
import { tableIn } from '../../syntax/toml.ts';
import { say } from '../../system/say.ts';
import type { KeyPath, NewValue, Scalar } from './change.ts';
import { doubleQuoted, type FoundKey, fits, type Grammar, type Home, type Reading } from './key-edit.ts';
import { commentedLines, lineBelow, ownsLines, withoutLines } from './lines.ts';

export const tomlKeys: Grammar = {
  read,
  seconds: [],
  stored: (value) => value,
};

interface Pair {
  readonly path: KeyPath;
  readonly node: AST.TOMLKeyValue;
  readonly inline: boolean;
}

interface Table {
  readonly path: KeyPath;
  /** Offset of its header; undefined for what stands above all headers. */
  readonly header?: number;
  readonly inline: boolean;
  readonly body: readonly AST.TOMLKeyValue[];
  readonly end: number;
}

function read(text: string): Reading | string {
  let program: AST.TOMLProgram;
  let value: unknown;
  try {
    program = parseTOML(text);
    value = getStaticTOMLValue(program);
  } catch (error) {
    return say`it is not TOML: ${(error as Error).message.split('\n')[0]}`;
  }
  const pairs: Pair[] = [];
  const tables: Table[] = [];
  const collect = (prefix: KeyPath, body: readonly AST.TOMLKeyValue[], inline: boolean): void => {
    for (const node of body) {
      const path = [...prefix, ...(getStaticTOMLValue(node.key) as unknown as string[])];
      pairs.push({ path, node, inline });
      if (node.value.type !== 'TOMLInlineTable') continue;
      tables.push({ path, inline: true, body: node.value.body, end: node.value.range[1] });
      collect(path, node.value.body, true);
    }
  };
  const [top] = program.body;
  const above = top.body.filter((node) => node.type === 'TOMLKeyValue');
  tables.push({ path: [], inline: false, body: above, end: above.at(-1)?.range[1] ?? 0 });
  collect([], above, false);
  for (const node of top.body) {
    if (node.type === 'TOMLKeyValue') continue;
    const last = node.body.at(-1)?.range[1] ?? node.key.range[1];
    tables.push({ path: node.resolvedKey, header: node.range[0], inline: false, body: node.body, end: last });
    collect(node.resolvedKey, node.body, false);
  }
  const file: File = { text, value, comments: program.comments.map((c) => c.range[0]) };
  return {
    value,
    keys: (pattern) => [
      ...pairs.filter((p) => fits(pattern, p.path)).map((pair) => found(file, pair)),
      ...tables.filter((t) => t.header !== undefined && fits(pattern, t.path)).map((t) => tableKey(t)),
    ],
    homes: (pattern) => tables.filter((t) => fits(pattern, t.path)).map((t) => homeOf(file, t)),
  };
}

interface File {
  readonly text: string;
  readonly value: unknown;
  readonly comments: readonly number[];
}

function found({ text, value: all, comments }: File, { path, node, inline }: Pair): FoundKey {
  const [start, end] = node.range;
  const [valueStart, valueEnd] = node.value.range;
  const last = node.key.keys.at(-1);
  const name = last ? text.slice(...last.range) : '';
  const notAlone = inline
    ? say`it stands in an inline table`
    : ownsLines(text, start, end)
      ? undefined
      : say`other things stand on its line`;
  return {
    ...{ path, written: String(path.at(-1)), value: getStaticTOMLValue(node.value), at: start },
    set: (to) => {
      if (node.value.type === 'TOMLInlineTable') return say`it is a table`;
      if (comments.some((at) => valueStart < at && at < valueEnd)) return say`a comment stands in its value`;
      const quote = text[valueStart] === "'" ? "'" : '"';
      const literal = literalOf(to, quote);
      return literal === undefined
        ? say`TOML has no such value`
        : [{ start: valueStart, end: valueEnd, text: literal }];
    },
    rename: (to) => {
      if (Object.hasOwn(tableIn(all, ...path.slice(0, -1).map(String)), to)) return say`there is a ${to} already`;
      const range = last?.range ?? [start, start];
      return name === '' ? say`it has no name` : [{ start: range[0], end: range[1], text: keyOf(to) }];
    },
    remove: () => notAlone ?? withoutLines(text, start, end),
    commentOut: () => notAlone ?? commentedLines(text, start, end),
  };
}

function tableKey({ path, header = 0 }: Table): FoundKey {
  const why = (): string => say`it is a table`;
  const name = String(path.at(-1));
  return { path, written: name, value: undefined, at: header, set: why, rename: why, remove: why, commentOut: why };
}

function homeOf({ text, value }: File, { path, header, inline, body, end }: Table): Home {
  const holder = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], value);
  return {
    path,
    has: (key) => typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key),
    add: (key, to) => {
      const last = body.at(-1);
      const literal = literalOf(to, '"');
      if (literal === undefined) return say`TOML has no such value`;
      if (!last && header === undefined) return say`there is no key beside which it could stand`;
      const between = last ? text.slice(last.key.range[1], last.value.range[0]) : ' = ';
      const line = keyOf(key) + (/^ ?= ?$/.test(between) ? between : ' = ') + literal;
      if (inline && last) return [{ start: last.range[1], end: last.range[1], text: `, ${line}` }];
      const indent =
        last && text.slice(lineStart(text, last.range[0]), last.range[0]).trim() === ''
          ? indentAt(text, last.range[0])
          : '';
      return [lineBelow(text, end, indent + line, lineEnding(text))];
    },
  };
}

function keyOf(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : doubleQuoted(name);
}

/** Undefined for what reads back as something else. */
function literalOf(value: NewValue, quote: '"' | "'"): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item: Scalar) => literalOf(item, '"'));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const one = value as Scalar;
  const text =
    typeof one !== 'string'
      ? String(one)
      : quote === "'" && /^[^'\p{Cc}]*$/u.test(one)
        ? `'${one}'`
        : doubleQuoted(one);
  try {
    return isDeepStrictEqual(getStaticTOMLValue(parseTOML(`k = ${text}`)), { k: one }) ? text : undefined;
  } catch {
    return undefined;
  }
}
