import type { Deployment, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';

export function findDeployment(_repo: Snapshot, _seed: ServiceSeed): Deployment {
  return { dockerfiles: [], commands: [] };
}
