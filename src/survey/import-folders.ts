/** Where a start command finds modules, and what lies there. */
import { bringsOf, distributionsOf, isStandard } from '../knowledge/distributions.ts';
import type { Dependencies, ServiceSeed } from '../model/facts.ts';
import { join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { normalizeName } from '../syntax/requirements.ts';

/** Folders on the import path of the start command: the one that it runs in, and the one that it adds. */
export function importFolders({ root, entry }: Pick<ServiceSeed, 'root' | 'entry'>): string[] {
  const { pythonPath } = entry;
  return [root, ...(pythonPath === undefined ? [] : [resolve(root, pythonPath) ?? root])];
}

/** True where one of the folders holds a module of this name, or a folder that may be a package. */
export function holdModule(repo: Snapshot, folders: readonly string[], top: string): boolean {
  return folders.some((folder) => repo.has(join(folder, `${top}.py`)) || repo.hasFolder(join(folder, top)));
}

/** Tells a dotted name that Python or an installed distribution brings, as far as names tell. */
export function installedModules(dependencies: Dependencies | undefined): (module: string) => boolean {
  const requirements = dependencies?.requirements ?? [];
  const installed = new Set(requirements.flatMap((r) => [r.name, ...(bringsOf(r.name, r.extras) ?? [])]));
  const known = (module: string): boolean => {
    const candidates = distributionsOf(module);
    return candidates !== undefined && (requirements.length === 0 || candidates.some((name) => installed.has(name)));
  };
  return (module) => {
    const [top = ''] = module.split('.');
    return isStandard(top) || known(module) || installed.has(normalizeName(top));
  };
}
