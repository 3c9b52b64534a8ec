/** Which modules run when a module is imported: its top-level imports and theirs, as the import system executes them. */

import type { ModuleGraph } from '../python/modules.ts';
import { dirname, join } from '../repo/path.ts';
import type { FromImportStmt, ImportStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { absoluteModules } from '../syntax/python/walk.ts';

/**
 * Files of the repository that run when `start` runs, `start` first. Imports inside functions and below
 * `if TYPE_CHECKING:` do not run.
 * https://docs.python.org/3/reference/import.html#searching: importing a submodule runs its packages first.
 */
export function executedFrom(modules: ModuleGraph, start: string): ReadonlySet<string> {
  const known = closures.get(modules) ?? new Map<string, ReadonlySet<string>>();
  closures.set(modules, known);
  let found = known.get(start);
  if (!found) {
    found = closure(start, (file) => importedBy(modules, file));
    known.set(start, found);
  }
  return found;
}

const closures = new WeakMap<ModuleGraph, Map<string, ReadonlySet<string>>>();

function closure(start: string, next: (file: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const stack = [start];
  for (let file = stack.pop(); file !== undefined; file = stack.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    stack.push(...next(file));
  }
  return seen;
}

/** As `executedFrom`, but for what hangs on a condition or may fail without harm: these files run in any case. */
export function surelyExecutedFrom(modules: ModuleGraph, start: string): Set<string> {
  return closure(start, (file) => importedBy(modules, file, surelyRunning));
}

/**
 * Statements of a module that run in any case: not those below `if`, in loops and functions, nor in a `try` that has a
 * handler. Without `classes`, not those of classes either, whose bodies must be parsed for it.
 */
export function* surelyRunning(body: readonly Stmt[], classes = true): Generator<Stmt> {
  for (const stmt of body) {
    yield stmt;
    if (stmt.kind === 'class' && classes) yield* surelyRunning(stmt.body);
    if (stmt.kind === 'with') for (const block of blocksOf(stmt)) yield* surelyRunning(block, classes);
    if (stmt.kind === 'try') {
      if (stmt.handlers.length === 0) yield* surelyRunning(stmt.body, classes);
      yield* surelyRunning(stmt.finalbody, classes);
    }
  }
}

/** Files that the top level of `file` imports directly, the __init__.py of packages on the way included. */
export function importedBy(
  modules: ModuleGraph,
  file: string,
  statements: (body: readonly Stmt[]) => Iterable<Stmt> = running,
): string[] {
  const module = modules.module(file);
  if (!module) return [];
  const out = new Set<string>();
  for (const stmt of statements(module.body)) for (const path of importedAt(modules, file, stmt)) out.add(path);
  out.delete(file);
  return [...out];
}

/** By layout of the repository: what a statement imports, whoever asks. */
const targets = new WeakMap<object, WeakMap<Stmt, readonly string[]>>();

/** Files that one statement of `file` imports, the __init__.py of packages on the way included. */
export function importedAt(modules: ModuleGraph, file: string, stmt: Stmt): readonly string[] {
  if (stmt.kind !== 'import' && stmt.kind !== 'from') return NONE;
  const known = targets.get(modules.layout) ?? new WeakMap<Stmt, readonly string[]>();
  targets.set(modules.layout, known);
  let found = known.get(stmt);
  if (!found) {
    found = targetsOf(modules, file, stmt);
    known.set(stmt, found);
  }
  return found;
}

const NONE: readonly string[] = [];

/** Files of the repository that importing a module runs, from the top of its dotted name on. */
export function filesOf(modules: ModuleGraph, file: string, name: string): readonly string[] {
  const out = new Set<string>();
  addFiles(out, modules, file, name, 0);
  return [...out];
}

/** Gives back the folder of what is named, where it is a package. */
function addFiles(out: Set<string>, modules: ModuleGraph, file: string, name: string, level: number) {
  const parts = name === '' ? [] : name.split('.');
  let folder: string | undefined;
  for (let i = level > 0 ? 0 : 1; i <= parts.length; i++) {
    const target = modules.resolve(file, parts.slice(0, i).join('.'), level);
    if (target?.path) out.add(target.path);
    folder = target?.folder;
  }
  return folder;
}

function targetsOf(modules: ModuleGraph, file: string, stmt: ImportStmt | FromImportStmt): readonly string[] {
  const out = new Set<string>();
  const add = (name: string, level: number): string | undefined => addFiles(out, modules, file, name, level);
  if (stmt.kind === 'import') for (const n of stmt.names) add(n.module, 0);
  if (stmt.kind === 'from') {
    const folder = add(stmt.module, stmt.level);
    for (const n of folder === undefined ? [] : stmt.names) {
      const child = [join(folder ?? '', `${n.name}.py`), join(folder ?? '', `${n.name}/__init__.py`)].find((p) =>
        modules.module(p),
      );
      if (child) out.add(child);
    }
  }
  return [...out];
}

/** Statements that run with the module body: also class bodies, but neither functions nor `if TYPE_CHECKING:`. */
function* running(body: readonly Stmt[]): Generator<Stmt> {
  for (const stmt of body) {
    yield stmt;
    if (stmt.kind === 'function') continue;
    if (stmt.kind === 'if' && isTypeChecking(stmt)) yield* running(stmt.orelse);
    else for (const block of blocksOf(stmt)) yield* running(block);
  }
}

/** `if TYPE_CHECKING:` */
export function isTypeChecking(stmt: Stmt): boolean {
  if (stmt.kind !== 'if') return false;
  const { test } = stmt;
  return (
    (test.kind === 'name' && test.id === 'TYPE_CHECKING') ||
    (test.kind === 'attribute' && test.attr === 'TYPE_CHECKING')
  );
}

/**
 * The dotted name by which `path` is imported when `root` is on sys.path; undefined outside of it or when a part is no
 * identifier.
 */
export function dottedName(root: string, path: string): string | undefined {
  const prefix = root === '' ? '' : `${root}/`;
  if (!path.startsWith(prefix)) return undefined;
  const file = path.endsWith('/__init__.py') ? dirname(path) : path.replace(/\.py$/, '');
  const name = file.slice(prefix.length).replaceAll('/', '.');
  return /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(name) ? name : undefined;
}

/** Folders that must be on sys.path for the absolute imports of the repository's own modules in `file`. */
export function importedRoots(modules: ModuleGraph, file: string): Set<string> {
  const out = new Set<string>();
  for (const stmt of modules.module(file)?.body ?? []) {
    for (const name of absoluteModules(stmt)) {
      const target = modules.resolve(file, name, 0);
      if (target?.path !== undefined) out.add(target.root);
    }
  }
  return out;
}
