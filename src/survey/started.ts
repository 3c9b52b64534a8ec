/**
 * What surely runs when a service starts: the modules that are loaded, the factory and the other functions that they
 * call, Django's settings and applications, the migrations before it and the workers beside it.
 */
import type { AlembicConfig, Service } from '../model/facts.ts';
import { definitionOf } from '../python/definition.ts';
import type { Definition, ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, ClassStmt, Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { childrenOf, expressionsOf } from '../syntax/python/children.ts';
import { descend, dotted, keyword, lastName, statementsWithin, stringValue } from '../syntax/python/walk.ts';
import { djangoModules } from './django-apps.ts';
import { filesOf, importedAt, surelyRunning } from './executed.ts';
import { importFolders } from './import-folders.ts';
import { LOADS_BY_NAME, moduleLoaded } from './loaded-by-name.ts';
import { migrating, packagesOf, working } from './start-files.ts';

export interface Started {
  readonly path: string;
  readonly stmt: Stmt;
  /** Which process runs it first. */
  readonly when: 'service' | 'migrations' | 'worker';
}

/** Functions that call functions that call functions …: few matter, and none further in. */
const DEEPEST = 4;
/** Decorators under which a call runs the body as it stands. */
const TRANSPARENT = /(?:^|\.)(?:lru_cache|cache)$/;

/** Most functions are no handler, and their heads need not be parsed to know it. */
const ON_EVENT = /\bon_event\b/;

const kept = new WeakMap<Service, readonly Started[]>();
/** By what is run: one service with several lists of dependencies, or on the result of a plan, starts the same. */
const runs = new WeakMap<ModuleGraph, Map<string, readonly Started[]>>();

/** Statements in the order in which they run, each once; worked out once for each service. */
export function startedBy(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  alembic: readonly AlembicConfig[],
): readonly Started[] {
  let known = kept.get(service);
  if (!known) {
    const { path, attr, factory, program } = service.entry;
    const folders = importFolders(service);
    const packaged = (file: string): string[] => [...packagesOf(modules, file, folders), file];
    known = started(modules, {
      files: program ? [path] : packaged(path),
      ...(factory ? { factory: { path, name: attr } } : {}),
      django: djangoModules(repo, modules, service).flatMap(packaged),
      migrations: migrating(service, alembic),
      workers: working(modules, service),
    });
    kept.set(service, known);
  }
  return known;
}

/** Files that are run, in their order. */
interface Starts {
  readonly files: readonly string[];
  /** A function that is called then. */
  readonly factory?: { readonly path: string; readonly name: string };
  readonly django: readonly string[];
  readonly migrations: readonly string[];
  readonly workers: readonly string[];
}

function started(modules: ModuleGraph, starts: Starts): readonly Started[] {
  const known = runs.get(modules) ?? new Map<string, readonly Started[]>();
  runs.set(modules, known);
  const key = JSON.stringify(starts);
  let out = known.get(key);
  if (!out) {
    const run = new Run(modules);
    for (const path of starts.files) run.file(path);
    if (starts.factory) run.named(starts.factory.path, starts.factory.name);
    for (const path of starts.django) run.file(path);
    run.when = 'migrations';
    for (const path of starts.migrations) run.file(path);
    run.when = 'worker';
    for (const path of starts.workers) run.file(path);
    out = run.out;
    known.set(key, out);
  }
  return out;
}

class Run {
  readonly out: Started[] = [];
  when: Started['when'] = 'service';
  private readonly files = new Set<string>();
  /** Files of which the imports alone were looked at. */
  private readonly shallow = new Set<string>();
  private readonly added = new Set<Stmt>();
  private readonly functions = new Set<FunctionStmt>();
  private readonly modules: ModuleGraph;

  constructor(modules: ModuleGraph) {
    this.modules = modules;
  }

  file(path: string): void {
    if (this.files.has(path)) return;
    this.files.add(path);
    this.body(path, this.modules.module(path)?.body ?? [], [], 0);
  }

  /**
   * What a module imports, and what that does, but not what they call: Django loads hundreds of views by the names of
   * their lists of routes, and it is their imports that fail.
   */
  private imports(path: string): void {
    if (this.files.has(path) || this.shallow.has(path)) return;
    this.shallow.add(path);
    const module = this.modules.module(path);
    const loads = module !== undefined && LOADS_BY_NAME.test(module.text);
    const place = { modules: this.modules, path, around: [] };
    for (const stmt of surelyRunning(module?.body ?? [], false)) {
      const named = loads && stmt.kind === 'assign' ? modulesLoaded(place, stmt) : [];
      if (stmt.kind === 'import' || stmt.kind === 'from' || named.length > 0) this.add(path, stmt);
      for (const file of importedAt(this.modules, path, stmt)) this.imports(file);
      for (const one of named) for (const file of filesOf(this.modules, path, one)) this.imports(file);
    }
  }

  private add(path: string, stmt: Stmt): void {
    if (this.added.has(stmt)) return;
    this.added.add(stmt);
    this.out.push({ path, stmt, when: this.when });
  }

  named(path: string, name: string): void {
    const found = this.modules.define(path, name);
    if (found?.kind === 'function') this.function(found.path, found.stmt, 0);
  }

  private body(path: string, body: readonly Stmt[], around: readonly Stmt[], depth: number): void {
    for (const stmt of surelyRunning(body)) {
      this.add(path, stmt);
      if (stmt.kind === 'import' || stmt.kind === 'from') {
        for (const file of importedAt(this.modules, path, stmt)) this.file(file);
      } else if (stmt.kind === 'function') this.handler(path, stmt, depth);
      else if (stmt.kind !== 'class' && depth < DEEPEST) this.calls(path, stmt, around, depth);
    }
  }

  /** `@app.on_event("startup")`: https://fastapi.tiangolo.com/advanced/events/ */
  private handler(path: string, stmt: FunctionStmt, depth: number): void {
    if (stmt.mentions?.(ON_EVENT, 'head') === false) return;
    const starts = stmt.decorators.some(
      (d) => d.kind === 'call' && lastName(d.func) === 'on_event' && stringValue(d.args[0]?.value) === 'startup',
    );
    if (starts) this.enter(path, stmt, depth);
  }

  private calls(path: string, stmt: Stmt, around: readonly Stmt[], depth: number): void {
    const place = { modules: this.modules, path, around };
    for (const { call, awaited } of expressionsOf(stmt).flatMap((e) => surelyCalled(e))) {
      const loaded = moduleLoaded(place, call);
      if (loaded !== undefined) for (const file of filesOf(this.modules, path, loaded)) this.imports(file);
      const lifespan = keyword(call, 'lifespan');
      const entered = lifespan && this.meant(place, lifespan);
      const called = this.meant(place, call.func);
      if (called?.kind === 'class') this.made(called.path, called.stmt, depth);
      if (called?.kind === 'function') this.function(called.path, called.stmt, depth, awaited);
      if (entered?.kind === 'function') this.enter(entered.path, entered.stmt, depth);
    }
  }

  private meant(place: Place, expr: Expr): Definition | undefined {
    if (expr.kind !== 'name' && expr.kind !== 'attribute') return undefined;
    return definitionOf(place, expr) ?? this.method(place, expr);
  }

  /** `server.setup` where `server = Server()` is of a class of the repository. */
  private method(place: Place, expr: Expr): Definition | undefined {
    const named = expr.kind === 'attribute' && (expr.value.kind === 'name' || expr.value.kind === 'call');
    const found = named ? meaningOf(place, expr) : undefined;
    return found?.kind === 'function'
      ? { kind: 'function', path: found.path, name: found.stmt.name, stmt: found.stmt, via: [] }
      : undefined;
  }

  /** What making an object of a class runs. */
  private made(path: string, stmt: ClassStmt, depth: number): void {
    const init = stmt.body.find((s) => s.kind === 'function' && s.name === '__init__');
    if (init?.kind === 'function') this.function(path, init, depth);
  }

  /** A call of a coroutine function runs nothing of it unless it is awaited. */
  private function(path: string, stmt: FunctionStmt, depth: number, awaited = false): void {
    const plain = stmt.decorators.every((d) => TRANSPARENT.test(dotted(d.kind === 'call' ? d.func : d) ?? ''));
    if (plain && stmt.async === awaited && !yields(stmt)) this.enter(path, stmt, depth);
  }

  /** Its body, as far as it runs in any case. */
  private enter(path: string, stmt: FunctionStmt, depth: number): void {
    if (this.functions.has(stmt)) return;
    this.functions.add(stmt);
    const leaves = stmt.body.findIndex((s) => s.kind === 'return' || mayLeave(s));
    this.body(path, leaves < 0 ? stmt.body : stmt.body.slice(0, leaves + 1), [stmt], depth + 1);
  }
}

/** Calls that evaluating an expression surely makes. */
export function surelyCalled(expr: Expr, awaited = false): { readonly call: CallExpr; readonly awaited: boolean }[] {
  if (expr.kind === 'lambda' || (expr.kind === 'other' && /comprehension|generator|yield/.test(expr.type))) return [];
  if (expr.kind === 'bool') return surelyCalled(expr.left);
  if (expr.kind === 'conditional') return surelyCalled(expr.test);
  if (expr.kind === 'await') return surelyCalled(expr.value, true);
  const runs = expr.kind === 'call' && dotted(expr.func) === 'asyncio.run';
  const inside = childrenOf(expr).flatMap((e) => surelyCalled(e, runs && e.kind === 'call'));
  return expr.kind === 'call' ? [...inside, { call: expr, awaited }] : inside;
}

/** True where something below may return from the function around. */
function mayLeave(stmt: Stmt): boolean {
  if (stmt.kind === 'function' || stmt.kind === 'class') return false;
  return statementsWithin([stmt], []).some(
    ({ stmt: inner, around }) =>
      (inner.kind === 'return' || (inner.kind === 'other' && inner.type.startsWith('raise'))) &&
      !around.some((s) => s.kind === 'function' || s.kind === 'class'),
  );
}

/** True for a generator: a call runs nothing of it. */
function yields(stmt: FunctionStmt): boolean {
  if (stmt.mentions?.(/\byield\b/, 'body') === false) return false;
  return statementsWithin(stmt.body, []).some(
    ({ stmt: inner, around }) =>
      !around.some((s) => s.kind === 'function') &&
      expressionsOf(inner)
        .flatMap(descend)
        .some((e) => e.kind === 'other' && e.type.startsWith('yield')),
  );
}

/** Modules that the calls of a statement surely load by their names. */
export function modulesLoaded(place: Place, stmt: Stmt): string[] {
  if (stmt.kind === 'function' || stmt.kind === 'class') return [];
  const calls = expressionsOf(stmt).flatMap((e) => surelyCalled(e));
  return calls.flatMap(({ call }) => moduleLoaded(place, call) ?? []);
}
