import type { AlembicConfig, Dependencies, Migrations, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ModuleGraph } from './modules.ts';

export function findMigrations(
  _repo: Snapshot,
  _modules: ModuleGraph,
  _seed: ServiceSeed,
  _alembic: readonly AlembicConfig[],
  _dependencies: Dependencies | undefined,
): Migrations | undefined {
  return undefined;
}
