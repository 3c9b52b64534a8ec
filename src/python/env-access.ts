/** The one answer to "does this expression read a variable?", by the table in `env-sources.ts`. */
import type { CallExpr, Expr } from '../syntax/python/ast.ts';
import { wordOf } from '../syntax/python/needle.ts';
import { keyword, lastName, positional, stringValue } from '../syntax/python/walk.ts';
import type { Binding } from './bindings.ts';
import { definitionOf, externalName } from './definition.ts';
import {
  ENVIRON_NEEDLE,
  FUNCTIONS,
  LIBRARY,
  MAKES_MAPPING,
  MAPPINGS,
  NO_READERS,
  READERS,
  SHORTCUTS,
  type Source,
} from './env-sources.ts';
import type { ModuleGraph } from './modules.ts';
import { type Located, located, type Place, topOf } from './place.ts';

/** An expression that reads a variable. */
export interface EnvAccess {
  /** What names the variable: an expression, or a name that is implied. */
  readonly key: Expr | string;
  /** Texts in front of the name. */
  readonly prefixes: readonly Located[];
  readonly fallback?: Expr;
  /** It fails by itself where the variable is not set and there is no default. */
  readonly strict: boolean;
  /** What the text becomes: 'int', 'bool', …; '' for what is not known. Absent for the text itself. */
  readonly cast?: string;
  /** A library's reader that gives the text itself, and the default as it is. */
  readonly text?: true;
}

/** What `expr` reads of the environment. Only calls, subscripts and `"X" in environ` do. */
export function envAccess(place: Place, expr: Expr): EnvAccess | undefined {
  return osAccess(place, expr) ?? (expr.kind === 'call' ? libraryAccess(place, expr) : undefined);
}

/** Through `os`, `dotenv` or Starlette's mapping. */
export function osAccess(place: Place, expr: Expr): EnvAccess | undefined {
  if (expr.kind === 'call') {
    const row = getterOf(place, expr.func);
    const key = row && (positional(expr)[0] ?? keyword(expr, 'key'));
    return row && key && access(expr, key, row);
  }
  if (expr.kind === 'subscript') {
    const [key] = expr.index;
    return key && isMapping(place, expr.value) ? { key, prefixes: [], strict: true } : undefined;
  }
  if (expr.kind !== 'compare' || expr.operands.length !== 2 || !/^(?:not\s+)?in$/.test(expr.ops[0] ?? ''))
    return undefined;
  const [key, holder] = expr.operands;
  if (key?.kind !== 'string' || !holder || !isMapping(place, holder)) return undefined;
  return { key, prefixes: [], strict: false, cast: 'bool' };
}

/** Through python-decouple, Starlette's Config, environs, django-environ or dj-database-url. */
export function libraryAccess(place: Place, call: CallExpr): EnvAccess | undefined {
  const { func } = call;
  const reader = readerOf(place, func);
  if (!reader) return undefined;
  const { row, prefix, method, made } = reader;
  if (method !== undefined && NO_READERS.has(method)) return undefined;
  const named = keyword(call, 'var') ?? keyword(call, 'name') ?? keyword(call, 'env') ?? positional(call)[0];
  if (!named) {
    const implied = method === undefined ? row.implied : SHORTCUTS[method];
    return implied === undefined ? undefined : { ...access(call, implied, { ...row, defaultAt: -1 }), cast: '' };
  }
  const defaultAt = method === undefined ? row.defaultAt : (row.methodDefaultAt ?? row.defaultAt);
  const planned = made && row.scheme ? schemeOf(made, named) : undefined;
  const cast = row.parsed ? '' : (castOf(call, row.defaultAt) ?? method ?? planned?.cast);
  const own = access(call, named, { ...row, defaultAt });
  const fallback = own.fallback ?? planned?.fallback;
  const found = { ...own, ...(fallback ? { fallback } : {}), prefixes: [...blockPrefixes(place), ...prefix] };
  const plain = row.text ? { ...found, text: row.text } : found;
  return cast === undefined || cast === 'str' ? plain : { ...found, cast };
}

/** What an Env was made with for a variable: `Env(DEBUG=(bool, False))`. https://django-environ.readthedocs.io/en/latest/quickstart.html */
function schemeOf(made: CallExpr, named: Expr): Pick<EnvAccess, 'fallback' | 'cast'> | undefined {
  const name = stringValue(named);
  const planned = name === undefined ? undefined : keyword(made, name);
  if (!planned) return undefined;
  const [cast, fallback] = planned.kind === 'tuple' ? planned.items : [planned];
  // Names mean something else where they are read in another file.
  const literal = fallback && /^(?:string|number|constant|list|tuple|dict)$/.test(fallback.kind) ? fallback : undefined;
  return { cast: cast?.kind === 'name' ? cast.id : '', ...(literal ? { fallback: literal } : {}) };
}

function access(call: CallExpr, key: Expr | string, row: Source): EnvAccess {
  const fallback = keyword(call, 'default') ?? positional(call)[row.defaultAt];
  return { key, prefixes: [], strict: row.strict, ...(fallback ? { fallback } : {}) };
}

/** `cast=int`: by keyword, or by the position that the default leaves free. */
function castOf(call: CallExpr, defaultAt: number): string | undefined {
  const cast = keyword(call, 'cast') ?? positional(call)[defaultAt === 2 ? 1 : 2];
  return cast && (cast.kind === 'name' ? cast.id : '');
}

/** `with env.prefixed("APP_"):` around a read. */
function blockPrefixes(place: Place): Located[] {
  return place.around.flatMap((stmt) => {
    const header = stmt.kind === 'with' ? stmt.header : [];
    return header.flatMap((e) => {
      const given = e.kind === 'call' && lastName(e.func) === 'prefixed' ? positional(e)[0] : undefined;
      return given ? [located(place, given)] : [];
    });
  });
}

interface Reader {
  readonly row: Source;
  readonly prefix: readonly Located[];
  /** Name of the method that is called. */
  readonly method?: string;
  /** The call that makes the object. */
  readonly made?: CallExpr;
}

/** The row of the library's function or object that is called. */
function readerOf(place: Place, func: Expr): Reader | undefined {
  const direct = externalName(place, func);
  const row = direct === undefined || direct.startsWith('os.') ? undefined : FUNCTIONS[direct];
  if (row) return { row, prefix: [] };
  const object = readerObject(place, func.kind === 'attribute' ? func.value : func);
  if (!object || func.kind !== 'attribute') return object;
  return object.row.methodDefaultAt === undefined ? undefined : { ...object, method: func.attr };
}

/** `env = Env()`, with the prefix that it is made with. */
function readerObject(place: Place, object: Expr): Reader | undefined {
  if (object.kind !== 'name' && object.kind !== 'attribute') return undefined;
  const found = definitionOf(place, object);
  // `from environs import env` is the library's own instance.
  if (found?.kind === 'external') {
    const row = found.name.startsWith('os.') ? undefined : FUNCTIONS[found.name];
    return row && { row, prefix: [] };
  }
  if (found?.kind !== 'assign' || found.value?.kind !== 'call') return undefined;
  const top = topOf(place.modules, found.path);
  const row = READERS[externalName(top, found.value.func) ?? ''];
  const prefix = keyword(found.value, 'env_prefix') ?? keyword(found.value, 'prefix');
  return row && { row, prefix: prefix ? [located(top, prefix)] : [], made: found.value };
}

/** The row of `os.getenv` and `os.environ.get`, also imported or under another name. */
function getterOf(place: Place, func: Expr, depth = 0): Source | undefined {
  if (func.kind === 'attribute' && (func.attr === 'get' || func.attr === 'pop'))
    return isMapping(place, func.value) ? FUNCTIONS[`os.environ.${func.attr}`] : undefined;
  if (func.kind === 'attribute' ? !/^getenvb?$/.test(func.attr) : func.kind !== 'name') return undefined;
  if (func.kind === 'name' && !mayBeEnviron(place, func)) return undefined;
  const found = definitionOf(place, func);
  if (found?.kind === 'external') return found.name.startsWith('os.') ? FUNCTIONS[found.name] : undefined;
  if (found?.kind !== 'assign' || !found.value || depth > 2) return undefined;
  return getterOf(topOf(place.modules, found.path), found.value, depth + 1);
}

/** True for the environment as a mapping: `os.environ`, a copy of it, a dict that it is laid over. */
export function isMapping(place: Place, expr: Expr): boolean {
  return mayBeEnviron(place, expr) && isEnviron(place, expr);
}

/** The mapping itself, a copy of it, or a dict that is laid over it. */
function isEnviron(place: Place, expr: Expr, depth = 0): boolean {
  if (depth > 4) return false;
  const inner = (e: Expr): boolean => isEnviron(place, e, depth + 1);
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = definitionOf(place, expr);
    if (found?.kind === 'external') return MAPPINGS.has(found.name);
    if (found?.kind !== 'assign' || !found.value) return false;
    return isEnviron(found.path === place.path ? place : topOf(place.modules, found.path), found.value, depth + 1);
  }
  if (expr.kind === 'dict') return expr.entries.some((e) => e.key === null && inner(e.value));
  if (expr.kind !== 'call') return false;
  const { func } = expr;
  if (func.kind === 'attribute' && func.attr === 'copy') return inner(func.value);
  const [first] = positional(expr);
  if (func.kind === 'name' && func.id === 'dict') return first !== undefined && inner(first);
  return externalName(place, func) === MAKES_MAPPING;
}

/** What an expression that passes `mayBeEnviron` mentions: it says so itself, or names what is bound to it. */
export function environNames(modules: ModuleGraph, path: string): RegExp {
  const top = topOf(modules, path);
  const bound = [...modules.bindings(path).keys()].filter((id) => !/env/i.test(id) && isBoundToEnviron(top, id));
  const words = wordOf(bound);
  const copies = 'env|\\bdict[ \\t]*\\(|\\.copy[ \\t]*\\(';
  return new RegExp(bound.length > 0 ? `${copies}|${words.source}` : copies, `i${words.flags}`);
}

/** Cheap test before a name is followed: it says so itself, or it is bound to something that does. */
function mayBeEnviron(place: Place, expr: Expr): boolean {
  if (expr.kind === 'attribute') return /env/i.test(expr.attr);
  if (expr.kind !== 'name') return expr.kind === 'dict' || expr.kind === 'call';
  return /env/i.test(expr.id) || isBoundToEnviron(place, expr.id);
}

function isBoundToEnviron({ modules, path }: Place, id: string): boolean {
  const binding = modules.bindings(path).get(id)?.at(-1);
  if (binding?.kind === 'from') return binding.stmt.module === 'os' || binding.stmt.module === 'starlette.config';
  // A value that is read from the environment is a text.
  if (binding?.kind !== 'assign' || !binding.value || isRead(binding.value)) return false;
  const { start, end } = binding.value;
  return end - start < 400 && ENVIRON_NEEDLE.test(modules.module(path)?.text.slice(start, end) ?? '');
}

function isRead(value: Expr): boolean {
  if (value.kind === 'subscript' || value.kind === 'bool' || value.kind === 'binary') return true;
  return value.kind === 'call' && /^(?:getenvb?|get|pop)$/.test(lastName(value.func));
}

interface ReaderObject {
  readonly name: string;
  /** Read by methods: `env.str("X")`. */
  readonly typed: boolean;
}

/** Readers that a file makes at its top level. */
export function readerObjects(modules: ModuleGraph, path: string): ReaderObject[] {
  return [...modules.bindings(path)].flatMap(([name, bindings]): ReaderObject[] => {
    const rows = bindings.flatMap((b) => {
      if (b.kind !== 'assign' || b.value?.kind !== 'call') return [];
      return READERS[externalName(topOf(modules, path), b.value.func) ?? ''] ?? [];
    });
    const typed = rows.some((r) => r.methodDefaultAt !== undefined);
    return rows.length > 0 && /^\w+$/.test(name) ? [{ name, typed }] : [];
  });
}

/** Names that a file gives to what may be one of the libraries' readers; `objects` are the readers of all files. */
export function readerNames(modules: ModuleGraph, path: string, objects: ReadonlySet<string>): ReadonlySet<string> {
  const bound = [...modules.bindings(path)].flatMap(([name, bindings]) =>
    bindings.some((b) => mayBeReader(b, objects)) ? [name] : [],
  );
  return new Set([...objects, ...bound]);
}

function mayBeReader(binding: Binding, objects: ReadonlySet<string>): boolean {
  if (binding.kind === 'import') return LIBRARY.test(binding.module);
  return binding.kind === 'from' && (objects.has(binding.name) || LIBRARY.test(binding.stmt.module));
}
