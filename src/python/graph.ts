/** The one implementation of `ModuleGraph`: modules of a snapshot, parsed when somebody asks and kept. */
import type { Evidence } from '../repo/evidence.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot, SourceFile } from '../repo/snapshot.ts';
import type { FromImportStmt, PythonModule } from '../syntax/python/ast.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { stringValue } from '../syntax/python/walk.ts';
import { askedFor } from '../system/last-file.ts';
import { counters } from '../system/stats.ts';
import { type Binding, collect, topLevel } from './bindings.ts';
import { definitionOf } from './definition.ts';
import { ImportPath, type ResolvedModule } from './import-path.ts';
import { type Definition, type ModuleGraph, passing } from './modules.ts';
import { topOf } from './place.ts';

/** Files that are parsed as a whole, to know of every syntax error; of others only what is asked for. */
export type Checked = 'all' | ReadonlySet<string>;

/** `before`: the graph of the snapshot that `repo` was laid over; what it knows of the same Python files is kept. */
export function createModuleGraph(repo: Snapshot, checked: Checked = 'all', before?: ModuleGraph): ModuleGraph {
  const files = repo.paths.filter((p) => p.endsWith('.py'));
  const same = before?.files.length === files.length && files.every((f, i) => f === before.files[i]);
  return new Graph(repo, files, checked, same && before instanceof Graph ? before.layout : new Layout(repo, files));
}

/** Which file an import means, which depends on the names of the files alone. */
class Layout {
  readonly importPath: ImportPath;
  /** By the file or the folder that imports, then by the name with its dots. */
  private readonly resolved = new Map<string, Map<string, ResolvedModule | undefined>>();

  constructor(repo: Snapshot, files: readonly string[]) {
    this.importPath = new ImportPath(repo, files);
  }

  resolve(from: string, module: string, level: number): ResolvedModule | undefined {
    // Files of one folder see the same modules, but for a plain name that is the file's own.
    const place = module.includes('.') || level > 0 ? dirname(from) : from;
    let known = this.resolved.get(place);
    if (!known) {
      known = new Map();
      this.resolved.set(place, known);
    }
    const name = level === 0 ? module : '.'.repeat(level) + module;
    let found = known.get(name);
    if (found === undefined && !known.has(name)) {
      found = this.importPath.resolve(from, module, level);
      known.set(name, found);
    }
    return found;
  }
}

class Graph implements ModuleGraph {
  readonly files: readonly string[];
  private readonly repo: Snapshot;
  private readonly checked: Checked;
  private readonly parsed = new Map<string, PythonModule | undefined>();
  private readonly starred = new Map<string, readonly FromImportStmt[]>();
  private readonly defining = new Set<string>();
  /** Shared by the graphs of snapshots with the same Python files. */
  readonly layout: Layout;
  private folders: ReadonlySet<string> | undefined;

  constructor(repo: Snapshot, files: readonly string[], checked: Checked, layout: Layout) {
    this.repo = repo;
    this.files = files;
    this.checked = checked;
    this.layout = layout;
  }

  module(path: string): PythonModule | undefined {
    askedFor(path);
    if (!this.parsed.has(path)) {
      const file = path.endsWith('.py') ? this.repo.read(path) : undefined;
      const parsed = file ? parseOnce(file) : undefined;
      if (parsed && (this.checked === 'all' || this.checked.has(path))) parsed.check();
      this.parsed.set(path, parsed);
    }
    return this.parsed.get(path);
  }

  get broken(): { path: string; line: number }[] {
    return [...this.parsed].flatMap(([path, module]) =>
      module?.seenErrors ? [{ path, line: module.errorLine ?? 1 }] : [],
    );
  }

  get deep(): { path: string; line: number }[] {
    return [...this.parsed].flatMap(([path, module]) => {
      const line = module?.deepLine;
      return line === undefined ? [] : [{ path, line }];
    });
  }

  resolve(from: string, module: string, level: number): ResolvedModule | undefined {
    return this.layout.resolve(from, module, level);
  }

  child(folder: string, name: string, root: string): ResolvedModule | undefined {
    return this.layout.importPath.lookUp(folder, name, root);
  }

  bindings(path: string): ReadonlyMap<string, readonly Binding[]> {
    return collect(this.module(path)?.body ?? []);
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

  follow(path: string, name: string, binding: Binding): Definition | undefined {
    switch (binding.kind) {
      case 'class':
        return { kind: 'class', path, name, stmt: binding.stmt, via: [] };
      case 'function':
        return { kind: 'function', path, name, stmt: binding.stmt, via: [] };
      case 'assign': {
        const { value } = binding;
        if (value?.kind === 'name' || value?.kind === 'attribute') {
          const aliased = definitionOf(topOf(this, path), value);
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
      const child = this.child(target.folder, name, target.root);
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
    this.folders ??= new Set(this.files.map(dirname));
    return this.folders.has(folder);
  }
}

/** A snapshot laid over another shares its unchanged files: those are not parsed again for the convergence proof. */
const trees = new WeakMap<SourceFile, PythonModule>();

function parseOnce(file: SourceFile): PythonModule {
  let tree = trees.get(file);
  if (!tree) {
    tree = parsePython(file.text);
    counters.filesParsed++;
    trees.set(file, tree);
  }
  return tree;
}
