import type { RunCall, Service } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findRunCalls(_repo: Snapshot, _modules: ModuleGraph, _services: readonly Service[]): RunCall[] {
  return [];
}
