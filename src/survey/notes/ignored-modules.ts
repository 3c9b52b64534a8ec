/** Modules that the code loads by their name, and that version control leaves out: a checkout has none. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Site, sites } from '../../python/sites.ts';
import { basename, dirname, join, relative } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lastName, stringValue } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import { importFolders } from '../import-folders.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** A line of a .gitignore that names one file. https://git-scm.com/docs/gitignore */
const NAMED = /^\/?((?:[\w-]+\/)+[A-Za-z_]\w*\.py)[ \t]*\r?$/gm;
/** What imports a module by its name. */
const LOADS = /import|from_object|load_module/i;

/** One note for each; where the load may fail without harm there is none. */
export function ignoredModules(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  started: readonly Started[],
): Note[] {
  const loaded = [...new Set(started.filter(({ when }) => when === 'service').map(({ path }) => path))];
  return ignoredFiles(repo).flatMap((file) => {
    const name = moduleName(service, file);
    if (name === undefined || repo.has(file) || !repo.hasFolder(dirname(file))) return [];
    const needle = new RegExp(`["']${literally(name)}["']`);
    for (const path of repo.matching(loaded, needle)) {
      const load = sites(modules, path, (e) => stringValue(e) === name, needle).find(isLoad);
      if (load) return [noteOf(repo, file, { path, line: load.expr.line })];
    }
    return [];
  });
}

function noteOf(repo: Snapshot, file: string, at: Note['at']): Note {
  const stem = basename(file).replace(/\.py$/, '');
  const like = repo.paths.find(
    (p) =>
      dirname(p) === dirname(file) && new RegExp(`^${stem}[._-](?:example|sample|template|dist)\\b`).test(basename(p)),
  );
  const how = like === undefined ? '' : say` ${like} shows what it holds.`;
  const text = say`${file} is loaded by its name, and .gitignore leaves it out of the repository: a deployment has none. Let the build command make it, or make it a secret file of the platform.${how}`;
  return { text, at };
}

/** Files that the ignore files of the repository name one by one. */
function ignoredFiles(repo: Snapshot): string[] {
  return repo.paths
    .filter((p) => basename(p) === '.gitignore')
    .flatMap((p) => [...(repo.read(p)?.text ?? '').matchAll(NAMED)].map(([, file = '']) => join(dirname(p), file)));
}

function moduleName(service: Service, file: string): string | undefined {
  const folder = importFolders(service).find((f) => f === '' || file.startsWith(`${f}/`));
  return folder === undefined ? undefined : relative(folder, file).replace(/\.py$/, '').replaceAll('/', '.');
}

/** Given to something that imports it, whatever a test says, and not within a `try` that takes the failure. */
function isLoad({ above, around }: Site): boolean {
  const call = above.at(-1);
  const mayPass = around.some((s) => s.kind === 'if' || (s.kind === 'try' && s.handlers.length > 0));
  return !mayPass && call?.kind === 'call' && LOADS.test(lastName(call.func));
}
