/** Modules of the repository that are imported under a name which the start command's import path does not lead to. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { absoluteModules } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { installsItself } from '../dependencies/installed.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { surelyExecutedFrom, surelyRunning } from '../executed.ts';
import { holdModule, importFolders, installedModules } from '../import-folders.ts';
import type { Note } from './note.ts';

/** What puts a folder on the import path in a way that is not followed. */
export const ELSEWHERE = /PYTHONPATH|--pythonpath|sys\.path|site\.addsitedir/;

/** What else gives a process its variables. */
const SETS = /(?:^|\/)(?:\.env[\w.-]*|(?:docker-)?compose[\w.-]*\.ya?ml)$/;

/** At most one. https://docs.python.org/3/library/sys_path_init.html */
export function importPath(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  const { root, entry, dependencies } = service;
  const folders = importFolders(service);
  const added = folders.at(-1) ?? root;
  const roots = [...folders, ...installedHomes(dependencies)];
  const files = [...surelyExecutedFrom(modules, entry.path)];
  const isInstalled = installedModules(dependencies);
  const isFound = (module: string): boolean =>
    isInstalled(module) || holdModule(repo, folders, module.split('.')[0] ?? '');
  for (const path of files) {
    for (const { module, line } of absolute(modules, path).filter((one) => !isFound(one.module))) {
      const found = modules.resolve(path, module, 0);
      if (!found || roots.includes(found.root)) continue;
      if (repo.matching(files, ELSEWHERE).length > 0 || deploymentAdds(repo)) return undefined;
      const sure = !installsItself(dependencies);
      const unless = sure ? '' : say`, unless the installation brings it`;
      const from = shown(added);
      const text = say`${module} is imported when the service starts, and is not found from ${from}${unless}: it lies in ${shown(found.root)}. Import it by the name that it has from ${from}, or set PYTHONPATH.`;
      return { text, at: { path, line }, ...(sure ? { stops: true } : {}) };
    }
  }
  return undefined;
}

/** Homes of the packages that the build installs beside the list. */
function installedHomes(dependencies: Service['dependencies']): string[] {
  return (dependencies?.alongside ?? []).flatMap((folder) => [folder, join(folder, 'src')]);
}

function shown(folder: string): string {
  return folder === '' ? say`the repository's root` : `${folder}/`;
}

/** Modules that surely running statements import by their whole name. */
export function absolute(modules: ModuleGraph, path: string): { readonly module: string; readonly line: number }[] {
  return [...surelyRunning(modules.module(path)?.body ?? [])].flatMap((stmt) =>
    absoluteModules(stmt).map((module) => ({ module, line: stmt.line })),
  );
}

/** True where some deployment file sets the import path. */
export function deploymentAdds(repo: Snapshot): boolean {
  return repo.matching(deploymentFiles(repo, SETS), ELSEWHERE).length > 0;
}
