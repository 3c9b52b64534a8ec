/**
 * What an expression is: follows names, attributes, instances, methods and factories, one step or to the call that makes
 * the object. Lazy: an answer holds expressions in their place, which are followed when somebody asks.
 */

import type { AssignStmt, CallExpr, ClassStmt, Expr, FunctionStmt, Parameter } from '../syntax/python/ast.ts';
import { type Binding, collect, selfAssigned } from './bindings.ts';
import { type Bound, bindingsOf, setElsewhere } from './bound.ts';
import { definitionOf } from './definition.ts';
import { argumentFor, type Defined, into, isBound, isProperty, returnsOf } from './functions.ts';
import type { Definition } from './modules.ts';
import { type Located, located, type Place, placeIn, topOf } from './place.ts';
import type { Reaching } from './reaching.ts';

/** What an expression stands for, one step further than the text says. */
export type Meaning =
  | ({ readonly kind: 'value' } & Located)
  | ({ readonly kind: 'function' } & Defined<FunctionStmt>)
  | ({ readonly kind: 'class' } & Defined<ClassStmt>)
  | { readonly kind: 'module'; readonly path: string; readonly folder: string }
  /** Not of this repository: the full dotted name. */
  | { readonly kind: 'external'; readonly name: string }
  | ({ readonly kind: 'parameter'; readonly parameter: Parameter } & Defined<FunctionStmt>);

/** The call that makes an object, where it stands, and what is called. */
export interface Made extends Place {
  readonly call: CallExpr;
  readonly callee?: Meaning;
}

/** Longer chains are not followed: real ones have three or four links. */
export const MAX_LINKS = 12;

/** One step: what a name, attribute or other expression stands for; of several bindings the last that says something. */
export function meaningOf(place: Place, expr: Expr, depth = 0): Meaning | undefined {
  if (depth > MAX_LINKS) return undefined;
  if (expr.kind === 'name') return meaningsOfName(place, expr, depth).at(-1);
  if (expr.kind !== 'attribute') return { kind: 'value', ...located(place, expr) };
  return ofAttribute(place, expr, depth);
}

/**
 * One step with all that it may stand for, in the order of the source; undefined among them is what cannot be followed,
 * and an empty list too.
 */
export function meaningsOf(place: Place, expr: Expr, depth = 0): readonly (Meaning | undefined)[] {
  if (depth > MAX_LINKS) return [];
  if (expr.kind !== 'name') return [meaningOf(place, expr, depth)];
  return [...bindingsOf(place, expr), ...setElsewhere(place, expr.id)].map(ofBound);
}

function meaningsOfName(place: Place, expr: Expr & { kind: 'name' }, depth: number): (Meaning | undefined)[] {
  if (depth > MAX_LINKS) return [];
  const all = bindingsOf(place, expr);
  // `app = None` only keeps the place free for what is bound elsewhere.
  const real = all.filter((b) => !b.placeholder);
  return (real.length > 0 ? real : all).slice(-1).map(ofBound);
}

/** What is bound. */
export function ofBound(bound: Bound): Meaning | undefined {
  const { place } = bound;
  switch (bound.kind) {
    case 'binding':
      return fromBinding(place, bound.id, bound.binding);
    case 'starred':
      return fromDefinition(place, bound.definition);
    case 'parameter': {
      const given = place.given?.get(bound.parameter);
      if (given) return { kind: 'value', ...located(given, given.expr) };
      return { ...placeIn(place), kind: 'parameter', stmt: bound.stmt, parameter: bound.parameter };
    }
  }
}

function fromBinding(place: Place, id: string, binding: Reaching): Meaning | undefined {
  switch (binding.kind) {
    case 'assign':
      return binding.value ? { kind: 'value', ...located(place, binding.value) } : unpacked(place, binding.stmt, id);
    case 'other':
      return binding.value && { kind: 'value', ...located(place, binding.value) };
    case 'function':
      return { ...placeIn(place), kind: 'function', stmt: binding.stmt };
    case 'class':
      return { ...placeIn(place), kind: 'class', stmt: binding.stmt };
    default:
      return fromDefinition(place, place.modules.follow(place.path, id, binding));
  }
}

function fromDefinition({ modules }: Place, found: Definition | undefined): Meaning | undefined {
  switch (found?.kind) {
    case 'assign': {
      const top = topOf(modules, found.path);
      return found.value ? { kind: 'value', ...top, expr: found.value } : unpacked(top, found.stmt, found.name);
    }
    case 'function':
      return { kind: 'function', ...topOf(modules, found.path), stmt: found.stmt };
    case 'class':
      return { kind: 'class', ...topOf(modules, found.path), stmt: found.stmt };
    case 'module':
      return { kind: 'module', path: found.path, folder: found.folder };
    case 'external':
      return { kind: 'external', name: found.name };
    default:
      return undefined;
  }
}

/** What `id` stands for after `a, id = value`, where the value is a tuple or a function's last `return a, b`. */
function unpacked(place: Place, { targets, value }: AssignStmt, id: string): Meaning | undefined {
  for (const target of targets) {
    if ((target.kind !== 'tuple' && target.kind !== 'list') || !value) continue;
    const at = target.items.findIndex((t) => t.kind === 'name' && t.id === id);
    if (at !== -1 && target.items.every((t) => t.kind !== 'other'))
      return itemOf(place, value, at, target.items.length);
  }
  return undefined;
}

/** One of the `count` items of a tuple, or of what a call returns. */
function itemOf(place: Place, value: Expr, at: number, count: number): Meaning | undefined {
  const made = value.kind === 'call' ? meaningOf(place, value.func) : undefined;
  // What a library's function returns is known by its name and the place in the tuple.
  if (made?.kind === 'external') return { kind: 'external', name: `${made.name}()[${at}]` };
  const inside = made?.kind === 'function' && value.kind === 'call' ? into(place, value, made) : place;
  const list = made?.kind === 'function' ? returnsOf(made.stmt.body).at(-1)?.value : value;
  if (list?.kind !== 'tuple' && list?.kind !== 'list') return undefined;
  const expr = list.items.length === count ? list.items[at] : undefined;
  return expr && { kind: 'value', ...located(inside, expr) };
}

function ofAttribute(place: Place, expr: Expr & { kind: 'attribute' }, depth: number): Meaning | undefined {
  const { modules, path, around } = place;
  const { value, attr } = expr;
  if (value.kind === 'name' && (value.id === 'self' || value.id === 'cls')) {
    const at = around.findLastIndex((s) => s.kind === 'class');
    const owner = around[at];
    if (owner?.kind !== 'class') return undefined;
    return memberOf({ modules, path, around: around.slice(0, at), stmt: owner }, attr, depth + 1);
  }
  const left = meaningOf(place, value, depth + 1);
  switch (left?.kind) {
    case 'external':
      return { kind: 'external', name: `${left.name}.${attr}` };
    case 'class':
      return memberOf(left, attr, depth + 1);
    case 'module': {
      const inside = left.path === '' ? undefined : modules.define(left.path, attr);
      return fromDefinition(place, inside ?? definitionOf(place, expr));
    }
    case 'value': {
      const made = makerOf(left, left.expr, depth + 1);
      if (made?.callee?.kind === 'class') return memberOf(made.callee, attr, depth + 1);
      if (made?.callee?.kind === 'external') return { kind: 'external', name: `${made.callee.name}().${attr}` };
      return undefined;
    }
    default:
      return undefined;
  }
}

/** An attribute of a class or of its instances: class body, then `self.x = …` (in `__init__` first), then its bases. */
export function memberOf(owner: Defined<ClassStmt>, attr: string, depth = 0): Meaning | undefined {
  if (depth > MAX_LINKS) return undefined;
  const { stmt } = owner;
  const place = placeIn(owner);
  const inside = placeIn(owner, stmt);
  const bound = collect(stmt.body).get(attr)?.at(-1);
  if (bound && !(bound.kind === 'assign' && (!bound.value || bound.value.kind === 'constant')))
    return fromBinding(inside, attr, bound);
  const methods = stmt.body.filter((s): s is FunctionStmt => s.kind === 'function');
  const ordered = [...methods.filter((m) => m.name === '__init__'), ...methods.filter((m) => m.name !== '__init__')];
  for (const method of ordered) {
    const value = selfAssigned(method.body, attr);
    if (value) return { kind: 'value', ...located(placeIn(inside, method), value) };
  }
  for (const base of stmt.bases) {
    if (base.name !== undefined) continue;
    const parent = meaningOf(place, base.value, depth + 1);
    const found = parent?.kind === 'class' ? memberOf(parent, attr, depth + 1) : undefined;
    if (found) return found;
  }
  return bound ? fromBinding(inside, attr, bound) : undefined;
}

/** What a class body binds an attribute to, itself or through its bases, with the class that does. */
export function memberBinding(
  owner: Defined<ClassStmt>,
  attr: string,
  depth = 0,
): { readonly owner: Defined<ClassStmt>; readonly binding: Binding } | undefined {
  if (depth > MAX_LINKS) return undefined;
  const binding = collect(owner.stmt.body).get(attr)?.at(-1);
  if (binding) return { owner, binding };
  for (const base of owner.stmt.bases) {
    const parent = base.name === undefined ? meaningOf(owner, base.value, depth + 1) : undefined;
    const found = parent?.kind === 'class' ? memberBinding(parent, attr, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/**
 * The call whose result `expr` is, followed through assignments, imports, attributes of instances, properties and
 * functions of the repository. Undefined where that is not static.
 */
export function makerOf(place: Place, expr: Expr, depth = 0): Made | undefined {
  if (depth > MAX_LINKS) return undefined;
  const next = (e: Expr): Made | undefined => makerOf(place, e, depth + 1);
  switch (expr.kind) {
    case 'call':
      return makerOfCall(place, expr, depth);
    case 'name':
    case 'attribute': {
      const meaning = meaningOf(place, expr, depth + 1);
      if (meaning?.kind === 'value') return makerOf(meaning, meaning.expr, depth + 1);
      // A method that is read rather than called counts only as a property.
      if (meaning?.kind === 'function' && isProperty(meaning.stmt)) return returnedBy(meaning, depth + 1);
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

function makerOfCall(place: Place, call: CallExpr, depth: number): Made | undefined {
  const callee = meaningOf(place, call.func, depth + 1);
  if (callee?.kind === 'value') {
    const made = makerOf(callee, callee.expr, depth + 1);
    return { ...placeIn(place), call, ...(made?.callee ? { callee: made.callee } : {}) };
  }
  const returned = callee?.kind === 'function' ? returnedBy(callee, depth + 1) : undefined;
  const passed = callee?.kind === 'function' && !returned ? passedThrough(callee.stmt, call) : undefined;
  const same = passed ? makerOf(place, passed, depth + 1) : undefined;
  return returned ?? same ?? { ...placeIn(place), call, ...(callee ? { callee } : {}) };
}

/** The maker of what a function returns; its last `return` counts first. */
export function returnedBy(fn: Defined<FunctionStmt>, depth = 0): Made | undefined {
  const { stmt } = fn;
  const inside = placeIn(fn, stmt);
  for (const { value } of returnsOf(stmt.body).reverse()) {
    const found = value ? makerOf(inside, value, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The argument that a function hands back: `app = instrument(app)`. */
function passedThrough(fn: FunctionStmt, call: CallExpr): Expr | undefined {
  const value = returnsOf(fn.body).at(-1)?.value;
  const parameter = value?.kind === 'name' ? fn.params.find((p) => p.name === value.id) : undefined;
  return parameter && argumentFor(call, fn, parameter, isBound(fn));
}
