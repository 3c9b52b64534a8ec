/** The GET routes of an application with their whole path: routers, includes, mounts, blueprints, route lists. */
import type { Evidence } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { calls, dotted, keyword, positional, statements, stringValue } from '../syntax/python/walk.ts';
import { applicationOf } from './applications.ts';
import { staticString } from './literals.ts';
import type { ModuleGraph } from './modules.ts';
import { type Meaning, meaningOf, originOf } from './origins.ts';
import { reachableFrom } from './reachable.ts';
import { refuses } from './route-guards.ts';

export interface Route {
  /** Full path with the prefixes of everything around it. */
  readonly path: string;
  readonly at: Evidence;
  /** A router or include around it asks for credentials. */
  readonly guarded: boolean;
  readonly handler?: { readonly path: string; readonly stmt: FunctionStmt; readonly around: readonly Stmt[] };
}

/** Routes below an owner (application, router, or a parameter that holds one), before its prefixes are known. */
interface Table {
  readonly routes: Map<string, Route[]>;
  readonly links: Map<string, Link[]>;
  /** Owners' own prefix and guard, from the call that makes them. */
  readonly owners: Map<string, { readonly prefix: string | undefined; readonly guarded: boolean }>;
}

interface Link {
  readonly child: string;
  /** Undefined when it is not static: then nothing below is known. */
  readonly prefix: string | undefined;
  /** The child's own prefix is replaced rather than appended to (Flask). */
  readonly replaces: boolean;
  readonly guarded: boolean;
}

const ROUTING =
  /@[ \t]*\w[\w.]*\.(?:get|route|api_route)\(|include_router|register_blueprint|\.blueprint\(|\.mount\(|add_api_route|add_url_rule|add_route|add_get|add_resource|APIRouter|Blueprint|Route\(|Mount\(|web\.get\(/;

/** GET routes of the application with this identity, found in the modules that `entry` reaches. */
export function routesOf(repo: Snapshot, modules: ModuleGraph, entry: string, identity: string): Route[] {
  const reached = reachableFrom(repo, modules, entry);
  const table: Table = { routes: new Map(), links: new Map(), owners: new Map() };
  const files = new Set([...repo.matching(reached, ROUTING), entry, identity.slice(0, identity.lastIndexOf(':'))]);
  const pending = new Set<string>();
  for (const path of files) readFile(modules, path, table, pending);
  linkParameters(repo, modules, reached, table, pending);
  return walk(table, identity, '', false, new Set());
}

function walk(table: Table, owner: string, prefix: string, guarded: boolean, seen: Set<string>): Route[] {
  if (seen.has(owner) || seen.size > 60) return [];
  const inside = new Set([...seen, owner]);
  const routes = (table.routes.get(owner) ?? []).map((r) => ({
    ...r,
    path: prefix + r.path,
    guarded: guarded || r.guarded,
  }));
  const below = (table.links.get(owner) ?? []).flatMap((link) => {
    const own = table.owners.get(link.child) ?? { prefix: '', guarded: false };
    const added = link.replaces
      ? (link.prefix ?? '')
      : link.prefix === undefined
        ? undefined
        : link.prefix + (own.prefix ?? '');
    if (added === undefined || (!link.replaces && own.prefix === undefined)) return [];
    return walk(table, link.child, prefix + added, guarded || link.guarded || own.guarded, inside);
  });
  const own = seen.size === 0 && table.owners.get(owner)?.guarded === true;
  return [...routes, ...below].map((r) => (own ? { ...r, guarded: true } : r));
}

function readFile(modules: ModuleGraph, path: string, table: Table, pending: Set<string>): void {
  const module = modules.module(path);
  if (!module) return;
  for (const { stmt, around } of statements(module.body)) {
    if (stmt.kind !== 'function') continue;
    for (const decorator of stmt.decorators) {
      if (decorator.kind !== 'call' || decorator.func.kind !== 'attribute') continue;
      if (!/^(?:get|route|api_route)$/.test(decorator.func.attr)) continue;
      addRoute(modules, path, table, pending, decorator, decorator.func.value, { path, stmt, around }, around);
    }
  }
  for (const { call, around } of calls(module.body)) {
    if (call.func.kind !== 'attribute') continue;
    readCall(modules, path, table, pending, call, call.func.value, call.func.attr, around);
  }
}

function readCall(
  modules: ModuleGraph,
  path: string,
  table: Table,
  pending: Set<string>,
  call: CallExpr,
  object: Expr,
  method: string,
  around: readonly Stmt[],
): void {
  const args = positional(call);
  const text = (e: Expr | undefined): string | undefined => staticString(modules, path, e, around);
  const link = (child: Expr | undefined, prefix: Expr | undefined, replaces: boolean): void => {
    for (const one of child ? unrolled(modules, path, child, around) : []) {
      const id = ownerOf(modules, path, one, around, table, pending);
      const parent = ownerOf(modules, path, object, around, table, pending);
      if (!id || !parent) continue;
      const own = table.owners.get(id)?.prefix;
      const said = prefix ? text(prefix) : replaces ? own : '';
      const guarded = refuses(modules, path, keyword(call, 'dependencies'), around);
      const known = prefix && said === undefined ? { prefix: undefined, replaces: false } : { prefix: said, replaces };
      push(table.links, parent, { child: id, guarded, ...known });
    }
  };
  switch (method) {
    case 'include_router':
      return link(args[0] ?? keyword(call, 'router'), keyword(call, 'prefix'), false);
    case 'register_blueprint':
    case 'blueprint':
      return link(args[0] ?? keyword(call, 'blueprint'), keyword(call, 'url_prefix'), true);
    case 'mount':
      return link(args[1] ?? keyword(call, 'app'), args[0] ?? keyword(call, 'path'), false);
    case 'add_api_route':
    case 'add_url_rule':
    case 'add_route':
    case 'add_get': {
      const swapped = method === 'add_route' && args[0]?.kind !== 'string' && args[1]?.kind === 'string';
      const view =
        keyword(call, 'view_func') ??
        keyword(call, 'endpoint') ??
        (swapped ? args[0] : method === 'add_url_rule' ? args[2] : args[1]);
      const handler = view ? meaningOf(modules, path, view, around) : undefined;
      if (handler?.kind === 'function')
        addRoute(modules, path, table, pending, call, object, handler, around, swapped ? args[1] : args[0]);
      return;
    }
  }
}

function addRoute(
  modules: ModuleGraph,
  path: string,
  table: Table,
  pending: Set<string>,
  call: CallExpr,
  object: Expr,
  handler: NonNullable<Route['handler']>,
  around: readonly Stmt[],
  where: Expr | undefined = positional(call)[0] ?? keyword(call, 'path') ?? keyword(call, 'rule'),
): void {
  const methods = keyword(call, 'methods');
  if (methods && (methods.kind === 'list' || methods.kind === 'tuple' || methods.kind === 'set')) {
    if (!methods.items.some((m) => stringValue(m)?.toUpperCase() === 'GET')) return;
  }
  const owner = ownerOf(modules, path, object, around, table, pending);
  const said = staticString(modules, path, where, around);
  if (!owner || said === undefined) return;
  const guarded = refuses(modules, path, keyword(call, 'dependencies'), around);
  push(table.routes, owner, { path: said, at: { path, line: call.line }, guarded, handler });
}

/** Identity of an application, router or parameter; makes its own prefix and guard known. */
function ownerOf(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  table: Table,
  pending: Set<string>,
): string | undefined {
  // `app.router` of Starlette and aiohttp stands for the application.
  const object =
    expr.kind === 'attribute' && expr.attr === 'router' ? appBehindRouter(modules, path, expr, around) : expr;
  const meaning = throughNames(modules, path, object, around);
  if (meaning?.kind === 'param') {
    pending.add(parameterId(meaning.path, meaning.stmt, meaning.name));
    return parameterId(meaning.path, meaning.stmt, meaning.name);
  }
  const app = applicationOf(modules, path, object, around);
  const origin = originOf(modules, path, object, around);
  const call = app?.call ?? origin?.call;
  const at = app?.path ?? origin?.path;
  if (!call || at === undefined) return app?.identity;
  const id = app?.identity ?? `${at}:${call.start}`;
  if (!table.owners.has(id)) {
    const scope = origin?.around ?? [];
    const prefix = keyword(call, 'prefix') ?? keyword(call, 'url_prefix');
    table.owners.set(id, {
      prefix: prefix && !app ? staticString(modules, at, prefix, scope) : '',
      guarded: refuses(modules, at, keyword(call, 'dependencies'), scope),
    });
    readRouteList(modules, at, id, call, scope, table, pending);
  }
  return id;
}

function appBehindRouter(
  modules: ModuleGraph,
  path: string,
  expr: Expr & { kind: 'attribute' },
  around: readonly Stmt[],
): Expr {
  const meaning = throughNames(modules, path, expr.value, around);
  return meaning?.kind === 'param' || applicationOf(modules, path, expr.value, around) ? expr.value : expr;
}

/** `Starlette(routes=[Route("/x", f), Mount("/y", routes=[…])])`. */
function readRouteList(
  modules: ModuleGraph,
  path: string,
  owner: string,
  call: CallExpr,
  around: readonly Stmt[],
  table: Table,
  pending: Set<string>,
): void {
  const said = keyword(call, 'routes');
  const list = said ? throughNames(modules, path, said, around) : undefined;
  if (list?.kind !== 'value' || list.expr.kind !== 'list') return;
  for (const item of list.expr.items) {
    if (item.kind !== 'call') continue;
    const name = dotted(item.func) ?? '';
    const args = positional(item);
    const where = staticString(modules, list.path, args[0] ?? keyword(item, 'path'), list.around);
    if (where === undefined) continue;
    if (/(?:^|\.)Route$/.test(name)) {
      const view = args[1] ?? keyword(item, 'endpoint');
      const handler = view ? meaningOf(modules, list.path, view, list.around) : undefined;
      if (handler?.kind !== 'function') continue;
      push(table.routes, owner, { path: where, at: { path: list.path, line: item.line }, guarded: false, handler });
    } else if (/(?:^|\.)Mount$/.test(name)) {
      const app = args[1] ?? keyword(item, 'app');
      const child = app ? ownerOf(modules, list.path, app, list.around, table, pending) : `${list.path}:${item.start}`;
      if (!app) readRouteList(modules, list.path, `${list.path}:${item.start}`, item, list.around, table, pending);
      if (child) push(table.links, owner, { child, prefix: where, replaces: false, guarded: false });
    }
  }
}

/** Follows plain names and attributes to a value or a parameter. */
function throughNames(modules: ModuleGraph, path: string, expr: Expr, around: readonly Stmt[]): Meaning | undefined {
  let meaning = meaningOf(modules, path, expr, around);
  for (
    let i = 0;
    i < 8 && meaning?.kind === 'value' && (meaning.expr.kind === 'name' || meaning.expr.kind === 'attribute');
    i++
  ) {
    meaning = meaningOf(modules, meaning.path, meaning.expr, meaning.around);
  }
  return meaning;
}

/** The items that a loop variable stands for: `for r in (a.router, b.router): app.include_router(r)`. */
function unrolled(modules: ModuleGraph, path: string, expr: Expr, around: readonly Stmt[]): readonly Expr[] {
  const name = expr.kind === 'attribute' ? expr.value : expr;
  if (name.kind !== 'name') return [expr];
  const loop = around.findLast((s) => s.kind === 'for' && s.targets.some((t) => t.kind === 'name' && t.id === name.id));
  if (loop?.kind !== 'for') return [expr];
  const header = loop.header[0];
  const list = header ? throughNames(modules, path, header, around) : undefined;
  // Items of a list in another module would be looked up in the wrong file.
  if (list?.kind !== 'value' || list.path !== path || (list.expr.kind !== 'list' && list.expr.kind !== 'tuple'))
    return [];
  return list.expr.items.map((item) => (expr.kind === 'attribute' ? { ...expr, value: item } : item));
}

function parameterId(path: string, fn: FunctionStmt, name: string): string {
  return `${path}:${fn.start}:${name}`;
}

/** Links what is passed to `def register(app): …` with that parameter, also through several functions. */
function linkParameters(
  repo: Snapshot,
  modules: ModuleGraph,
  reached: readonly string[],
  table: Table,
  pending: Set<string>,
): void {
  const linked = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const open = [...pending].filter((id) => !linked.has(id));
    if (open.length === 0) return;
    for (const id of open) linked.add(id);
    const functions = new Map(open.map((id) => [id.slice(0, id.lastIndexOf(':')), id] as const));
    const names = new Set([...functions.keys()].flatMap((key) => calledNames(modules, key)));
    if (names.size === 0) return;
    const needle = new RegExp(`\\b(?:${[...names].join('|')})\\(`);
    for (const path of repo.matching(reached, needle)) {
      for (const { call, around } of calls(modules.module(path)?.body ?? [])) {
        const written = call.func.kind === 'attribute' ? call.func.attr : call.func.kind === 'name' ? call.func.id : '';
        if (!names.has(written)) continue;
        linkCall(modules, path, call, around, open, table, pending);
      }
    }
  }
}

/** Name of the function with this key ('file:offset'), and of its class for `__init__`. */
function calledNames(modules: ModuleGraph, key: string): string[] {
  const at = key.lastIndexOf(':');
  const start = Number(key.slice(at + 1));
  for (const { stmt, around } of statements(modules.module(key.slice(0, at))?.body ?? [])) {
    if (stmt.kind !== 'function' || stmt.start !== start) continue;
    const owner = around.at(-1);
    return stmt.name === '__init__' && owner?.kind === 'class' ? [owner.name] : [stmt.name];
  }
  return [];
}

function linkCall(
  modules: ModuleGraph,
  path: string,
  call: CallExpr,
  around: readonly Stmt[],
  open: readonly string[],
  table: Table,
  pending: Set<string>,
): void {
  const callee = meaningOf(modules, path, call.func, around);
  const fn =
    callee?.kind === 'function' ? callee.stmt : callee?.kind === 'class' ? initOf(callee.stmt.body) : undefined;
  if (!fn || (callee?.kind !== 'function' && callee?.kind !== 'class')) return;
  const params = fn.params.filter((p) => p.name !== 'self' && p.name !== 'cls');
  const args = positional(call);
  for (const [i, param] of params.entries()) {
    const id = parameterId(callee.path, fn, param.name);
    if (!open.includes(id)) continue;
    const arg = args[i] ?? keyword(call, param.name);
    const parent = arg ? ownerOf(modules, path, arg, around, table, pending) : undefined;
    if (parent) push(table.links, parent, { child: id, prefix: '', replaces: false, guarded: false });
  }
}

function initOf(body: readonly Stmt[]): FunctionStmt | undefined {
  return body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === '__init__');
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
