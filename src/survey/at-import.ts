/** The calls that run in any case when a service's module is imported, functions of the repository gone into. */
import { into } from '../python/functions.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { type Place, placeIn, topOf } from '../python/place.ts';
import { meaningOf, memberOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf, childrenOf, expressionsOf } from '../syntax/python/children.ts';
import { surelyExecutedFrom } from './executed.ts';

export interface RunningCall extends Place {
  readonly expr: CallExpr;
  readonly stmt: Stmt;
}

/** Functions within functions that are followed. */
const MAX_DEPTH = 3;

/** Where the head of a definition may hold a call: a decorator, or a parenthesis besides that of its parameters or bases. */
export const CALL_IN_HEAD = /@|(?<!\b(?:def|class)[ \t]+\w+)\(/;

const kept = new WeakMap<ModuleGraph, Map<string, readonly RunningCall[]>>();

/**
 * In the order of the files that `start` runs. Not what hangs on a condition, a loop, a `try` with a handler, or an
 * early return; https://docs.python.org/3/reference/import.html#loading
 */
export function callsAtImport(modules: ModuleGraph, start: string): readonly RunningCall[] {
  const known = kept.get(modules) ?? new Map<string, readonly RunningCall[]>();
  kept.set(modules, known);
  let calls = known.get(start);
  if (!calls) {
    const walk = new Walk();
    for (const path of surelyExecutedFrom(modules, start)) {
      walk.body(topOf(modules, path), modules.module(path)?.body ?? [], 0);
    }
    calls = walk.calls;
    known.set(start, calls);
  }
  return calls;
}

/** False for a definition whose head calls nothing. */
function mayCall(stmt: Stmt): boolean {
  const defined = stmt.kind === 'function' || stmt.kind === 'class';
  return !defined || stmt.mentions?.(CALL_IN_HEAD, 'head') !== false;
}

class Walk {
  readonly calls: RunningCall[] = [];
  private readonly entered = new Set<FunctionStmt>();

  /** False when a statement may leave the body, so that what follows is not sure to run. */
  body(place: Place, body: readonly Stmt[], depth: number): boolean {
    for (const stmt of body) {
      for (const expr of mayCall(stmt) ? expressionsOf(stmt) : []) this.expression(place, stmt, expr, depth);
      if (stmt.kind === 'class') this.body(placeIn(place, stmt), stmt.body, depth);
      if (stmt.kind === 'with' && !this.body(placeIn(place, stmt), stmt.body, depth)) return false;
      if (stmt.kind === 'try') {
        if (stmt.handlers.length === 0) this.body(placeIn(place, stmt), stmt.body, depth);
        this.body(placeIn(place, stmt), stmt.finalbody, depth);
      }
      if (depth > 0 && leaves(stmt)) return false;
    }
    return true;
  }

  /** An expression that is evaluated whenever its statement is. */
  private expression(place: Place, stmt: Stmt, expr: Expr, depth: number): void {
    if (expr.kind === 'lambda' || /^(?:.*_comprehension|generator_expression)$/.test(kindOf(expr))) return;
    const sure = expr.kind === 'conditional' ? [expr.test] : expr.kind === 'bool' ? [expr.left] : childrenOf(expr);
    for (const child of sure) this.expression(place, stmt, child, depth);
    if (expr.kind !== 'call') return;
    this.calls.push({ ...placeIn(place), expr, stmt });
    if (depth < MAX_DEPTH) this.enter(place, expr, depth);
  }

  private enter(place: Place, call: CallExpr, depth: number): void {
    if (call.func.kind !== 'name' && call.func.kind !== 'attribute') return;
    const callee = meaningOf(place, call.func);
    const made = callee?.kind === 'class' ? memberOf(callee, '__init__') : callee;
    if (made?.kind !== 'function' || made.stmt.async || this.entered.has(made.stmt)) return;
    // A generator runs when somebody asks for its items; a decorator may run something else.
    if (made.stmt.decorators.length > 0 || yields(made.stmt.body)) return;
    this.entered.add(made.stmt);
    this.body(placeIn(into(place, call, made), made.stmt), made.stmt.body, depth + 1);
  }
}

function kindOf(expr: Expr): string {
  return expr.kind === 'other' ? expr.type : '';
}

/** True when the statement, or something in it, may return or raise. */
function leaves(stmt: Stmt): boolean {
  if (stmt.kind === 'return' || (stmt.kind === 'other' && /^(?:raise|break|continue)_statement$/.test(stmt.type))) {
    return true;
  }
  if (stmt.kind === 'function' || stmt.kind === 'class') return false;
  return blocksOf(stmt).some((block) => block.some(leaves));
}

function yields(body: readonly Stmt[]): boolean {
  return body.some((stmt) => {
    if (stmt.kind === 'function' || stmt.kind === 'class') return false;
    return expressionsOf(stmt).some(holdsYield) || blocksOf(stmt).some(yields);
  });
}

function holdsYield(expr: Expr): boolean {
  return kindOf(expr) === 'yield' || childrenOf(expr).some(holdsYield);
}
