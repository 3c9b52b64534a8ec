/** Routes of Litestar: handlers, controllers and routers in `route_handlers`. */

import { type Place, placeIn } from '../python/place.ts';
import { staticString } from '../python/text.ts';
import { meaningOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { keyword, positional } from '../syntax/python/walk.ts';
import { type Route, throughNames } from './route-owners.ts';

const MAX_DEPTH = 6;

/** A place with what the routers around it add. */
interface Mounted extends Place {
  readonly prefix: string;
  readonly guarded: boolean;
}

/**
 * GET routes below the call that makes a Litestar application. Where the application asks everybody who they are, only
 * handlers that are exempt count. https://docs.litestar.dev/latest/usage/routing/overview.html
 */
export function litestarRoutes(place: Place, call: CallExpr): Route[] {
  const guarded = ['on_app_init', 'middleware', 'guards'].some((k) => keyword(call, k) !== undefined);
  return listed(call, { ...place, prefix: '', guarded }, 0);
}

function listed(call: CallExpr, place: Mounted, depth: number): Route[] {
  const said = keyword(call, 'route_handlers') ?? positional(call)[0];
  const list = said ? throughNames(place, said) : undefined;
  if (depth > MAX_DEPTH || list?.kind !== 'value' || (list.expr.kind !== 'list' && list.expr.kind !== 'tuple'))
    return [];
  const inside = { ...place, ...placeIn(list) };
  return list.expr.items.flatMap((item) => handled(item, inside, depth));
}

function handled(item: Expr, place: Mounted, depth: number): Route[] {
  const meaning = throughNames(place, item);
  if (meaning?.kind === 'function') return ofFunction({ ...place, ...placeIn(meaning) }, meaning.stmt);
  if (meaning?.kind === 'class') {
    const field = (name: string): Expr | undefined =>
      meaning.stmt.body.flatMap((s) =>
        s.kind === 'assign' && s.value && s.targets.some((t) => t.kind === 'name' && t.id === name) ? [s.value] : [],
      )[0];
    const at = { ...place, path: meaning.path, around: [meaning.stmt] };
    const below = under(at, field('path'), field('guards') !== undefined);
    return below === undefined
      ? []
      : meaning.stmt.body.flatMap((s) => (s.kind === 'function' ? ofFunction(below, s) : []));
  }
  if (meaning?.kind !== 'value' || meaning.expr.kind !== 'call') return [];
  const made = meaningOf(meaning, meaning.expr.func);
  if (made?.kind !== 'external' || !/^litestar\.(?:\w+\.)*Router$/.test(made.name)) return [];
  const at = { ...place, ...placeIn(meaning) };
  const stops = ['guards', 'middleware'].some((k) => meaning.expr.kind === 'call' && keyword(meaning.expr, k));
  const below = under(at, keyword(meaning.expr, 'path'), stops);
  const rest: CallExpr = { ...meaning.expr, args: meaning.expr.args.filter((a) => a.name === 'route_handlers') };
  return below === undefined ? [] : listed(rest, below, depth + 1);
}

function under(place: Mounted, said: Expr | undefined, guarded: boolean): Mounted | undefined {
  const own = said ? staticString(place, said) : '';
  return own === undefined
    ? undefined
    : { ...place, prefix: `${place.prefix}/${own}`, guarded: place.guarded || guarded };
}

function ofFunction(place: Mounted, stmt: FunctionStmt): Route[] {
  return stmt.decorators.flatMap((decorator): Route[] => {
    if (decorator.kind !== 'call') return [];
    const made = meaningOf(place, decorator.func);
    if (made?.kind !== 'external' || !/^litestar\.(?:\w+\.)*get$/.test(made.name)) return [];
    const below = under(place, positional(decorator)[0] ?? keyword(decorator, 'path'), false);
    if (below === undefined) return [];
    const exempt = keyword(decorator, 'exclude_from_auth');
    const open = exempt?.kind === 'constant' && exempt.value === true;
    const guarded = keyword(decorator, 'guards') !== undefined || (place.guarded && !open);
    const full = `/${below.prefix
      .split('/')
      .filter((s) => s !== '')
      .join('/')}`;
    const at = { path: place.path, line: decorator.line };
    return [{ path: full, at, guarded, handler: { path: place.path, stmt, around: place.around } }];
  });
}
