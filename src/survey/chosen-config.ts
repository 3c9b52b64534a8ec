/** The class of Flask's configuration that the start loads: `app.config.from_object(…)`. */
import { DEFAULTS } from '../python/evaluate.ts';
import { type Defined, into } from '../python/functions.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { type Place, topOf } from '../python/place.ts';
import { type Site, sites } from '../python/sites.ts';
import { staticString } from '../python/text.ts';
import { MAX_LINKS, type Meaning, meaningOf } from '../python/values.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { ClassStmt, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { entryValue, lastName, positional, stringValue } from '../syntax/python/walk.ts';
import type { Started } from './started.ts';

const LOADS = /\bfrom_object\b/;

/** The last one that surely runs; undefined where it cannot be told. https://flask.palletsprojects.com/en/stable/api/#flask.Config.from_object */
export function chosenConfig(
  repo: Snapshot,
  modules: ModuleGraph,
  started: readonly Started[],
): Defined<ClassStmt> | undefined {
  const running = new Map(started.map((s, order) => [s.stmt, order]));
  const files = repo.matching([...new Set(started.map((s) => s.path))], LOADS);
  const loads = files
    .flatMap((path) => sites(modules, path, isLoad, LOADS))
    .flatMap((site) => ({ site, order: running.get(site.stmt) ?? -1 }))
    .filter(({ order }) => order >= 0)
    .sort((a, b) => a.order - b.order);
  const last = loads.at(-1)?.site;
  const given = last?.expr.kind === 'call' ? positional(last.expr)[0] : undefined;
  return last && given && classOf(called(modules, started, last), given);
}

function isLoad(expr: Expr): boolean {
  return expr.kind === 'call' && expr.func.kind === 'attribute' && expr.func.attr === 'from_object';
}

/** The place of a statement in a factory, with what the start's call gives to its parameters. */
function called(modules: ModuleGraph, started: readonly Started[], site: Site): Place {
  const around = site.around.find((s): s is FunctionStmt => s.kind === 'function');
  if (!around) return site;
  const named = new RegExp(`\\b${around.name}\\(`);
  for (const { path, stmt } of started) {
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    const isCall = (e: Expr): boolean => e.kind === 'call' && lastName(e.func) === around.name;
    const found: Site | undefined = sites(modules, path, isCall, named).find((one) => one.stmt === stmt);
    if (found?.expr.kind !== 'call') continue;
    const meant: Meaning | undefined = meaningOf(found, found.expr.func);
    if (meant?.kind === 'function' && meant.stmt === around) return into(found, found.expr, meant);
  }
  return site;
}

function classOf(place: Place, expr: Expr, depth = 0): Defined<ClassStmt> | undefined {
  if (depth > MAX_LINKS) return undefined;
  if (expr.kind === 'call') return classOf(place, expr.func, depth + 1);
  if (expr.kind === 'string') return named(place, stringValue(expr) ?? '');
  if (expr.kind === 'subscript') {
    const held = meaningOf(place, expr.value);
    const key = staticString(place, expr.index[0], DEFAULTS);
    if (held?.kind !== 'value' || held.expr.kind !== 'dict' || key === undefined) return undefined;
    const entry = entryValue(held.expr, key);
    return entry && classOf(held, entry, depth + 1);
  }
  if (expr.kind !== 'name' && expr.kind !== 'attribute') return undefined;
  const meant = meaningOf(place, expr);
  if (meant?.kind === 'class') return meant;
  return meant?.kind === 'value' && meant.expr !== expr ? classOf(meant, meant.expr, depth + 1) : undefined;
}

/** `"config.DevConfig"` */
function named({ modules, path }: Place, text: string): Defined<ClassStmt> | undefined {
  const at = text.lastIndexOf('.');
  const file = at < 0 ? undefined : modules.resolve(path, text.slice(0, at), 0)?.path;
  const found = file === undefined ? undefined : modules.define(file, text.slice(at + 1));
  return found?.kind === 'class' ? { ...topOf(modules, found.path), stmt: found.stmt } : undefined;
}
