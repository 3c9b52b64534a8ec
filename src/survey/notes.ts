import type { Service } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findNotes(_repo: Snapshot, _modules: ModuleGraph, _service: Service): Service['notes'] {
  return [];
}
