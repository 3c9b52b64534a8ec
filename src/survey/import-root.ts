/** The folder that must be on sys.path so that a module and what it imports can be imported. */

import type { ModuleGraph } from '../python/modules.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot, SourceFile } from '../repo/snapshot.ts';
import { reachableFrom } from './reachable.ts';

const ABSOLUTE =
  /^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]+\(?[ \t]*(\w*)|import[ \t]+([A-Za-z_][\w.]*))/gm;
const RELATIVE = /^[ \t]*from[ \t]+(\.+)/gm;
/** Modules looked at: enough to tell, and a bound for very large repositories. */
const MAX_MODULES = 400;

export interface ImportRoot {
  /** Folder for sys.path, relative, '' for the repository's root. */
  readonly folder: string;
  /** Dotted name of the module from there. */
  readonly module: string;
  /** Distinct imports of the repository's own modules that resolve from there. */
  readonly resolved: number;
  /** These imports: 'module', 'module\0name'. */
  readonly names: ReadonlySet<string>;
}

/** Dotted name of a file seen from a folder above it; undefined when the path is no module name. */
export function moduleName(path: string, folder: string): string | undefined {
  if (folder !== '' && !path.startsWith(`${folder}/`)) return undefined;
  const inside = path.slice(folder === '' ? 0 : folder.length + 1).replace(/\.py$/, '');
  const name = inside.endsWith('/__init__') ? inside.slice(0, -'/__init__'.length) : inside;
  return /^[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*$/.test(name) ? name.replaceAll('/', '.') : undefined;
}

/**
 * Folders from which `path` can be imported, best first: those from which most of the absolute imports of the modules
 * that it reaches resolve. Folders where a relative import would leave its package are left out.
 * https://docs.python.org/3/reference/import.html#package-relative-imports
 */
export function importRoots(repo: Snapshot, modules: ModuleGraph, path: string): ImportRoot[] {
  const reached = reachableFrom(repo, modules, path).slice(0, MAX_MODULES);
  const wanted = new Set<string>();
  const tops = new Set<string>();
  for (const file of reached) {
    const source = repo.read(file);
    const found = source ? importsIn(source) : NO_IMPORTS;
    for (const name of found.absolute) wanted.add(name);
    for (const dots of found.levels) {
      let base = dirname(file);
      for (let i = 1; i < dots && base !== ''; i++) base = dirname(base);
      tops.add(base);
    }
  }
  const out: ImportRoot[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const module = moduleName(path, folder);
    const leaves = [...tops].some(
      (base) => (base === folder || `${folder}/`.startsWith(`${base}/`)) && contains(base, path),
    );
    if (module !== undefined && !leaves) {
      const names = new Set([...wanted].filter((name) => exists(repo, folder, name)));
      out.push({ folder, module, resolved: names.size, names });
    }
    if (folder === '') break;
  }
  return out.sort((a, b) => b.resolved - a.resolved);
}

interface Imports {
  /** 'module' or 'module\0name', once each. */
  readonly absolute: ReadonlySet<string>;
  /** Numbers of leading dots that occur. */
  readonly levels: ReadonlySet<number>;
}

const NO_IMPORTS: Imports = { absolute: new Set(), levels: new Set() };

/** Every candidate of a repository reaches much the same files. */
const known = new WeakMap<SourceFile, Imports>();

function importsIn(file: SourceFile): Imports {
  let found = known.get(file);
  if (!found) {
    const absolute = Array.from(file.text.matchAll(ABSOLUTE), ([, from = '', name, plain = '']) =>
      name ? `${from || plain}\0${name}` : from || plain,
    );
    const levels = Array.from(file.text.matchAll(RELATIVE), ([, dots = '']) => dots.length);
    found = { absolute: new Set(absolute), levels: new Set(levels) };
    known.set(file, found);
  }
  return found;
}

function contains(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** Whether `a.b` or the `name` of `from a.b import name` is a module file below the folder. */
function exists(repo: Snapshot, folder: string, wanted: string): boolean {
  const [module = '', name = ''] = wanted.split('\0');
  const target = join(folder, module.replaceAll('.', '/'));
  if (repo.has(`${target}.py`) || repo.has(join(target, '__init__.py'))) return true;
  return (
    name !== '' &&
    repo.hasFolder(target) &&
    (repo.has(join(target, `${name}.py`)) || repo.has(join(target, `${name}/__init__.py`)))
  );
}
