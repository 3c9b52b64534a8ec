/** Ways through the tree of `ast.ts`. None recurses deeper than the tree, which the lowering bounds. */
import type { CallExpr, Expr, Stmt } from './ast.ts';

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

/** Every statement in source order, with the statements around it (outermost first). */
export function* statements(
  body: readonly Stmt[],
  around: readonly Stmt[] = [],
): Generator<{ readonly stmt: Stmt; readonly around: readonly Stmt[] }> {
  for (const stmt of body) {
    yield { stmt, around };
    const blocks = blocksOf(stmt);
    if (blocks.length > 0) {
      const inside = [...around, stmt];
      for (const block of blocks) yield* statements(block, inside);
    }
  }
}

/** An expression and everything below it, outermost first. */
export function* descend(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of childrenOf(expr)) yield* descend(child);
}

/** Every expression of a body with its statement and what is around that. */
export function* expressions(
  body: readonly Stmt[],
): Generator<{ readonly expr: Expr; readonly stmt: Stmt; readonly around: readonly Stmt[] }> {
  for (const { stmt, around } of statements(body)) {
    for (const top of expressionsOf(stmt)) for (const expr of descend(top)) yield { expr, stmt, around };
  }
}

/** Every call of a body. */
export function* calls(
  body: readonly Stmt[],
): Generator<{ readonly call: CallExpr; readonly stmt: Stmt; readonly around: readonly Stmt[] }> {
  for (const { expr, stmt, around } of expressions(body)) if (expr.kind === 'call') yield { call: expr, stmt, around };
}

/** 'a.b.c' for a chain of plain names, else undefined. */
export function dotted(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.id;
  if (expr.kind !== 'attribute') return undefined;
  const left = dotted(expr.value);
  return left === undefined ? undefined : `${left}.${expr.attr}`;
}

/** The value of keyword `name`. */
export function keyword(call: CallExpr, name: string): Expr | undefined {
  return call.args.find((a) => a.name === name)?.value;
}

/** Positional arguments before any `*args`. */
export function positional(call: CallExpr): readonly Expr[] {
  const out: Expr[] = [];
  for (const arg of call.args) {
    if (arg.star) break;
    if (arg.name === undefined) out.push(arg.value);
  }
  return out;
}

/** The string value of a plain literal. */
export function stringValue(expr: Expr | undefined): string | undefined {
  return expr?.kind === 'string' && expr.value !== null ? expr.value : undefined;
}

/** True inside `if __name__ == "__main__":`. */
export function isMainGuard(stmt: Stmt): boolean {
  if (stmt.kind !== 'if' || stmt.test.kind !== 'compare' || stmt.test.ops[0] !== '==') return false;
  const [left, right] = stmt.test.operands;
  const name = (e: Expr | undefined): boolean => e?.kind === 'name' && e.id === '__name__';
  const main = (e: Expr | undefined): boolean => stringValue(e) === '__main__';
  return (name(left) && main(right)) || (main(left) && name(right));
}
