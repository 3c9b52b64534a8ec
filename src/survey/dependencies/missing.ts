/** Why a service has no dependency file that can be used, in a few words. */
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';

/** Said by every part of an environment that only conda installs: one answer. */
export function condaAlone(path: string): string {
  return say`${path} is a conda environment, which the builds of platforms do not install: list what it needs in requirements.txt, or deploy an image`;
}

/** The requirements.txt in the service's root or at the top tells, where one stands there. */
export function whyNoDependencies(repo: Snapshot, root: string): string {
  for (const folder of new Set([root, ''])) {
    const path = join(folder, 'requirements.txt');
    if (repo.has(path)) return repo.read(path) ? say`${path} lists nothing` : say`${path} cannot be read`;
    const obstacle = repo.obstacle(path);
    if (obstacle === 'is a link') return say`${path} is a link, which is not followed`;
    if (obstacle?.startsWith('exists')) return `${path} ${obstacle}`;
  }
  return say`no dependency file was found`;
}
