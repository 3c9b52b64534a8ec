/** tree-sitter's concrete tree → the plain tree of `ast.ts`. */
import type { PythonModule } from './ast.ts';
import { lineStartsOf, type State } from './lower/expressions.ts';
import { block } from './lower/statements.ts';
import { type Node, withTree } from './parser.ts';

/** Parses Python source. Never throws on bad syntax: see `errors`. Offsets are UTF-16 units of `text`. */
export function parsePython(text: string): PythonModule {
  return withTree(text, (root) => {
    const state: State = { text, comments: [], lineStarts: lineStartsOf(text), depth: 0 };
    const body = block(state, root);
    const errors = root.hasError ? countErrors(root) : { count: 0, line: undefined };
    return {
      text,
      body,
      comments: state.comments,
      errors: errors.count,
      ...(errors.line === undefined ? {} : { errorLine: errors.line }),
    };
  });
}

function countErrors(root: Node): { count: number; line: number | undefined } {
  const cursor = root.walk();
  let count = 0;
  let first: number | undefined;
  try {
    for (;;) {
      const type = cursor.nodeType;
      if (type === 'ERROR' || cursor.nodeIsMissing) {
        count++;
        first ??= cursor.startPosition.row + 1;
      }
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return { count, line: first };
    }
  } finally {
    cursor.delete();
  }
}
