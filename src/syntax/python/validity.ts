/** Whether an edited Python text still parses, without parsing what the edit left alone. */
import { logicalLines } from './outline.ts';
import { isValidPython } from './parser.ts';

/**
 * True when tree-sitter finds no error in those top-level statements of `after` that `before` does not hold word for
 * word. Errors elsewhere were there already.
 */
export function staysValid(before: string | undefined, after: string): boolean {
  const old = before === undefined ? undefined : topLevelTexts(before);
  const now = topLevelTexts(after);
  if (!old || !now) return isValidPython(after);
  const known = new Set(old);
  return now.every((text) => known.has(text) || isValidPython(text));
}

/** Clauses that continue the statement before them. */
const CLAUSE = /(?:else|elif|except|finally)\b/y;

/** The texts of the top-level statements, in order; undefined where only a parser can tell where they begin. */
function topLevelTexts(text: string): string[] | undefined {
  const lines = logicalLines(text);
  if (!lines || (lines[0]?.indent ?? 0) > 0) return undefined;
  const starts: number[] = [];
  let decorated = false;
  for (const { start, indent } of lines) {
    if (indent > 0) continue;
    CLAUSE.lastIndex = start;
    // What comes before the first, which nothing can continue, belongs to it.
    if (starts.length === 0) starts.push(0);
    else if (!decorated && !CLAUSE.test(text)) starts.push(start);
    decorated = text[start] === '@';
  }
  if (starts.length === 0) return [text];
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

const DEFINITION = /^(?:@|def\b|class\b|async[ \t]+def\b)/;

/**
 * Both texts without the functions and classes that stand in both word for word; empty lines take their place. What is
 * left compiles when the whole does, as far as the difference between the two goes.
 */
export function withoutCommon(before: string, after: string): { readonly before: string; readonly after: string } {
  const old = topLevelTexts(before);
  const now = topLevelTexts(after);
  if (!old || !now) return { before, after };
  const inOld = new Set(old);
  const inNow = new Set(now);
  const blank = (text: string): string => '\n'.repeat(text.split('\n').length - 1);
  const strip = (texts: readonly string[], other: ReadonlySet<string>): string =>
    texts.map((t) => (DEFINITION.test(t) && other.has(t) ? blank(t) : t)).join('');
  return { before: strip(old, inNow), after: strip(now, inOld) };
}
