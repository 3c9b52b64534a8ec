import type { Deployment, ServiceSeed, Worker } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findWorkers(
  _repo: Snapshot,
  _modules: ModuleGraph,
  _seed: ServiceSeed,
  _deployment: Deployment,
): Worker[] {
  return [];
}
