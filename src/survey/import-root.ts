/** The folder that must be on sys.path so that a module and what it imports can be imported. */

import type { ModuleGraph } from '../python/modules.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot, SourceFile } from '../repo/snapshot.ts';
import { reachableFrom } from './reachable.ts';

const ABSOLUTE =
  /^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]+\(?[ \t]*(\w*)|import[ \t]+([A-Za-z_][\w.]*))/gm;
const RELATIVE = /^([ \t]*)from[ \t]+(\.+)/gm;
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
 * that it reaches resolve. Folders where a relative import would leave its package are left out; where that leaves none,
 * those come back where only an import inside of a function or a branch would, which may never run.
 * https://docs.python.org/3/reference/import.html#package-relative-imports
 */
export function importRoots(repo: Snapshot, modules: ModuleGraph, path: string): ImportRoot[] {
  const reached = reachableFrom(repo, modules, path).slice(0, MAX_MODULES);
  const wanted = new Set<string>();
  const tops = new Set<string>();
  const inner = new Set<string>();
  for (const file of reached) {
    const source = repo.read(file);
    const found = source ? importsIn(source) : NO_IMPORTS;
    for (const name of found.absolute) wanted.add(name);
    for (const dots of found.levels) tops.add(above(file, dots));
    for (const dots of found.innerLevels) inner.add(above(file, dots));
  }
  const leaves = (bases: ReadonlySet<string>, folder: string): boolean =>
    [...bases].some((base) => (base === folder || `${folder}/`.startsWith(`${base}/`)) && contains(base, path));
  const out: ImportRoot[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const module = moduleName(path, folder);
    if (module !== undefined && !leaves(tops, folder)) {
      const there = existing(repo, modules, folder);
      const names = new Set([...wanted].filter(there));
      out.push({ folder, module, resolved: names.size, names });
    }
    if (folder === '') break;
  }
  const whole = out.filter(({ folder }) => !leaves(inner, folder));
  return (whole.length > 0 ? whole : out).sort((a, b) => b.resolved - a.resolved);
}

/** What so many leading dots mean in a file. */
function above(file: string, dots: number): string {
  let base = dirname(file);
  for (let i = 1; i < dots && base !== ''; i++) base = dirname(base);
  return base;
}

interface Imports {
  /** 'module' or 'module\0name', once each. */
  readonly absolute: ReadonlySet<string>;
  /** Numbers of leading dots that occur at the top of a module, which are sure to run. */
  readonly levels: ReadonlySet<number>;
  /** Those inside of functions and branches. */
  readonly innerLevels: ReadonlySet<number>;
}

const NO_IMPORTS: Imports = { absolute: new Set(), levels: new Set(), innerLevels: new Set() };

/** Every candidate of a repository reaches much the same files. */
const known = new WeakMap<SourceFile, Imports>();

function importsIn(file: SourceFile): Imports {
  let found = known.get(file);
  if (!found) {
    const absolute = Array.from(file.text.matchAll(ABSOLUTE), ([, from = '', name, plain = '']) =>
      name ? `${from || plain}\0${name}` : from || plain,
    );
    const relative = Array.from(file.text.matchAll(RELATIVE), ([, indent, dots = '']) => ({
      inner: indent !== '',
      level: dots.length,
    }));
    const levels = (inner: boolean) => new Set(relative.flatMap((r) => (r.inner === inner ? [r.level] : [])));
    found = { absolute: new Set(absolute), levels: levels(false), innerLevels: levels(true) };
    known.set(file, found);
  }
  return found;
}

function contains(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** By the names of the files, then by folder: every candidate asks much the same. */
const answers = new WeakMap<ModuleGraph['layout'], Map<string, (wanted: string) => boolean>>();

/** `exists` in one folder, each answer worked out once. */
function existing(repo: Snapshot, { layout }: ModuleGraph, folder: string): (wanted: string) => boolean {
  const folders = answers.get(layout) ?? new Map<string, (wanted: string) => boolean>();
  answers.set(layout, folders);
  let there = folders.get(folder);
  if (!there) {
    const known = new Map<string, boolean>();
    there = (wanted) => {
      let answer = known.get(wanted);
      if (answer === undefined) {
        answer = exists(repo, folder, wanted);
        known.set(wanted, answer);
      }
      return answer;
    };
    folders.set(folder, there);
  }
  return there;
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
