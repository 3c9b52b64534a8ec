/** Why a service has no dependency file that can be used, in a few words. */
import { managerOf } from '../../knowledge/managers.ts';
import type { Dependencies } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';

/** Why no platform installs what a service declares, said by every part alike; undefined where one does. */
export function undeployable(dependencies: Dependencies | undefined): string | undefined {
  if (!dependencies || managerOf(dependencies.manager).deploys) return undefined;
  const { path, manager, form } = dependencies;
  if (form !== 'conda')
    return say`${path} is installed by ${manager}, which the builds of platforms do not have: list what it needs in requirements.txt, or deploy an image`;
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
