/** Where an expression stands: all that it takes to say what the expression means. */
import type { Expr, Parameter, Stmt } from '../syntax/python/ast.ts';
import type { ModuleGraph } from './modules.ts';

export interface Place {
  readonly modules: ModuleGraph;
  /** The file. */
  readonly path: string;
  /** Statements around, outermost first. */
  readonly around: readonly Stmt[];
  /** What the parameters of the functions around were given, where a call was followed into them. */
  readonly given?: ReadonlyMap<Parameter, Located>;
}

/** An expression in its place. */
export interface Located extends Place {
  readonly expr: Expr;
}

/** The place alone of what holds more, inside further statements. */
export function placeIn({ modules, path, around, given }: Place, ...inner: readonly Stmt[]): Place {
  const all = inner.length > 0 ? [...around, ...inner] : around;
  return given ? { modules, path, around: all, given } : { modules, path, around: all };
}

/** Another expression of the same place. */
export function located(place: Place, expr: Expr): Located {
  return { ...placeIn(place), expr };
}

/** The top level of a file. */
export function topOf(modules: ModuleGraph, path: string): Place {
  return { modules, path, around: [] };
}

/** A name as it is seen when the whole module has run. */
export function seenAtEnd(id: string): Expr & { kind: 'name' } {
  return { kind: 'name', id, start: Number.MAX_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER, line: 0 };
}
