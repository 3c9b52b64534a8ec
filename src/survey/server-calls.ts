/** Calls that start a server, by what is called; and which application they are given. */
import { programOf } from '../commands/program.ts';
import {
  FLUENT,
  runOfFramework,
  runOfObject,
  SERVER_FUNCTIONS,
  SERVER_MENTIONS,
  SERVER_METHODS,
} from '../knowledge/server-calls.ts';
import { serverNamed } from '../knowledge/servers.ts';
import type { RunCall } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { type Place, seenAtEnd, topOf } from '../python/place.ts';
import { type Made, type Meaning, makerOf, meaningOf } from '../python/values.ts';
import { dirname, join } from '../repo/path.ts';
import type { CallExpr, Expr, PythonModule, Stmt } from '../syntax/python/ast.ts';
import type { Needle } from '../syntax/python/needle.ts';
import { dotted, keyword, positional, statements, stringValue } from '../syntax/python/walk.ts';
import { type Application, applicationOf, applicationReturnedBy } from './applications.ts';
import { spawnedList, spawnedWords } from './spawned.ts';

const NO_SERVER =
  '(?<!\\b(?:asyncio|subprocess|self|cls|unittest|trio|anyio|runner|loop|executor|typer|suite|process|thread|session|sess))';

/** The name of a server or of a function that starts one. */
export const NAMED_SERVER = new RegExp(SERVER_MENTIONS);

/**
 * Matches the bytes of every file that may start a server: its name, or `.run(` of an object. Of the objects, those that
 * libraries call so in thousands of files and that are no application are passed over.
 */
export const STARTS_SERVER = new RegExp(`${NO_SERVER}\\.run\\(|${NAMED_SERVER.source}`);

export interface ServerCall {
  readonly server: RunCall['server'];
  readonly callee: string;
  /** The application or import string that is served; absent when the call names none. */
  readonly served?: Expr;
}

const LAST_NAMES = new Set([
  ...SERVER_METHODS,
  ...[...SERVER_FUNCTIONS.keys()].map((name) => name.slice(name.lastIndexOf('.') + 1)),
]);

/** Most calls can be passed over by name alone: to resolve one may parse the module that it comes from. */
function mayStartServer(modules: ModuleGraph, path: string, func: Expr): boolean {
  if (func.kind === 'attribute') return LAST_NAMES.has(func.attr);
  if (func.kind !== 'name') return false;
  return LAST_NAMES.has(func.id) || aliasesIn(modules.module(path)?.body ?? []).has(func.id);
}

const RENAMED = new RegExp(`\\b(?:${[...LAST_NAMES].join('|')})[\\s\\\\]+as\\b`);

const aliases = new WeakMap<readonly Stmt[], ReadonlySet<string>>();

/** `run_server` of `from uvicorn import run as run_server`. */
function aliasesIn(body: readonly Stmt[]): ReadonlySet<string> {
  let known = aliases.get(body);
  if (!known) {
    known = new Set(
      statements(body, RENAMED).flatMap(({ stmt }) =>
        stmt.kind === 'from' ? stmt.names.flatMap((n) => (n.as && LAST_NAMES.has(n.name) ? [n.as] : [])) : [],
      ),
    );
    aliases.set(body, known);
  }
  return known;
}

/** Between a name and the arguments that it is called with. */
const CALLED = '[\\s\\\\)]*\\(';

/** What every call of a module that may start a server mentions. */
export function serverNames({ text, body }: PythonModule): Needle {
  // A server may be imported under any name.
  const no = NAMED_SERVER.test(text) ? '' : NO_SERVER;
  const names = [...LAST_NAMES, ...aliasesIn(body)].filter((n) => n !== 'run');
  return new RegExp(
    `${no}\\.[\\s\\\\]*run${CALLED}|(?<!\\.[\\s\\\\]*)\\brun${CALLED}|\\b(?:${names.join('|')})${CALLED}`,
  );
}

/** What a call starts, or undefined when it starts no server. */
export function serverCall(place: Place, call: CallExpr): ServerCall | undefined {
  const { modules, path } = place;
  if (!mayStartServer(modules, path, call.func)) return undefined;
  const written = dotted(call.func) ?? (call.func.kind === 'attribute' ? call.func.attr : '');
  const meaning = meaningOf(place, call.func);
  const started = meaning?.kind === 'external' ? SERVER_FUNCTIONS.get(meaning.name) : undefined;
  if (started?.server === 'spawned') return spawned(call, written);
  if (started) {
    const named = ['app', 'target', 'application'].map((k) => keyword(call, k)).find((e) => e !== undefined);
    const served = named ?? positional(call)[started.served];
    return { server: started.server, callee: written, ...(served ? { served } : {}) };
  }
  return call.func.kind === 'attribute' && SERVER_METHODS.includes(call.func.attr)
    ? ofMethod(place, call, call.func, written)
    : undefined;
}

/** What a method starts, by the object that it belongs to. */
function ofMethod(
  place: Place,
  call: CallExpr,
  { value, attr }: Expr & { kind: 'attribute' },
  written: string,
): ServerCall | undefined {
  const object = itself(value);
  const maker = (makerOf(place, object) ?? entered(place, object))?.callee;
  const own = maker ? ownRun(maker, attr, 0) : undefined;
  if (own) {
    // What a server is pointed at is the application inside.
    const inside: Expr | undefined = own.carries
      ? { ...value, kind: 'attribute', value, attr: own.carries }
      : undefined;
    const served = inside ?? keyword(call, 'app') ?? positional(call)[0];
    return { server: own.server, callee: written, ...(served ? { served } : {}) };
  }
  if (attr !== 'run') return undefined;
  const app = applicationOf(place, value);
  const method = app && runOfFramework(app.framework);
  return method && { server: method, callee: written, served: value };
}

/** Behind the calls that give the object that they are called on. */
function itself(value: Expr): Expr {
  if (value.kind !== 'call' || value.func.kind !== 'attribute' || !FLUENT.has(value.func.attr)) return value;
  return itself(value.func.value);
}

/** `with gr.Blocks() as demo:` gives what it makes; that is so of the objects that start a server, and not of all. */
function entered(place: Place, value: Expr): Made | undefined {
  if (value.kind !== 'name') return undefined;
  const body = place.modules.module(place.path)?.body ?? [];
  for (const { stmt, around } of statements(body, new RegExp(`\\b${value.id}\\b`))) {
    const [target, ...more] = stmt.kind === 'with' ? stmt.targets : [];
    const made = stmt.kind === 'with' ? stmt.header[0] : undefined;
    if (made && target?.kind === 'name' && target.id === value.id && more.length === 0)
      return makerOf({ ...place, around }, made);
  }
  return undefined;
}

/** Of an object of a library's class, or of a class of the repository that is built on one. */
function ownRun(maker: Meaning, method: string, depth: number): ReturnType<typeof runOfObject> {
  if (maker.kind === 'external') return runOfObject(maker.name, method);
  if (maker.kind !== 'class' || depth > 4) return undefined;
  for (const base of maker.stmt.bases) {
    const parent = base.name === undefined ? meaningOf(maker, base.value) : undefined;
    const found = parent && ownRun(parent, method, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** A list of words that starts a server; undefined for every other process. */
function spawned(call: CallExpr, callee: string): ServerCall | undefined {
  const list = spawnedList(call, callee);
  const words = list ? spawnedWords(list) : [];
  const { name, args } = programOf(words);
  if (!list || serverNamed(name, args) === undefined) return undefined;
  const served = list.items[words.findIndex((w) => /^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/.test(w))];
  return { server: 'spawned', callee, ...(served ? { served } : {}) };
}

/** Application that a call serves: an object, a factory, or an import string seen from `roots`. */
export function servedApplication(
  place: Place,
  served: Expr | undefined,
  roots: readonly string[],
): Application | undefined {
  const { modules, path } = place;
  if (!served) return undefined;
  const text = importString(place, served);
  if (text !== undefined) return fromImportString(modules, path, text, roots);
  const app = applicationOf(place, served);
  if (app) return app;
  const meaning = meaningOf(place, served);
  return meaning?.kind === 'function' ? applicationReturnedBy(meaning, meaning.stmt) : undefined;
}

/** 'app.main:app' as a literal or a constant; in `f"{__name__}:app"` the file itself is meant. */
function importString(place: Place, expr: Expr): string | undefined {
  const meaning = expr.kind === 'name' ? meaningOf(place, expr) : undefined;
  const value = meaning?.kind === 'value' ? meaning.expr : expr;
  if (value.kind === 'string' && value.holes.length === 1 && value.pieces[0] === '') {
    const hole = value.holes[0];
    if (hole?.kind === 'name' && hole.id === '__name__') return `\0${value.pieces[1] ?? ''}`;
  }
  return stringValue(value);
}

function fromImportString(
  modules: ModuleGraph,
  path: string,
  text: string,
  roots: readonly string[],
): Application | undefined {
  const [module = '', attr = ''] = text.replace(/\(\)$/, '').split(':');
  const name = attr.split('.')[0] ?? '';
  if (name === '') return undefined;
  const relative = module.replaceAll('.', '/');
  const files =
    module === '\0'
      ? [path]
      : [...roots, dirname(path)].flatMap((root) => [
          join(root, `${relative}.py`),
          join(root, `${relative}/__init__.py`),
        ]);
  for (const file of files) {
    if (!modules.module(file)) continue;
    const app = applicationNamed(modules, file, name);
    if (app) return app;
  }
  return undefined;
}

/** The application that a module has under a name when it has run. */
export function applicationNamed(modules: ModuleGraph, path: string, attr: string): Application | undefined {
  return servedApplication(topOf(modules, path), seenAtEnd(attr), []);
}
