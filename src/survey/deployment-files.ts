/** Files that tell a platform, an image or a shell how to build and run what is deployed. */
import type { Snapshot } from '../repo/snapshot.ts';

const DEPLOYS = /(?:^|\/)(?:Procfile|Dockerfile[\w.-]*|render\.ya?ml|[\w.-]+\.sh)$/;

/** With those that match `also`: what else counts hangs on what is looked for. */
export function deploymentFiles(repo: Snapshot, also: RegExp): string[] {
  return repo.paths.filter((path) => DEPLOYS.test(path) || also.test(path));
}
