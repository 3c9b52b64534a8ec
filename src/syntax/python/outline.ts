/**
 * The logical lines of a Python text, found without a parser: where each begins and ends and how far it is indented. So
 * that of a long file only the definitions that somebody asks for need to be parsed.
 * https://docs.python.org/3/reference/lexical_analysis.html#logical-lines
 */

export interface LogicalLine {
  /** Offset of its first code character, in UTF-16 units. */
  readonly start: number;
  /** Offset after its last code character; comments do not count. */
  readonly end: number;
  /** Columns before it; a tab counts eight, as it does in tree-sitter's grammar. */
  readonly indent: number;
  /** Offset of the line feed before it, plus one. */
  readonly lineStart: number;
}

enum Char {
  Tab = 9,
  LineFeed = 10,
  FormFeed = 12,
  Return = 13,
  Space = 32,
  DoubleQuote = 34,
  Hash = 35,
  SingleQuote = 39,
  OpenParenthesis = 40,
  CloseParenthesis = 41,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  OpenBrace = 123,
  CloseBrace = 125,
}

/**
 * The logical lines of `text` in order; undefined where only a parser can tell: a NUL, a string or a bracket that does
 * not close, a stray carriage return or form feed, a backslash in the middle of a line or before an empty one.
 */
export function logicalLines(text: string): LogicalLine[] | undefined {
  if (text.includes('\0')) return undefined;
  const out: LogicalLine[] = [];
  const { length } = text;
  let at = 0;
  while (at < length) {
    const lineStart = at;
    let code = text.charCodeAt(at);
    while (code === Char.Space || code === Char.Tab) code = text.charCodeAt(++at);
    if (at >= length) break;
    if (code === Char.LineFeed || code === Char.Hash) {
      at = afterLine(text, at);
      continue;
    }
    if (code === Char.Return || code === Char.FormFeed) {
      const blank = afterBlank(text, at);
      if (blank === undefined) return undefined;
      at = blank;
      continue;
    }
    const start = at;
    const end = endOfLine(text, start);
    if (end === undefined) return undefined;
    out.push({ start, end, indent: columns(text, lineStart, start), lineStart });
    at = afterLine(text, end);
  }
  return out;
}

/** Offset after the last code character of the logical line that begins at `start`. */
// complexity: one pass over every character, a case each; it is the hottest loop of the program
function endOfLine(text: string, start: number): number | undefined {
  const { length } = text;
  let depth = 0;
  let end = start;
  let joined = start;
  for (let at = start; at < length; at++) {
    const code = text.charCodeAt(at);
    switch (code) {
      case Char.LineFeed:
        if (depth === 0) return joined > end ? undefined : end;
        continue;
      case Char.Return:
        if (text.charCodeAt(at + 1) !== Char.LineFeed) return undefined;
        continue;
      case Char.Space:
      case Char.Tab:
        continue;
      case Char.FormFeed:
        return undefined;
      case Char.Hash:
        at = text.indexOf('\n', at);
        if (at === -1) return depth === 0 ? end : undefined;
        at--;
        continue;
      case Char.DoubleQuote:
      case Char.SingleQuote: {
        const after = afterString(text, at, code);
        if (after === undefined) return undefined;
        at = after - 1;
        break;
      }
      case Char.OpenParenthesis:
      case Char.OpenBracket:
      case Char.OpenBrace:
        depth++;
        break;
      case Char.CloseParenthesis:
      case Char.CloseBracket:
      case Char.CloseBrace:
        if (--depth < 0) return undefined;
        break;
      case Char.Backslash: {
        const next = text.charCodeAt(at + 1) === Char.Return ? at + 2 : at + 1;
        if (text.charCodeAt(next) !== Char.LineFeed) return undefined;
        at = next;
        joined = at;
        continue;
      }
      default:
    }
    end = at + 1;
  }
  return depth === 0 && joined <= end ? end : undefined;
}

/** Offset after the string whose first quote mark is at `at`. */
function afterString(text: string, at: number, quote: number): number | undefined {
  const { length } = text;
  if (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
    for (let i = at + 3; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code === Char.Backslash) i++;
      else if (code === quote && text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) return i + 3;
    }
    return undefined;
  }
  for (let i = at + 1; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === Char.LineFeed) return undefined;
    if (code === Char.Backslash && text.charCodeAt(++i) === Char.Return) i++;
  }
  return undefined;
}

/** Offset of the line after the one that `at` lies in. */
function afterLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed === -1 ? text.length : feed + 1;
}

/** The line after one that holds nothing from `at` on; undefined when it holds something. */
function afterBlank(text: string, at: number): number | undefined {
  const next = afterLine(text, at);
  return /^\f*[ \t]*\r?\n?$/.test(text.slice(at, next)) ? next : undefined;
}

const COMMENT = /[ \t\f]*(#[^\n]*)?(?:\r?\n|$)/y;

/**
 * Offset after the comments that belong to a block: the one behind its last code character, at `end`, and those on
 * lines of their own below it that are indented `indent` columns or more. This is where tree-sitter ends the block.
 */
export function endWithComments(text: string, end: number, indent: number): number {
  let out = end;
  COMMENT.lastIndex = end;
  for (let least = 0; ; least = indent) {
    const from = COMMENT.lastIndex;
    const [all, comment] = COMMENT.exec(text) ?? [];
    if (all === undefined || all === '') return out;
    if (comment === undefined) continue;
    const at = text.indexOf('#', from);
    if (from !== end && columns(text, from, at) < least) return out;
    out = at + comment.length;
  }
}

/** Columns that the blanks between two offsets take. */
function columns(text: string, from: number, to: number): number {
  let out = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    out = code === Char.FormFeed ? 0 : out + (code === Char.Tab ? 8 : 1);
  }
  return out;
}
