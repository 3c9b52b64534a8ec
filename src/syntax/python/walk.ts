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

/** A statement, with the statements around it (outermost first). */
export interface PlacedStmt {
  readonly stmt: Stmt;
  readonly around: readonly Stmt[];
}

/** An expression, with its statement and the statements around that (outermost first). */
export interface PlacedExpr extends PlacedStmt {
  readonly expr: Expr;
}

export interface PlacedCall extends PlacedStmt {
  readonly call: CallExpr;
}

const statementsOf = new WeakMap<readonly Stmt[], readonly PlacedStmt[]>();
const callsOf = new WeakMap<readonly Stmt[], readonly PlacedCall[]>();

/** Every statement in source order; listed once for a body, as many questions go through the same one. */
export function statements(body: readonly Stmt[], around: readonly Stmt[] = []): readonly PlacedStmt[] {
  const known = around.length === 0 ? statementsOf.get(body) : undefined;
  if (known) return known;
  const out: PlacedStmt[] = [];
  listStatements(body, around, out);
  if (around.length === 0) statementsOf.set(body, out);
  return out;
}

function listStatements(body: readonly Stmt[], around: readonly Stmt[], out: PlacedStmt[]): void {
  for (const stmt of body) {
    out.push({ stmt, around });
    const blocks = blocksOf(stmt);
    if (blocks.length === 0) continue;
    const inside = [...around, stmt];
    for (const block of blocks) listStatements(block, inside, out);
  }
}

/** An expression and everything below it, outermost first. */
export function descend(expr: Expr): readonly Expr[] {
  const out: Expr[] = [];
  eachBelow(expr, (e) => out.push(e));
  return out;
}

function eachBelow(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) eachBelow(child, visit);
}

/** Every wanted expression of a body. */
export function expressions(body: readonly Stmt[], wanted: (expr: Expr) => boolean = () => true): PlacedExpr[] {
  const out: PlacedExpr[] = [];
  for (const { stmt, around } of statements(body)) {
    const visit = (expr: Expr): void => {
      if (wanted(expr)) out.push({ expr, stmt, around });
    };
    for (const top of expressionsOf(stmt)) eachBelow(top, visit);
  }
  return out;
}

/** Every call of a body; listed once for a body. */
export function calls(body: readonly Stmt[]): readonly PlacedCall[] {
  const known = callsOf.get(body);
  if (known) return known;
  const out = expressions(body, (e) => e.kind === 'call').flatMap(({ expr, stmt, around }) =>
    expr.kind === 'call' ? [{ call: expr, stmt, around }] : [],
  );
  callsOf.set(body, out);
  return out;
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
