/**
 * Reads through libraries: python-decouple, Starlette's Config, environs, django-environ, dj-database-url, click and
 * typer (`envvar=`), Flask's from_envvar.
 */

import type { Binding } from '../../python/bindings.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { wordOf } from '../../syntax/python/needle.ts';
import { keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { keyOf } from './direct.ts';
import { literalText } from './literal.ts';
import { guarded } from './need.ts';
import { type EnvRead, isVariableName } from './read.ts';
import { type Place, places } from './visit.ts';

const IMPORT = /^[ \t]*(?:from|import)[ \t]+(?:decouple|starlette\.config|environs?|dj_database_url)\b/m;

const LIBRARY = /^(?:decouple|environs?|dj_database_url|starlette)\b/;

/** Position of the default among the arguments, by what is called or constructed. */
const READERS: Readonly<Record<string, { readonly defaultAt: number; readonly typed: boolean }>> = {
  'decouple.config': { defaultAt: 1, typed: false },
  'decouple.Config': { defaultAt: 1, typed: false },
  'decouple.AutoConfig': { defaultAt: 1, typed: false },
  'starlette.config.Config': { defaultAt: 2, typed: false },
  'environs.Env': { defaultAt: 1, typed: true },
  'environ.Env': { defaultAt: 2, typed: true },
  'environ.FileAwareEnv': { defaultAt: 2, typed: true },
};

/** Methods of environs' and django-environ's Env that read nothing, or not what their first argument says. */
const NO_READERS = new Set(['read_env', 'read_envfile', 'prefixed', 'seal', 'dump', 'parser_for', 'add_parser', 'is_value_set', 'get_value_from_file']); // biome-ignore format: a list of names

/** django-environ's shortcuts, with the variable that they read when none is named. */
const SHORTCUTS: Readonly<Record<string, string>> = {
  db: 'DATABASE_URL',
  db_url: 'DATABASE_URL',
  cache: 'CACHE_URL',
  cache_url: 'CACHE_URL',
  email: 'EMAIL_URL',
  email_url: 'EMAIL_URL',
  search_url: 'SEARCH_URL',
};

/** Every read through one of the libraries in these files. */
export function libraryReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  const importers = repo.matching(files, IMPORT);
  const objects = importers.flatMap((path) => objectsOf(modules, path));
  const names = new Set(objects.map((o) => o.name));
  const called = objects.map((o) => `${o.name}${o.typed ? '[.(]' : '\\('}`);
  const users = objects.length === 0 ? [] : repo.matching(files, new RegExp(`\\b(?:${called.join('|')})`));
  const candidates = new Set([...importers, ...users, ...repo.matching(files, /\benvvar\s*=|\bfrom_envvar\(/)]);
  return [...candidates].flatMap((path) => {
    const module = modules.module(path);
    if (!module) return [];
    const out: EnvRead[] = [];
    for (const place of places(
      module.body,
      (e) => e.kind === 'call' && mayRead(modules, path, e, names),
      readerNames(modules, path, names),
    )) {
      if (place.expr.kind === 'call') out.push(...readsOf(modules, path, place, place.expr));
    }
    return out;
  });
}

interface ReaderObject {
  readonly name: string;
  /** Read by methods: `env.str("X")`. */
  readonly typed: boolean;
}

/** Readers that a file makes at its top level. */
function objectsOf(modules: ModuleGraph, path: string): ReaderObject[] {
  return [...modules.bindings(path)].flatMap(([name, bindings]): ReaderObject[] => {
    const made = bindings.flatMap((b) => {
      if (b.kind !== 'assign' || b.value?.kind !== 'call') return [];
      const library = modules.external(path, b.value.func) ?? '';
      return library in READERS ? [library] : [];
    });
    return made.length > 0 && /^\w+$/.test(name) ? [{ name, typed: made.some((l) => READERS[l]?.typed) }] : [];
  });
}

/** What every call that `mayRead` lets through mentions. */
function readerNames(modules: ModuleGraph, path: string, objects: ReadonlySet<string>): RegExp {
  const bound = [...modules.bindings(path)].flatMap(([name, bindings]) =>
    bindings.some((b) => isReader(b, objects)) ? [name] : [],
  );
  return wordOf(['envvar', 'from_envvar', ...objects, ...bound]);
}

function isReader(binding: Binding | undefined, objects: ReadonlySet<string>): boolean {
  if (binding?.kind === 'import') return LIBRARY.test(binding.module);
  return binding?.kind === 'from' && (objects.has(binding.name) || LIBRARY.test(binding.stmt.module));
}

/** Cheap test before a callee is followed: by the name that it was made or imported under. */
function mayRead(modules: ModuleGraph, path: string, call: CallExpr, objects: ReadonlySet<string>): boolean {
  const { func } = call;
  if (keyword(call, 'envvar') || (func.kind === 'attribute' && func.attr === 'from_envvar')) return true;
  const holder = func.kind === 'attribute' ? func.value : func;
  if (holder.kind === 'attribute') return objects.has(holder.attr);
  if (holder.kind !== 'name') return false;
  if (objects.has(holder.id)) return true;
  return isReader(modules.bindings(path).get(holder.id)?.at(-1), objects);
}

function readsOf(modules: ModuleGraph, path: string, place: Place, call: CallExpr): EnvRead[] {
  const option = keyword(call, 'envvar');
  if (option) return optionReads(modules, path, place, call, option);
  const { func } = call;
  if (func.kind === 'attribute' && func.attr === 'from_envvar') {
    const silent = literalText(modules, path, keyword(call, 'silent') ?? positional(call)[1]) === 'True';
    return made(path, place, [stringValue(positional(call)[0]) ?? ''], undefined, !silent);
  }
  const direct = modules.external(path, func, place.around);
  if (direct === 'dj_database_url.config') {
    const name = keyword(call, 'env') ? literalText(modules, path, keyword(call, 'env')) : 'DATABASE_URL';
    return made(
      path,
      place,
      [name ?? ''],
      literalText(modules, path, keyword(call, 'default') ?? positional(call)[1]),
      false,
    );
  }
  if (direct === 'decouple.config') return callReads(modules, path, place, call, 'decouple.config', '');
  const owner = ownerOf(modules, path, func, place.around);
  if (!owner) return [];
  if (func.kind === 'attribute') {
    if (!READERS[owner.library]?.typed || NO_READERS.has(func.attr)) return [];
    const shortcut = positional(call).length === 0 && !keyword(call, 'var') ? SHORTCUTS[func.attr] : undefined;
    if (shortcut)
      return made(
        path,
        place,
        [shortcut],
        literalText(modules, path, keyword(call, 'default')),
        !keyword(call, 'default'),
      );
  }
  return callReads(modules, path, place, call, owner.library, owner.prefix);
}

function callReads(
  modules: ModuleGraph,
  path: string,
  place: Place,
  call: CallExpr,
  library: string,
  prefix: string,
): EnvRead[] {
  const name = keyword(call, 'var') ?? keyword(call, 'name') ?? positional(call)[0];
  const key = name ? keyOf(modules, path, name, place.around) : undefined;
  if (key?.kind !== 'names') return [];
  const method = call.func.kind === 'attribute';
  // env("X") of django-environ takes (var, cast, default), env.str("X") takes (var, default).
  const at = library.startsWith('environ.') && method ? 1 : (READERS[library]?.defaultAt ?? 1);
  const fallback = keyword(call, 'default') ?? positional(call)[at];
  const names = key.names.map((n) => `${blockPrefix(modules, path, place.around)}${prefix}${n}`);
  return made(path, place, names, literalText(modules, path, fallback, place.around), fallback === undefined);
}

function made(
  path: string,
  place: Place,
  names: readonly string[],
  text: string | undefined,
  required: boolean,
): EnvRead[] {
  const { expr } = place;
  return names.filter(isVariableName).map((name) => ({
    name,
    required: required && !guarded(place, name),
    path,
    line: expr.line,
    start: expr.start,
    end: expr.end,
    ...(text === undefined ? {} : { default: text }),
  }));
}

/** What the object is that `env("X")` or `env.str("X")` is called on. */
function ownerOf(
  modules: ModuleGraph,
  path: string,
  func: Expr,
  around: readonly Stmt[],
): { readonly library: string; readonly prefix: string } | undefined {
  const object = func.kind === 'attribute' ? func.value : func;
  if (object.kind !== 'name' && object.kind !== 'attribute') return undefined;
  const found = modules.resolveExpr(path, object, around);
  // `from environs import env` is the library's own instance.
  if (found?.kind === 'external')
    return found.name === 'environs.env' ? { library: 'environs.Env', prefix: '' } : undefined;
  if (found?.kind !== 'assign' || found.value?.kind !== 'call') return undefined;
  const library = modules.external(found.path, found.value.func);
  if (library === undefined || !(library in READERS)) return undefined;
  const prefix = literalText(modules, found.path, keyword(found.value, 'env_prefix') ?? keyword(found.value, 'prefix'));
  return { library, prefix: prefix ?? '' };
}

/** `with env.prefixed("APP_"):` around a read. */
function blockPrefix(modules: ModuleGraph, path: string, around: readonly Stmt[]): string {
  let out = '';
  for (const stmt of around) {
    if (stmt.kind !== 'with') continue;
    for (const header of stmt.header) {
      const call = header.kind === 'call' ? header : undefined;
      if (call?.func.kind === 'attribute' && call.func.attr === 'prefixed') {
        out += literalText(modules, path, positional(call)[0]) ?? '';
      }
    }
  }
  return out;
}

/** `typer.Option("x", envvar="X")`, `@click.option("--x", envvar=["X"])`. */
function optionReads(modules: ModuleGraph, path: string, place: Place, call: CallExpr, option: Expr): EnvRead[] {
  const callee = modules.external(path, call.func, place.around) ?? '';
  if (!/^(?:click|typer|asyncclick|rich_click|flask\.cli)\b/.test(callee)) return [];
  const names = option.kind === 'list' || option.kind === 'tuple' ? option.items : [option];
  const fallback = keyword(call, 'default') ?? (callee.startsWith('typer') ? positional(call)[0] : undefined);
  const text = literalText(modules, path, fallback, place.around);
  return made(path, place, names.map((n) => literalText(modules, path, n) ?? '').slice(0, 1), text, false);
}
