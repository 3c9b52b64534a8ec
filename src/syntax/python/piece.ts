/** A few lines of a text, parsed without the rest of it. */
import type { Stmt } from './ast.ts';
import { blocksOf } from './children.ts';
import type { State } from './lower/expressions.ts';
import { statement } from './lower/statements.ts';
import type { LogicalLine } from './outline.ts';
import { eachTopLevel, type Node, type Piece } from './parser.ts';

/** A text and what is known of all of it. */
export interface Source {
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** Ascending offsets of the last characters of what a pattern matches. */
  matches(pattern: RegExp): readonly number[];
  /** All statements, parsed at once: the answer where a piece does not parse by itself. */
  whole(): readonly Stmt[];
  /** What begins at this offset lies too deep to be looked into. */
  passOver(start: number): void;
}

/** The statements of these lines, parsed now; they and the comments behind them reach to `end`. */
export function block(source: Source, lines: readonly LogicalLine[], end: number): readonly Stmt[] {
  const [first] = lines;
  if (!first) return [];
  return parsed(source, first, end, '') ?? outermost(source.whole(), first.start, end);
}

/** Makes a block of indented lines, so that they can be parsed by themselves. */
const OPENER = 'if 1:\n';

/** The statements from a line to an offset, `more` put behind them; undefined when that does not parse. */
export function parsed(source: Source, first: LogicalLine, end: number, more: string): Stmt[] | undefined {
  const { text, lineStarts } = source;
  const nested = first.indent > 0;
  const piece: Piece = nested
    ? { text: OPENER + text.slice(first.lineStart, end) + more, base: first.lineStart - OPENER.length }
    : { text: text.slice(first.start, end) + more, base: first.start };
  const state: State = { text, lineStarts, depth: 0 };
  const out: Stmt[] = [];
  const lower = (node: Node): void => statement(state, node, out);
  const errors = eachTopLevel(text, piece, (node) => {
    if (nested) node.childForFieldName('consequence')?.namedChildren.forEach(lower);
    else lower(node);
  });
  if (errors.count > 0) return undefined;
  if (state.tooDeep !== undefined) source.passOver(state.tooDeep);
  return out;
}

/** Statements that lie between two offsets, without those nested in them. */
export function outermost(body: readonly Stmt[], start: number, end: number): Stmt[] {
  return body.flatMap((stmt) => {
    if (stmt.start >= end || stmt.end <= start) return [];
    if (stmt.start >= start && stmt.end <= end) return [stmt];
    return blocksOf(stmt).flatMap((b) => outermost(b, start, end));
  });
}
