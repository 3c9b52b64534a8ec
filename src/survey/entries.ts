import type { ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findEntries(_repo: Snapshot, _modules: ModuleGraph): ServiceSeed[] {
  return [];
}
