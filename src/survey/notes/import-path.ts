/** Modules of the repository that are imported under a name which the start command's import path does not lead to. */
import { distributionsOf, isStandard } from '../../knowledge/distributions.ts';
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { join, resolve } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { absoluteModules } from '../../syntax/python/walk.ts';
import { normalizeName } from '../../syntax/requirements.ts';
import { say } from '../../system/say.ts';
import { installsItself } from '../dependencies/installed.ts';
import { surelyExecutedFrom, surelyRunning } from '../executed.ts';
import type { Note } from './note.ts';

/** What puts a folder on the import path in a way that is not followed. */
export const ELSEWHERE = /PYTHONPATH|--pythonpath|sys\.path|site\.addsitedir/;

/** At most one. https://docs.python.org/3/library/sys_path_init.html */
export function importPath(
  repo: Snapshot,
  modules: ModuleGraph,
  { root, entry, dependencies }: Service,
): Note | undefined {
  const added = resolve(root, entry.pythonPath ?? '') ?? root;
  const folders = [root, added];
  const roots = [...folders, ...installedHomes(dependencies)];
  const listed = new Set((dependencies?.requirements ?? []).map((r) => r.name));
  const files = [...surelyExecutedFrom(modules, entry.path)];
  const isFound = (module: string): boolean => {
    const [top = ''] = module.split('.');
    if (isStandard(top) || distributionsOf(module) !== undefined || listed.has(normalizeName(top))) return true;
    return folders.some((f) => repo.has(join(f, `${top}.py`)) || repo.hasFolder(join(f, top)));
  };
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
  const files = repo.paths.filter((p) =>
    /(?:^|\/)(?:Procfile|Dockerfile[\w.-]*|render\.ya?ml|\.env[\w.-]*|[\w.-]+\.sh|(?:docker-)?compose[\w.-]*\.ya?ml)$/.test(
      p,
    ),
  );
  return repo.matching(files, ELSEWHERE).length > 0;
}
