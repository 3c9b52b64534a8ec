/** Literals in quotes, as most languages write them. */
import { closing } from './python-parts.ts';
import type { Range } from './range.ts';

/** Calls that hand their argument on, a prefix, and the quote; the quote may be escaped, as in JSON inside of a string. */
const OPEN =
  /(?:(?:[A-Za-z_]\w{0,30}\.){0,2}(?:Field|Secret|SecretStr|SecretBytes|str|bytes|String|quote|quote_plus|b64decode|b64encode|bytearray)\(\s{0,80}(?:default\s{0,9}=\s{0,9})?){0,3}[A-Za-z]{0,2}(\\{0,3})("""|'''|["'`])/y;
/** What stands between two literals that make one: `"a" "b"`, `"a" + "b"`, `("a"\n "b")`. */
const JOINT =
  /[ \t]{0,200}(?:(?:\\?\r?\n[ \t]{1,200})?\+?[ \t]{0,20}(?:\\?\r?\n[ \t]{1,200})?)[A-Za-z]{0,2}("""|'''|["'])/y;

/**
 * Contents of the literal that begins at `start`, with those that are joined to it; empty where there is none. Ends
 * before `to`.
 */
export function literalAt(text: string, start: number, to: number, joins = true): Range[] {
  OPEN.lastIndex = start;
  const open = OPEN.exec(text);
  if (!open?.[2] || OPEN.lastIndex > to) return [];
  const [, escaped = '', quote] = open;
  const inside = OPEN.lastIndex;
  if (escaped !== '') {
    const end = text.indexOf(escaped + quote, inside);
    return [{ start: inside, end: Math.min(end === -1 ? lineEnd(text, inside) : end, to) }];
  }
  const out: Range[] = [];
  for (let at = inside, mark = quote; ; ) {
    const end = Math.min(closing(text, at, mark), to);
    out.push({ start: at, end });
    if (!joins || end >= to || !text.startsWith(mark, end)) return out;
    JOINT.lastIndex = end + mark.length;
    const next = JOINT.exec(text);
    if (!next?.[1] || JOINT.lastIndex > to) return out;
    mark = next[1];
    at = JOINT.lastIndex;
  }
}

/** The line asked for last: of a line of many megabytes with many names the ends are looked for once. */
let seen = { text: '', start: 0, end: -1 };

/** Offset of the line end after `at`, or of the text's; before a carriage return. */
export function lineEnd(text: string, at: number): number {
  const { end } = lineOf(text, at);
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** Offset of the first character of the line that holds `at`. */
export function lineStart(text: string, at: number): number {
  return lineOf(text, at).start;
}

function lineOf(text: string, at: number): { readonly start: number; readonly end: number } {
  if (at >= seen.start && at <= seen.end && seen.text === text) return seen;
  const end = text.indexOf('\n', at);
  const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  seen = { text, start, end: end === -1 ? text.length : end };
  return seen;
}
