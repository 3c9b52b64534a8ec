/** Where an object comes from: follows names, attributes, instances, methods and factories to the call that makes it. */

import { type Binding, collect } from '../python/bindings.ts';
import type { Definition, ModuleGraph } from '../python/modules.ts';
import type { CallExpr, ClassStmt, Expr, FunctionStmt, ReturnStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { keyword, positional } from '../syntax/python/walk.ts';
import { unpacked } from './unpacked.ts';

/** What an expression stands for, one step further than the text says. */
export type Meaning =
  | { readonly kind: 'value'; readonly path: string; readonly expr: Expr; readonly around: readonly Stmt[] }
  | { readonly kind: 'function'; readonly path: string; readonly stmt: FunctionStmt; readonly around: readonly Stmt[] }
  | { readonly kind: 'class'; readonly path: string; readonly stmt: ClassStmt }
  | { readonly kind: 'module'; readonly path: string; readonly folder: string }
  | { readonly kind: 'external'; readonly name: string }
  | { readonly kind: 'param'; readonly path: string; readonly stmt: FunctionStmt; readonly name: string };

/** The call that makes an object, where it stands, and what is called. */
export interface Origin {
  readonly path: string;
  readonly call: CallExpr;
  readonly around: readonly Stmt[];
  readonly callee?: Meaning;
}

/** Chains longer than this are not followed: real ones have three or four links. */
const MAX_DEPTH = 12;

/**
 * The call whose result `expr` is, followed through assignments, imports, attributes of instances, properties and
 * functions of the repository. Undefined where that is not static.
 */
export function originOf(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[] = [],
  depth = 0,
): Origin | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const next = (e: Expr): Origin | undefined => originOf(modules, path, e, around, depth + 1);
  switch (expr.kind) {
    case 'call': {
      const callee = meaningOf(modules, path, expr.func, around, depth + 1);
      if (callee?.kind === 'value') {
        const made = originOf(modules, callee.path, callee.expr, callee.around, depth + 1);
        return { path, call: expr, around, ...(made?.callee ? { callee: made.callee } : {}) };
      }
      const returned = callee?.kind === 'function' ? returnedBy(modules, callee, depth + 1) : undefined;
      const passed = callee?.kind === 'function' && !returned ? passedThrough(callee.stmt, expr) : undefined;
      const same = passed ? next(passed) : undefined;
      return returned ?? same ?? { path, call: expr, around, ...(callee ? { callee } : {}) };
    }
    case 'name':
    case 'attribute': {
      const meaning = meaningOf(modules, path, expr, around, depth + 1);
      if (meaning?.kind === 'value') return originOf(modules, meaning.path, meaning.expr, meaning.around, depth + 1);
      // A method that is read rather than called counts only as a property.
      if (meaning?.kind === 'function' && isProperty(meaning.stmt)) return returnedBy(modules, meaning, depth + 1);
      return undefined;
    }
    case 'conditional':
      return next(expr.then) ?? next(expr.otherwise);
    case 'bool':
      return next(expr.right) ?? next(expr.left);
    case 'await':
    case 'named':
      return next(expr.value);
    default:
      return undefined;
  }
}

/** The origin of what a function returns; its last `return` counts first. */
export function returnedBy(
  modules: ModuleGraph,
  fn: { readonly path: string; readonly stmt: FunctionStmt; readonly around: readonly Stmt[] },
  depth = 0,
): Origin | undefined {
  for (const stmt of returnsOf(fn.stmt.body).reverse()) {
    if (!stmt.value) continue;
    const found = originOf(modules, fn.path, stmt.value, [...fn.around, fn.stmt], depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The argument that a function hands back: `app = instrument(app)`. */
function passedThrough(fn: FunctionStmt, call: CallExpr): Expr | undefined {
  const value = returnsOf(fn.body).at(-1)?.value;
  if (value?.kind !== 'name') return undefined;
  const params = fn.params.filter((p) => p.name !== 'self' && p.name !== 'cls');
  const at = params.findIndex((p) => p.name === value.id);
  return at === -1 ? undefined : (keyword(call, value.id) ?? positional(call)[at]);
}

/** `return` statements of a body, in order, not those of nested functions. */
export function returnsOf(body: readonly Stmt[]): ReturnStmt[] {
  return body.flatMap((stmt) => {
    if (stmt.kind === 'return') return [stmt];
    if (stmt.kind === 'function' || stmt.kind === 'class') return [];
    return blocksOf(stmt).flatMap(returnsOf);
  });
}

/** One step: what a name, attribute or other expression stands for. */
export function meaningOf(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[] = [],
  depth = 0,
): Meaning | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (expr.kind === 'name') return meaningOfName(modules, path, expr.id, expr.start, around);
  if (expr.kind !== 'attribute') return { kind: 'value', path, expr, around };
  const { value, attr } = expr;
  if (value.kind === 'name' && (value.id === 'self' || value.id === 'cls')) {
    const owner = around.findLast((s) => s.kind === 'class');
    return owner?.kind === 'class' ? memberOf(modules, { path, stmt: owner }, attr, depth + 1) : undefined;
  }
  const left = meaningOf(modules, path, value, around, depth + 1);
  switch (left?.kind) {
    case 'external':
      return { kind: 'external', name: `${left.name}.${attr}` };
    case 'class':
      return memberOf(modules, left, attr, depth + 1);
    case 'module': {
      const inside = left.path === '' ? undefined : modules.define(left.path, attr);
      return fromDefinition(modules, inside ?? modules.resolveExpr(path, expr, around));
    }
    case 'value': {
      const made = originOf(modules, left.path, left.expr, left.around, depth + 1);
      if (made?.callee?.kind === 'class') return memberOf(modules, made.callee, attr, depth + 1);
      if (made?.callee?.kind === 'external') return { kind: 'external', name: `${made.callee.name}().${attr}` };
      return undefined;
    }
    default:
      return undefined;
  }
}

function meaningOfName(
  modules: ModuleGraph,
  path: string,
  id: string,
  at: number,
  around: readonly Stmt[],
): Meaning | undefined {
  for (let i = around.length - 1; i >= 0; i--) {
    const scope = around[i];
    if (scope?.kind !== 'function' && !(scope?.kind === 'class' && i === around.length - 1)) continue;
    const local = latest(collect(scope.body).get(id), at);
    if (local) return fromBinding(modules, path, id, local, around.slice(0, i + 1));
    if (scope.kind === 'function' && scope.params.some((p) => p.name === id)) {
      return { kind: 'param', path, stmt: scope, name: id };
    }
  }
  const inFunction = around.some((s) => s.kind === 'function');
  const bound = latest(modules.bindings(path).get(id), inFunction ? Number.POSITIVE_INFINITY : at);
  return bound ? fromBinding(modules, path, id, bound, []) : fromDefinition(modules, modules.define(path, id));
}

/** The last binding that ends before `at` (so `app = Wrapper(app)` means the earlier app), placeholders passed over. */
function latest(bindings: readonly Binding[] | undefined, at: number): Binding | undefined {
  if (!bindings) return undefined;
  const real = bindings.filter((b) => !(b.kind === 'assign' && (!b.value || b.value.kind === 'constant')));
  const known = real.length > 0 ? real : bindings;
  return known.findLast((b) => b.stmt.end <= at) ?? known.findLast((b) => !(b.stmt.start <= at && at < b.stmt.end));
}

function fromBinding(
  modules: ModuleGraph,
  path: string,
  id: string,
  binding: Binding,
  around: readonly Stmt[],
): Meaning | undefined {
  switch (binding.kind) {
    case 'assign':
      return binding.value
        ? { kind: 'value', path, expr: binding.value, around }
        : unpacked(modules, path, binding.stmt, id, around);
    case 'function':
      return { kind: 'function', path, stmt: binding.stmt, around };
    case 'class':
      return { kind: 'class', path, stmt: binding.stmt };
    default:
      return fromDefinition(
        modules,
        modules.resolveExpr(path, { kind: 'name', id, start: 0, end: 0, line: 0 }, around) ?? undefined,
      );
  }
}

function fromDefinition(modules: ModuleGraph, found: Definition | undefined): Meaning | undefined {
  switch (found?.kind) {
    case 'assign':
      return found.value
        ? { kind: 'value', path: found.path, expr: found.value, around: [] }
        : unpacked(modules, found.path, found.stmt, found.name, []);
    case 'function':
      return { kind: 'function', path: found.path, stmt: found.stmt, around: [] };
    case 'class':
      return { kind: 'class', path: found.path, stmt: found.stmt };
    case 'module':
      return { kind: 'module', path: found.path, folder: found.folder };
    case 'external':
      return { kind: 'external', name: found.name };
    default:
      return undefined;
  }
}

/** An attribute of a class or of its instances: class body, then `self.x = …` (in `__init__` first), then its bases. */
export function memberOf(
  modules: ModuleGraph,
  owner: { readonly path: string; readonly stmt: ClassStmt },
  attr: string,
  depth = 0,
): Meaning | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const { path, stmt } = owner;
  const bound = collect(stmt.body).get(attr)?.at(-1);
  if (bound && !(bound.kind === 'assign' && (!bound.value || bound.value.kind === 'constant'))) {
    return fromBinding(modules, path, attr, bound, [stmt]);
  }
  const methods = stmt.body.filter((s): s is FunctionStmt => s.kind === 'function');
  const ordered = [...methods.filter((m) => m.name === '__init__'), ...methods.filter((m) => m.name !== '__init__')];
  for (const method of ordered) {
    const value = selfAssignment(method.body, attr);
    if (value) return { kind: 'value', path, expr: value, around: [stmt, method] };
  }
  for (const base of stmt.bases) {
    if (base.name !== undefined) continue;
    const parent = meaningOf(modules, path, base.value, [], depth + 1);
    const found = parent?.kind === 'class' ? memberOf(modules, parent, attr, depth + 1) : undefined;
    if (found) return found;
  }
  return bound ? fromBinding(modules, path, attr, bound, [stmt]) : undefined;
}

function selfAssignment(body: readonly Stmt[], attr: string): Expr | undefined {
  let found: Expr | undefined;
  for (const stmt of body) {
    if (stmt.kind === 'assign' && stmt.op === '=' && stmt.value && stmt.value.kind !== 'constant') {
      const hit = stmt.targets.some(
        (t) => t.kind === 'attribute' && t.attr === attr && t.value.kind === 'name' && t.value.id === 'self',
      );
      if (hit) found = stmt.value;
    }
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    for (const block of blocksOf(stmt)) found = selfAssignment(block, attr) ?? found;
  }
  return found;
}

function isProperty(stmt: FunctionStmt): boolean {
  return stmt.decorators.some((d) => d.kind === 'name' && (d.id === 'property' || d.id === 'cached_property'));
}
