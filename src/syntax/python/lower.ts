/** tree-sitter's concrete tree → the plain tree of `ast.ts`. */
import type { PythonModule, Stmt } from './ast.ts';
import { lineAt, lineStartsOf, type State } from './lower/expressions.ts';
import { statement } from './lower/statements.ts';
import { eachTopLevel } from './parser.ts';

/** Parses Python source. Never throws on bad syntax: see `errors`. Offsets are UTF-16 units of `text`. */
export function parsePython(text: string): PythonModule {
  const state: State = { text, comments: [], lineStarts: lineStartsOf(text), depth: 0 };
  const body: Stmt[] = [];
  const errors = eachTopLevel(text, (node) => statement(state, node, body));
  return {
    text,
    body,
    comments: state.comments,
    errors: errors.count,
    ...(errors.first === undefined ? {} : { errorLine: lineAt(state, errors.first) }),
  };
}
