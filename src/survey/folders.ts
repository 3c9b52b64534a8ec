/** What lies directly in a folder, and the folders above it. */

import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';

const DEPENDENCY_FILE =
  /^(?:requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|Pipfile|setup\.py|setup\.cfg|environment\.ya?ml)$/;

/** True when the folder itself, or its `requirements` folder, says what to install. */
export function hasDependencyFile(repo: Snapshot, folder: string): boolean {
  return folderHas(repo, folder, (name) => DEPENDENCY_FILE.test(name)) || repo.hasFolder(join(folder, 'requirements'));
}

/** True when a file directly in the folder has a name that is wanted. */
export function folderHas(repo: Snapshot, folder: string, wanted: (name: string) => boolean): boolean {
  return repo.paths.some((p) => dirname(p) === folder && wanted(p.slice(folder === '' ? 0 : folder.length + 1)));
}

/** The folder and those above it, nearest first, the repository's root last. */
export function ancestors(folder: string): string[] {
  const out: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    out.push(at);
    if (at === '') return out;
  }
}
