/** Ways through the tree of `ast.ts`. None recurses deeper than the tree, which the lowering bounds. */
import { keyOf } from '../../system/pattern.ts';
import type { CallExpr, DictExpr, Expr, Stmt } from './ast.ts';
import { firstIndex } from './bisect.ts';
import { blocksOf, childrenOf, expressionsOf } from './children.ts';
import type { Needle } from './needle.ts';

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

type PerNeedle<T> = WeakMap<readonly Stmt[], Map<string, readonly T[]>>;
const statementsOf: PerNeedle<PlacedStmt> = new WeakMap();
const callsOf: PerNeedle<PlacedCall> = new WeakMap();

/** Listed once for a body and a needle, as many questions go through the same one. */
function listedOnce<T>(
  lists: PerNeedle<T>,
  body: readonly Stmt[],
  needle: Needle | undefined,
  list: () => T[],
): readonly T[] {
  const known = lists.get(body) ?? new Map<string, readonly T[]>();
  lists.set(body, known);
  const key = needle ? keyOf(needle) : '';
  const found = known.get(key) ?? list();
  known.set(key, found);
  return found;
}

/** Every statement in source order. */
export function statements(body: readonly Stmt[], needle?: Needle): readonly PlacedStmt[] {
  return listedOnce(statementsOf, body, needle, () => {
    const out: PlacedStmt[] = [];
    listStatements(body, [], needle, out);
    return out;
  });
}

/** As `statements`, for a body that other statements stand around. */
export function statementsWithin(body: readonly Stmt[], around: readonly Stmt[], needle?: Needle): PlacedStmt[] {
  const out: PlacedStmt[] = [];
  listStatements(body, around, needle, out);
  return out;
}

function listStatements(
  body: readonly Stmt[],
  around: readonly Stmt[],
  needle: Needle | undefined,
  out: PlacedStmt[],
): void {
  for (const stmt of body) {
    if (!mayMention(stmt, needle)) continue;
    out.push({ stmt, around });
    if (!mayMention(stmt, needle, 'body')) continue;
    const blocks = blocksOf(stmt);
    if (blocks.length === 0) continue;
    const inside = [...around, stmt];
    for (const block of blocks) listStatements(block, inside, needle, out);
  }
}

/** The statement of a list that holds an offset; found by halves, as a settings file has thousands. */
function holding(body: readonly Stmt[], offset: number): Stmt | undefined {
  const found = body[firstIndex(body.length, (i) => (body[i]?.start ?? 0) > offset) - 1];
  return found && offset < found.end ? found : undefined;
}

/** The innermost statement that holds an offset. */
export function innermost(body: readonly Stmt[], offset: number, around: readonly Stmt[] = []): PlacedStmt | undefined {
  const stmt = holding(body, offset);
  if (!stmt) return undefined;
  const inside = [...around, stmt];
  for (const block of blocksOf(stmt)) {
    const found = innermost(block, offset, inside);
    if (found) return found;
  }
  return { stmt, around };
}

/** False only for a definition none of whose text, or the text of that part, matches. */
function mayMention(stmt: Stmt, needle: Needle | undefined, part?: 'head' | 'body'): boolean {
  if (needle === undefined || (stmt.kind !== 'function' && stmt.kind !== 'class')) return true;
  return stmt.mentions?.(needle, part) ?? true;
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

/** The direct expressions of every statement, in source order. */
export function topExpressions(body: readonly Stmt[], needle?: Needle): readonly PlacedExpr[] {
  return statements(body, needle).flatMap(({ stmt, around }) =>
    mayMention(stmt, needle, 'head') ? expressionsOf(stmt).map((expr) => ({ expr, stmt, around })) : [],
  );
}

/** Every wanted expression of a body. */
export function expressions(
  body: readonly Stmt[],
  wanted: (expr: Expr) => boolean = () => true,
  needle?: Needle,
): PlacedExpr[] {
  const out: PlacedExpr[] = [];
  for (const { expr: top, stmt, around } of topExpressions(body, needle)) {
    eachBelow(top, (expr) => {
      if (wanted(expr)) out.push({ expr, stmt, around });
    });
  }
  return out;
}

const callsBelow = new WeakMap<Expr, readonly CallExpr[]>();

/** Every call of a body; listed once for a body and a needle. */
export function calls(body: readonly Stmt[], needle?: Needle): readonly PlacedCall[] {
  return listedOnce(callsOf, body, needle, () =>
    topExpressions(body, needle).flatMap(({ expr, stmt, around }) =>
      callsIn(expr).map((call) => ({ call, stmt, around })),
    ),
  );
}

function callsIn(expr: Expr): readonly CallExpr[] {
  let known = callsBelow.get(expr);
  if (!known) {
    known = descend(expr).filter((e): e is CallExpr => e.kind === 'call');
    callsBelow.set(expr, known);
  }
  return known;
}

/** 'a.b.c' for a chain of plain names, else undefined. */
export function dotted(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.id;
  if (expr.kind !== 'attribute') return undefined;
  const left = dotted(expr.value);
  return left === undefined ? undefined : `${left}.${expr.attr}`;
}

/** The name that is called: `f` of `f(…)` and of `a.b.f(…)`; '' for anything else. */
export function lastName(func: Expr): string {
  return func.kind === 'name' ? func.id : func.kind === 'attribute' ? func.attr : '';
}

/** The value of keyword `name`. */
export function keyword(call: CallExpr, name: string): Expr | undefined {
  return call.args.find((a) => a.name === name)?.value;
}

/** What the first entry of a dict with this text for its key holds. */
export function entryValue(dict: DictExpr, key: string): Expr | undefined {
  return dict.entries.find((e) => stringValue(e.key ?? undefined) === key)?.value;
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

/** Modules that an import names from the top; none of a relative one. */
export function absoluteModules(stmt: Stmt): readonly string[] {
  if (stmt.kind === 'import') return stmt.names.map(({ module }) => module);
  return stmt.kind === 'from' && stmt.level === 0 ? [stmt.module] : [];
}

/** True for the constant `None`. */
export function isNone(expr: Expr | undefined): boolean {
  return expr?.kind === 'constant' && expr.value === null;
}
