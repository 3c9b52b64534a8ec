/** Which file an import means. https://docs.python.org/3/reference/import.html#searching */
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';

export interface ResolvedModule {
  /** File of the module or of the package's __init__.py; absent for a namespace package. */
  readonly path?: string;
  /** Folder of a package; absent for a plain module. */
  readonly folder?: string;
  /** Folder that must be on sys.path for the absolute form of this import. */
  readonly root: string;
}

/** The folders that may be on sys.path, without running anything. */
export class ImportPath {
  private readonly repo: Snapshot;
  private readonly files: readonly string[];
  private readonly searched = new Map<string, readonly string[]>();
  private packages: Map<string, string[]> | undefined;
  private withPython: Set<string> | undefined;

  constructor(repo: Snapshot, files: readonly string[]) {
    this.repo = repo;
    this.files = files;
  }

  resolve(from: string, module: string, level: number): ResolvedModule | undefined {
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

  lookUp(base: string, module: string, root: string): ResolvedModule | undefined {
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
}
