/**
 * What an expression is: follows names, attributes, instances, methods and factories, one step or to the call that makes
 * the object. Lazy: an answer holds expressions in their place, which are followed when somebody asks.
 */
import type {
  AssignStmt,
  CallExpr,
  ClassStmt,
  Expr,
  FunctionStmt,
  Parameter,
  ReturnStmt,
  Stmt,
} from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { keyword, positional, statements } from '../syntax/python/walk.ts';
import { type Binding, collect } from './bindings.ts';
import type { Definition } from './modules.ts';
import { type Located, located, type Place, placeIn, topOf } from './place.ts';
import { binds, declaresGlobal, type Reaching, reaching, type Scope, type Use } from './reaching.ts';

/** A function or a class in the place of its definition. */
export interface Defined<T> extends Place {
  readonly stmt: T;
}

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
  return [...bindingsOf(place, expr), ...setElsewhere(place, expr.id)].map((b) => b.meaning());
}

function meaningsOfName(place: Place, expr: Expr & { kind: 'name' }, depth: number): (Meaning | undefined)[] {
  if (depth > MAX_LINKS) return [];
  const all = bindingsOf(place, expr);
  // `app = None` only keeps the place free for what is bound elsewhere.
  const real = all.filter((b) => !b.placeholder);
  return (real.length > 0 ? real : all).slice(-1).map((b) => b.meaning());
}

export interface Bound {
  /** Absent for a parameter and for what a star import brings. */
  readonly binding?: Reaching;
  /** Bound to a constant, or not at all yet. */
  readonly placeholder: boolean;
  readonly meaning: () => Meaning | undefined;
}

/** What a name may be bound to where it stands. https://docs.python.org/3/reference/executionmodel.html#resolution-of-names */
export function bindingsOf(place: Place, name: Expr & { kind: 'name' }): readonly Bound[] {
  const { modules, path, around } = place;
  const { id } = name;
  const text = modules.module(path)?.text ?? '';
  let use: Use = name;
  for (let i = around.length - 1; i >= 0; i--) {
    const stmt = around[i];
    // A class is no scope for its methods.
    if (stmt?.kind !== 'function' && !(stmt?.kind === 'class' && i === around.length - 1)) continue;
    const scope = { body: stmt.body, text };
    const inside: Place = { ...placeIn(place), around: around.slice(0, i + 1) };
    if (stmt.kind === 'function' && declaresGlobal(scope, id)) {
      const own = reaching(scope, id, use);
      if (own.length > 0) return own.map((b) => boundIn(inside, id, b));
      use = 'end';
      break;
    }
    const parameter = stmt.kind === 'function' ? stmt.params.find((p) => p.name === id) : undefined;
    const found = binds(scope, id) ? inForce(scope, id, use) : [];
    if (found.length > 0) return found.map((b) => boundIn(inside, id, b));
    if (parameter && stmt.kind === 'function') return [ofParameter(inside, stmt, parameter)];
    if (stmt.kind === 'function') use = 'end';
  }
  const top = topOf(modules, path);
  const scope = { body: modules.module(path)?.body ?? [], text };
  if (binds(scope, id)) return inForce(scope, id, use).map((b) => boundIn(top, id, b));
  const starred = modules.define(path, id);
  return starred ? [{ placeholder: false, meaning: () => fromDefinition(place, starred) }] : [];
}

/** What functions of the file put into a name of the module by `global`, unless the name is a local one here. */
function setElsewhere({ modules, path, around }: Place, id: string): readonly Bound[] {
  const module = modules.module(path);
  if (!module || !/\bglobal\b/.test(module.text)) return [];
  const local = around.some((s) => {
    if (s.kind !== 'function') return false;
    const scope = { body: s.body, text: module.text };
    return !declaresGlobal(scope, id) && (binds(scope, id) || s.params.some((p) => p.name === id));
  });
  if (local) return [];
  return statements(module.body, /\bglobal\b/).flatMap(({ stmt, around: outer }) => {
    if (stmt.kind !== 'function' || around.includes(stmt)) return [];
    const scope = { body: stmt.body, text: module.text };
    if (!declaresGlobal(scope, id)) return [];
    const inside = placeIn({ modules, path, around: outer }, stmt);
    return reaching(scope, id, 'end').map((b) => boundIn(inside, id, b));
  });
}

/** Nothing bound before: then what is bound later, as when the order of the source is not the order of the run. */
function inForce(scope: Scope, id: string, use: Use): readonly Reaching[] {
  const before = reaching(scope, id, use);
  if (before.length > 0 || use === 'end') return before;
  return (collect(scope.body).get(id) ?? []).filter((b) => !(b.stmt.start <= use.start && use.start < b.stmt.end));
}

function ofParameter(place: Place, stmt: FunctionStmt, parameter: Parameter): Bound {
  const given = place.given?.get(parameter);
  return {
    placeholder: false,
    meaning: () =>
      given
        ? { kind: 'value', ...located(given, given.expr) }
        : { ...placeIn(place), kind: 'parameter', stmt, parameter },
  };
}

function boundIn(place: Place, id: string, binding: Reaching): Bound {
  const value = 'value' in binding ? binding.value : undefined;
  const placeholder = binding.kind === 'assign' && (!value || value.kind === 'constant');
  return { binding, placeholder, meaning: () => fromBinding(place, id, binding) };
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
function unpacked(place: Place, stmt: AssignStmt, id: string): Meaning | undefined {
  const { value } = stmt;
  for (const target of stmt.targets) {
    if ((target.kind !== 'tuple' && target.kind !== 'list') || !value) continue;
    const at = target.items.findIndex((t) => t.kind === 'name' && t.id === id);
    if (at === -1 || target.items.some((t) => t.kind === 'other')) continue;
    const made = value.kind === 'call' ? meaningOf(place, value.func) : undefined;
    const inside = made?.kind === 'function' && value.kind === 'call' ? into(place, value, made) : place;
    const list = made?.kind === 'function' ? returnsOf(made.stmt.body).at(-1)?.value : value;
    if (list?.kind !== 'tuple' && list?.kind !== 'list') return undefined;
    const expr = list.items.length === target.items.length ? list.items[at] : undefined;
    return expr && { kind: 'value', ...located(inside, expr) };
  }
  return undefined;
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
      return fromDefinition(place, inside ?? modules.resolveExpr(path, expr, around));
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
    const value = selfAssignment(method.body, attr);
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

/** Inside the function that a call calls, with what the call gives to its parameters. */
export function into(place: Place, call: CallExpr, fn: Defined<FunctionStmt>): Place {
  const { stmt, modules, path, around } = fn;
  const given = new Map<Parameter, Located>();
  for (const parameter of stmt.params) {
    if (parameter.star || call.args.some((a) => a.star)) continue;
    const argument = argumentFor(call, stmt, parameter, isBound(stmt));
    if (argument) given.set(parameter, located(place, argument));
    else if (parameter.default) given.set(parameter, { modules, path, around, expr: parameter.default });
  }
  return { modules, path, around: [...around, stmt], given };
}

/** The argument that a call gives for a parameter; `bound` when Python fills self or cls. */
export function argumentFor(call: CallExpr, fn: FunctionStmt, parameter: Parameter, bound: boolean): Expr | undefined {
  const at = fn.params.filter((p) => !p.star).indexOf(parameter);
  return keyword(call, parameter.name) ?? (at < 0 ? undefined : positional(call)[bound ? at - 1 : at]);
}

function isBound(fn: FunctionStmt): boolean {
  return fn.params[0]?.name === 'self' || fn.params[0]?.name === 'cls';
}

/** `return` statements of a body, in order, not those of nested functions. */
export function returnsOf(body: readonly Stmt[]): ReturnStmt[] {
  return body.flatMap((stmt) => {
    if (stmt.kind === 'return') return [stmt];
    if (stmt.kind === 'function' || stmt.kind === 'class') return [];
    return blocksOf(stmt).flatMap(returnsOf);
  });
}

export function isProperty(stmt: FunctionStmt): boolean {
  return stmt.decorators.some((d) => d.kind === 'name' && (d.id === 'property' || d.id === 'cached_property'));
}
