/** What routes hang on: applications, routers, blueprints, and parameters that stand for one of them. */

import type { Evidence } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { staticString } from '../python/text.ts';
import { type Meaning, makerOf, meaningOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { dotted, isNone, keyword, positional } from '../syntax/python/walk.ts';
import { applicationOf } from './applications.ts';
import { refuses } from './route-guards.ts';

export interface Route {
  /** Full path with the prefixes of everything around it. */
  readonly path: string;
  readonly at: Evidence;
  /** A router or include around it may refuse a stranger. */
  readonly guarded: boolean;
  readonly handler: { readonly path: string; readonly stmt: FunctionStmt; readonly around: readonly Stmt[] };
}

export interface Link {
  readonly child: string;
  /** Undefined when it is not static: then nothing below is known. */
  readonly prefix: string | undefined;
  /** The prefix stands instead of the child's own rather than before it (Flask). */
  readonly replaces: boolean;
  readonly guarded: boolean;
  /** Parameters whose default was taken for the prefix. */
  readonly assumes: readonly string[];
}

/** Routes and links by owner, before the prefixes are put together. Filled while the files are read. */
export interface RouteTable {
  readonly modules: ModuleGraph;
  readonly routes: Map<string, Route[]>;
  readonly links: Map<string, Link[]>;
  /** Owners' own prefix and guard, from the call that makes them. */
  readonly owners: Map<string, { readonly prefix: string | undefined; readonly guarded: boolean }>;
  /** Parameters that hold an owner: 'file:offset:name'. */
  readonly parameters: Set<string>;
  /** Parameters that some call gives a value. */
  readonly given: Set<string>;
}

/** Identity of an application, router or parameter; puts its own prefix and guard into the table. */
export function ownerOf(table: RouteTable, place: Place, expr: Expr): string | undefined {
  const object = expr.kind === 'attribute' && expr.attr === 'router' ? behindRouter(place, expr) : expr;
  const meaning = throughNames(place, object);
  if (meaning?.kind === 'parameter') {
    const id = parameterId(meaning.path, meaning.stmt, meaning.parameter.name);
    table.parameters.add(id);
    return id;
  }
  const app = applicationOf(place, object);
  const origin = makerOf(place, object);
  const call = app?.call ?? origin?.call;
  const at = app?.path ?? origin?.path;
  if (!call || at === undefined) return app?.identity;
  const id = app?.identity ?? `${at}:${call.start}`;
  const around = app && app.call !== origin?.call ? [] : (origin?.around ?? []);
  addOwner(table, { modules: table.modules, path: at, around }, id, call, app !== undefined);
  return id;
}

/** Puts what the call that makes an owner says into the table: prefix, guard, route list, lifespan. */
export function addOwner(table: RouteTable, place: Place, id: string, call: CallExpr, isApplication: boolean): void {
  if (table.owners.has(id)) return;
  const prefix = isApplication ? undefined : (keyword(call, 'prefix') ?? keyword(call, 'url_prefix'));
  const guarded = refuses(place, keyword(call, 'dependencies'));
  table.owners.set(id, {
    prefix: isGiven(prefix) ? staticString(place, prefix) : '',
    guarded,
  });
  readRouteList(table, place, id, call);
  linkLifespan(table, place, id, call);
}

/** False for an absent argument and for `None`. */
export function isGiven(expr: Expr | undefined): expr is Expr {
  return expr !== undefined && !isNone(expr);
}

/** `app.router` of Starlette and aiohttp stands for the application; `module.router` is a router. */
function behindRouter(place: Place, expr: Expr & { readonly kind: 'attribute' }): Expr {
  const meaning = throughNames(place, expr.value);
  return meaning?.kind === 'parameter' || applicationOf(place, expr.value) ? expr.value : expr;
}

/** `FastAPI(lifespan=f)` calls `f(app)`. */
function linkLifespan(table: RouteTable, place: Place, owner: string, call: CallExpr): void {
  const said = keyword(call, 'lifespan');
  const meaning = said ? meaningOf(place, said) : undefined;
  const first = meaning?.kind === 'function' ? meaning.stmt.params[0] : undefined;
  if (meaning?.kind !== 'function' || !first) return;
  addLink(table, owner, { child: parameterId(meaning.path, meaning.stmt, first.name), prefix: '' });
}

/** `Starlette(routes=[Route("/x", f), Mount("/y", routes=[…])])`. */
function readRouteList(table: RouteTable, place: Place, owner: string, call: CallExpr): void {
  const said = keyword(call, 'routes');
  const list = said ? throughNames(place, said) : undefined;
  if (list?.kind !== 'value' || list.expr.kind !== 'list') return;
  for (const item of list.expr.items) if (item.kind === 'call') readRouteItem(table, list, owner, item);
}

/** `Route("/x", f)`, `Mount("/y", app)` or `Mount("/y", routes=[…])`. */
function readRouteItem(table: RouteTable, list: Place, owner: string, item: CallExpr): void {
  const name = dotted(item.func) ?? '';
  const [first, second] = positional(item);
  const where = staticString(list, first ?? keyword(item, 'path'));
  if (where === undefined) return;
  if (/(?:^|\.)Route$/.test(name)) {
    const view = second ?? keyword(item, 'endpoint');
    const found = view ? handlerOf(table, list, view) : undefined;
    if (found) addRoute(table, owner, { path: where, at: { path: list.path, line: item.line }, ...found });
  } else if (/(?:^|\.)Mount$/.test(name)) {
    const app = second ?? keyword(item, 'app');
    const child = app ? ownerOf(table, list, app) : `${list.path}:${item.start}`;
    if (!app && child) readRouteList(table, list, child, item);
    if (child) addLink(table, owner, { child, prefix: where });
  }
}

/**
 * The function that answers GET: the view itself, or the method of a class of views (`Health.as_view()` of Flask,
 * an HTTPEndpoint of Starlette), which something that decorates it may guard.
 */
export function handlerOf(
  { modules }: RouteTable,
  place: Place,
  view: Expr,
): Pick<Route, 'handler' | 'guarded'> | undefined {
  const made = view.kind === 'call' && view.func.kind === 'attribute' && view.func.attr === 'as_view';
  const meaning = meaningOf(place, made && view.func.kind === 'attribute' ? view.func.value : view);
  if (meaning?.kind === 'function') return { handler: meaning, guarded: false };
  if (meaning?.kind !== 'class') return undefined;
  const { path, stmt } = meaning;
  const get = stmt.body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === 'get');
  if (!get) return undefined;
  const above = modules.module(path)?.text.slice(stmt.start, get.start) ?? '';
  const guarded = stmt.decorators.length > 0 || /\bdecorators[ \t]*=/.test(above);
  return { handler: { path, stmt: get, around: [stmt] }, guarded };
}

/** Follows plain names and attributes to a value or a parameter. */
export function throughNames(place: Place, expr: Expr): Meaning | undefined {
  let meaning = meaningOf(place, expr);
  for (let i = 0; i < 8; i++) {
    if (meaning?.kind !== 'value' || (meaning.expr.kind !== 'name' && meaning.expr.kind !== 'attribute'))
      return meaning;
    meaning = meaningOf(meaning, meaning.expr);
  }
  return meaning;
}

/** Adds a route below an owner. */
export function addRoute(table: RouteTable, owner: string, route: Route): void {
  push(table.routes, owner, route);
}

/** Adds a link from an owner to what it includes. */
export function addLink(table: RouteTable, owner: string, link: Pick<Link, 'child' | 'prefix'> & Partial<Link>): void {
  push(table.links, owner, { replaces: false, guarded: false, assumes: [], ...link });
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** Names a parameter of a function: 'file:offset:name'. */
export function parameterId(path: string, fn: FunctionStmt, name: string): string {
  return `${path}:${fn.start}:${name}`;
}
