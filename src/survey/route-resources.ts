/** Routes of Flask-RESTful and Flask-RESTX: classes with a `get`, put on an Api that hangs on the application. */

import type { Place } from '../python/place.ts';
import { staticString } from '../python/text.ts';
import { makerOf, meaningOf } from '../python/values.ts';
import type { CallExpr, ClassStmt, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { calls, keyword, positional, statements } from '../syntax/python/walk.ts';
import { addLink, addRoute, isGiven, ownerOf, type RouteTable } from './route-owners.ts';

const PACKAGE = /^flask_rest(?:ful|x|plus)\./;

const CALLS = /Api\b|init_app|add_namespace|add_resource/;

/**
 * Reads the resources of one file into the table.
 * https://flask-restful.readthedocs.io/en/latest/quickstart.html, https://flask-restx.readthedocs.io/en/latest/swagger.html
 */
export function readResources(table: RouteTable, path: string): void {
  const module = table.modules.module(path);
  if (!module || !/flask_rest|add_resource|add_namespace|Resource/.test(module.text)) return;
  for (const { call, around } of calls(module.body, /\bApi[ \t]+as\b/.test(module.text) ? undefined : CALLS))
    readCall(table, { modules: table.modules, path, around }, call);
  for (const { stmt, around } of statements(module.body, /@[^\n@]*\broute\b/)) {
    if (stmt.kind !== 'class') continue;
    const place = { modules: table.modules, path, around };
    for (const call of stmt.decorators) {
      if (call.kind !== 'call' || call.func.kind !== 'attribute' || call.func.attr !== 'route') continue;
      if (madeBy(place, call.func.value) === undefined) continue;
      addResource(table, place, call, call.func.value, positional(call)[0], { path, stmt });
    }
  }
}

function readCall(table: RouteTable, place: Place, call: CallExpr): void {
  const args = positional(call);
  const made = meaningOf(place, call.func);
  if (made?.kind === 'external' && PACKAGE.test(made.name) && made.name.endsWith('.Api')) {
    hang(table, place, call, args[0] ?? keyword(call, 'app'));
    return;
  }
  if (call.func.kind !== 'attribute') return;
  const { value: object, attr } = call.func;
  if (!/^(?:init_app|add_namespace|add_resource)$/.test(attr) || madeBy(place, object) !== 'Api') return;
  if (attr === 'init_app') hang(table, place, object, args[0]);
  else if (attr === 'add_namespace') addNamespace(table, place, call, object);
  else {
    const meaning = args[0] && meaningOf(place, args[0]);
    if (meaning?.kind !== 'class') return;
    for (const where of args.slice(1)) addResource(table, place, call, object, where, meaning);
  }
}

/** `api.add_namespace(namespace, path="/x")` */
function addNamespace(table: RouteTable, place: Place, call: CallExpr, api: Expr): void {
  const [namespace, second] = positional(call);
  const child = namespace && ownerOf(table, place, namespace);
  const parent = ownerOf(table, place, api);
  const said = keyword(call, 'path') ?? second;
  const own = namespace && namespacePath(place, namespace);
  if (child && parent)
    addLink(table, parent, { child, prefix: isGiven(said) ? staticString(place, said) : own, replaces: true });
}

/** Last name of the package's class that an object is of: 'Api', 'Namespace'. */
function madeBy(place: Place, object: Expr): string | undefined {
  const callee = makerOf(place, object)?.callee;
  return callee?.kind === 'external' && PACKAGE.test(callee.name)
    ? callee.name.slice(callee.name.lastIndexOf('.') + 1)
    : undefined;
}

/** `Api(app)` or `api.init_app(app)`; the Api's own `prefix` is kept with the Api. */
function hang(table: RouteTable, place: Place, api: Expr, app: Expr | undefined): void {
  const child = ownerOf(table, place, api);
  const parent = isGiven(app) ? ownerOf(table, place, app) : undefined;
  if (child && parent) addLink(table, parent, { child, prefix: '' });
}

/** `Namespace("health")` answers below /health, `Namespace("x", path="/y")` below /y. */
function namespacePath(place: Place, expr: Expr): string | undefined {
  const made = makerOf(place, expr);
  if (!made) return undefined;
  const said = keyword(made.call, 'path');
  if (isGiven(said)) return staticString(made, said);
  const name = staticString(made, positional(made.call)[0] ?? keyword(made.call, 'name'));
  return name === undefined ? undefined : `/${name}`;
}

function addResource(
  table: RouteTable,
  place: Place,
  call: CallExpr,
  object: Expr,
  where: Expr | undefined,
  resource: { readonly path: string; readonly stmt: ClassStmt },
): void {
  const get = resource.stmt.body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === 'get');
  const owner = ownerOf(table, place, object);
  const said = staticString(place, where);
  if (!get || !owner || said === undefined) return;
  const text = table.modules.module(resource.path)?.text.slice(resource.stmt.start, get.start) ?? '';
  const handler = { path: resource.path, stmt: get, around: [resource.stmt] };
  const guarded = /method_decorators|decorators[ \t]*=/.test(text) || resource.stmt.decorators.length > 1;
  addRoute(table, owner, { path: said, at: { path: place.path, line: call.line }, guarded, handler });
}
