/** How a call is reached when a launcher runs: at module level, behind the main guard, or through functions. */

import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf, expressionsOf } from '../syntax/python/children.ts';
import { descend, dotted, isMainGuard } from '../syntax/python/walk.ts';
import { literally } from '../system/pattern.ts';
import { say } from '../system/say.ts';
import { consoleScripts } from './console-scripts.ts';
import { isNotDeployed } from './deployed.ts';

export interface Reach {
  /** How, as the end of a sentence. */
  readonly how: string;
  /** True behind `if __name__ == "__main__":`. */
  readonly guarded: boolean;
  /** The file that is run for it; absent where a command of its own is. */
  readonly file?: string;
}

/** Links of a chain of functions that are followed. */
const MAX_STEPS = 5;
/** Command names that mean the server itself. */
const SERVE_COMMANDS = /^(?:run|serve|start|server|web|api|main|runserver|run_server|start_server|cli|up)$/;

/** How statements below `around` run, or undefined when only a function that nothing calls holds them. */
export function reachOf(repo: Snapshot, { modules, path, around }: Place): Reach | undefined {
  const fn = around.find((s): s is FunctionStmt => s.kind === 'function');
  if (!fn) {
    const guarded = around.some(isMainGuard);
    return { how: guarded ? say`behind the main guard` : say`at module level`, guarded, file: path };
  }
  const owner = around.find((s) => s.kind === 'class');
  if (owner?.kind === 'class') return ofMethod(modules, path, owner.name, fn.name);
  return ofFunction(repo, modules, path, fn.name, 0, new Set());
}

function ofFunction(
  repo: Snapshot,
  modules: ModuleGraph,
  path: string,
  name: string,
  step: number,
  seen: Set<string>,
): Reach | undefined {
  const key = `${path}\0${name}`;
  if (step > MAX_STEPS || seen.has(key)) return undefined;
  seen.add(key);
  const module = modules.module(path);
  if (!module) return undefined;
  const script = consoleScripts(repo).find((s) => s.attr === name && endsWithModule(path, s.module));
  if (script) return { how: say`through the console script ${script.name}`, guarded: false };
  const direct = topReference(module.body, name, false);
  if (direct) return { ...direct, file: path };
  for (const stmt of module.body) {
    if (stmt.kind !== 'function') continue;
    if (stmt.name === name) {
      const command = commandName(stmt);
      if (command !== undefined && SERVE_COMMANDS.test(command)) {
        return { how: say`through the command ${command}`, guarded: false };
      }
      continue;
    }
    if (!mentions(stmt, name)) continue;
    const outer = ofFunction(repo, modules, path, stmt.name, step + 1, seen);
    if (outer) return outer;
  }
  return fromOtherFiles(repo, modules, path, name);
}

/** A module-level use in another file that imports the function: `from .server import main`, then `main()`. */
function fromOtherFiles(repo: Snapshot, modules: ModuleGraph, path: string, name: string): Reach | undefined {
  const others = modules.files.filter((f) => f !== path && !isNotDeployed(f));
  const stem =
    path
      .replace(/\/__init__\.py$/, '')
      .replace(/\.py$/, '')
      .split('/')
      .at(-1) ?? '';
  const importing = repo.matching(
    others,
    new RegExp(`import[^\\n]*\\b${literally(stem)}\\b|\\b${literally(stem)}[ \\t]+import\\b`),
  );
  for (const file of repo.matching(importing, new RegExp(`\\b${name}\\b`))) {
    const module = modules.module(file);
    const found = module ? topReference(module.body, name, true) : undefined;
    if (!module || !found) continue;
    const defined = modules.define(file, name);
    if (defined?.kind === 'function' && defined.path === path) return { ...found, file };
    const viaModule = [...modules.bindings(file).keys()].some((bound) => {
      const target = modules.define(file, bound);
      return target?.kind === 'module' && target.path === path;
    });
    if (viaModule) return { ...found, file };
  }
  return undefined;
}

/** A method counts when the same file calls it at module level: `App().start()`. */
function ofMethod(modules: ModuleGraph, path: string, owner: string, method: string): Reach | undefined {
  const module = modules.module(path);
  if (!module || !topReference(module.body, owner, true)) return undefined;
  const found = topReference(module.body, method, true);
  return found && { ...found, file: path };
}

/** A call or mention of the name in statements that run when the module runs. */
function topReference(body: readonly Stmt[], name: string, attributes: boolean, guarded = false): Reach | undefined {
  for (const stmt of body) {
    if (stmt.kind === 'function' || stmt.kind === 'class' || stmt.kind === 'import' || stmt.kind === 'from') continue;
    const inGuard = guarded || isMainGuard(stmt);
    if (expressionsOf(stmt).some((e) => namesIn(e, name, attributes))) {
      return { how: inGuard ? say`behind the main guard` : say`at module level`, guarded: inGuard };
    }
    for (const block of blocksOf(stmt)) {
      const found = topReference(block, name, attributes, inGuard);
      if (found) return found;
    }
  }
  return undefined;
}

function namesIn(expr: Expr, name: string, attributes: boolean): boolean {
  for (const e of descend(expr)) {
    if (e.kind === 'name' && e.id === name) return true;
    if (attributes && e.kind === 'attribute' && e.attr === name) return true;
  }
  return false;
}

function mentions(stmt: Stmt, name: string): boolean {
  if (stmt.kind !== 'function' && expressionsOf(stmt).some((e) => namesIn(e, name, false))) return true;
  return blocksOf(stmt).some((block) => block.some((s) => mentions(s, name)));
}

/** Name of a click or typer command: `@cli.command("serve")` or the function's own. */
function commandName(stmt: FunctionStmt): string | undefined {
  for (const decorator of stmt.decorators) {
    const called = decorator.kind === 'call' ? decorator.func : decorator;
    if (!/(?:^|\.)command$/.test(dotted(called) ?? '')) continue;
    const said = decorator.kind === 'call' ? decorator.args[0]?.value : undefined;
    return said?.kind === 'string' && said.value ? said.value : stmt.name;
  }
  return undefined;
}

function endsWithModule(path: string, module: string): boolean {
  const relative = module.replaceAll('.', '/');
  return [`${relative}.py`, `${relative}/__init__.py`].some((s) => path === s || path.endsWith(`/${s}`));
}
