import type { Health, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findHealth(_repo: Snapshot, _modules: ModuleGraph, _seed: ServiceSeed): Health | undefined {
  return undefined;
}
