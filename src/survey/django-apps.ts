/** What Django imports by the names that stand in its settings. */
import type { ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Expr } from '../syntax/python/ast.ts';
import { stringValue } from '../syntax/python/walk.ts';
import { settingsFiles } from './django-settings.ts';
import { surelyRunning } from './executed.ts';

/** A dotted name in a setting, and its place. */
export interface NamedModule {
  readonly module: string;
  readonly path: string;
  readonly line: number;
}

/** Settings whose strings are imported when the service starts. https://docs.djangoproject.com/en/stable/ref/settings/ */
const LISTS: ReadonlySet<string> = new Set(['INSTALLED_APPS', 'MIDDLEWARE']);
/** Modules of an application that Django loads by itself. https://docs.djangoproject.com/en/stable/ref/applications/ */
const LOADED = ['__init__', 'apps', 'models', 'models/__init__'];
const DEEPEST = 4;

/** The strings of the settings' lists, in their order; what hangs on a condition is left out. */
export function djangoNames(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): NamedModule[] {
  if (seed.entry.framework !== 'django') return [];
  return (settingsFiles(repo, modules, seed) ?? []).flatMap((path) => {
    const lists = new Map<string, Expr[]>();
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      const [target] = stmt.kind === 'assign' ? stmt.targets : [];
      if (stmt.kind !== 'assign' || target?.kind !== 'name' || !stmt.value) continue;
      lists.set(target.id, [...(stmt.op === '=' ? [] : (lists.get(target.id) ?? [])), stmt.value]);
    }
    return [...LISTS].flatMap((name) => (lists.get(name) ?? []).flatMap((e) => stringsOf(e, path, lists, 0)));
  });
}

function stringsOf(expr: Expr, path: string, lists: ReadonlyMap<string, Expr[]>, depth: number): NamedModule[] {
  if (depth > DEEPEST) return [];
  const module = stringValue(expr);
  if (module !== undefined) return /^[A-Za-z_][\w.]*$/.test(module) ? [{ module, path, line: expr.line }] : [];
  if (expr.kind === 'list' || expr.kind === 'tuple')
    return expr.items.flatMap((item) => stringsOf(item, path, lists, depth));
  if (expr.kind === 'binary' && expr.op === '+')
    return [expr.left, expr.right].flatMap((side) => stringsOf(side, path, lists, depth));
  if (expr.kind === 'name') return (lists.get(expr.id) ?? []).flatMap((e) => stringsOf(e, path, lists, depth + 1));
  if (expr.kind === 'other' && expr.type.includes('splat'))
    return expr.children.flatMap((child) => stringsOf(child, path, lists, depth));
  return [];
}

/**
 * Files that Django loads at start: the settings, the models of the installed applications of the repository, their
 * admin.py where the admin is installed, and the root of the URLs.
 */
export function djangoModules(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): string[] {
  if (seed.entry.framework !== 'django') return [];
  const settings = settingsFiles(repo, modules, seed) ?? [];
  const names = djangoNames(repo, modules, seed);
  const admin = names.some(({ module }) => module === 'django.contrib.admin') ? ['admin'] : [];
  const apps = foldersOf(modules, names).flatMap((folder) =>
    [...LOADED, ...admin].map((file) => join(folder, `${file}.py`)).filter((file) => repo.has(file)),
  );
  return [...settings.slice(0, 1), ...apps, ...rootUrls(repo, modules, settings)];
}

/** The folders of the installed applications that are the repository's own. */
export function djangoFolders(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): string[] {
  return [...new Set(foldersOf(modules, djangoNames(repo, modules, seed)))];
}

/** The folders of the names that are packages of the repository. */
function foldersOf(modules: ModuleGraph, names: readonly NamedModule[]): string[] {
  return names.flatMap(({ module, path }) => {
    const target = modules.resolve(path, module, 0) ?? modules.resolve(path, module.replace(/\.apps\.\w+$/, ''), 0);
    return target?.folder ?? [];
  });
}

/**
 * The migrations of the installed applications of the repository: `manage.py migrate` imports them all before it makes
 * anything. None where a setting says that they stand elsewhere.
 * https://docs.djangoproject.com/en/stable/ref/settings/#migration-modules
 */
export function djangoMigrations(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): string[] {
  const names = djangoNames(repo, modules, seed);
  if (names.length === 0) return [];
  const settings = settingsFiles(repo, modules, seed) ?? [];
  if (repo.matching(settings, /^MIGRATION_MODULES\b/m).length > 0) return [];
  const folders = new Set(foldersOf(modules, names).map((folder) => join(folder, 'migrations')));
  return modules.files.filter((file) => folders.has(dirname(file)) && /\/[^_/][^/]*\.py$/.test(file));
}

function rootUrls(repo: Snapshot, modules: ModuleGraph, settings: readonly string[]): string[] {
  for (const path of settings) {
    const named = /^ROOT_URLCONF\s*=\s*["']([\w.]+)["']/m.exec(repo.read(path)?.text ?? '')?.[1];
    const file = named && modules.resolve(path, named, 0)?.path;
    if (file) return [file];
  }
  return [];
}
