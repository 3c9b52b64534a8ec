/** Tables that every worker process makes when it starts: at the first start all of them find none. */
import type { Evidence, Service } from '../../model/facts.ts';
import { definitionOf } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, FunctionStmt, IfStmt, Stmt } from '../../syntax/python/ast.ts';
import { calls, dotted, isMainGuard, lastName, type PlacedCall, stringValue } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import { executedFrom, isTypeChecking } from '../executed.ts';
import { creation } from '../made-tables.ts';
import type { Note } from './note.ts';

/** What lets one worker go before the others. */
const LOCKS = /advisory_(?:xact_)?lock|\bfcntl\b|\b[Ff]ile_?[Ll]ock\b|\.lock\(|\bSETNX\b|\bnx=True/;
/** Functions within functions that are followed. */
const DEEPEST = 4;

/**
 * At most one of each. No stop: one worker alone, the usual number, is served; and who has migrations finds the tables
 * there. What drops them all loses every row.
 * https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.create_all asks first what is there.
 */
export function tablesByEach(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  revisions: readonly string[],
): Note[] {
  const { module, path } = service.entry;
  const search = { repo, modules, service, files: [...executedFrom(modules, path)] };
  const dropped = calledAtAnyStart(search, 'drop_all');
  const out: Note[] = [];
  if (dropped) {
    const text = say`drop_all runs each time ${module} starts or stops: every deploy and every restart loses what the database holds. Take it out.`;
    out.push({ text, at: dropped });
  }
  const migrated = revisions.length > 0 || service.migrations?.tool === 'django';
  const made = migrated ? undefined : calledAtAnyStart(search, 'create_all');
  if (made) {
    const text =
      say`create_all runs when ${module} starts, in each worker: with several of them, all find no tables at the first start, and those ` +
      say`that come second can end with "already exists". Start with one worker, or make the tables before the service starts.`;
    out.push({ text, at: made });
  }
  return out;
}

/** The first call of the method that runs whenever a worker starts. */
function calledAtAnyStart(search: Search, method: string): Evidence | undefined {
  const needle = new RegExp(`\\b${method}\\b`);
  for (const path of search.repo.matching(search.files, needle)) {
    const module = search.modules.module(path);
    if (!module || LOCKS.test(module.text)) continue;
    for (const place of calls(module.body, needle)) {
      const [made] = creation(path, place.call, method);
      if (made && runsAtStart(search, path, place, 0)) return { path, line: made.line };
    }
  }
  return undefined;
}

interface Search {
  readonly repo: Snapshot;
  readonly modules: ModuleGraph;
  readonly service: Service;
  readonly files: readonly string[];
}

/** True where a call runs whenever a worker starts, unless a parameter is set otherwise. */
function runsAtStart(search: Search, path: string, { around }: PlacedCall, depth: number): boolean {
  const at = around.findLastIndex((s) => s.kind === 'function');
  if (around.slice(at + 1).some((s) => mayPass(s, around))) return false;
  const owner = around[at];
  if (owner?.kind !== 'function') return true;
  if (around.slice(0, at).some((s) => s.kind === 'class') || depth > DEEPEST) return false;
  return isStarted(search, path, owner) || calledAtStart(search, path, owner, depth);
}

/** A statement around that may keep a call from running, or its failure from ending the start. */
function mayPass(stmt: Stmt, around: readonly Stmt[]): boolean {
  switch (stmt.kind) {
    case 'with':
      return false;
    case 'try':
      return stmt.handlers.length > 0;
    case 'if':
      return isMainGuard(stmt) || isTypeChecking(stmt) || !isSwitchedOn(stmt, around);
    default:
      return true;
  }
}

/** `if create_tables:`, where that is a parameter whose default is True. */
function isSwitchedOn({ test }: IfStmt, around: readonly Stmt[]): boolean {
  if (test.kind !== 'name') return false;
  const owner = around.findLast((s) => s.kind === 'function' && s.params.some((p) => p.name === test.id));
  const given = owner?.kind === 'function' ? owner.params.find((p) => p.name === test.id)?.default : undefined;
  return given?.kind === 'constant' && given.value === true;
}

/** A lifespan, a handler of the start, the factory that the server calls. */
function isStarted({ service }: Search, path: string, stmt: FunctionStmt): boolean {
  const { entry } = service;
  if (entry.factory && entry.path === path && entry.attr === stmt.name) return true;
  return stmt.decorators.some((d) => {
    const name = lastName(d.kind === 'call' ? d.func : d);
    if (/^(?:asynccontextmanager|contextmanager)$/.test(name)) return /life_?(?:span|time|cycle)/i.test(stmt.name);
    if (name === 'before_serving') return true;
    return name === 'on_event' && d.kind === 'call' && stringValue(d.args[0]?.value) === 'startup';
  });
}

/** Something that runs at the start calls it, or hands it over to be called then. */
function calledAtStart(search: Search, path: string, owner: FunctionStmt, depth: number): boolean {
  const { repo, modules, files } = search;
  const needle = new RegExp(`\\b${literally(owner.name)}\\b`);
  const means = (file: string, place: PlacedCall, expr: Expr): boolean => {
    if (expr.kind !== 'name' && expr.kind !== 'attribute') return false;
    if (lastName(expr) !== owner.name) return false;
    const found = definitionOf({ modules, path: file, around: place.around }, expr);
    return found?.kind === 'function' && found.stmt === owner;
  };
  return repo.matching(files, needle).some((file) =>
    calls(modules.module(file)?.body ?? [], needle).some((place) => {
      if (file === path && place.around.includes(owner)) return false;
      const { call } = place;
      const handed = call.args.some(({ name, value }) => {
        const startup = name === 'on_startup' && value.kind === 'list' ? value.items : [];
        return (
          startup.some((e) => means(file, place, e)) ||
          (isHandler(dotted(call.func), call.args[0]?.value) && means(file, place, value))
        );
      });
      if (!handed && !means(file, place, call.func)) return false;
      return runsAtStart(search, file, place, depth + 1);
    }),
  );
}

/** `app.add_event_handler("startup", make_tables)` */
function isHandler(name: string | undefined, first: Expr | undefined): boolean {
  return /\.add_event_handler$/.test(name ?? '') && stringValue(first) === 'startup';
}
