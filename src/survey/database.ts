/** Which database and cache a service's code talks to. */

import { databaseKinds, drivers } from '../knowledge/databases.ts';
import { REDIS_MODULES } from '../knowledge/workers.ts';
import type { AlembicConfig, Database, Dependencies, EnvVar, Evidence, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { sourceLine } from '../repo/source-line.ts';
import { type Connections, connectionsOf } from './connections.ts';
import { serviceFiles } from './environment/files.ts';
import { databaseName, serviceOfScheme } from './environment/schemes.ts';
import { unreadDatabase } from './unread-database.ts';

type Kind = Database['kind'];

/**
 * The database that the code reached from the entry uses, or that a variable, a driver, alembic.ini or a compose file
 * names; undefined when there is none, or when nothing says which.
 * SQLite as a mere fallback gives way to the one server whose driver is installed.
 */
export function findDatabase(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  dependencies: Dependencies | undefined,
  env: readonly EnvVar[],
  alembic: readonly AlembicConfig[],
): Database | undefined {
  const files = serviceFiles(repo, modules, seed);
  const seen = connectionsOf(repo, modules, files);
  const installed = drivers.flatMap(({ name: driver, kind, speaks, packages }) =>
    packages.flatMap((name) => {
      const found = dependencies?.requirements.find((r) => r.name === name);
      return found ? [{ kind, driver, async: speaks !== 'sync', at: found.at }] : [];
    }),
  );
  if (!seen.use) {
    const unread = unreadDatabase(repo, seed, env, installed, iniUrl(repo, seed, alembic));
    return unread?.kind === 'postgres' ? { ...unread, ...rewriting(seen) } : unread;
  }
  const byKind = (kind: Kind): typeof installed => installed.filter((d) => d.kind === kind);
  const servers = [...new Set(installed.map((d) => d.kind))].filter((k) => k !== 'sqlite');
  const written = seen.urls[0] ?? seen.engines[0] ?? iniUrl(repo, seed, alembic) ?? namedAfter(env);
  // With drivers of several, the one whose URLs the code puts right.
  const rewritten = seen.normalised && servers.includes('postgres') ? 'postgres' : undefined;
  const server = servers.length === 1 ? servers[0] : rewritten;
  const said = new Set([...seen.urls, ...(seen.handed ? seen.engines : [])].map((u) => u.kind));
  // A fallback is one that a variable of the environment can replace; a URL fixed in the sources is the database.
  const replaceable = seen.variable !== undefined && env.some((e) => e.kind === 'database');
  const fallbackOnly = said.size === 1 && said.has('sqlite') && replaceable;

  let kind = seen.client?.kind ?? written?.kind ?? server;
  let at = seen.client?.at ?? written?.at ?? seen.variable ?? seen.use;
  if (written?.kind === 'sqlite' && !seen.client) {
    const other = seen.urls.find((u) => u.kind !== 'sqlite' && (installed.length === 0 || servers.includes(u.kind)));
    if (other && servers.length < 2) ({ kind, at } = other);
    else if (fallbackOnly && server !== undefined && !seen.sqliteOnly) kind = server;
  }
  // SQLAlchemy has one driver that needs no package: Python's own for SQLite.
  if (kind === undefined && seen.variable && dependencies && installed.length === 0) kind = 'sqlite';
  if (kind === undefined) return undefined;
  const url =
    seen.urls.find((u) => u.kind === kind && u.driver) ?? seen.engines.find((e) => e.kind === kind && e.driver);
  const candidates = byKind(kind).filter((d) => seen.async === undefined || d.async === seen.async);
  const driver = url?.driver ?? seen.client?.driver ?? (candidates[0] ?? byKind(kind)[0])?.driver;
  const name = seen.urls.find((u) => u.kind === kind && u.name)?.name ?? iniUrl(repo, seed, alembic)?.name;
  return {
    kind,
    at,
    ...(driver ? { driver } : {}),
    ...(name && kind !== 'sqlite' ? { name } : {}),
    ...(kind === 'postgres' ? rewriting(seen) : {}),
  };
}

function rewriting({ normalised, rewrites }: Connections): Pick<Database, 'normalised' | 'rewrites'> {
  return normalised ? { normalised, ...(rewrites ? { rewrites } : {}) } : {};
}

/** The URL that an alembic.ini of the service holds. */
function iniUrl(
  repo: Snapshot,
  seed: ServiceSeed,
  alembic: readonly AlembicConfig[],
): { readonly kind: Kind; readonly driver?: string; readonly name?: string; readonly at: Evidence } | undefined {
  for (const config of alembic) {
    if (config.url?.kind !== 'literal' || (seed.root !== '' && !config.path.startsWith(`${seed.root}/`))) continue;
    const line = sourceLine(repo, { path: config.path, line: config.url.at.line });
    const url = /=\s*([A-Za-z][\w+]*):\/\/(\S*)/.exec(line);
    const scheme = url ? serviceOfScheme(url[1] ?? '') : undefined;
    if (!scheme?.kind || /driver:\/\//.test(line)) continue;
    const name = databaseName(url?.[2] ?? '');
    const { driver } = scheme;
    return { kind: scheme.kind, at: config.url.at, ...(driver ? { driver } : {}), ...(name ? { name } : {}) };
  }
  return undefined;
}

function namedAfter(env: readonly EnvVar[]): { readonly kind: Kind; readonly at: Evidence } | undefined {
  for (const { name, kind, at } of env) {
    if (kind !== 'database') continue;
    const found = databaseKinds.find(({ named }) => named?.test(name));
    if (found) return { kind: found.id, at };
  }
  return undefined;
}

/** Where the service's code connects to Redis; undefined when it is only pinned, or only a name in settings. */
export function findRedis(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  env: readonly EnvVar[],
): Evidence | undefined {
  const files = serviceFiles(repo, modules, seed);
  for (const path of repo.matching(files, REDIS)) {
    const text = repo.read(path)?.text ?? '';
    const at = REDIS.exec(text);
    if (at) return { path, line: lineAt(text, at.index), note: 'uses Redis' };
  }
  const broker = env.find((e) => e.kind === 'redis');
  if (!broker) return undefined;
  for (const path of repo.matching(files, BROKER)) {
    const text = repo.read(path)?.text ?? '';
    const at = BROKER.exec(text);
    if (at) return { path, line: lineAt(text, at.index), note: 'uses a broker' };
  }
  return undefined;
}

const CLIENTS = ['redis', 'aioredis', 'valkey'];
const FROM = [
  ...CLIENTS, ...REDIS_MODULES, 'redis_om', 'flask_redis', 'fastapi_limiter', 'aiocache.backends.redis', 'fastapi_cache.backends.redis',
  'django_redis', 'channels_redis',
]; // biome-ignore format: a list of names
const alternatives = (names: readonly string[]): string => `(?:${names.join('|').replaceAll('.', '\\.')})`;
/** Imports and URLs that only a program with Redis has. */
const REDIS = new RegExp(
  `^[ \\t]*(?:import[ \\t]+${alternatives(CLIENTS)}\\b|from[ \\t]+${alternatives(FROM)}\\b[\\w.]*[ \\t]+import\\b)|["'](?:redis|rediss)://|["'](?:django_redis\\.|django\\.core\\.cache\\.backends\\.redis|channels_redis\\.)`,
  'm',
);
const BROKER = /\bCelery\(|\bbroker_url\b|CELERY_BROKER_URL|CACHE_REDIS_URL|CACHE_TYPE["']?\s*[:=]\s*["']\w*[Rr]edis/;

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
