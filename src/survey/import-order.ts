/**
 * Modules in the order in which Python runs them: a package before what lies in it, each once, and which of them are only
 * partly run when another asks them for a name.
 * https://docs.python.org/3/reference/import.html#the-module-cache
 */
import type { ModuleGraph } from '../python/modules.ts';
import type { FromImportStmt, ImportStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { isMainGuard, statements } from '../syntax/python/walk.ts';
import { literally } from '../system/pattern.ts';
import { CALL_IN_HEAD } from './at-import.ts';
import { importsOfCalls } from './called-imports.ts';
import { importedAt, isTypeChecking } from './executed.ts';
import { mayBind } from './may-bind.ts';

/** `from X import name`, where X is partly run and binds the name only further down. */
export interface Circle {
  readonly name: string;
  /** Where it is asked for. */
  readonly path: string;
  readonly line: number;
  /** The module that is asked, and the line of it that is still running. */
  readonly asked: { readonly path: string; readonly at: number; readonly binds: number };
}

interface Start {
  readonly path: string;
  /** Absent for a file that is run under no name, such as Alembic's env.py. */
  readonly module?: string;
  /** Folders on the import path. */
  readonly folders: readonly string[];
}

interface Loading {
  readonly path: string;
  /** As sys.modules has it; '' where it is not there. */
  readonly name: string;
  readonly root: string;
  /** The import that it is at. */
  at?: ImportStmt | FromImportStmt;
}

/** What gives a module names that do not stand in it. */
const SELF_MADE = /\b__getattr__\b|\bglobals\(\)|\bsetattr\(|\bvars\(\)|\b__dict__\b/;
const DEEPEST = 200;

/** The first circle that surely ends in an ImportError. */
export function circleFrom(modules: ModuleGraph, start: Start): Circle | undefined {
  // Most programs have none: only then is it asked what may have been imported before in another way.
  const quick = new Order(modules, start, false).run();
  return quick && new Order(modules, start, true).run();
}

/** Thrown to end a walk: nothing certain can be said any more, or it is said. */
class Ended extends Error {}

class Order {
  private readonly loaded = new Map<string, Loading>();
  private readonly stack: Loading[] = [];
  /** Files that may or may not have run by now. */
  private readonly unclear = new Set<string>();
  private found: Circle | undefined;
  private readonly modules: ModuleGraph;
  private readonly start: Start;
  private readonly careful: boolean;

  constructor(modules: ModuleGraph, start: Start, careful: boolean) {
    this.modules = modules;
    this.start = start;
    this.careful = careful;
  }

  run(): Circle | undefined {
    const { path, module, folders } = this.start;
    try {
      const root = folders.find((f) => module !== undefined && this.modules.resolve(path, module, 0)?.root === f);
      if (module === undefined || root === undefined) this.load({ path, name: '', root: folders[0] ?? '' });
      else this.absolute(path, module);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
    return this.found;
  }

  private load(next: Loading): void {
    const known = this.loaded.get(next.path);
    if (known) {
      // One file under two names is two modules.
      if (known.name !== next.name) throw new Ended();
      return;
    }
    if (this.unclear.has(next.path)) return;
    const module = this.modules.module(next.path);
    if (!module || module.seenErrors || this.stack.length > DEEPEST) throw new Ended();
    this.loaded.set(next.path, next);
    this.stack.push(next);
    this.body(next, module.body);
    this.stack.pop();
  }

  private body(here: Loading, body: readonly Stmt[]): void {
    for (const stmt of body) this.statement(here, stmt);
  }

  private statement(here: Loading, stmt: Stmt): void {
    switch (stmt.kind) {
      case 'import':
      case 'from':
        here.at = stmt;
        this.import(here, stmt);
        return;
      case 'if':
        if (isTypeChecking(stmt) || isMainGuard(stmt)) this.body(here, stmt.orelse);
        else this.perhaps(here, stmt);
        return;
      case 'try':
        if (stmt.handlers.length > 0) this.perhaps(here, { ...stmt, finalbody: [] });
        else this.body(here, stmt.body);
        this.body(here, stmt.finalbody);
        return;
      case 'class':
        this.calls(here, stmt);
        this.body(here, stmt.body);
        return;
      case 'function':
      case 'assign':
      case 'expr':
        this.calls(here, stmt);
        return;
      default:
        if (stmt.kind === 'other' && stmt.type.startsWith('raise')) throw new Ended();
        this.perhaps(here, stmt);
    }
  }

  /** A statement that may or may not run, wholly or in part. */
  private perhaps(here: Loading, stmt: Stmt): void {
    if (!this.careful) return;
    this.calls(here, stmt);
    for (const { stmt: inner } of blocksOf(stmt).flatMap((block) => statements(block))) {
      this.calls(here, inner);
      this.blur(importedAt(this.modules, here.path, inner));
    }
  }

  private import(here: Loading, stmt: ImportStmt | FromImportStmt): void {
    const { path } = here;
    if (stmt.kind === 'import') {
      for (const { module } of stmt.names) if (!this.absolute(path, module)) this.blurAt(here, stmt);
      return;
    }
    if (stmt.module === '__future__') return;
    const target = stmt.level === 0 ? this.absolute(path, stmt.module) : this.relative(here, stmt);
    if (!target) this.blurAt(here, stmt);
    else if (!stmt.star) for (const { name } of stmt.names) this.taken(here, stmt, target, name);
  }

  /** Loads a module and the packages around it; undefined for what is none of ours for certain. */
  private absolute(path: string, module: string): Target | undefined {
    const parts = module.split('.');
    const whole = this.modules.resolve(path, module, 0);
    if (!whole || !this.start.folders.includes(whole.root)) return undefined;
    for (let i = 1; i <= parts.length; i++) {
      const name = parts.slice(0, i).join('.');
      const part = this.modules.resolve(path, name, 0);
      if (part?.root !== whole.root) throw new Ended();
      if (part.path !== undefined) this.load({ path: part.path, name, root: part.root });
    }
    return { ...whole, name: module };
  }

  private relative(here: Loading, { module, level }: FromImportStmt): Target | undefined {
    if (here.name === '') return undefined;
    const inside = here.path.endsWith('/__init__.py') ? here.name.split('.') : here.name.split('.').slice(0, -1);
    const base = inside.slice(0, inside.length - (level - 1));
    if (base.length === 0 || level - 1 > inside.length) return undefined;
    const parts = module === '' ? [] : module.split('.');
    let found: Target | undefined;
    for (let i = 0; i <= parts.length; i++) {
      const part = this.modules.resolve(here.path, parts.slice(0, i).join('.'), level);
      if (!part) return undefined;
      const name = [...base, ...parts.slice(0, i)].join('.');
      if (part.path !== undefined) this.load({ path: part.path, name, root: here.root });
      found = { ...part, root: here.root, name };
    }
    return found;
  }

  /** `name` is taken from a module that has been loaded, or is being loaded. */
  private taken(here: Loading, stmt: FromImportStmt, target: Target, name: string): void {
    const child = target.folder === undefined ? undefined : this.modules.child(target.folder, name, target.root);
    const binds = target.path === undefined ? [] : (this.modules.bindings(target.path).get(name) ?? []);
    if (child) {
      if (child.path === undefined) return;
      if (binds.length > 0) this.blur([child.path]);
      else this.load({ path: child.path, name: `${target.name}.${name}`, root: target.root });
      return;
    }
    const asked = this.stack.find((one) => one.path === target.path);
    if (!asked?.at || asked === here || asked.name !== target.name) return;
    const at = asked.at.start;
    const later = binds.find(({ stmt: by }) => by.start >= at);
    if (!later || binds.some(({ stmt: by }) => by.start < at) || !this.unbound(asked, name)) return;
    this.found = {
      name,
      path: here.path,
      line: stmt.line,
      asked: { path: asked.path, at: asked.at.line, binds: later.stmt.line },
    };
    throw new Ended();
  }

  /** True where nothing above the running import can have bound the name. */
  private unbound({ path, at }: Loading, name: string): boolean {
    const text = this.modules.module(path)?.text ?? '';
    const before = text.slice(0, at?.start ?? 0);
    if (SELF_MADE.test(text) || new RegExp(`\\bglobal\\b[^\\n]*\\b${literally(name)}\\b`).test(text)) return false;
    return !this.modules.stars(path).some((star) => star.start < (at?.start ?? 0)) && !mayBind(name).test(before);
  }

  /** Calls of functions of the repository may import whatever stands in them. */
  private calls(here: Loading, stmt: Stmt): void {
    if (!this.careful) return;
    const defined = stmt.kind === 'function' || stmt.kind === 'class';
    if (defined && stmt.mentions?.(CALL_IN_HEAD, 'head') === false) return;
    for (const paths of importsOfCalls(this.modules, here.path, stmt)) {
      if (paths === 'anything') throw new Ended();
      this.blur(paths);
    }
  }

  private blurAt(here: Loading, stmt: Stmt): void {
    if (this.careful) this.blur(importedAt(this.modules, here.path, stmt));
  }

  /** Whatever runs with these files may have run or not, as far as it has not begun for certain. */
  private blur(paths: readonly string[]): void {
    if (!this.careful) return;
    const next = [...paths];
    for (let path = next.pop(); path !== undefined; path = next.pop()) {
      if (this.unclear.has(path) || this.loaded.has(path)) continue;
      this.unclear.add(path);
      const body = this.modules.module(path)?.body ?? [];
      for (const { stmt, around } of statements(body, /\bimport\b/)) {
        if (!around.some(isTypeChecking)) next.push(...importedAt(this.modules, path, stmt));
      }
    }
  }
}

interface Target {
  readonly path?: string;
  readonly folder?: string;
  readonly root: string;
  readonly name: string;
}
