/** Whether the application upgrades its database by itself when it starts. */

import { type MigrationTool, migrationTool } from '../../knowledge/migrations.ts';
import type { Evidence, Migrations, ServiceSeed } from '../../model/facts.ts';
import { definitionOf, externalName } from '../../python/definition.ts';
import { truthOf } from '../../python/evaluate.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr, FunctionStmt, IfStmt, Span } from '../../syntax/python/ast.ts';
import { unlessRenamed, wordOf } from '../../syntax/python/needle.ts';
import {
  calls,
  descend,
  dotted,
  expressions,
  isMainGuard,
  positional,
  statementsWithin,
  stringValue,
} from '../../syntax/python/walk.ts';
import { importedAt } from '../executed.ts';

const RUNS_COMMANDS = /\bcall_command\b|\bsubprocess\b|\bos\.system\b|\bcreate_subprocess_/;
/** Decorators of functions that run at start, and of those that run only when somebody asks. */
const AT_START =
  /(?:^|\.)(?:on_event|on_startup|listener|before_serving|before_first_request|asynccontextmanager|contextmanager|receiver)$/;
const ON_DEMAND = /(?:^|\.)(?:command|group|callback|route|get|post|put|patch|delete|task|shared_task|fixture|cli)$/;
const MAX_CALLERS = 6;

interface Spot extends Place {
  readonly start: number;
}

/** Where it does; undefined when it does not, or only under a condition that does not hold by default. */
export function selfMigration(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  reached: readonly string[],
  tool: Migrations['tool'],
): Evidence | undefined {
  const row = migrationTool(tool);
  const { verb, code } = row;
  // Where no function is called that upgrades, the verb stands in a string.
  const spoken = code.named !== undefined;
  const names = [verb, ...code.functions.map((name) => name.slice(name.lastIndexOf('.') + 1))];
  const written = repo.matching(reached, spoken ? new RegExp(`["' ]${verb}\\b`) : wordOf(names));
  for (const path of spoken ? repo.matching(written, RUNS_COMMANDS) : written) {
    const module = modules.module(path);
    if (!module) continue;
    const needle = spoken ? new RegExp(verb) : unlessRenamed(module.text, names);
    for (const { call, around } of calls(module.body, needle)) {
      const place = { modules, path, around, start: call.start };
      if (!upgrades(place, call, row)) continue;
      if (runsAtStart(repo, seed, reached, place, 0, new Set())) return { path, line: call.line };
    }
  }
  return undefined;
}

function upgrades(place: Place, call: CallExpr, { verb, code }: MigrationTool): boolean {
  const written = dotted(call.func) ?? '';
  if (written === '') return false;
  const full = externalName(place, call.func) ?? written;
  const word = (wanted: string): boolean =>
    descend(call).some((e) => stringValue(e)?.split(/\s+/).includes(wanted) === true);
  if (SUBPROCESS.test(full)) return word(verb) && (code.programs.length === 0 || code.programs.some(word));
  if (code.named) return full.split('.').at(-1) === code.named && stringValue(positional(call)[0]) === verb;
  if (code.takesWords?.some((name) => full.startsWith(name))) return word(verb);
  return code.functions.some((name) =>
    name.startsWith('.') ? full.endsWith(name) : full === name || written === name,
  );
}

const SUBPROCESS =
  /^(?:subprocess\.(?:run|call|check_call|check_output|Popen)|os\.system|asyncio\.create_subprocess_\w+)$/;

function runsAtStart(
  repo: Snapshot,
  seed: ServiceSeed,
  reached: readonly string[],
  place: Spot,
  depth: number,
  seen: Set<string>,
): boolean {
  const { path, around } = place;
  if (!conditionsHold(place)) return false;
  const fn = around.findLast((s): s is FunctionStmt => s.kind === 'function');
  if (!fn) return !around.some(isMainGuard);
  const names = fn.decorators.map((d) => dotted(d.kind === 'call' ? d.func : d) ?? '');
  if (names.some((n) => ON_DEMAND.test(n))) return false;
  if (names.some((n) => AT_START.test(n))) return true;
  if (path === seed.entry.path && seed.entry.factory && fn.name === seed.entry.attr) return true;
  if (depth >= MAX_CALLERS || seen.has(`${path} ${fn.start}`)) return false;
  seen.add(`${path} ${fn.start}`);
  return callersOf(fn, repo, reached, place).some((caller) =>
    runsAtStart(repo, seed, reached, caller, depth + 1, seen),
  );
}

/** Where a function may be called or handed on, outside of itself. */
function callersOf(fn: FunctionStmt, repo: Snapshot, reached: readonly string[], { modules, path }: Spot): Spot[] {
  const callers: Spot[] = [];
  const word = new RegExp(`\\b${fn.name}\\b`);
  for (const user of repo.matching(reached, word)) {
    const names = (expr: Expr): boolean =>
      (expr.kind === 'name' && expr.id === fn.name) || (expr.kind === 'attribute' && expr.attr === fn.name);
    for (const { expr, around: where } of expressions(modules.module(user)?.body ?? [], names, word)) {
      if (user === path && expr.start >= fn.start && expr.end <= fn.end) continue;
      const caller = { modules, path: user, around: where, start: expr.start };
      if (mayMean(caller, expr, { path, start: fn.start })) callers.push(caller);
    }
  }
  return callers;
}

/**
 * A name that is followed says what it means. Of another (`self.current`, `migrator.upgrade`) it may be the function in
 * a module that imports the function's own.
 */
function mayMean(place: Spot, expr: Expr, fn: { readonly path: string; readonly start: number }): boolean {
  const found = definitionOf(place, expr);
  if (found?.kind === 'function') return found.path === fn.path && found.stmt.start === fn.start;
  if (found || expr.kind === 'name') return found === undefined && place.path === fn.path;
  if (place.path === fn.path) return true;
  const { modules, path } = place;
  return statementsWithin(modules.module(path)?.body ?? [], []).some(({ stmt }) =>
    importedAt(modules, path, stmt).includes(fn.path),
  );
}

/** Every `if` around the place, and every early return before it, lets it run by default. */
function conditionsHold(place: Spot): boolean {
  const { around, start } = place;
  const here = (s: Span): boolean => s.start <= start && start < s.end;
  for (const stmt of around) {
    if (stmt.kind === 'if' && !isMainGuard(stmt) && !here(stmt.test)) {
      if (truthOf(place, stmt.test) !== stmt.body.some(here)) return false;
    }
    if (stmt.kind === 'try' && stmt.handlers.some((h) => h.some(here))) return false;
  }
  const fn = around.findLast((s): s is FunctionStmt => s.kind === 'function');
  const before = (fn?.body ?? []).filter((s): s is IfStmt => s.kind === 'if' && s.start < start && !s.body.some(here));
  return before.every((s) => !s.body.some((b) => b.kind === 'return') || truthOf(place, s.test) === false);
}
