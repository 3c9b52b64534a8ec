/** Functions of the repository that take the name of a variable: `def env(name, default=None): return os.getenv(...)`. */

import { definitionOf } from '../../python/definition.ts';
import { argumentFor } from '../../python/functions.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Located, located } from '../../python/place.ts';
import { type Site, sites } from '../../python/sites.ts';
import { makerOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr, FunctionStmt, Parameter } from '../../syntax/python/ast.ts';
import { unlessRenamed, wordOf } from '../../syntax/python/needle.ts';
import { descend, innermost, statements } from '../../syntax/python/walk.ts';
import { type Key, keyOf, type Lookup, lookups, readsAt } from './lookups.ts';
import { raises } from './need.ts';
import type { EnvRead } from './read.ts';

type ParameterKey = Extract<Key, { kind: 'parameter' }>;

interface Wrapper {
  readonly path: string;
  readonly fn: FunctionStmt;
  /** Class that the function is a method of. */
  readonly owner?: string;
  readonly key: ParameterKey;
  /** Parameter that holds the default. */
  readonly fallback?: Parameter;
  /** Default when the call gives none. */
  readonly value?: Located;
  readonly strict: boolean;
  readonly library: boolean;
}

/** A function that passes the name on through more functions than this is not followed. */
const MAX_ROUNDS = 3;

/** All reads in these files, functions that wrap them resolved at their calls. */
export function directReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  const reads: EnvRead[] = [];
  let found = lookups(repo, modules, files);
  const known = new Map<FunctionStmt, Set<string>>();
  for (let round = 0; round <= MAX_ROUNDS && found.length > 0; round++) {
    const wrappers: Wrapper[] = [];
    for (const lookup of found) {
      if (lookup.key.kind === 'names') reads.push(...readsAt(lookup, lookup.key.names));
      else if (!isFileOf(lookup.key, found)) {
        const { of, prefix, suffix } = lookup.key;
        const affixes = known.get(of) ?? new Set();
        if (!affixes.has(`${prefix}\0${suffix}`)) wrappers.push(wrapperOf(modules, lookup, lookup.key));
        known.set(of, affixes.add(`${prefix}\0${suffix}`));
      }
    }
    found = wrappers.flatMap((wrapper) => callsOf(repo, modules, files, wrapper));
  }
  return reads;
}

/**
 * Of a function that takes NAME or the file that NAME_FILE names, NAME is what a platform sets.
 * https://docs.docker.com/compose/how-tos/use-secrets/
 */
function isFileOf(key: ParameterKey, all: readonly Lookup[]): boolean {
  const plain = key.suffix.replace(/_FILE$/, '');
  if (plain === key.suffix) return false;
  return all.some(({ key: k }) => k.kind === 'parameter' && k.of === key.of && k.suffix === plain);
}

function wrapperOf(modules: ModuleGraph, { site, fallback, strict, library }: Lookup, key: ParameterKey): Wrapper {
  const fn = key.of;
  const parent = innermost(modules.module(site.path)?.body ?? [], fn.start)?.around.at(-1);
  const owner = parent?.kind === 'class' ? parent.name : undefined;
  const passed = fallback?.expr.kind === 'name' ? fallback.expr.id : undefined;
  const parameter =
    fn.params.find((p) => p.name === passed) ??
    fn.params.find((p) => /^(?:default|fallback|default_value)$/.test(p.name));
  const value = parameter ? parameter.default && located(site, parameter.default) : fallback;
  const leaves = raisesWithout(fn, site, [key.name, ...(parameter ? [parameter.name] : [])]);
  const caught = site.around.some((s) => s.kind === 'try' && s.handlers.length > 0 && !s.handlers.some(raises));
  // What the object was given is asked for before it is read, or the method may never be called.
  const made = fn.name === MAKER;
  return {
    path: site.path,
    fn,
    key,
    strict: !made && ((strict && !caught) || leaves),
    library,
    ...(owner ? { owner } : {}),
    ...(parameter ? { fallback: parameter } : {}),
    ...(value ? { value } : {}),
  };
}

/** True where the function raises by what it has read, or by what it was given; any other condition is about something else. */
function raisesWithout(fn: FunctionStmt, { stmt, expr }: Site, given: readonly string[]): boolean {
  const targets = stmt.kind === 'assign' ? stmt.targets : [];
  const names = new Set([...given, ...targets.flatMap((t) => (t.kind === 'name' ? [t.id] : []))]);
  return statements(fn.body).some(({ stmt: one }) => {
    if (one.kind !== 'if' || !raises(one.body)) return false;
    const said = [...descend(one.test)];
    return said.some((e) => e === expr || (e.kind === 'name' && names.has(e.id)));
  });
}

function callsOf(repo: Snapshot, modules: ModuleGraph, files: readonly string[], wrapper: Wrapper): Lookup[] {
  const { fn } = wrapper;
  const called = calledName(wrapper);
  const named = fn.params.find((p) => p.name === wrapper.key.name);
  // Imported under another name, it is still written once in the import.
  const candidates = repo.matching(files, new RegExp(`\\b${called}\\b`));
  // Renamed in one file, it may be imported under the new name from there.
  const texts = candidates.map((path) => modules.module(path)?.text ?? '');
  const needle = texts.every((text) => unlessRenamed(text, [called])) ? wordOf([called]) : undefined;
  return candidates.flatMap((path) => {
    const out: Lookup[] = [];
    for (const site of sites(modules, path, (e) => e.kind === 'call', needle)) {
      const { expr } = site;
      const bound = calls(site, wrapper);
      if (expr.kind !== 'call' || bound === undefined || !named) continue;
      const argument = argumentFor(expr, fn, named, bound);
      const inner = argument ? keyOf(site, argument) : undefined;
      if (!inner) continue;
      const value = defaultOf(site, expr, wrapper, bound);
      const { strict, library } = wrapper;
      out.push({ site, key: composed(inner, wrapper.key), strict, library, ...(value ? { fallback: value } : {}) });
    }
    return out;
  });
}

/** What a call gives for a default, or the function has. */
function defaultOf(site: Site, call: CallExpr, { fn, fallback, value }: Wrapper, bound: boolean): Located | undefined {
  const given = fallback && argumentFor(call, fn, fallback, bound);
  const passed = given ? located(site, given) : value;
  // How an object takes the text of another default nobody says.
  return fn.name === MAKER && passed?.expr.kind !== 'string' ? undefined : passed;
}

function composed(inner: Key, outer: ParameterKey): Key {
  const { prefix, suffix, upper } = outer;
  if (inner.kind === 'names') {
    return { kind: 'names', names: inner.names.map((n) => `${prefix}${upper ? n.toUpperCase() : n}${suffix}`) };
  }
  return { ...inner, prefix: prefix + inner.prefix, suffix: inner.suffix + suffix, upper: inner.upper || upper };
}

/** The constructor of a class, which is called by the name of the class. */
const MAKER = '__init__';

function calledName({ fn, owner }: Wrapper): string {
  return fn.name === MAKER && owner !== undefined ? owner : fn.name;
}

/** Whether a call is one of the wrapper, and whether its self/cls is bound; undefined when it calls something else. */
function calls(site: Site, wrapper: Wrapper): boolean | undefined {
  const { fn, owner, path } = wrapper;
  const { expr } = site;
  if (expr.kind !== 'call') return undefined;
  const { func } = expr;
  if (fn.name === MAKER) {
    const made = definitionOf(site, func);
    return made?.kind === 'class' && made.path === path && made.stmt.name === owner ? true : undefined;
  }
  if (func.kind !== 'name' && (func.kind !== 'attribute' || func.attr !== fn.name)) return undefined;
  if (owner === undefined) {
    const found = definitionOf(site, func);
    return found?.kind === 'function' && found.stmt === fn ? false : undefined;
  }
  return boundIn(site, func, wrapper);
}

/** The same for a method. */
function boundIn(
  site: Site,
  func: Extract<Expr, { kind: 'name' | 'attribute' }>,
  { fn, owner, path }: Wrapper,
): boolean | undefined {
  const inside = site.around.some((s) => s.kind === 'class' && s.name === owner);
  if (func.kind === 'name') return func.id === fn.name && inside ? isBound(fn) : undefined;
  const holder = func.value;
  if (holder.kind === 'name' && (holder.id === 'self' || holder.id === 'cls')) return inside ? isBound(fn) : undefined;
  const cls = classOf(site, holder);
  return cls?.path === path && cls.name === owner ? isBound(fn, cls.through) : undefined;
}

/** The class that a method is taken from, or that makes the object it is taken from. */
function classOf(site: Site, holder: Expr) {
  const found = definitionOf(site, holder);
  if (found?.kind === 'class') return { path: found.path, name: found.name, through: 'class' } as const;
  const made = makerOf(site, holder)?.callee;
  return made?.kind === 'class' ? ({ path: made.path, name: made.stmt.name, through: 'object' } as const) : undefined;
}

/** True when the first parameter is filled by Python rather than by the call. */
function isBound(fn: FunctionStmt, through: 'class' | 'object' = 'object'): boolean {
  const decorators = fn.decorators.map((d) => (d.kind === 'name' ? d.id : ''));
  if (decorators.includes('staticmethod')) return false;
  return through === 'object' || decorators.includes('classmethod');
}
