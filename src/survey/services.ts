/** Puts the facts of each service together. */
import type { AlembicConfig, Service, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';
import { findDatabase, findRedis } from './database.ts';
import { findDependencies } from './dependencies.ts';
import { findDeployment } from './deployment.ts';
import { findEntries } from './entries.ts';
import { findEnvironment } from './environment.ts';
import { findHealth } from './health.ts';
import { findMigrations } from './migrations.ts';
import type { ModuleGraph } from './modules.ts';
import { findNotes } from './notes.ts';
import { findPythonVersion } from './python-version.ts';
import { findWorkers } from './workers.ts';

export function findServices(repo: Snapshot, modules: ModuleGraph, alembic: readonly AlembicConfig[]): Service[] {
  return findEntries(repo, modules).map((seed) => describe(repo, modules, alembic, seed));
}

function describe(repo: Snapshot, modules: ModuleGraph, alembic: readonly AlembicConfig[], seed: ServiceSeed): Service {
  const dependencies = findDependencies(repo, seed);
  const deployment = findDeployment(repo, seed);
  const migrations = findMigrations(repo, modules, seed, alembic, dependencies);
  const env = findEnvironment(repo, modules, seed);
  const database = findDatabase(repo, modules, seed, dependencies, env, alembic);
  const health = findHealth(repo, modules, seed);
  const redis = findRedis(repo, modules, seed, env);
  const python = findPythonVersion(repo, seed);
  const service: Service = {
    ...seed,
    workers: findWorkers(repo, modules, seed, deployment),
    env,
    deployment,
    notes: [],
    ...(dependencies ? { dependencies } : {}),
    ...(migrations ? { migrations } : {}),
    ...(database ? { database } : {}),
    ...(health ? { health } : {}),
    ...(redis ? { redis } : {}),
    ...(python ? { python } : {}),
  };
  return { ...service, notes: findNotes(repo, modules, service) };
}
