import type { Dependencies, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';

export function findDependencies(_repo: Snapshot, _seed: ServiceSeed): Dependencies | undefined {
  return undefined;
}
