import type { Refusal, Service } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findRefusal(
  _repo: Snapshot,
  _modules: ModuleGraph,
  _services: () => readonly Service[],
): Refusal | undefined {
  return undefined;
}
