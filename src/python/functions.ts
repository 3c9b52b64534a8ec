/** Functions, what a call gives to them and what they return, as the source says it. */
import type { CallExpr, Expr, FunctionStmt, Parameter, ReturnStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { keyword, positional } from '../syntax/python/walk.ts';
import { type Located, located, type Place } from './place.ts';

/** A function or a class in the place of its definition. */
export interface Defined<T> extends Place {
  readonly stmt: T;
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

/** True when Python fills the first parameter. */
export function isBound(fn: FunctionStmt): boolean {
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

/** True for a method that is read like an attribute. */
export function isProperty(stmt: FunctionStmt): boolean {
  return stmt.decorators.some((d) => d.kind === 'name' && (d.id === 'property' || d.id === 'cached_property'));
}
