/**
 * The repository's own Python modules: which file an import means, and which object a name means after re-exports,
 * aliases and star imports. Nothing is imported or run; what is not static stays unresolved.
 */
import type { Evidence } from '../facts.ts';
import type { Snapshot, SourceFile } from '../snapshot.ts';
import type {
  AssignStmt,
  ClassStmt,
  Expr,
  FromImportStmt,
  FunctionStmt,
  PythonModule,
  Stmt,
} from '../syntax/python/ast.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { blocksOf, stringValue } from '../syntax/python/walk.ts';

/** What a top-level name (or a local one) is bound to. */
export type Binding =
  | { readonly kind: 'class'; readonly stmt: ClassStmt }
  | { readonly kind: 'function'; readonly stmt: FunctionStmt }
  | { readonly kind: 'assign'; readonly stmt: AssignStmt; readonly value?: Expr }
  | { readonly kind: 'from'; readonly stmt: FromImportStmt; readonly name: string }
  /** `import a.b` binds `a`; `import a.b as c` binds `c` to a.b. */
  | { readonly kind: 'import'; readonly stmt: Stmt; readonly module: string };

/** What a name means in the end. */
export type Definition = {
  /** Where the import chain passed, nearest first; empty when defined in the file asked for. */
  readonly via: readonly Evidence[];
} & (
  | { readonly kind: 'class'; readonly path: string; readonly name: string; readonly stmt: ClassStmt }
  | { readonly kind: 'function'; readonly path: string; readonly name: string; readonly stmt: FunctionStmt }
  | {
      readonly kind: 'assign';
      readonly path: string;
      readonly name: string;
      readonly stmt: AssignStmt;
      readonly value?: Expr;
    }
  /** A module or package of the repository; `path` is its file ('' for a package without __init__.py). */
  | { readonly kind: 'module'; readonly path: string; readonly folder: string; readonly name: string }
  /** Not of this repository: `name` is the full dotted name, such as 'uvicorn.run'. */
  | { readonly kind: 'external'; readonly name: string }
);

export interface ResolvedModule {
  /** File of the module or of the package's __init__.py; absent for a namespace package. */
  readonly path?: string;
  /** Folder of a package; absent for a plain module. */
  readonly folder?: string;
  /** Folder that must be on sys.path for the absolute form of this import. */
  readonly root: string;
}

export interface ModuleGraph {
  /** Every .py file of the repository. */
  readonly files: readonly string[];
  /** Parsed once and kept; undefined when the file cannot be read. Check `errors` before editing. */
  module(path: string): PythonModule | undefined;
  /** Files parsed so far that have a syntax error, with its 1-based line. */
  readonly broken: readonly { readonly path: string; readonly line: number }[];
  /** The file that `module` means when imported from `from`; undefined when it is not of this repository. */
  resolve(from: string, module: string, level: number): ResolvedModule | undefined;
  /** Bindings of a module's top level (also inside top-level if/try/with), in order; later ones win. */
  bindings(path: string): ReadonlyMap<string, readonly Binding[]>;
  /** Modules that `path` star-imports, in order. */
  stars(path: string): readonly FromImportStmt[];
  /** Follows `name` as seen at the top level of `path` to its definition. */
  define(path: string, name: string): Definition | undefined;
  /** Follows a name or attribute chain; `around` gives the enclosing statements, whose local imports count first. */
  resolveExpr(path: string, expr: Expr, around?: readonly Stmt[]): Definition | undefined;
  /** Full dotted name when the expression is something external ('fastapi.FastAPI'), else undefined. */
  external(path: string, expr: Expr, around?: readonly Stmt[]): string | undefined;
}

export function createModuleGraph(repo: Snapshot): ModuleGraph {
  return new Graph(repo);
}

export function dirname(file: string): string {
  const at = file.lastIndexOf('/');
  return at === -1 ? '' : file.slice(0, at);
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

class Graph implements ModuleGraph {
  readonly files: readonly string[];
  readonly broken: { path: string; line: number }[] = [];
  private readonly repo: Snapshot;
  private readonly parsed = new Map<string, PythonModule | undefined>();
  private readonly bound = new Map<string, ReadonlyMap<string, readonly Binding[]>>();
  private readonly starred = new Map<string, readonly FromImportStmt[]>();
  private readonly defining = new Set<string>();
  private readonly resolved = new Map<string, ResolvedModule | undefined>();
  private readonly searched = new Map<string, readonly string[]>();
  private packages: Map<string, string[]> | undefined;
  private withPython: Set<string> | undefined;

  constructor(repo: Snapshot) {
    this.repo = repo;
    this.files = repo.paths.filter((p) => p.endsWith('.py'));
  }

  module(path: string): PythonModule | undefined {
    if (!this.parsed.has(path)) {
      const file = path.endsWith('.py') ? this.repo.read(path) : undefined;
      const parsed = file ? parseOnce(file) : undefined;
      if (parsed && parsed.errors > 0) this.broken.push({ path, line: parsed.errorLine ?? 1 });
      this.parsed.set(path, parsed);
    }
    return this.parsed.get(path);
  }

  resolve(from: string, module: string, level: number): ResolvedModule | undefined {
    // Files of one folder see the same modules, but for a plain name that is the file's own.
    const key = `${module.includes('.') || level > 0 ? dirname(from) : from}\0${level}\0${module}`;
    if (!this.resolved.has(key)) this.resolved.set(key, this.search(from, module, level));
    return this.resolved.get(key);
  }

  private search(from: string, module: string, level: number): ResolvedModule | undefined {
    if (level > 0) {
      let base = dirname(from);
      for (let i = 1; i < level; i++) {
        if (base === '') return undefined;
        base = dirname(base);
      }
      return this.lookUp(base, module, base);
    }
    for (const root of this.roots(from)) {
      const found = this.lookUp(root, module, root);
      if (found && (found.path !== from || module.includes('.'))) return found;
    }
    const top = module.split('.')[0] ?? '';
    const homes = this.packageHomes().get(top) ?? [];
    const only = homes.length === 1 ? homes[0] : undefined;
    return only === undefined ? undefined : this.lookUp(only, module, only);
  }

  /** Folders that may be on sys.path for `from`, best first: not inside a package, then the folders of packages. */
  private roots(from: string): readonly string[] {
    const folder = dirname(from);
    let known = this.searched.get(folder);
    if (!known) {
      known = this.rootsOf(folder);
      this.searched.set(folder, known);
    }
    return known;
  }

  private rootsOf(start: string): string[] {
    const outside: string[] = [];
    const inside: string[] = [];
    for (let folder = start; ; folder = dirname(folder)) {
      (this.repo.has(join(folder, '__init__.py')) ? inside : outside).push(folder);
      const src = join(folder, 'src');
      if (this.repo.hasFolder(src) && src !== start) outside.push(src);
      if (folder === '') break;
    }
    return [...outside, ...inside];
  }

  private lookUp(base: string, module: string, root: string): ResolvedModule | undefined {
    const target = module === '' ? base : join(base, module.replaceAll('.', '/'));
    const init = join(target, '__init__.py');
    if (this.repo.has(init)) return { path: init, folder: target, root };
    if (module !== '' && this.repo.has(`${target}.py`)) return { path: `${target}.py`, root };
    if (target !== '' && this.pythonFolders().has(target)) return { folder: target, root };
    return module === '' ? { folder: target, root } : undefined;
  }

  /** Folders with Python somewhere below: only these can be namespace packages. */
  private pythonFolders(): Set<string> {
    if (!this.withPython) {
      this.withPython = new Set(['']);
      for (const file of this.files) {
        for (let at = dirname(file); at !== '' && !this.withPython.has(at); at = dirname(at)) this.withPython.add(at);
      }
    }
    return this.withPython;
  }

  /** Top-level packages anywhere in the repository: name → folders that hold them. For local packages of monorepos. */
  private packageHomes(): Map<string, string[]> {
    if (!this.packages) {
      this.packages = new Map();
      for (const file of this.files) {
        if (!file.endsWith('/__init__.py')) continue;
        const folder = dirname(file);
        const home = dirname(folder);
        if (this.repo.has(join(home, '__init__.py'))) continue;
        const name = folder.slice(home === '' ? 0 : home.length + 1);
        this.packages.set(name, [...(this.packages.get(name) ?? []), home]);
      }
    }
    return this.packages;
  }

  bindings(path: string): ReadonlyMap<string, readonly Binding[]> {
    let known = this.bound.get(path);
    if (!known) {
      const module = this.module(path);
      known = module ? collect(module.body) : new Map();
      this.bound.set(path, known);
    }
    return known;
  }

  stars(path: string): readonly FromImportStmt[] {
    let known = this.starred.get(path);
    if (!known) {
      const module = this.module(path);
      known = module ? topLevel(module.body).filter((s): s is FromImportStmt => s.kind === 'from' && s.star) : [];
      this.starred.set(path, known);
    }
    return known;
  }

  define(path: string, name: string): Definition | undefined {
    const key = `${path}\0${name}`;
    if (this.defining.has(key)) return undefined; // an import cycle
    this.defining.add(key);
    try {
      const binding = this.bindings(path).get(name)?.at(-1);
      if (binding) return this.follow(path, name, binding);
      for (const star of [...this.stars(path)].reverse()) {
        const target = this.resolve(path, star.module, star.level);
        if (!target?.path || !this.exports(target.path, name)) continue;
        const found = this.define(target.path, name);
        if (found) return passing(found, { path, line: star.line });
      }
      return undefined;
    } finally {
      this.defining.delete(key);
    }
  }

  /** True when `from m import *` would bring `name`. */
  private exports(path: string, name: string): boolean {
    const all = this.bindings(path).get('__all__')?.at(-1);
    if (all?.kind === 'assign' && (all.value?.kind === 'list' || all.value?.kind === 'tuple')) {
      return all.value.items.some((item) => stringValue(item) === name);
    }
    return !name.startsWith('_');
  }

  private follow(path: string, name: string, binding: Binding): Definition | undefined {
    switch (binding.kind) {
      case 'class':
        return { kind: 'class', path, name, stmt: binding.stmt, via: [] };
      case 'function':
        return { kind: 'function', path, name, stmt: binding.stmt, via: [] };
      case 'assign': {
        const { value } = binding;
        if (value?.kind === 'name' || value?.kind === 'attribute') {
          const aliased = this.resolveExpr(path, value);
          if (aliased && aliased.kind !== 'external') return passing(aliased, { path, line: binding.stmt.line });
        }
        return { kind: 'assign', path, name, stmt: binding.stmt, ...(value ? { value } : {}), via: [] };
      }
      case 'import':
        return this.moduleDefinition(path, binding.module, 0, [{ path, line: binding.stmt.line }]);
      case 'from':
        return this.followFrom(path, binding.stmt, binding.name);
    }
  }

  private followFrom(path: string, stmt: FromImportStmt, name: string): Definition | undefined {
    const at: Evidence = { path, line: stmt.line };
    const target = this.resolve(path, stmt.module, stmt.level);
    if (!target) return stmt.level > 0 ? undefined : { kind: 'external', name: `${stmt.module}.${name}`, via: [at] };
    if (target.path) {
      const found = this.define(target.path, name);
      if (found) return passing(found, at);
    }
    if (target.folder !== undefined) {
      const child = this.lookUp(target.folder, name, target.root);
      if (child) return { kind: 'module', path: child.path ?? '', folder: child.folder ?? '', name, via: [at] };
    }
    // A namespace folder that lacks the name is only a folder with the library's name (alembic/ beside alembic).
    if (!target.path && stmt.level === 0) return { kind: 'external', name: `${stmt.module}.${name}`, via: [at] };
    return undefined;
  }

  private moduleDefinition(path: string, module: string, level: number, via: readonly Evidence[]): Definition {
    const target = this.resolve(path, module, level);
    if (!target?.path && !(target?.folder && this.hasPython(target.folder)))
      return { kind: 'external', name: module, via };
    return { kind: 'module', path: target.path ?? '', folder: target.folder ?? '', name: module, via };
  }

  private hasPython(folder: string): boolean {
    return this.files.some((f) => dirname(f) === folder);
  }

  resolveExpr(path: string, expr: Expr, around: readonly Stmt[] = []): Definition | undefined {
    if (expr.kind === 'name') {
      for (const scope of [...around].reverse()) {
        for (const block of blocksOf(scope)) {
          const local = collect(block).get(expr.id)?.at(-1);
          if (local) return this.follow(path, expr.id, local);
        }
        if (scope.kind === 'function' && scope.params.some((p) => p.name === expr.id)) return undefined;
      }
      return this.define(path, expr.id);
    }
    if (expr.kind !== 'attribute') return undefined;
    const left = this.resolveExpr(path, expr.value, around);
    if (!left) return undefined;
    if (left.kind === 'external') return { kind: 'external', name: `${left.name}.${expr.attr}`, via: left.via };
    if (left.kind !== 'module') return undefined;
    const inside = left.path === '' ? undefined : this.define(left.path, expr.attr);
    if (inside) return passing(inside, ...left.via);
    const child = left.folder === '' ? undefined : this.lookUp(left.folder, expr.attr, left.folder);
    if (child)
      return { kind: 'module', path: child.path ?? '', folder: child.folder ?? '', name: expr.attr, via: left.via };
    return undefined;
  }

  external(path: string, expr: Expr, around: readonly Stmt[] = []): string | undefined {
    const found = this.resolveExpr(path, expr, around);
    return found?.kind === 'external' ? found.name : undefined;
  }
}

/** A snapshot laid over another shares its unchanged files: those are not parsed again for the convergence proof. */
const trees = new WeakMap<SourceFile, PythonModule>();

function parseOnce(file: SourceFile): PythonModule {
  let tree = trees.get(file);
  if (!tree) {
    tree = parsePython(file.text);
    trees.set(file, tree);
  }
  return tree;
}

function passing(found: Definition, ...through: readonly Evidence[]): Definition {
  return { ...found, via: [...through, ...found.via] };
}

/** Statements that run when the body runs: also those inside if, try, with, for and while, not inside def or class. */
export function topLevel(body: readonly Stmt[]): Stmt[] {
  const out: Stmt[] = [];
  for (const stmt of body) {
    out.push(stmt);
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    for (const block of blocksOf(stmt)) out.push(...topLevel(block));
  }
  return out;
}

/** Names that a body binds. */
export function collect(body: readonly Stmt[]): Map<string, Binding[]> {
  const out = new Map<string, Binding[]>();
  const add = (name: string, binding: Binding): void => {
    const known = out.get(name);
    if (known) known.push(binding);
    else out.set(name, [binding]);
  };
  for (const stmt of topLevel(body)) {
    if (stmt.kind === 'class') add(stmt.name, { kind: 'class', stmt });
    else if (stmt.kind === 'function') add(stmt.name, { kind: 'function', stmt });
    else if (stmt.kind === 'import') {
      for (const n of stmt.names) {
        if (n.as) add(n.as, { kind: 'import', stmt, module: n.module });
        else
          add(n.module.split('.')[0] ?? n.module, { kind: 'import', stmt, module: n.module.split('.')[0] ?? n.module });
      }
    } else if (stmt.kind === 'from') {
      for (const n of stmt.names) add(n.as ?? n.name, { kind: 'from', stmt, name: n.name });
    } else if (stmt.kind === 'assign' && stmt.op === '=') {
      for (const target of stmt.targets) {
        const value = stmt.value ? { value: stmt.value } : {};
        if (target.kind === 'name') add(target.id, { kind: 'assign', stmt, ...value });
        else if (target.kind === 'tuple' || target.kind === 'list') {
          for (const item of target.items) if (item.kind === 'name') add(item.id, { kind: 'assign', stmt });
        }
      }
    }
  }
  return out;
}
