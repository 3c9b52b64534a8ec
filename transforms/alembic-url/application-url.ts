/** Where the application has its own database URL: what env.py should read too. */

import type { Evidence } from '../../src/model/facts.ts';
import { topLevel } from '../../src/python/bindings.ts';
import { definitionOf, externalName } from '../../src/python/definition.ts';
import { osAccess } from '../../src/python/env-access.ts';
import type { Defined } from '../../src/python/functions.ts';
import type { Definition, ModuleGraph } from '../../src/python/modules.ts';
import { type Place, topOf } from '../../src/python/place.ts';
import { variableOf } from '../../src/python/text.ts';
import { MAX_LINKS, meaningOf, meaningsOf, returnedBy } from '../../src/python/values.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import type { ClassStmt, Expr, FunctionStmt } from '../../src/syntax/python/ast.ts';
import { unlessRenamed } from '../../src/syntax/python/needle.ts';
import { calls, expressions, keyword, positional } from '../../src/syntax/python/walk.ts';
import { fieldOf } from './settings-field.ts';

export type ApplicationUrl =
  /** An environment variable read as it is. */
  | { readonly kind: 'env'; readonly variable: string; readonly at: Evidence }
  /** A module-level object: `name` in the file `path`, then `suffix` ('.DATABASE_URL', '().url', ''). */
  | {
      readonly kind: 'object';
      readonly path: string;
      readonly name: string;
      readonly suffix: string;
      /** False when it may be something other than a str (a pydantic DSN). */
      readonly text: boolean;
      /** Environment variable that fills it, when it is a plain settings field. */
      readonly variable?: string;
      readonly at: Evidence;
    }
  | { readonly kind: 'literal'; readonly at: Evidence };

const ENGINE = /\b(?:create_(?:async_)?engine|Database)\s*\(/;
const ENGINES = new Set(['create_engine', 'create_async_engine', 'Database']);
const URL_NAME =
  /^(?:sqlalchemy_|async_|sync_)?(?:database|db|postgres|postgresql|pg|sql|sqlite|mysql)_?(?:async_|sync_|connection_)?(?:ur[il]|dsn|string)$/i;

/**
 * The URL that the files' engines are made with; undefined when there is none, or when they differ. Files are looked
 * at in the order given.
 */
export function findApplicationUrl(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
): ApplicationUrl | undefined {
  const found: ApplicationUrl[] = [];
  for (const path of repo.matching(files, ENGINE)) {
    const module = modules.module(path);
    if (!module) continue;
    for (const { call, around } of calls(module.body, unlessRenamed(module.text, ENGINES))) {
      const place = { modules, path, around };
      const full = externalName(place, call.func);
      const name = full?.split('.').at(-1);
      if (!full || !name || !ENGINES.has(name) || !/^(?:sqlalchemy|sqlmodel|databases)\./.test(full)) continue;
      const arg = positional(call)[0] ?? keyword(call, 'url');
      const url = arg ? follow(place, arg, 0) : undefined;
      if (url) found.push(url);
    }
  }
  if (found.length === 0) found.push(...byName(repo, modules, files));
  const [first] = found;
  return first && found.every((f) => same(f, first)) ? first : undefined;
}

function same(a: ApplicationUrl, b: ApplicationUrl): boolean {
  const key = (u: ApplicationUrl): string =>
    u.kind === 'env'
      ? u.variable
      : u.kind === 'object'
        ? `${u.path} ${u.name}${u.suffix}`
        : `${u.at.path}:${u.at.line}`;
  return a.kind === b.kind && key(a) === key(b);
}

/** Without an engine in sight: `settings.DATABASE_URL` handed to something, or the variable read. */
function byName(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): ApplicationUrl[] {
  const out: ApplicationUrl[] = [];
  for (const path of repo.matching(files, /(?:URL|URI|DSN|_string)\b/i)) {
    const module = modules.module(path);
    if (!module) continue;
    for (const { expr, around } of expressions(module.body, undefined, /ur[il]|dsn|string/i)) {
      const place = { modules, path, around };
      const isNamed = expr.kind === 'attribute' && URL_NAME.test(expr.attr);
      if (!isNamed && !(expr.kind === 'call' && URL_NAME.test(envVariable(place, expr) ?? ''))) continue;
      const url = follow(place, expr, 0);
      if (url && url.kind !== 'literal') out.push(url);
    }
  }
  return out;
}

function follow(place: Place, expr: Expr, links: number): ApplicationUrl | undefined {
  if (links > MAX_LINKS) return undefined;
  const at: Evidence = { path: place.path, line: expr.line };
  const variable = envVariable(place, expr);
  if (variable !== undefined) return { kind: 'env', variable, at };
  const again = (e: Expr): ApplicationUrl | undefined => follow(place, e, links);
  switch (expr.kind) {
    case 'string':
      return expr.value === null ? undefined : { kind: 'literal', at };
    case 'bool':
      return again(expr.left);
    case 'conditional':
      return again(expr.then) ?? again(expr.otherwise);
    case 'await':
    case 'named':
      return again(expr.value);
    case 'call': {
      const [arg] = positional(expr);
      if (expr.func.kind === 'name' && (expr.func.id === 'str' || expr.func.id === 'make_url'))
        return arg && again(arg);
      if (expr.func.kind !== 'attribute') return undefined;
      const passes = ['replace', 'unicode_string', 'render_as_string', 'strip'].includes(expr.func.attr);
      return passes ? again(expr.func.value) : undefined;
    }
    case 'name':
      return named(place, expr, links, at);
    case 'attribute':
      return named(place, expr, links, at) ?? member(place, expr, at);
    default:
      return undefined;
  }
}

/** The variable that an expression reads through `os`; a library also looks into files, which env.py would not. */
function envVariable(place: Place, expr: Expr): string | undefined {
  const access = osAccess(place, expr);
  return access && access.cast === undefined ? variableOf(place, access) : undefined;
}

/** A name: what it was assigned, else the module-level object itself. */
function named(place: Place, expr: Expr, links: number, at: Evidence): ApplicationUrl | undefined {
  const { modules } = place;
  const found = definitionOf(place, expr);
  if (found?.kind !== 'assign') return undefined;
  const top = topLevel(modules.module(found.path)?.body ?? []).includes(found.stmt);
  const values = meaningsOf(place, expr);
  const urls = values.map((m) => (m?.kind === 'value' ? follow(m, m.expr, links + 1) : undefined));
  const known = urls.filter((u) => u !== undefined && u.kind !== 'literal');
  const [first] = known;
  // Reassigned to a normalised form of itself: the first source stands.
  const one = first && urls.every((u) => u === undefined || same(u, first));
  if (one) return first;
  if (urls.length === 1 && urls[0]?.kind === 'literal') return urls[0];
  if (!top || !values.every((m) => m?.kind === 'value' && textual(m.expr))) return undefined;
  return { kind: 'object', path: found.path, name: found.name, suffix: '', text: true, at };
}

/** Surely a str: an f-string, a literal, a sum or a method of one. */
function textual(expr: Expr): boolean {
  if (expr.kind === 'string') return !expr.prefix.includes('b');
  if (expr.kind === 'binary') return textual(expr.left) || textual(expr.right);
  if (expr.kind !== 'call' || expr.func.kind !== 'attribute') return false;
  return ['replace', 'format', 'strip', 'join'].includes(expr.func.attr);
}

/** `settings.X`, `get_settings().X`, `settings.db.url`: a member of an object of the repository. */
function member(place: Place, expr: Expr, at: Evidence): ApplicationUrl | undefined {
  const attrs: string[] = [];
  let base: Expr = expr;
  while (base.kind === 'attribute') {
    const whole = definitionOf(place, base);
    if (whole && whole.kind !== 'external') break;
    attrs.unshift(base.attr);
    base = base.value;
  }
  const call = base.kind === 'call' && base.args.length === 0 ? base : undefined;
  const root = definitionOf(place, call ? call.func : base);
  if (attrs.length === 0 || root?.kind !== (call ? 'function' : 'assign')) return undefined;
  const settings = settingsClass(place.modules, root);
  const field = settings && fieldOf(settings, attrs);
  if (!field) return undefined;
  return {
    kind: 'object',
    path: root.path,
    name: root.name,
    suffix: `${call ? '()' : ''}.${attrs.join('.')}`,
    text: field.text,
    ...(field.variable === undefined ? {} : { variable: field.variable }),
    at,
  };
}

/** The class of a settings object: `settings = Settings()`, `settings = get_settings()`, `get_settings()`. */
function settingsClass(modules: ModuleGraph, root: Definition): Defined<ClassStmt> | undefined {
  if (root.kind === 'function') return returnedClass({ ...topOf(modules, root.path), stmt: root.stmt });
  if (root.kind !== 'assign' || root.value?.kind !== 'call') return undefined;
  const top = topOf(modules, root.path);
  if (!topLevel(modules.module(root.path)?.body ?? []).includes(root.stmt)) return undefined;
  const made = meaningOf(top, root.value.func);
  if (made?.kind === 'class') return made;
  return made?.kind === 'function' ? returnedClass(made) : undefined;
}

function returnedClass(fn: Defined<FunctionStmt>): Defined<ClassStmt> | undefined {
  if (fn.stmt.params.length > 0 || fn.stmt.async) return undefined;
  const made = returnedBy(fn)?.callee;
  if (made?.kind === 'class') return made;
  const annotated = fn.stmt.returns ? meaningOf(fn, fn.stmt.returns) : undefined;
  return annotated?.kind === 'class' ? annotated : undefined;
}
