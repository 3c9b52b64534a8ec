/** Routes of Litestar: handlers, controllers and routers in `route_handlers`. */

import { staticString } from '../python/evaluate.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { meaningOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { keyword, positional } from '../syntax/python/walk.ts';
import { type Route, throughNames } from './route-owners.ts';

const MAX_DEPTH = 6;

interface Place {
  readonly path: string;
  readonly around: readonly Stmt[];
  readonly prefix: string;
  readonly guarded: boolean;
}

/**
 * GET routes below the call that makes a Litestar application. Where the application asks everybody who they are, only
 * handlers that are exempt count. https://docs.litestar.dev/latest/usage/routing/overview.html
 */
export function litestarRoutes(modules: ModuleGraph, path: string, call: CallExpr, around: readonly Stmt[]): Route[] {
  const guarded = ['on_app_init', 'middleware', 'guards'].some((k) => keyword(call, k) !== undefined);
  return listed(modules, call, { path, around, prefix: '', guarded }, 0);
}

function listed(modules: ModuleGraph, call: CallExpr, place: Place, depth: number): Route[] {
  const said = keyword(call, 'route_handlers') ?? positional(call)[0];
  const list = said ? throughNames(modules, place.path, said, place.around) : undefined;
  if (depth > MAX_DEPTH || list?.kind !== 'value' || (list.expr.kind !== 'list' && list.expr.kind !== 'tuple'))
    return [];
  const inside = { ...place, path: list.path, around: list.around };
  return list.expr.items.flatMap((item) => handled(modules, item, inside, depth));
}

function handled(modules: ModuleGraph, item: Expr, place: Place, depth: number): Route[] {
  const meaning = throughNames(modules, place.path, item, place.around);
  if (meaning?.kind === 'function')
    return ofFunction(modules, { ...place, path: meaning.path }, meaning.stmt, meaning.around);
  if (meaning?.kind === 'class') {
    const field = (name: string): Expr | undefined =>
      meaning.stmt.body.flatMap((s) =>
        s.kind === 'assign' && s.value && s.targets.some((t) => t.kind === 'name' && t.id === name) ? [s.value] : [],
      )[0];
    const at = { ...place, path: meaning.path, around: [meaning.stmt] };
    const below = under(modules, at, field('path'), field('guards') !== undefined);
    return below === undefined
      ? []
      : meaning.stmt.body.flatMap((s) => (s.kind === 'function' ? ofFunction(modules, below, s, [meaning.stmt]) : []));
  }
  if (meaning?.kind !== 'value' || meaning.expr.kind !== 'call') return [];
  const made = meaningOf({ modules, path: meaning.path, around: meaning.around }, meaning.expr.func);
  if (made?.kind !== 'external' || !/^litestar\.(?:\w+\.)*Router$/.test(made.name)) return [];
  const at = { ...place, path: meaning.path, around: meaning.around };
  const stops = ['guards', 'middleware'].some((k) => meaning.expr.kind === 'call' && keyword(meaning.expr, k));
  const below = under(modules, at, keyword(meaning.expr, 'path'), stops);
  const rest: CallExpr = { ...meaning.expr, args: meaning.expr.args.filter((a) => a.name === 'route_handlers') };
  return below === undefined ? [] : listed(modules, rest, below, depth + 1);
}

function under(modules: ModuleGraph, place: Place, said: Expr | undefined, guarded: boolean): Place | undefined {
  const own = said ? staticString({ modules, path: place.path, around: place.around }, said) : '';
  return own === undefined
    ? undefined
    : { ...place, prefix: `${place.prefix}/${own}`, guarded: place.guarded || guarded };
}

function ofFunction(modules: ModuleGraph, place: Place, stmt: FunctionStmt, around: readonly Stmt[]): Route[] {
  return stmt.decorators.flatMap((decorator): Route[] => {
    if (decorator.kind !== 'call') return [];
    const made = meaningOf({ modules, path: place.path, around }, decorator.func);
    if (made?.kind !== 'external' || !/^litestar\.(?:\w+\.)*get$/.test(made.name)) return [];
    const below = under(modules, place, positional(decorator)[0] ?? keyword(decorator, 'path'), false);
    if (below === undefined) return [];
    const exempt = keyword(decorator, 'exclude_from_auth');
    const open = exempt?.kind === 'constant' && exempt.value === true;
    const guarded = keyword(decorator, 'guards') !== undefined || (place.guarded && !open);
    const full = `/${below.prefix
      .split('/')
      .filter((s) => s !== '')
      .join('/')}`;
    const at = { path: place.path, line: decorator.line };
    return [{ path: full, at, guarded, handler: { path: place.path, stmt, around } }];
  });
}
