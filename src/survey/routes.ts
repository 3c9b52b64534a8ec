/** The GET routes of an application with their whole path: routers, includes, mounts, blueprints, route lists. */

import type { ModuleGraph } from '../python/modules.ts';
import { type Place, topOf } from '../python/place.ts';
import { staticString } from '../python/text.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, Expr } from '../syntax/python/ast.ts';
import { type Needle, wordOf } from '../syntax/python/needle.ts';
import { calls, dotted, keyword, positional, statements, stringValue } from '../syntax/python/walk.ts';
import type { Application } from './applications.ts';
import { reachableFrom } from './reachable.ts';
import { refuses } from './route-guards.ts';
import { litestarRoutes } from './route-handlers.ts';
import {
  addLink,
  addOwner,
  addRoute,
  handlerOf,
  isGiven,
  ownerOf,
  parameterId,
  type Route,
  type RouteTable,
  throughNames,
} from './route-owners.ts';
import { linkParameters } from './route-parameters.ts';
import { readResources } from './route-resources.ts';

const ROUTING =
  /@[ \t]*\w[\w.]*\.(?:get|route|api_route)\(|include_router|register_blueprint|\.blueprint\(|\.mount\(|add_api_route|add_url_rule|add_route|add_get|APIRouter|Blueprint|add_resource|add_namespace|flask_rest|Route\(|Mount\(/;

/**
 * GET routes of an application, found in the modules that the file `entry` reaches. A route whose path or prefix is not
 * static is left out; so may be one whose path ends in another word than `ends`.
 */
export function routesOf(
  repo: Snapshot,
  modules: ModuleGraph,
  entry: string,
  app: Application,
  ends: readonly string[],
): Route[] {
  const { identity, path: home, call } = app;
  if (app.framework === 'litestar') return call ? litestarRoutes(placeOf(modules, home, call), call) : [];
  const reached = reachableFrom(repo, modules, entry);
  const table: RouteTable = {
    modules,
    routes: new Map(),
    links: new Map(),
    owners: new Map(),
    parameters: new Set(),
    given: new Set(),
  };
  const decorated = decoratedWith(ends);
  for (const path of new Set([...repo.matching(reached, ROUTING), entry, home])) {
    readFile(table, path, decorated);
    if (app.framework === 'flask') readResources(table, path);
  }
  if (call) addOwner(table, topOf(modules, home), identity, call, true);
  linkParameters(repo, reached, table);
  return walk(table, identity, '', table.owners.get(identity)?.guarded === true, new Set());
}

function walk(table: RouteTable, owner: string, prefix: string, guarded: boolean, seen: ReadonlySet<string>): Route[] {
  if (seen.has(owner) || seen.size > 20) return [];
  const inside = new Set([...seen, owner]);
  const routes = (table.routes.get(owner) ?? []).map((r) => ({
    ...r,
    path: prefix + r.path,
    guarded: guarded || r.guarded,
  }));
  const below = (table.links.get(owner) ?? []).flatMap((link) => {
    if (link.prefix === undefined || link.assumes.some((id) => table.given.has(id))) return [];
    const own = table.owners.get(link.child) ?? { prefix: '', guarded: false };
    if (own.prefix === undefined && !link.replaces) return [];
    const added = link.replaces ? link.prefix : link.prefix + own.prefix;
    return walk(table, link.child, prefix + added, guarded || link.guarded || own.guarded, inside);
  });
  return [...routes, ...below];
}

/** Where a call of the module stands. */
function placeOf(modules: ModuleGraph, path: string, call: CallExpr): Place {
  const called = wordOf([dotted(call.func)?.split('.').at(-1) ?? '']);
  const found = calls(modules.module(path)?.body ?? [], called).find((c) => c.call === call);
  return { modules, path, around: found?.around ?? [] };
}

/**
 * Matches `@router.get("/…/health")` and every route whose path is no plain literal: handlers of other routes need not
 * be parsed.
 */
function decoratedWith(ends: readonly string[]): Needle {
  const literal = `["'](?:(?:[^"'\\n]*/)?(?:${ends.join('|')}))?/*["']`;
  // A literal that something is added to, or one with an escape, is not the whole path.
  const part = `["'][^"'\\n]*(?:\\\\|["'][ \\t\\r\\n]*[^,) \\t\\r\\n])`;
  return new RegExp(`@[^\\n@]*\\b(?:get|route|api_route)[ \\t]*\\([ \\t]*(?:[^"' \\t]|${literal}|${part})`, 'i');
}

const METHODS =
  /include_router|register_blueprint|\bblueprint\b|\bmount\b|add_api_route|add_url_rule|add_route|add_get/;

function readFile(table: RouteTable, path: string, decorated: Needle): void {
  const { modules } = table;
  const module = modules.module(path);
  if (!module) return;
  for (const { stmt, around } of statements(module.body, decorated)) {
    if (stmt.kind !== 'function') continue;
    for (const call of stmt.decorators) {
      if (call.kind !== 'call' || call.func.kind !== 'attribute') continue;
      if (!/^(?:get|route|api_route)$/.test(call.func.attr)) continue;
      const where = positional(call)[0] ?? keyword(call, 'path') ?? keyword(call, 'rule');
      readRoute(table, { modules, path, around }, call, call.func.value, where, { path, stmt, around });
    }
  }
  for (const { call, around } of calls(module.body, METHODS)) {
    if (call.func.kind === 'attribute')
      readCall(table, { modules, path, around }, call, call.func.value, call.func.attr);
  }
}

function readCall(table: RouteTable, place: Place, call: CallExpr, object: Expr, method: string): void {
  const args = positional(call);
  const link = (child: Expr | undefined, prefix: Expr | undefined, replaces: boolean): void => {
    for (const one of child ? unrolled(place, child) : []) {
      readLink(table, place, call, object, one, prefix, replaces);
    }
  };
  switch (method) {
    case 'include_router':
      link(args[0] ?? keyword(call, 'router'), keyword(call, 'prefix'), false);
      break;
    case 'register_blueprint':
    case 'blueprint':
      link(args[0] ?? keyword(call, 'blueprint'), keyword(call, 'url_prefix'), true);
      break;
    case 'mount':
      link(args[1] ?? keyword(call, 'app'), args[0] ?? keyword(call, 'path'), false);
      break;
    case 'add_api_route':
    case 'add_url_rule':
    case 'add_route':
    case 'add_get':
      readAdded(table, place, call, object, method);
  }
}

/** `app.add_url_rule("/x", view_func=view)` and what others call it. */
function readAdded(table: RouteTable, place: Place, call: CallExpr, object: Expr, method: string): void {
  const args = positional(call);
  // Starlette's add_route takes the path first, Sanic's the handler.
  const swapped = method === 'add_route' && args[1]?.kind === 'string';
  const third = method === 'add_url_rule' ? args[2] : args[1];
  const view = keyword(call, 'view_func') ?? keyword(call, 'endpoint') ?? (swapped ? args[0] : third);
  const where = swapped ? args[1] : (args[0] ?? keyword(call, 'path') ?? keyword(call, 'rule'));
  for (const row of view ? rows(place, where, view) : []) {
    const found = handlerOf(table, place, row.view);
    if (found) readRoute(table, place, call, object, row.where, found.handler, found.guarded);
  }
}

function readLink(
  table: RouteTable,
  place: Place,
  call: CallExpr,
  object: Expr,
  child: Expr,
  prefix: Expr | undefined,
  replaces: boolean,
): void {
  const id = ownerOf(table, place, child);
  const parent = ownerOf(table, place, object);
  if (!id || !parent) return;
  const assumes: string[] = [];
  const own = table.owners.get(id);
  const inherited = replaces && own ? own.prefix : '';
  const said = isGiven(prefix)
    ? staticString(place, prefix, {
        defaults: true,
        parameter: (fn, at, { name }) => assumes.push(parameterId(at, fn, name)),
      })
    : inherited;
  const guarded = refuses(place, keyword(call, 'dependencies'));
  addLink(table, parent, { child: id, prefix: said, replaces, guarded, assumes });
}

function readRoute(
  table: RouteTable,
  place: Place,
  call: CallExpr,
  object: Expr,
  where: Expr | undefined,
  handler: Route['handler'],
  kept = false,
): void {
  const methods = keyword(call, 'methods');
  if (methods && (methods.kind === 'list' || methods.kind === 'tuple' || methods.kind === 'set')) {
    if (!methods.items.some((m) => stringValue(m)?.toUpperCase() === 'GET')) return;
  }
  const owner = ownerOf(table, place, object);
  const said = staticString(place, where);
  if (!owner || said === undefined) return;
  const guarded = kept || refuses(place, keyword(call, 'dependencies'));
  addRoute(table, owner, { path: said, at: { path: place.path, line: call.line }, guarded, handler });
}

interface Row {
  readonly where: Expr | undefined;
  readonly view: Expr;
}

/** The rows of a table that a loop goes through: `for path, view in ROUTES: app.add_url_rule(path, view_func=view)`. */
function rows(place: Place, where: Expr | undefined, view: Expr): readonly Row[] {
  const loop = place.around.findLast((s) => s.kind === 'for');
  if (loop?.kind !== 'for' || where?.kind !== 'name' || view.kind !== 'name') return [{ where, view }];
  const names = loop.targets
    .flatMap((t) => (t.kind === 'tuple' ? t.items : [t]))
    .map((t) => (t.kind === 'name' ? t.id : ''));
  const [at, of] = [names.indexOf(where.id), names.indexOf(view.id)];
  const [header] = loop.header;
  if (at === -1 || of === -1 || !header) return [{ where, view }];
  const inside = header.kind === 'call' && header.func.kind === 'attribute' && header.func.attr === 'items';
  const table = throughNames(place, inside && header.func.kind === 'attribute' ? header.func.value : header);
  // The rows of a table in another module would be looked up in the wrong file.
  if (table?.kind !== 'value' || table.path !== place.path) return [];
  const { expr } = table;
  const listed: readonly (readonly Expr[])[] =
    expr.kind === 'dict' && inside
      ? expr.entries.map((e) => (e.key ? [e.key, e.value] : []))
      : expr.kind === 'list' || expr.kind === 'tuple'
        ? expr.items.map((item) => (item.kind === 'tuple' || item.kind === 'list' ? item.items : []))
        : [];
  return listed.flatMap((cells) => (cells[of] ? [{ where: cells[at], view: cells[of] }] : []));
}

/** The items that a loop variable stands for: `for r in (a.router, b.router): app.include_router(r)`. */
function unrolled(place: Place, expr: Expr): readonly Expr[] {
  const name = expr.kind === 'attribute' ? expr.value : expr;
  if (name.kind !== 'name') return [expr];
  const loop = place.around.findLast(
    (s) => s.kind === 'for' && s.targets.some((t) => t.kind === 'name' && t.id === name.id),
  );
  if (loop?.kind !== 'for') return [expr];
  const header = loop.header[0];
  const list = header ? throughNames(place, header) : undefined;
  // The items of a list in another module would be looked up in the wrong file.
  if (list?.kind !== 'value' || list.path !== place.path) return [];
  if (list.expr.kind !== 'list' && list.expr.kind !== 'tuple') return [];
  return list.expr.items.map((item) => (expr.kind === 'attribute' ? { ...expr, value: item } : item));
}
