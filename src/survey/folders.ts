/** What lies directly in a folder, and the folders above it. */

import { forms } from '../knowledge/managers.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';

const PROJECT_FILES = new Set(forms.flatMap((form) => form.names));
const REQUIREMENTS = /^requirements[\w.-]*\.(?:txt|in)$/;

/** True when the folder itself, or its `requirements` folder, says what to install. */
export function hasDependencyFile(repo: Snapshot, folder: string): boolean {
  return (
    folderHas(repo, folder, (name) => PROJECT_FILES.has(name) || REQUIREMENTS.test(name)) ||
    repo.hasFolder(join(folder, 'requirements'))
  );
}

/** True when a file directly in the folder has a name that is wanted. */
export function folderHas(repo: Snapshot, folder: string, wanted: (name: string) => boolean): boolean {
  return repo.paths.some((p) => dirname(p) === folder && wanted(p.slice(folder === '' ? 0 : folder.length + 1)));
}
