/** Imports of the repository's own modules that end in an error: no such module, another letter case, no such name. */
import { distributionsOf, isStandard } from '../../knowledge/distributions.ts';
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { FromImportStmt } from '../../syntax/python/ast.ts';
import { say } from '../../system/say.ts';
import { importFolders } from '../import-folders.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** Files that a build makes, mostly left out of version control. */
const MADE = /(?:_pb2(?:_grpc)?|^_?_?version(?:_?_)?|_version|^_build\w*)$/;
/** What gives a module names that do not stand in it. */
const DYNAMIC = /def __getattr__|\bglobals\(\)|\bsys\.modules\b|\bexec\(|\bvars\(\)|\b__dict__\b|import_module/;

/**
 * At most one: the first stops the rest. Certain only for packages of the repository; `started`: what surely runs.
 * https://docs.python.org/3/reference/import.html#searching
 */
export function ownModules(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  started: readonly Started[],
): Note | undefined {
  // What is to be left alone is not seen.
  if (repo.paths.some((p) => /(?:^|\/)\.nayekignore$/.test(p))) return undefined;
  const seen: Seen = { repo, modules, folders: importFolders(service) };
  for (const { path, stmt, when } of started) {
    if (when !== 'service') continue;
    const at = { path, line: stmt.line };
    const text =
      stmt.kind === 'import'
        ? stmt.names.map((n) => missing(seen, path, n.module, 0)).find((t) => t !== undefined)
        : stmt.kind === 'from'
          ? (missing(seen, path, stmt.module, stmt.level) ?? missingName(seen, path, stmt))
          : undefined;
    if (text !== undefined) return { text: say`${text}: ${service.entry.module} cannot be imported.`, at, stops: true };
  }
  return undefined;
}

/** What is missing of a dotted name that a library is given to import, in a few words; undefined where nothing is known to be. */
export function missingModule(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  at: { readonly path: string; readonly module: string },
): string | undefined {
  return missing({ repo, modules, folders: importFolders(service) }, at.path, at.module, 0);
}

interface Seen {
  readonly repo: Snapshot;
  readonly modules: ModuleGraph;
  /** On the import path of the start command. */
  readonly folders: readonly string[];
}

/** The first part of a dotted name that is not there, in a package that is. */
function missing(seen: Seen, path: string, module: string, level: number): string | undefined {
  const { repo, modules, folders } = seen;
  const parts = module === '' ? [] : module.split('.');
  const [top = ''] = parts;
  if (level === 0 && !isOurs(seen, path, top)) {
    const foreign = isStandard(top) || distributionsOf(module) !== undefined || modules.resolve(path, top, 0);
    return foreign ? undefined : otherCase(repo, folders, top);
  }
  for (let i = level > 0 ? 0 : 1; i < parts.length; i++) {
    const around = modules.resolve(path, parts.slice(0, i).join('.'), level);
    const part = parts[i] ?? '';
    // A namespace folder may be a part of something that is installed; a module with no folder has its own reasons.
    if (around?.folder === undefined || (level === 0 && around.path === undefined)) return undefined;
    if (modules.resolve(path, parts.slice(0, i + 1).join('.'), level)) continue;
    return absent(repo, around.folder, part) ? sentence(repo, around.folder, part) : undefined;
  }
  return undefined;
}

/** True for what is found from the folders of the import path: elsewhere a name may mean something that is installed. */
function isOurs({ modules, folders }: Seen, path: string, top: string): boolean {
  const found = modules.resolve(path, top, 0);
  return found !== undefined && folders.includes(found.root);
}

/** `from .models import User`, where models.py has no User and is no package with such a module. */
function missingName(seen: Seen, path: string, stmt: FromImportStmt): string | undefined {
  const { repo, modules } = seen;
  if (stmt.level === 0 && !isOurs(seen, path, stmt.module.split('.')[0] ?? '')) return undefined;
  const target = modules.resolve(path, stmt.module, stmt.level);
  if (!target?.path || target.path === path || stmt.star) return undefined;
  const module = modules.module(target.path);
  if (!module || module.seenErrors || givenNames(seen, target.path)) return undefined;
  for (const { name } of stmt.names) {
    if (!/^[A-Za-z_]\w*$/.test(name) || /^__\w+__$/.test(name)) continue;
    if (holdsWord(module.text, name)) continue;
    if (target.folder === undefined) return say`${target.path} has no \`${name}\``;
    if (modules.child(target.folder, name, target.root) || !absent(repo, target.folder, name)) continue;
    if (reached(modules, target.folder, name)) continue;
    return sentence(repo, target.folder, name);
  }
  return undefined;
}

/** True where a text holds an ASCII word as `\b` sees words: an expression for each name costs more than the search. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord(text.charCodeAt(at - 1)) && !isWord(text.charCodeAt(at + word.length))) return true;
  }
  return false;
}

/** [A-Za-z0-9_]; false beyond either end of a text. */
function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** True where names come from elsewhere. Answered once for a file, which many may import from. */
function givenNames({ repo, modules }: Seen, path: string): boolean {
  return modules.stars(path).length > 0 || repo.matching([path], DYNAMIC).length > 0;
}

/** A submodule that another module has imported before is an attribute of its package: then there is a file of it. */
function reached(modules: ModuleGraph, folder: string, name: string): boolean {
  return modules.files.some((f) => f.startsWith(`${join(folder, name)}/`));
}

/** True where nothing of that name lies in the folder, in whatever form it could be imported. */
function absent(repo: Snapshot, folder: string, name: string): boolean {
  if (MADE.test(name)) return false;
  const target = join(folder, name);
  const hidden = repo.skipped.some(
    (s) =>
      s.path === target ||
      s.path === `${target}.py` ||
      s.path.startsWith(`${target}/`) ||
      target.startsWith(`${s.path}/`),
  );
  const linked = [...repo.links.keys()].some((l) => l === `${target}.py` || l.startsWith(`${target}/`));
  if (hidden || linked || repo.hasFolder(target)) return false;
  const prefix = `${target}.`;
  return !repo.paths.some((p) => p.startsWith(prefix));
}

function sentence(repo: Snapshot, folder: string, name: string): string {
  const where = folder === '' ? say`the repository's root` : folder;
  return otherCase(repo, [folder], name) ?? say`there is no ${name}.py in ${where}, and no package ${name}`;
}

/** A file of that name but for capitals: found on a laptop's file system, not on a server's. */
function otherCase(repo: Snapshot, folders: readonly string[], name: string): string | undefined {
  for (const folder of folders) {
    const wanted = [`${join(folder, name)}.py`, `${join(folder, name)}/__init__.py`].map((p) => p.toLowerCase());
    const found = repo.paths.find((p) => wanted.includes(p.toLowerCase()));
    if (found?.startsWith(join(folder, name))) return undefined;
    if (found) return say`${name} is imported and the file is ${found}: on a server, capital and small letters differ`;
  }
  return undefined;
}
