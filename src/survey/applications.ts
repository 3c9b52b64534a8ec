/** Which expressions are web applications: framework objects, what factories return, and what is wrapped around them. */
import { APPLICATION_WORDS, APPLICATIONS, type Makes } from '../knowledge/frameworks.ts';
import type { Framework } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { type Made, type Meaning, makerOf, meaningOf, returnedBy } from '../python/values.ts';
import type { CallExpr, ClassStmt, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { calls, keyword, positional } from '../syntax/python/walk.ts';

export interface Application {
  readonly framework: Framework;
  readonly interface: 'asgi' | 'wsgi';
  /** File and offset of the call that makes the framework's object: two applications with one identity are the same. */
  readonly identity: string;
  readonly path: string;
  /** The framework's call; absent where only a return annotation tells. */
  readonly call?: CallExpr;
  /** Number of wrappers (Socket.IO, middleware objects) around it. */
  readonly wrapped: number;
}

/** Matches the bytes of every file that may make an application by itself. */
export const MAKES_APPLICATION = new RegExp(`\\b(?:${APPLICATION_WORDS}|ASGIApp|WSGIApp)\\b`);

/** Names, apart from `…Middleware`, of callables that take an application and return one that is served instead. */
const WRAPPERS =
  /(?:^|\.)(?:ASGIApp|WSGIApp|WsgiToAsgi|AsgiToWsgi|ProxyFix|WhiteNoise|VersionedFastAPI|mount_gradio_app|WSGIApplicationWrapper|ASGIApplicationWrapper|\w*Middleware)$/;

/** Wrappers that turn WSGI into ASGI, and the reverse. */
const TO_ASGI =
  /(?:socketio\.ASGIApp|engineio\.ASGIApp|WsgiToAsgi|\bwsgi\.WSGIMiddleware|a2wsgi\.(?:\w+\.)?WSGIMiddleware)$/;
const TO_WSGI = /(?:socketio\.WSGIApp|engineio\.WSGIApp|AsgiToWsgi|a2wsgi\.(?:\w+\.)?ASGIMiddleware)$/;

/** The application that an expression is. `around`: the statements around it, outermost first. */
export function applicationOf(place: Place, expr: Expr): Application | undefined {
  const { modules } = place;
  const origin = makerOf(place, expr);
  return origin ? fromOrigin(modules, origin, 0) : fromAttribute(place, expr, 0);
}

/** What `application` of a wsgi.py is where something unknown is called with the application: `Cling(get_wsgi_application())`. */
export function wrappedApplication(place: Place, expr: Expr): Application | undefined {
  const made = makerOf(place, expr);
  const [first] = made?.callee?.kind === 'external' ? positional(made.call) : [];
  const inner = made && first && applicationOf({ ...place, path: made.path, around: made.around }, first);
  return inner && { ...inner, wrapped: inner.wrapped + 1 };
}

/** An application that another object carries, `server = Dash(__name__).server`, or that comes out of a tuple. */
function fromAttribute(place: Place, expr: Expr, depth: number): Application | undefined {
  const { path } = place;
  const meaning = meaningOf(place, expr);
  if (meaning?.kind === 'value' && meaning.expr !== expr && depth < 6) {
    return fromAttribute(meaning, meaning.expr, depth + 1);
  }
  const kind = meaning?.kind === 'external' ? APPLICATIONS.get(meaning.name) : undefined;
  if (expr.kind === 'name') {
    // `app, rt = fast_app()`; the name of a class is none.
    const item = meaning?.kind === 'external' && meaning.name.endsWith(']') ? kind : undefined;
    const out = item ?? (meaning ? undefined : starredTuple(place, expr.id));
    return out && { ...out, identity: `${path}:${expr.id}`, path, wrapped: 0 };
  }
  const owner = kind && expr.kind === 'attribute' ? makerOf(place, expr.value) : undefined;
  if (!kind || !owner) return undefined;
  return { ...kind, identity: `${owner.path}:${owner.call.start}`, path, wrapped: 0 };
}

/** What a name is that `from fasthtml.common import *` may bring, by the rows of the frameworks. */
function starred(modules: ModuleGraph, path: string, func: Expr, item = ''): Makes | undefined {
  if (func.kind !== 'name' || modules.bindings(path).has(func.id)) return undefined;
  const stars = modules.stars(path).filter((star) => star.level === 0 && !modules.resolve(path, star.module, 0));
  return stars.map((star) => APPLICATIONS.get(`${star.module}.${func.id}${item}`)).find((kind) => kind !== undefined);
}

function starredTuple({ modules, path }: Place, id: string): Makes | undefined {
  const binding = modules.bindings(path).get(id)?.at(-1);
  const { value, targets } = binding?.kind === 'assign' ? binding.stmt : { value: undefined, targets: [] };
  const [target] = targets;
  if (value?.kind !== 'call' || target?.kind !== 'tuple') return undefined;
  const at = target.items.findIndex((item) => item.kind === 'name' && item.id === id);
  return starred(modules, path, value.func, `()[${at}]`);
}

/** The application that calling a function gives: a factory. */
export function applicationReturnedBy(place: Place, stmt: FunctionStmt): Application | undefined {
  const { modules, path, around } = place;
  const origin = returnedBy({ modules, path, stmt, around });
  const found = origin ? fromOrigin(modules, origin, 0) : undefined;
  return found ?? fromAnnotation(place, stmt);
}

/**
 * The application that a function of a server's own form hands each request to: `def application(environ, start_response)`
 * (https://peps.python.org/pep-3333/) or `async def app(scope, receive, send)`
 * (https://asgi.readthedocs.io/en/latest/specs/main.html). The function is served then, and it counts as a wrapper.
 */
export function applicationCalledBy(place: Place, stmt: FunctionStmt): Application | undefined {
  const form = stmt.async ? 'asgi' : 'wsgi';
  if (stmt.params.length !== (stmt.async ? 3 : 2) || stmt.params.some((p) => p.star || p.default)) return undefined;
  const names = stmt.params.map((p) => p.name);
  const around = [...place.around, stmt];
  for (const { call } of calls(stmt.body)) {
    const args = positional(call);
    const same = args.length === names.length && args.every((a, i) => a.kind === 'name' && a.id === names[i]);
    const app = same ? applicationOf({ ...place, around }, call.func) : undefined;
    if (app?.interface === form) return { ...app, wrapped: app.wrapped + 1 };
  }
  return undefined;
}

function fromOrigin(modules: ModuleGraph, origin: Made, depth: number): Application | undefined {
  const { callee, path, call } = origin;
  if (depth > 6) return undefined;
  const known = callee ? undefined : starred(modules, path, call.func);
  if (known) return { ...known, identity: `${path}:${call.start}`, path, call, wrapped: 0 };
  if (!callee) return undefined;
  if (callee.kind === 'function') return fromAnnotation(callee, callee.stmt);
  const kind = kindOf(modules, callee, 0);
  if (kind) {
    return { ...kind, identity: `${path}:${call.start}`, path, call, wrapped: 0 };
  }
  return fromWrapper(modules, origin, depth);
}

/** Framework of a constructor: by name, or by the bases of a class of the repository. */
function kindOf(modules: ModuleGraph, callee: Meaning, depth: number): Makes | undefined {
  if (callee.kind === 'external') return APPLICATIONS.get(callee.name);
  if (callee.kind !== 'class' || depth > 4) return undefined;
  for (const base of callee.stmt.bases) {
    if (base.name !== undefined) continue;
    const parent = meaningOf({ modules, path: callee.path, around: [] }, base.value);
    const kind = parent ? kindOf(modules, parent, depth + 1) : undefined;
    if (kind) return kind;
  }
  return undefined;
}

function fromWrapper(modules: ModuleGraph, origin: Made, depth: number): Application | undefined {
  const { callee, path, call, around } = origin;
  const name = callee?.kind === 'external' ? callee.name : callee?.kind === 'class' ? callee.stmt.name : '';
  const wraps = WRAPPERS.test(name) || (callee?.kind === 'class' && isServed(callee.stmt));
  if (!wraps) return undefined;
  const inner = [
    ...['other_asgi_app', 'app', 'wsgi_app', 'application'].map((k) => keyword(call, k)),
    ...positional(call).slice(0, 2),
  ];
  const target = TO_ASGI.test(name) ? 'asgi' : TO_WSGI.test(name) ? 'wsgi' : undefined;
  for (const arg of inner) {
    const made = arg ? makerOf({ modules, path, around }, arg) : undefined;
    const found = made ? fromOrigin(modules, made, depth + 1) : undefined;
    if (found) return { ...found, interface: target ?? found.interface, wrapped: found.wrapped + 1 };
  }
  if (!/(?:socketio|engineio)\.(?:ASGI|WSGI)App$/.test(name)) return undefined;
  const identity = `${path}:${call.start}`;
  return { framework: 'other', interface: target ?? 'asgi', identity, path, call, wrapped: 0 };
}

/** A class of the repository whose instances are called by the server. */
function isServed(stmt: ClassStmt): boolean {
  return stmt.body.some((s) => s.kind === 'function' && s.name === '__call__');
}

/** `def create_app() -> FastAPI`, where the body is not static. */
function fromAnnotation(place: Place, stmt: FunctionStmt): Application | undefined {
  const { modules, path } = place;
  if (!stmt.returns || stmt.returns.kind === 'string') return undefined;
  const type = meaningOf(place, stmt.returns);
  const kind = type ? kindOf(modules, type, 0) : undefined;
  if (!kind) return undefined;
  return { ...kind, identity: `${path}:${stmt.start}`, path, wrapped: 0 };
}
