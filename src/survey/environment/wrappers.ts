/** Functions of the repository that take the name of a variable: `def env(name, default=None): return os.getenv(...)`. */

import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, FunctionStmt } from '../../syntax/python/ast.ts';
import { unlessRenamed, wordOf } from '../../syntax/python/needle.ts';
import { innermost, statements } from '../../syntax/python/walk.ts';
import { argumentFor, type Key, keyOf, type Lookup, lookups, readsAt } from './direct.ts';
import { raises } from './need.ts';
import type { EnvRead } from './read.ts';
import { type Place, places } from './visit.ts';

type ParameterKey = Extract<Key, { kind: 'parameter' }>;

interface Wrapper {
  readonly path: string;
  readonly fn: FunctionStmt;
  /** Class that the function is a method of. */
  readonly owner?: string;
  readonly key: ParameterKey;
  /** Parameter that holds the default. */
  readonly fallback?: string;
  /** Default when the call gives none. */
  readonly value?: Expr;
  readonly strict: boolean;
}

/** A function that passes the name on through more functions than this is not followed. */
const MAX_ROUNDS = 3;

/** All reads through `os` in these files, functions that wrap it resolved at their calls. */
export function directReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  const reads: EnvRead[] = [];
  let found = repo.matching(files, /environ\b|getenv|dotenv_values/).flatMap((path) => lookups(modules, path));
  const known = new Set<FunctionStmt>();
  for (let round = 0; round <= MAX_ROUNDS && found.length > 0; round++) {
    const wrappers: Wrapper[] = [];
    for (const lookup of found) {
      if (lookup.key.kind === 'names') reads.push(...readsAt(modules, lookup, lookup.key.names));
      else if (!known.has(lookup.key.of)) {
        known.add(lookup.key.of);
        wrappers.push(wrapperOf(modules, lookup, lookup.key));
      }
    }
    found = wrappers.flatMap((wrapper) => callsOf(repo, modules, files, wrapper));
  }
  return reads;
}

function wrapperOf(modules: ModuleGraph, lookup: Lookup, key: ParameterKey): Wrapper {
  const fn = key.of;
  const module = modules.module(lookup.path);
  const parent = innermost(module?.body ?? [], fn.start)?.around.at(-1);
  const owner = parent?.kind === 'class' ? parent.name : undefined;
  const passed = lookup.fallback?.kind === 'name' ? lookup.fallback.id : undefined;
  const parameter =
    fn.params.find((p) => p.name === passed) ??
    fn.params.find((p) => /^(?:default|fallback|default_value)$/.test(p.name));
  const value = parameter ? parameter.default : lookup.fallback;
  let leaves = false;
  for (const { stmt } of statements(fn.body)) if (stmt.kind === 'if' && raises(stmt.body)) leaves = true;
  const caught = lookup.place.around.some((s) => s.kind === 'try' && s.handlers.length > 0 && !s.handlers.some(raises));
  return {
    path: lookup.path,
    fn,
    key,
    strict: (lookup.strict && !caught) || leaves,
    ...(owner ? { owner } : {}),
    ...(parameter ? { fallback: parameter.name } : {}),
    ...(value ? { value } : {}),
  };
}

function callsOf(repo: Snapshot, modules: ModuleGraph, files: readonly string[], wrapper: Wrapper): Lookup[] {
  const { fn } = wrapper;
  // Imported under another name, it is still written once in the import.
  const candidates = repo.matching(files, new RegExp(`\\b${fn.name}\\b`));
  // Renamed in one file, it may be imported under the new name from there.
  const texts = candidates.map((path) => modules.module(path)?.text ?? '');
  const needle = texts.every((text) => unlessRenamed(text, [fn.name])) ? wordOf([fn.name]) : undefined;
  return candidates.flatMap((path) => {
    const module = modules.module(path);
    if (!module) return [];
    const out: Lookup[] = [];
    for (const place of places(module.body, (e) => e.kind === 'call', needle)) {
      const { expr, around } = place;
      if (expr.kind !== 'call') continue;
      const bound = calls(modules, path, place, wrapper);
      if (bound === undefined) continue;
      const argument = argumentFor(expr, fn, wrapper.key.name, bound);
      const inner = argument ? keyOf(modules, path, argument, around) : undefined;
      if (!inner) continue;
      const given = wrapper.fallback ? argumentFor(expr, fn, wrapper.fallback, bound) : undefined;
      const value = given ?? wrapper.value;
      out.push({
        path,
        place,
        key: composed(inner, wrapper.key),
        strict: wrapper.strict,
        ...(value ? { fallback: value } : {}),
      });
    }
    return out;
  });
}

function composed(inner: Key, outer: ParameterKey): Key {
  const { prefix, suffix, upper } = outer;
  if (inner.kind === 'names') {
    return { kind: 'names', names: inner.names.map((n) => `${prefix}${upper ? n.toUpperCase() : n}${suffix}`) };
  }
  return { ...inner, prefix: prefix + inner.prefix, suffix: inner.suffix + suffix, upper: inner.upper || upper };
}

/** Whether a call is one of the wrapper, and whether its self/cls is bound; undefined when it calls something else. */
function calls(modules: ModuleGraph, path: string, place: Place, wrapper: Wrapper): boolean | undefined {
  const { expr, around } = place;
  if (expr.kind !== 'call') return undefined;
  const { func } = expr;
  const { fn, owner } = wrapper;
  if (owner === undefined) {
    const name = func.kind === 'name' ? func.id : func.kind === 'attribute' ? func.attr : '';
    if (name === '' || (func.kind === 'attribute' && name !== fn.name)) return undefined;
    const found = modules.resolveExpr(path, func, around);
    return found?.kind === 'function' && found.stmt === fn ? false : undefined;
  }
  if (func.kind === 'name' && func.id === fn.name && around.some((s) => s.kind === 'class' && s.name === owner))
    return isBound(fn);
  if (func.kind !== 'attribute' || func.attr !== fn.name) return undefined;
  const holder = func.value;
  if (holder.kind === 'name' && (holder.id === 'self' || holder.id === 'cls')) {
    return around.some((s) => s.kind === 'class' && s.name === owner) ? isBound(fn) : undefined;
  }
  const found = modules.resolveExpr(path, holder, around);
  if (found?.kind === 'class') return isOwner(found.path, found.name) ? isBound(fn, 'class') : undefined;
  if (found?.kind !== 'assign' || found.value?.kind !== 'call') return undefined;
  const made = modules.resolveExpr(found.path, found.value.func);
  return made?.kind === 'class' && isOwner(made.path, made.name) ? isBound(fn) : undefined;

  function isOwner(at: string, name: string): boolean {
    return at === wrapper.path && name === owner;
  }
}

/** True when the first parameter is filled by Python rather than by the call. */
function isBound(fn: FunctionStmt, through: 'class' | 'object' = 'object'): boolean {
  const decorators = fn.decorators.map((d) => (d.kind === 'name' ? d.id : ''));
  if (decorators.includes('staticmethod')) return false;
  return through === 'object' || decorators.includes('classmethod');
}
