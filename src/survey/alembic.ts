import type { AlembicConfig } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findAlembic(_repo: Snapshot, _modules: ModuleGraph): AlembicConfig[] {
  return [];
}
