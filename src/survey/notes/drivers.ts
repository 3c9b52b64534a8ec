/** Notes about drivers that a URL's scheme loads. */
import { BRING_SQLALCHEMY } from '../../knowledge/databases.ts';
import type { Dependencies, Evidence, Requirement, Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { sites } from '../../python/sites.ts';
import { leadingText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { callOf } from '../../syntax/python/needle.ts';
import { keyword } from '../../syntax/python/walk.ts';
import { admitsFrom } from '../dependencies/versions.ts';
import { ALEMBIC_CONTEXT, serviceFiles } from '../environment/files.ts';
import { rewritesScheme } from '../foreign-scheme.ts';

const ENGINE = new RegExp(callOf('create_engine'));
const MAKES_ENGINE = /^(?:sqlalchemy|sqlmodel)\b.*\bcreate_engine$/;
const NAMED_DRIVER = /postgres(?:ql)?\+\w|create_async_engine/;

/**
 * The requirement of psycopg2 where it alone is listed and SQLAlchemy is given a plain `postgresql://`: nothing in the
 * code names the driver. https://docs.sqlalchemy.org/en/21/changelog/migration_21.html
 */
export function plainPostgres(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  dependencies: Dependencies,
): Evidence | undefined {
  const { database } = service;
  if (database?.kind !== 'postgres' || database.demands || rewritesScheme(database, 'postgresql')) return undefined;
  const listed = (name: string): Requirement | undefined => dependencies.requirements.find((r) => r.name === name);
  const two = listed('psycopg2-binary') ?? listed('psycopg2');
  if (!two || listed('psycopg') || listed('psycopg-binary')) return undefined;
  const files = serviceFiles(repo, modules, service);
  if (!makesPlainEngine(repo, modules, files)) {
    // Where the code names a driver anywhere, or is asynchronous, the plain scheme may never be used.
    if (listed('asyncpg') || repo.matching(files, NAMED_DRIVER).length > 0) return undefined;
    const url = service.env.find((e) => e.kind === 'database' && (e.property ?? 'url') === 'url');
    if (!url && database.driver !== undefined && database.driver !== 'psycopg2') return undefined;
  }
  return (listed('sqlalchemy') ?? BRING_SQLALCHEMY.map(listed).find((r) => r !== undefined) ?? two).at;
}

/** True where an engine is given a text that begins with the plain scheme, whatever else the code names. */
function makesPlainEngine(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): boolean {
  // What env.py makes is the migrations' own.
  const others = repo.matching(files, ENGINE).filter((path) => !ALEMBIC_CONTEXT.test(repo.read(path)?.text ?? ''));
  return others.some((path) =>
    sites(modules, path, (expr) => expr.kind === 'call', ENGINE).some((site) => {
      const { expr } = site;
      if (expr.kind !== 'call' || !MAKES_ENGINE.test(externalName(site, expr.func) ?? '')) return false;
      const url = expr.args[0]?.name === undefined ? expr.args[0]?.value : keyword(expr, 'url');
      return url !== undefined && leadingText(site, url)?.startsWith('postgresql://') === true;
    }),
  );
}

/**
 * The variable whose URL SQLAlchemy would refuse where a platform hands out `postgres://`, as Heroku does: 1.4 and newer
 * know `postgresql` alone. Undefined where the code rewrites it, or where it goes to something else than SQLAlchemy.
 * https://docs.sqlalchemy.org/en/20/changelog/changelog_14.html#change-3687655465c25a39b968b4f5f6e9170b
 */
export function refusedScheme({ database, dependencies, env }: Service): string | undefined {
  if (database?.kind !== 'postgres' || !dependencies) return undefined;
  if (database.demands) return undefined;
  if (rewritesScheme(database, 'postgres')) return undefined;
  if (!database.normalised && (database.driver === 'asyncpg' || database.driver === 'psycopg')) return undefined;
  const uses = dependencies.requirements.filter((r) => BRING_SQLALCHEMY.includes(r.name));
  const own = uses.filter((r) => r.name === 'sqlalchemy');
  if (uses.length === 0 || !own.every((r) => admitsFrom(r.specifier, '1.4'))) return undefined;
  return env.find((e) => e.kind === 'database' && (e.property ?? 'url') === 'url' && !/MYSQL|MONGO/i.test(e.name))
    ?.name;
}
