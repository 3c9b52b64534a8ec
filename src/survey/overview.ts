/** Facts → how each service hangs together, as plain data. Asked for by reports only: all routes are looked for here. */

import type { Evidence, Facts, Service } from '../model/facts.ts';
import { MAX_ROUTES, type Named, type Overview } from '../model/overview.ts';
import { servedName } from '../model/served.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { settingsFiles } from './django-settings.ts';
import { djangoRoutes } from './django-urls.ts';
import { serviceFiles } from './environment/files.ts';
import { settingsClasses } from './environment/settings-classes.ts';
import { routesOf } from './routes.ts';
import { applicationNamed } from './server-calls.ts';

/** The facts must be those of `repo`. */
export function overviewOf(repo: Snapshot, facts: Facts): Overview[] {
  return facts.services.map((service) => ofService(repo, facts, service));
}

function ofService(repo: Snapshot, facts: Facts, service: Service): Overview {
  const { entry, health, database, migrations, redis, python, dependencies, workers, deployment } = service;
  const named = (name: string, at: Evidence): Named => ({ name, at });
  const { driver } = database ?? {};
  return {
    name: service.name,
    root: service.root,
    entry: {
      ...named(servedName(entry), entry.at),
      ...{ framework: entry.framework, interface: entry.interface },
    },
    routes: routes(repo, facts, service),
    ...(health ? { health: named(health.path, health.at) } : {}),
    settings: settings(repo, facts, service),
    ...(database ? { database: { ...named(database.kind, database.at), ...(driver ? { driver } : {}) } } : {}),
    ...(migrations ? { migrations: named(migrations.command, migrations.at) } : {}),
    ...(redis ? { redis } : {}),
    ...(python ? { python: named(python.version, python.at) } : {}),
    ...(dependencies ? { install: named(dependencies.install, dependencies.at) } : {}),
    environment: service.env.map(({ name, kind, required, at }) => ({ name, kind, required, at })),
    processes: [
      ...deployment.commands.map(({ command, at }) => named(command, at)),
      ...workers.map(({ command, at }) => named(command, at)),
    ],
  };
}

/** By path, each once. */
function routes(repo: Snapshot, { modules }: Facts, service: Service): Named[] {
  const found = service.entry.framework === 'django' ? djangoRoutes(repo, modules, service) : declared();
  const byPath = new Map(found.map(({ path, at }) => [path || '/', { name: path || '/', at }]));
  return [...byPath.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_ROUTES);

  function declared() {
    const { attr, path } = service.entry;
    const app = applicationNamed(modules, path, attr);
    return app ? routesOf(repo, modules, path, app, [`[^"'\\n]*`]) : [];
  }
}

function settings(repo: Snapshot, { modules }: Facts, service: Service): Named[] {
  if (service.entry.framework === 'django') {
    return (settingsFiles(repo, modules, service) ?? []).map((path) => ({ name: path, at: { path, line: 1 } }));
  }
  const classes = settingsClasses(repo, modules, serviceFiles(repo, modules, service));
  if (classes.length > 0) return classes.map(({ path, stmt }) => ({ name: stmt.name, at: { path, line: stmt.line } }));
  const reads = service.env.filter((v) => v.at.path.endsWith('.py')).map((v) => v.at.path);
  const counts = new Map(reads.map((path) => [path, reads.filter((p) => p === path).length]));
  return [...counts].filter(([, n]) => n >= GATHERED).map(([path]) => ({ name: path, at: { path, line: 1 } }));
}

/** A file that reads so many variables is where the settings are. */
const GATHERED = 3;
