/** Puts the facts of each service together. */

import type { AlembicConfig, Dependencies, Service, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { timed } from '../system/stats.ts';
import { findDatabase, findRedis, withScheme } from './database.ts';
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
    const shared = factsOfCode(repo, modules, seed);
    const described = (from: ServiceSeed, listed: Dependencies | undefined): Service =>
      describe(repo, modules, alembic, from, listed, shared);
    const choices = timed('facts', () => dependencyChoices(repo, seed));
    const services = choices.map(({ dependencies }) => described(seed, dependencies));
    const [first = described(seed, undefined), ...others] = services;
    const passedOver = others.length > 0 ? timed('facts', () => lackingList(repo, choices, services)) : undefined;
    if (!passedOver) return first;
    const { chosen, path, lacks } = passedOver;
    return described({ ...seed, passedOver: { path, lacks } }, choices[chosen]?.dependencies);
  });
}

/** What is the same whatever list a service is installed from: worked out once for all that it may be. */
interface FactsOfCode extends Pick<Service, 'deployment' | 'env' | 'health' | 'workers'> {
  readonly version: ReturnType<typeof findPythonVersion>;
}

function factsOfCode(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): FactsOfCode {
  const facts: FactsOfCode = onDemand<FactsOfCode>(
    {},
    {
      deployment: () => findDeployment(repo, seed),
      env: () => findEnvironment(repo, modules, seed),
      health: () => findHealth(repo, modules, seed),
      workers: () => findWorkers(repo, modules, seed, facts.deployment),
      version: () => findPythonVersion(repo, seed),
    },
  );
  return facts;
}

/** Each fact of a service but the list that it is installed from is worked out when a part asks for it. */
function describe(
  repo: Snapshot,
  modules: ModuleGraph,
  alembic: readonly AlembicConfig[],
  seed: ServiceSeed,
  listed: Dependencies | undefined,
  shared: FactsOfCode,
): Service {
  const dependencies = timed('facts', () => withSiblings(repo, modules, seed, listed));
  const known: Partial<Service> = dependencies ? { ...seed, dependencies } : seed;
  const service: Service = onDemand<Service>(known, {
    deployment: () => shared.deployment,
    migrations: () => findMigrations(repo, modules, seed, alembic, service.dependencies),
    env: () => withScheme(shared.env, service.database),
    database: () => findDatabase(repo, modules, seed, service.dependencies, shared.env, alembic),
    health: () => shared.health,
    redis: () => findRedis(repo, modules, seed, service.env),
    python: () => withRefusal(repo, shared.version, service.dependencies),
    fitting: () => fittingPython(repo, service.python, service.dependencies),
    workers: () => shared.workers,
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
