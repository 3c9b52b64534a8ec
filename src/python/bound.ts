/** What a name may be bound to where it stands, by Python's scopes, before anything is followed. */
import type { ClassStmt, Expr, FunctionStmt, Parameter, Stmt } from '../syntax/python/ast.ts';
import { statements } from '../syntax/python/walk.ts';
import { collect } from './bindings.ts';
import type { Definition } from './modules.ts';
import { type Place, placeIn, topOf } from './place.ts';
import { binds, declaresGlobal, type Reaching, reaching, type Scope, type Use } from './reaching.ts';

/** `place`: inside the scope that binds the name. `placeholder`: bound to a constant, or not at all yet. */
export type Bound = { readonly place: Place; readonly placeholder: boolean } & (
  | { readonly kind: 'binding'; readonly id: string; readonly binding: Reaching }
  | { readonly kind: 'parameter'; readonly stmt: FunctionStmt; readonly parameter: Parameter }
  /** Brought by a star import. */
  | { readonly kind: 'starred'; readonly definition: Definition }
);

/** What a name may be bound to where it stands. https://docs.python.org/3/reference/executionmodel.html#resolution-of-names */
export function bindingsOf(place: Place, name: Expr & { kind: 'name' }): readonly Bound[] {
  const { modules, path, around } = place;
  const { id } = name;
  const text = modules.module(path)?.text ?? '';
  let use: Use = name;
  for (let i = around.length - 1; i >= 0; i--) {
    const owner = scopeAt(around, i);
    if (!owner) continue;
    const fn = owner.kind === 'function' ? owner : undefined;
    const scope = { body: owner.body, text };
    const inside: Place = { ...placeIn(place), around: around.slice(0, i + 1) };
    const global = fn !== undefined && declaresGlobal(scope, id);
    const found = global ? reaching(scope, id, use) : inForce(scope, id, use);
    if (found.length > 0) return found.map((b) => boundIn(inside, id, b));
    const parameter = fn?.params.find((p) => p.name === id);
    if (fn && parameter) return [{ kind: 'parameter', place: inside, stmt: fn, parameter, placeholder: false }];
    if (fn) use = 'end';
    if (global) break;
  }
  return ofModule(place, id, use);
}

function ofModule(place: Place, id: string, use: Use): readonly Bound[] {
  const { modules, path } = place;
  const top = topOf(modules, path);
  const { body = [], text = '' } = modules.module(path) ?? {};
  const scope = { body, text };
  if (binds(scope, id)) return inForce(scope, id, use).map((b) => boundIn(top, id, b));
  const starred = modules.define(path, id);
  return starred ? [{ kind: 'starred', place, definition: starred, placeholder: false }] : [];
}

/** A class is no scope for its methods. */
function scopeAt(around: readonly Stmt[], at: number): FunctionStmt | ClassStmt | undefined {
  const stmt = around[at];
  return stmt?.kind === 'function' || (stmt?.kind === 'class' && at === around.length - 1) ? stmt : undefined;
}

/** What functions of the file put into a name of the module by `global`, unless the name is a local one here. */
export function setElsewhere({ modules, path, around }: Place, id: string): readonly Bound[] {
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

function boundIn(place: Place, id: string, binding: Reaching): Bound {
  const value = 'value' in binding ? binding.value : undefined;
  const placeholder = binding.kind === 'assign' && (!value || value.kind === 'constant');
  return { kind: 'binding', place, id, binding, placeholder };
}
