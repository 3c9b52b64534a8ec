import type { EnvVar, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findEnvironment(_repo: Snapshot, _modules: ModuleGraph, _seed: ServiceSeed): EnvVar[] {
  return [];
}
