/** The tree with what stands above each expression. */
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { childrenOf } from '../../syntax/python/children.ts';
import type { Needle } from '../../syntax/python/needle.ts';
import { topExpressions } from '../../syntax/python/walk.ts';

export interface Place {
  readonly expr: Expr;
  /** Expressions around it inside the statement, innermost last. */
  readonly above: readonly Expr[];
  readonly stmt: Stmt;
  /** Statements around the statement, outermost first. */
  readonly around: readonly Stmt[];
}

/** Every wanted expression of a body, outermost first; only where the needle is mentioned. */
export function places(body: readonly Stmt[], wanted: (expr: Expr) => boolean, needle?: Needle): Place[] {
  const out: Place[] = [];
  // One stack for the whole walk: a copy for each expression costs more than the parse.
  const above: Expr[] = [];
  for (const { expr: top, stmt, around } of topExpressions(body, needle)) {
    const look = (expr: Expr): void => {
      if (wanted(expr)) out.push({ expr, above: [...above], stmt, around });
      const children = childrenOf(expr);
      if (children.length === 0) return;
      above.push(expr);
      for (const child of children) look(child);
      above.pop();
    };
    look(top);
  }
  return out;
}
