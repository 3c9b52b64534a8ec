/**
 * Values of names in text that is no code, or not known to be: `name: value`, `NAME=value`, `"name": "value"`, options,
 * connection strings, SQL, XML, a shell's defaults; line by line where a file is written so.
 */
import { judged } from './judge.ts';
import { lineEnd, lineStart, literalAt } from './literal.ts';
import { namesPassword } from './names.ts';
import { type Named, namesIn } from './names-in.ts';
import type { Range } from './range.ts';
import { isNothing } from './value.ts';

/** 'lines': one setting a line, and its value to the end of the line (YAML, INI, .env). 'words': any text. */
export type TextForm = 'lines' | 'words';

const ASSIGNED = /\\{0,3}["'`]?[ \t]*(?::=|\?=|\+=|=>|[=:](?![=:]))[ \t]*/y;
const SUBSCRIPT = /\\?["'][ \t]*\][ \t]*=(?!=)[ \t]*/y;
const ANNOTATED = /[ \t]*:[ \t]*[A-Za-z_][\w.[\]| ]{0,80}=(?!=)[ \t]*/y;
/** `"NAME", "value"` as the arguments of a call, `"NAME") or "value"`. */
const ARGUMENT = /\\?["'][ \t]*,\s{0,80}(?:cast[ \t]*=[ \t]*\w{1,30}[ \t]*,\s{0,80})?(?:default[ \t]*=[ \t]*)?/y;
const OTHERWISE = /\\?["'][ \t]*\)[ \t]*(?:or|\|\||\?\?)[ \t]+/y;
/** The name is itself a value: `name: X` beside `value: …`, in JSON, YAML, XML. */
const BESIDE = /\\?["'][ \t]*,?\s{0,80}\\?["']?(?:value|default|defaultValue)\\?["']?[ \t]*[:=][ \t]*/y;
const ELEMENT = /[ \t]*>([^<>\n]{1,500})<\//y;
const BLANK = /[ \t]+/y;
const SHELL_DEFAULT = /:?[-=]([^}\n]{1,500})\}/y;
const BEFORE_SETTING = /^[\s#;>*"'+-]*(?:(?:export|set|ENV|ARG|local|readonly|default)\s+){0,3}(?:[\w.-]+[.:])?$/;
const BARE = /[^\s"'`<>]{1,100000}/y;
/** After an option that is spoken of: `the --password flag`. */
const TOLD =
  /^(?:(?:flags?|options?|arguments?|parameters?|values?|is|and|or|to|for|if|in|from|with|must|can|should|was|are|when|on)(?:\W|$)|[a-z]+[.,;:)](?:\s|$))/;
const PROSE = /[\p{L}'’]+[,.;]? +(?:[\p{L}'’]+|\d+)(?:[\s,.;:)"'`]|$)/uy;

/** Adds the ranges of values between `from` and `to` to `out`. */
export function inText(text: string, from: number, to: number, form: TextForm, out: Range[]): void {
  let done = from;
  for (const named of namesIn(text, from, to)) {
    if (named.start < done || named.end > to) continue;
    const ranges = judged(text, named.name, named.said, valueAfter(text, named, from, to, form));
    out.push(...ranges);
    done = Math.max(done, ranges.at(-1)?.end ?? 0);
  }
}

function valueAfter(text: string, named: Named, from: number, to: number, form: TextForm): readonly Range[] {
  const { start, end } = named;
  const before = text.slice(Math.max(from, start - 3), start);
  if (before.endsWith('${')) return group(text, SHELL_DEFAULT, end, to);
  for (const pattern of [SUBSCRIPT, OTHERWISE, BESIDE]) {
    const at = after(text, pattern, end);
    const ranges = at === undefined ? [] : literalAt(text, at, to);
    if (ranges.length > 0) return ranges;
  }
  const argument = after(text, ARGUMENT, end);
  if (argument !== undefined) return isFirstArgument(text, start) ? literalAt(text, argument, to) : [];
  const annotated = after(text, ANNOTATED, end);
  const given = annotated === undefined ? [] : literalAt(text, annotated, to);
  if (given.length > 0) return given;
  const assigned = after(text, ASSIGNED, end);
  if (assigned !== undefined && assigned <= to) return assignedAt(text, named, assigned, to, form);
  const element = group(text, ELEMENT, end, to);
  if (element.length > 0) return element;
  return afterBlank(text, named, before, to);
}

/** `getenv("NAME", "value")`: the literal before belongs to a call, and is no item of a list. */
function isFirstArgument(text: string, start: number): boolean {
  return /\w\(\s{0,80}[A-Za-z]{0,2}\\?["']$/.test(text.slice(Math.max(0, start - 100), start));
}

function assignedAt(text: string, named: Named, start: number, to: number, form: TextForm): readonly Range[] {
  const literal = literalAt(text, start, to);
  if (literal.length > 0) return literal;
  const end = Math.min(lineEnd(text, start), to);
  const first = lineStart(text, named.start);
  const setting = named.start - first < 200 && BEFORE_SETTING.test(text.slice(first, named.start));
  if (start >= end || /^[|>][+-]?\d?[ \t]*(?:#.*)?$/.test(text.slice(start, end))) {
    return below(text, named, first, end, to, setting && form === 'lines');
  }
  const told = /:[ \t]+$/.test(text.slice(named.end, start));
  const comment = told && /^\s*#/.test(text.slice(first, named.start));
  if (setting && form === 'lines' && !comment) return restOfLine(text, start, end);
  // Words for people: `holds a password: leave it to git's`, `# a password: openssl rand`.
  PROSE.lastIndex = start;
  if (told && (PROSE.test(text) || (comment && /[^ \t#][ \t]+[^ \t#]/.test(text.slice(start, end))))) return [];
  const bare = bareAt(text, start, end);
  // `shop-secrets: migrate`, `token: expired`
  const plain = bare.every((r) => /^[A-Za-z][a-z]+(?:[.:][a-z]+)*$/.test(text.slice(r.start, r.end)));
  return told && !setting && plain && !namesPassword(named.name) ? [] : bare;
}

/** The value on the lines below: a literal in quotes, a block of YAML, or one line that is further in. */
function below(
  text: string,
  named: Named,
  first: number,
  end: number,
  to: number,
  settings: boolean,
): readonly Range[] {
  const next = text.indexOf('\n', end) + 1;
  if (next === 0 || next >= to) return [];
  const quoted = next + indentOf(text.slice(next, next + 200));
  const block = /[|>]/.test(text.slice(named.end, end));
  const literal = block ? [] : literalAt(text, quoted, to);
  if (literal.length > 0) return literal;
  if (!settings && !block) return [];
  const indent = indentOf(text.slice(first, named.start));
  const out: Range[] = [];
  for (let at = next; at < to; at = text.indexOf('\n', at) + 1) {
    const stop = Math.min(lineEnd(text, at), to);
    const line = text.slice(at, stop);
    const inside = indentOf(line);
    if (line.trim() !== '' && inside <= indent) break;
    if (!block && /^\s*(?:- |[\w"'.-]+\s*[:=](?:\s|$))|^\s*[[{#]/.test(line)) break;
    if (line.trim() !== '') out.push({ start: at + inside, end: stop });
    if (!block || text.indexOf('\n', at) === -1) break;
  }
  return out;
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function restOfLine(text: string, start: number, end: number): readonly Range[] {
  if (text[start] === '#' && /[ \t]/.test(text.charAt(start - 1))) return [];
  const rest = text
    .slice(start, end)
    .replace(/(?<![ \t])[ \t]+[#;].*$/, '')
    .trimEnd();
  // A nested value, or a call in a file of another kind.
  if (/^[[{]|^[A-Za-z_][\w.]*\(.*\)$/.test(rest)) return [];
  // An anchor or an alias of YAML.
  if (/^[&*]\w+$/.test(rest) && text[start - 1] === ' ') return [];
  return rest === '' ? [] : [{ start, end: start + rest.length }];
}

/** One word without the marks that end it: `Pwd=x;Server=y`, `(password=x)`, `a=x&b=y`. */
function bareAt(text: string, start: number, to: number): readonly Range[] {
  BARE.lastIndex = start;
  const [word = ''] = BARE.exec(text) ?? [];
  if (word === '' || /^[[({|,;)\]}]/.test(word)) return text[start - 1] === '=' ? braced(text, start, to) : [];
  const value = word
    .slice(0, to - start)
    .replace(/[;&,][\w.-]{1,60}[=:].*$/, '')
    .replace(/[,;)\]}]+$/, '');
  if (/^[A-Za-z_][\w.]*[([]|[([]$|(?<!\$)\{\w/.test(value) || isNothing(value)) return [];
  return value === '' ? [] : [{ start, end: start + value.length }];
}

/** ODBC: `Pwd={a;b}`. */
function braced(text: string, start: number, to: number): readonly Range[] {
  const [all = ''] = /^\{[^{}\n"']{1,200}\}(?=;|$)/.exec(text.slice(start, Math.min(to, start + 210))) ?? [];
  return all === '' || /^\{\w+\}$/.test(all) ? [] : [{ start: start + 1, end: start + all.length - 1 }];
}

/** `--password x`, `PASSWORD 'x'` of SQL, `password x` of .netrc, `ENV NAME x`. */
function afterBlank(text: string, named: Named, before: string, to: number): readonly Range[] {
  const at = after(text, BLANK, named.end);
  if (at === undefined || at >= to) return [];
  const end = Math.min(lineEnd(text, at), to);
  if (/(?:^|[^\w-])--?$/.test(before)) {
    const literal = literalAt(text, at, to, false);
    if (literal.length > 0 || text[at] === '-') return literal;
    return TOLD.test(text.slice(at, at + 40)) ? [] : bareAt(text, at, end);
  }
  const line = text.slice(lineStart(text, named.start), named.start);
  if (/^\s*(?:ENV)\s+$/.test(line)) return restOfLine(text, at, end);
  if (namesPassword(named.name) && /\b(?:machine|login|default)\s+\S+\s+$|\blogin\s+\S+\s+$/.test(line.slice(-200))) {
    return bareAt(text, at, end);
  }
  if (/^(?:password|by)$/i.test(named.name) && text[at] === "'") return literalAt(text, at, to, false);
  return spokenOf(text, named.end, end);
}

/** `the password is hunter2X`, `| password | hunter2X |`: in prose a word of letters in both cases and digits. */
const SPOKEN = /[ \t]+(?:(?:is|was|of|\|+)[ \t]+)?([`"'“]?)([^\s`"'“”|<>(){}]{8,100})/y;

function spokenOf(text: string, start: number, to: number): readonly Range[] {
  SPOKEN.lastIndex = start;
  const match = SPOKEN.exec(text);
  const value = (match?.[2] ?? '').replace(/[.,;:!?]+$/, '');
  const isMixed = /[a-z]/.test(value) && /\d/.test(value) && /[A-Z]/.test(value);
  // The name of something in a program, a path, an address.
  if (!isMixed || value.length < 8 || /^\w*[A-Za-z_](?:\.[A-Za-z_]\w*)+$|[/\\@=]/.test(value)) return [];
  const at = SPOKEN.lastIndex - (match?.[2] ?? '').length;
  return at + value.length <= to ? [{ start: at, end: at + value.length }] : [];
}

function after(text: string, pattern: RegExp, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function group(text: string, pattern: RegExp, at: number, to: number): readonly Range[] {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match || pattern.lastIndex > to) return [];
  const start = match.index + match[0].indexOf(match[1] ?? '');
  return [{ start, end: start + (match[1] ?? '').length }];
}
