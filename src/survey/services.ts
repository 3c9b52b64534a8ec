/** Puts the facts of each service together. */

import type { AlembicConfig, Dependencies, Service, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { timed } from '../system/stats.ts';
import { findDatabase, findRedis } from './database.ts';
import { lackingList } from './dependencies/lacking-list.ts';
import { withSiblings } from './dependencies/siblings.ts';
import { dependencyChoices } from './dependencies.ts';
import { findDeployment } from './deployment.ts';
import { findEntries } from './entries.ts';
import { findEnvironment } from './environment.ts';
import { findFrontEnd } from './front-end.ts';
import { findHealth } from './health.ts';
import { findMigrations } from './migrations.ts';
import { findNeeds } from './needs.ts';
import { findNotes } from './notes.ts';
import { fittingPython } from './python-version/fitting.ts';
import { withRefusal } from './python-version/refused.ts';
import { findPythonVersion } from './python-version.ts';
import { startedBy } from './started.ts';
import { findSystemNeeds } from './system-needs.ts';
import { findWorkers } from './workers.ts';

export function findServices(repo: Snapshot, modules: ModuleGraph, alembic: readonly AlembicConfig[]): Service[] {
  return findEntries(repo, modules).map((seed) => {
    const choices = timed('facts', () => dependencyChoices(repo, seed));
    const services = choices.map(({ dependencies }) => describe(repo, modules, alembic, seed, dependencies));
    const [first = describe(repo, modules, alembic, seed, undefined), ...others] = services;
    const passedOver = others.length > 0 ? timed('facts', () => lackingList(repo, choices, services)) : undefined;
    if (!passedOver) return first;
    const { chosen, path, lacks } = passedOver;
    return describe(repo, modules, alembic, { ...seed, passedOver: { path, lacks } }, choices[chosen]?.dependencies);
  });
}

/** Each fact of a service but the list that it is installed from is worked out when a part asks for it. */
function describe(
  repo: Snapshot,
  modules: ModuleGraph,
  alembic: readonly AlembicConfig[],
  seed: ServiceSeed,
  listed: Dependencies | undefined,
): Service {
  const dependencies = timed('facts', () => withSiblings(repo, modules, seed, listed));
  const known: Partial<Service> = dependencies ? { ...seed, dependencies } : seed;
  const service: Service = onDemand<Service>(known, {
    deployment: () => findDeployment(repo, seed),
    migrations: () => findMigrations(repo, modules, seed, alembic, service.dependencies),
    env: () => findEnvironment(repo, modules, seed),
    database: () => findDatabase(repo, modules, seed, service.dependencies, service.env, alembic),
    health: () => findHealth(repo, modules, seed),
    redis: () => findRedis(repo, modules, seed, service.env),
    python: () => withRefusal(repo, findPythonVersion(repo, seed), service.dependencies),
    fitting: () => fittingPython(repo, service.python, service.dependencies),
    workers: () => findWorkers(repo, modules, seed, service.deployment),
    frontEnd: () => findFrontEnd(repo, modules, service),
    needs: () => findNeeds(repo, modules, service, alembic),
    system: () => findSystemNeeds(repo, modules, service, startedBy(repo, modules, service, alembic)),
    notes: () => findNotes(repo, modules, service, alembic),
  });
  return service;
}

/** `known` with properties that are worked out when they are first read, and kept. */
function onDemand<T extends object>(known: Partial<T>, makers: { readonly [K in keyof T]?: () => unknown }): T {
  const out = { ...known };
  for (const [name, make] of Object.entries<(() => unknown) | undefined>(makers)) {
    const get = (): unknown => {
      const value = timed('facts', () => make?.());
      Object.defineProperty(out, name, { value, enumerable: value !== undefined, configurable: true });
      return value;
    };
    Object.defineProperty(out, name, { get, enumerable: true, configurable: true });
  }
  return out as T;
}
