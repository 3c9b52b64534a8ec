/** Where the application has its own database URL: what env.py should read too. */
import type { Evidence } from '../../src/model/facts.ts';
import { topLevel } from '../../src/python/bindings.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import type { Expr, FunctionStmt, Stmt } from '../../src/syntax/python/ast.ts';
import { unlessRenamed } from '../../src/syntax/python/needle.ts';
import { calls, expressions, keyword, positional, statements, stringValue } from '../../src/syntax/python/walk.ts';
import { fieldOf } from './settings-field.ts';
import { settingsObject } from './settings-object.ts';

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
      const full = modules.external(path, call.func, around);
      const name = full?.split('.').at(-1);
      if (!full || !name || !ENGINES.has(name) || !/^(?:sqlalchemy|sqlmodel|databases)\./.test(full)) continue;
      const arg = positional(call)[0] ?? keyword(call, 'url');
      const url = arg ? follow(modules, path, arg, around, 0) : undefined;
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
      const named = expr.kind === 'attribute' && URL_NAME.test(expr.attr);
      if (!named && !(expr.kind === 'call' && URL_NAME.test(envVariable(modules, path, expr, around) ?? ''))) continue;
      const url = follow(modules, path, expr, around, 0);
      if (url && url.kind !== 'literal') out.push(url);
    }
  }
  return out;
}

/** The variable that `os.getenv("X")`, `os.environ.get("X")` or `os.environ["X"]` reads. */
export function envVariable(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
): string | undefined {
  if (expr.kind === 'call') {
    const full = modules.external(path, expr.func, around);
    return full === 'os.getenv' || full === 'os.environ.get' ? stringValue(positional(expr)[0]) : undefined;
  }
  if (expr.kind !== 'subscript' || modules.external(path, expr.value, around) !== 'os.environ') return undefined;
  return stringValue(expr.index[0]);
}

const MAX_STEPS = 12;

function follow(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  steps: number,
): ApplicationUrl | undefined {
  if (steps > MAX_STEPS) return undefined;
  const at: Evidence = { path, line: expr.line };
  const variable = envVariable(modules, path, expr, around);
  if (variable !== undefined) return { kind: 'env', variable, at };
  const again = (e: Expr): ApplicationUrl | undefined => follow(modules, path, e, around, steps + 1);
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
      return named(modules, path, expr, around, steps, at);
    case 'attribute':
      return named(modules, path, expr, around, steps, at) ?? member(modules, path, expr, around, at);
    default:
      return undefined;
  }
}

/** A name: what it was assigned, else the module-level object itself. */
function named(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  steps: number,
  at: Evidence,
): ApplicationUrl | undefined {
  const found = modules.resolveExpr(path, expr, around);
  if (found?.kind !== 'assign') return undefined;
  const module = modules.module(found.path);
  const top = module !== undefined && topLevel(module.body).includes(found.stmt);
  const assigned = module ? valuesOf(top ? topLevel(module.body) : aroundBody(around), found.name) : [];
  const where = top ? [] : around;
  const urls = assigned.map((value) => follow(modules, found.path, value, where, steps + 1));
  const known = urls.filter((u) => u !== undefined && u.kind !== 'literal');
  const [first] = known;
  // Reassigned to a normalised form of itself: the first source stands.
  if (
    first &&
    known.every((u) => u && same(u, first)) &&
    urls.every((u) => u === undefined || u === first || same(u, first))
  )
    return first;
  if (urls.length === 1 && urls[0]?.kind === 'literal') return urls[0];
  if (!top || !module || !assigned.every((v) => textual(v))) return undefined;
  return { kind: 'object', path: found.path, name: found.name, suffix: '', text: true, at };
}

function aroundBody(around: readonly Stmt[]): readonly Stmt[] {
  const fn = around.findLast((s): s is FunctionStmt => s.kind === 'function');
  return fn ? [...statements(fn.body)].map((s) => s.stmt) : [];
}

function valuesOf(body: readonly Stmt[], name: string): Expr[] {
  return body.flatMap((s) =>
    s.kind === 'assign' && s.value && s.targets.some((t) => t.kind === 'name' && t.id === name) ? [s.value] : [],
  );
}

/** Surely a str: an f-string, a literal, a sum or a method of one. */
function textual(expr: Expr): boolean {
  if (expr.kind === 'string') return !expr.prefix.includes('b');
  if (expr.kind === 'binary') return textual(expr.left) || textual(expr.right);
  if (expr.kind !== 'call' || expr.func.kind !== 'attribute') return false;
  return ['replace', 'format', 'strip', 'join'].includes(expr.func.attr);
}

/** `settings.X`, `get_settings().X`, `settings.db.url`: a member of an object of the repository. */
function member(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  at: Evidence,
): ApplicationUrl | undefined {
  const attrs: string[] = [];
  let base: Expr = expr;
  while (base.kind === 'attribute') {
    const whole = modules.resolveExpr(path, base, around);
    if (whole && whole.kind !== 'external') break;
    attrs.unshift(base.attr);
    base = base.value;
  }
  const called = base.kind === 'call' && base.args.length === 0;
  const root = modules.resolveExpr(path, called ? (base as { func: Expr }).func : base, around);
  if (!root || attrs.length === 0) return undefined;
  const object = settingsObject(modules, root, called);
  if (!object) return undefined;
  const field = fieldOf(modules, object.path, object.stmt, attrs);
  if (!field || (root.kind !== 'assign' && root.kind !== 'function')) return undefined;
  return {
    kind: 'object',
    path: root.path,
    name: root.name,
    suffix: `${called ? '()' : ''}.${attrs.join('.')}`,
    text: field.text,
    ...(field.variable === undefined ? {} : { variable: field.variable }),
    at,
  };
}
