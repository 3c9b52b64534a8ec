/** The tree with what stands above each expression. */
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { childrenOf, expressionsOf, statements } from '../../syntax/python/walk.ts';

export interface Place {
  readonly expr: Expr;
  /** Expressions around it inside the statement, innermost last. */
  readonly above: readonly Expr[];
  readonly stmt: Stmt;
  /** Statements around the statement, outermost first. */
  readonly around: readonly Stmt[];
}

/** Every expression of a body, outermost first. */
export function* places(body: readonly Stmt[]): Generator<Place> {
  for (const { stmt, around } of statements(body)) {
    for (const top of expressionsOf(stmt)) yield* below(top, [], stmt, around);
  }
}

function* below(expr: Expr, above: readonly Expr[], stmt: Stmt, around: readonly Stmt[]): Generator<Place> {
  yield { expr, above, stmt, around };
  const children = childrenOf(expr);
  if (children.length === 0) return;
  const inside = [...above, expr];
  for (const child of children) yield* below(child, inside, stmt, around);
}
