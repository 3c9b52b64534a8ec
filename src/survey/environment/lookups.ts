/** Places that read the environment, by the name that they give: literally, or through a parameter. */

import { selfAssigned } from '../../python/bindings.ts';
import { definitionOf } from '../../python/definition.ts';
import {
  type EnvAccess,
  environNames,
  libraryAccess,
  osAccess,
  readerNames,
  readerObjects,
} from '../../python/env-access.ts';
import { ENVIRON_NEEDLE, LIBRARY_IMPORT } from '../../python/env-sources.ts';
import { evaluate } from '../../python/evaluate.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Located, located, type Place } from '../../python/place.ts';
import { type Site, sites } from '../../python/sites.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { AttributeExpr, CallExpr, Expr, FunctionStmt } from '../../syntax/python/ast.ts';
import { wordOf } from '../../syntax/python/needle.ts';
import { isNone, stringValue } from '../../syntax/python/walk.ts';
import { listText } from './list-text.ts';
import { checkedAtOnce, checkedLater, failsOnNone, fallback, guarded } from './need.ts';
import { type EnvRead, isVariableName } from './read.ts';

/** How a place gives the name: literally, or as a parameter of the function around it. */
export type Key =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | {
      readonly kind: 'parameter';
      readonly of: FunctionStmt;
      readonly name: string;
      readonly prefix: string;
      readonly suffix: string;
      readonly upper: boolean;
    };

/** A place that reads a variable whose name may not yet be known. */
export interface Lookup {
  readonly site: Site;
  readonly key: Key;
  readonly fallback?: Located;
  /** Fails by itself where the variable is not set. */
  readonly strict: boolean;
  /** A library's reader rather than `os`: None given as the default is a default. */
  readonly library: boolean;
  /** A library's reader that gives the text itself. */
  readonly text?: true;
}

/** Every place of these files that reads the environment through `os` or one of the libraries. */
export function lookups(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Lookup[] {
  return [
    ...repo.matching(files, ENVIRON_NEEDLE).flatMap((path) => osLookups(modules, path)),
    ...libraryLookups(repo, modules, files),
  ];
}

function osLookups(modules: ModuleGraph, path: string): Lookup[] {
  return sites(modules, path, mayRead, environNames(modules, path)).flatMap((site) => {
    const access = isWritten(site) ? undefined : osAccess(site, site.expr);
    return access ? lookup(site, access, false) : [];
  });
}

const mayRead = (expr: Expr): boolean => expr.kind === 'call' || expr.kind === 'subscript' || expr.kind === 'compare';

function libraryLookups(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Lookup[] {
  const importers = repo.matching(files, LIBRARY_IMPORT);
  const objects = importers.flatMap((path) => readerObjects(modules, path));
  const known = new Set(objects.map((o) => o.name));
  const called = objects.map((o) => `${o.name}${o.typed ? '[.(]' : '\\('}`);
  const users = objects.length === 0 ? [] : repo.matching(files, new RegExp(`\\b(?:${called.join('|')})`));
  return [...new Set([...importers, ...users])].flatMap((path) => {
    const names = readerNames(modules, path, known);
    return sites(modules, path, (e) => e.kind === 'call' && mayCall(e, names, known), wordOf(names)).flatMap((site) => {
      const access = site.expr.kind === 'call' ? libraryAccess(site, site.expr) : undefined;
      return access ? lookup(site, access, true) : [];
    });
  });
}

/** Cheap test before a callee is followed: by the name that it was made or imported under. */
function mayCall({ func }: CallExpr, names: ReadonlySet<string>, objects: ReadonlySet<string>): boolean {
  const holder = func.kind === 'attribute' ? func.value : func;
  if (holder.kind === 'attribute') return objects.has(holder.attr);
  return holder.kind === 'name' && names.has(holder.id);
}

function lookup(site: Site, access: EnvAccess, library: boolean): Lookup[] {
  const inner: Key | undefined =
    typeof access.key === 'string' ? { kind: 'names', names: [access.key] } : keyOf(site, access.key);
  const prefix = access.prefixes.map((p) => literalText(p, p.expr) ?? '').join('');
  const key = inner && affixed(inner, prefix, '');
  const given = access.fallback && located(site, access.fallback);
  const plain = access.text ? { text: access.text } : {};
  return key ? [{ site, key, strict: access.strict, library, ...plain, ...(given ? { fallback: given } : {}) }] : [];
}

/** `environ["X"] = …` and `del environ["X"]` read nothing. */
function isWritten({ expr, stmt, above }: Site): boolean {
  if (above.length > 0 || expr.kind !== 'subscript') return false;
  if (stmt.kind === 'assign') return stmt.targets.includes(expr);
  return stmt.kind === 'other' && stmt.type === 'delete_statement';
}

/** What an expression says about the name of a variable. */
export function keyOf(place: Place, expr: Expr): Key | undefined {
  const text = literalText(place, expr);
  if (text !== undefined && expr.kind !== 'list')
    return isVariableName(text) ? { kind: 'names', names: [text] } : undefined;
  if (expr.kind === 'name') return loopNames(place, expr.id) ?? parameter(place, expr.id);
  if (expr.kind === 'attribute') return keptParameter(place, expr);
  if (expr.kind === 'call' && expr.func.kind === 'attribute' && expr.func.attr === 'upper') {
    const inner = keyOf(place, expr.func.value);
    return inner?.kind === 'parameter' ? { ...inner, upper: true } : inner;
  }
  if (expr.kind === 'string' && expr.holes.length === 1 && expr.holes[0]) {
    const inner = keyOf(place, expr.holes[0]);
    const [prefix = '', suffix = ''] = expr.pieces;
    return inner ? affixed(inner, prefix, suffix) : undefined;
  }
  return expr.kind === 'binary' && expr.op === '+' ? keyOfSum(place, expr.left, expr.right) : undefined;
}

/** `"APP_" + name`, `name + "_URL"` */
function keyOfSum(place: Place, left: Expr, right: Expr): Key | undefined {
  const [before, after] = [literalText(place, left), literalText(place, right)];
  const inner = keyOf(place, before === undefined ? left : right);
  return inner && (before ?? after) !== undefined ? affixed(inner, before ?? '', after ?? '') : undefined;
}

function affixed(key: Key, prefix: string, suffix: string): Key {
  if (key.kind === 'names') return { ...key, names: key.names.map((n) => `${prefix}${n}${suffix}`) };
  return { ...key, prefix: prefix + key.prefix, suffix: key.suffix + suffix };
}

/** `for name in ("A", "B"): os.environ[name]` */
function loopNames(place: Place, id: string): Key | undefined {
  for (const stmt of [...place.around].reverse()) {
    if (stmt.kind === 'function') return undefined;
    if (stmt.kind !== 'for' || stmt.targets[0]?.kind !== 'name' || stmt.targets[0].id !== id) continue;
    const header = stmt.header[0];
    const found = header?.kind === 'name' ? definitionOf(place, header) : undefined;
    const list = found?.kind === 'assign' ? found.value : header;
    if (list?.kind !== 'list' && list?.kind !== 'tuple' && list?.kind !== 'set') return undefined;
    const names = list.items.map((i) => stringValue(i) ?? '');
    return names.length > 0 && names.every(isVariableName) ? { kind: 'names', names } : undefined;
  }
  return undefined;
}

function parameter({ around }: Place, id: string): Key | undefined {
  for (const stmt of [...around].reverse()) {
    if (stmt.kind !== 'function') continue;
    if (!stmt.params.some((p) => p.name === id && !p.star)) return undefined;
    return { kind: 'parameter', of: stmt, name: id, prefix: '', suffix: '', upper: false };
  }
  return undefined;
}

/** `self.name`, which the constructor of the object was given: `def __init__(self, name): self.name = name`. */
function keptParameter({ around }: Place, { value, attr }: AttributeExpr): Key | undefined {
  const method = around.findLastIndex((s) => s.kind === 'function');
  const owner = around[method - 1];
  const self = around[method]?.kind === 'function' ? around[method].params[0]?.name : undefined;
  if (owner?.kind !== 'class' || value.kind !== 'name' || value.id !== self) return undefined;
  const makes = owner.body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === '__init__');
  const kept = makes && selfAssigned(makes.body, attr);
  if (!makes || kept?.kind !== 'name' || !makes.params.some((p) => p.name === kept.id && !p.star)) return undefined;
  return { kind: 'parameter', of: makes, name: kept.id, prefix: '', suffix: '', upper: false };
}

/** The reads of a place whose names are known. */
export function readsAt(found: Lookup, names: readonly string[]): EnvRead[] {
  const { site, library } = found;
  const { modules, path, expr } = site;
  const given = found.fallback?.expr;
  const literal = found.fallback && defaultText(found, found.fallback);
  const or = library || expr.kind === 'compare' ? { chained: false } : fallback(site);
  const said = literal || literalText(site, or.value) || literal;
  // `int(os.getenv("ON", True))`: int() takes no text of a truth value.
  const text = takenAsNumber(site) ? (said === 'True' ? '1' : said === 'False' ? '0' : said) : said;
  const unread =
    (!library || found.text === true) && given?.kind === 'constant' && takenAsTruth(site) ? given.value : undefined;
  const none = given === undefined || (!library && isNone(given));
  const body = modules.module(path)?.body ?? [];
  return names.filter(isVariableName).map((name) => {
    const bare = none && !or.chained && expr.kind !== 'compare';
    const fails = found.strict || (!library && (failsOnNone(site) || checkedAtOnce(site) || checkedLater(body, site)));
    return {
      name,
      required: bare && fails && !guarded(site, name),
      path,
      line: expr.line,
      start: expr.start,
      end: expr.end,
      // The text 'False' would be true.
      ...(text === undefined || unread === false ? {} : { default: text }),
      ...(unread === true ? { anyText: true } : {}),
    };
  });
}

/** As the reader of the variable takes it: JSON for a list only where it is read as JSON. */
function defaultText({ site, library }: Lookup, given: Located): string | undefined {
  const { expr } = site;
  const asJson = expr.kind === 'call' && expr.func.kind === 'attribute' && expr.func.attr === 'json';
  const value = library && !asJson ? evaluate(given, given.expr) : undefined;
  return value !== undefined && value !== null && typeof value === 'object'
    ? listText(value)
    : literalText(given, given.expr);
}

function takenAsNumber({ above }: Site): boolean {
  const parent = above.at(-1);
  return parent?.kind === 'call' && parent.func.kind === 'name' && /^(?:int|float)$/.test(parent.func.id);
}

/** `os.getenv("DEBUG", True)` kept, tested or given to bool() as it is. */
function takenAsTruth({ above }: Site): boolean {
  const parent = above.at(-1);
  if (parent === undefined || parent.kind === 'unary' || parent.kind === 'bool') return true;
  return parent.kind === 'call' && parent.func.kind === 'name' && parent.func.id === 'bool';
}
