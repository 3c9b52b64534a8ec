import type { AlembicConfig, Database, Dependencies, EnvVar, Evidence, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findDatabase(
  _repo: Snapshot,
  _modules: ModuleGraph,
  _seed: ServiceSeed,
  _dependencies: Dependencies | undefined,
  _env: readonly EnvVar[],
  _alembic: readonly AlembicConfig[],
): Database | undefined {
  return undefined;
}

export function findRedis(
  _repo: Snapshot,
  _modules: ModuleGraph,
  _seed: ServiceSeed,
  _env: readonly EnvVar[],
): Evidence | undefined {
  return undefined;
}
