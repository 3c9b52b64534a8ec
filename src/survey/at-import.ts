/** The calls that run in any case when a service's module is imported, functions of the repository gone into. */
import type { Entry } from '../model/facts.ts';
import { into } from '../python/functions.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { type Located, type Place, placeIn, topOf } from '../python/place.ts';
import { meaningOf, meaningsOf, memberOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt, IfStmt, Parameter, Stmt } from '../syntax/python/ast.ts';
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

/** Decorators under which a call runs the body as it stands. */
const TRANSPARENT = new Set(['classmethod', 'staticmethod']);

const kept = new WeakMap<ModuleGraph, Map<string, readonly RunningCall[]>>();

/** As `callsAtImport`, with those that a factory makes when the server calls it. */
export function callsAtStart(modules: ModuleGraph, { path, attr, factory }: Entry): readonly RunningCall[] {
  return callsAtImport(modules, path, factory ? attr : undefined);
}

/**
 * In the order of the files that `start` runs. Not what hangs on a condition, a loop, a `try` with a handler, or an
 * early return; https://docs.python.org/3/reference/import.html#loading
 */
export function callsAtImport(modules: ModuleGraph, start: string, factory?: string): readonly RunningCall[] {
  const known = kept.get(modules) ?? new Map<string, readonly RunningCall[]>();
  kept.set(modules, known);
  const key = factory === undefined ? start : `${start}:${factory}`;
  let calls = known.get(key);
  if (!calls) {
    const walk = new Walk();
    for (const path of surelyExecutedFrom(modules, start)) {
      walk.body(topOf(modules, path), modules.module(path)?.body ?? [], 0);
    }
    if (factory !== undefined) walk.factory(topOf(modules, start), factory);
    calls = walk.calls;
    known.set(key, calls);
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
      if (!this.blocks(place, stmt, depth)) return false;
      if (depth > 0 && leaves(stmt)) return false;
    }
    return true;
  }

  /** The blocks of a statement that run in any case. */
  private blocks(place: Place, stmt: Stmt, depth: number): boolean {
    const inside = placeIn(place, stmt);
    if (stmt.kind === 'with') return this.body(inside, stmt.body, depth);
    if (stmt.kind === 'class') this.body(inside, stmt.body, depth);
    if (stmt.kind === 'if') this.body(inside, decided(place, stmt) ?? [], depth);
    if (stmt.kind === 'try') {
      if (stmt.handlers.every(raises)) this.body(inside, stmt.body, depth);
      this.body(inside, stmt.finalbody, depth);
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
    if (made?.kind !== 'function' || !this.runs(made.stmt)) return;
    this.body(into(place, call, made), made.stmt.body, depth + 1);
  }

  /** The server calls it without arguments. */
  factory(place: Place, name: string): void {
    const made = meaningOf(place, { kind: 'name', id: name, start: 0, end: 0, line: 0 });
    if (made?.kind !== 'function' || !this.runs(made.stmt)) return;
    const { stmt, modules, path, around } = made;
    const defaults = stmt.params.flatMap((p) => (p.default ? [[p, { modules, path, around, expr: p.default }]] : []));
    this.body({ ...placeIn(made, stmt), given: new Map(defaults as [Parameter, Located][]) }, stmt.body, 1);
  }

  /** False for what is done already, and where a call runs nothing of the body, or a decorator something else. */
  private runs(stmt: FunctionStmt): boolean {
    const plain = stmt.decorators.every((d) => d.kind === 'name' && TRANSPARENT.has(d.id));
    // A generator runs when somebody asks for its items.
    if (stmt.async || !plain || this.entered.has(stmt) || yields(stmt.body)) return false;
    this.entered.add(stmt);
    return true;
  }
}

/** The branch that is taken where the test asks whether a parameter is None: what the call gave it is known. */
function decided(place: Place, { test, body, orelse }: IfStmt): readonly Stmt[] | undefined {
  const [left, right] = test.kind === 'compare' ? test.operands : [];
  const op = test.kind === 'compare' && test.ops.length === 1 ? test.ops[0] : undefined;
  if (left?.kind !== 'name' || right?.kind !== 'constant' || right.value !== null) return undefined;
  const [meant, ...others] = meaningsOf(place, left);
  if (meant?.kind !== 'value' || others.length > 0 || !isGiven(place, left.id)) return undefined;
  const none = meant.expr.kind === 'constant' && meant.expr.value === null;
  if (!none || (op !== 'is' && op !== 'is not')) return undefined;
  return op === 'is' ? body : orelse;
}

function isGiven({ given }: Place, name: string): boolean {
  return [...(given?.keys() ?? [])].some((p) => p.name === name);
}

/** True where a handler passes the failure on in any case. */
function raises(handler: readonly Stmt[]): boolean {
  const last = handler.at(-1);
  return last?.kind === 'other' && last.type === 'raise_statement' && !handler.slice(0, -1).some(leaves);
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
