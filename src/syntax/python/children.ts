/** What a node of `ast.ts` holds directly: expressions, and blocks of statements. */
import type { Expr, Stmt } from './ast.ts';

/** Direct expressions of a statement (not those of nested statements). */
export function expressionsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case 'assign':
      return [...stmt.targets, ...(stmt.annotation ? [stmt.annotation] : []), ...(stmt.value ? [stmt.value] : [])];
    case 'expr':
      return [stmt.value];
    case 'function':
      return [
        ...stmt.decorators,
        ...stmt.params.flatMap((p) => [...(p.annotation ? [p.annotation] : []), ...(p.default ? [p.default] : [])]),
      ];
    case 'class':
      return [...stmt.decorators, ...stmt.bases.map((b) => b.value)];
    case 'if':
      return [stmt.test];
    case 'with':
    case 'for':
    case 'while':
    case 'match':
      return [...stmt.header, ...stmt.targets];
    case 'return':
      return stmt.value ? [stmt.value] : [];
    case 'other':
      return stmt.children;
    default:
      return [];
  }
}

/** Direct sub-expressions. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'attribute':
    case 'await':
    case 'named':
      return [expr.value];
    case 'call':
      return [expr.func, ...expr.args.map((a) => a.value)];
    case 'string':
      return expr.holes;
    case 'list':
    case 'tuple':
    case 'set':
      return expr.items;
    case 'dict':
      return expr.entries.flatMap((e) => (e.key ? [e.key, e.value] : [e.value]));
    case 'binary':
    case 'bool':
      return [expr.left, expr.right];
    case 'unary':
      return [expr.operand];
    case 'compare':
      return expr.operands;
    case 'subscript':
      return [expr.value, ...expr.index];
    case 'conditional':
      return [expr.then, expr.test, expr.otherwise];
    case 'lambda':
      return [expr.body];
    case 'other':
      return expr.children;
    default:
      return [];
  }
}

/** Nested statement lists. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.kind) {
    case 'function':
    case 'class':
    case 'with':
    case 'for':
    case 'while':
    case 'match':
      return [stmt.body];
    case 'if':
      return [stmt.body, stmt.orelse];
    case 'try':
      return [stmt.body, ...stmt.handlers, stmt.orelse, stmt.finalbody];
    default:
      return [];
  }
}
