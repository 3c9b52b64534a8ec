/** Which database and cache a service's code talks to. */

import { databaseKind, databaseKinds, drivers } from '../knowledge/databases.ts';
import { REDIS_MODULES } from '../knowledge/workers.ts';
import type { AlembicConfig, Database, Dependencies, EnvVar, Evidence, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { isWithin } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { sourceLine } from '../repo/source-line.ts';
import { lineOf } from '../syntax/edit.ts';
import { type Connections, connectionsOf } from './connections.ts';
import { serviceFiles } from './environment/files.ts';
import { databaseName, serviceOfScheme } from './environment/schemes.ts';
import { composed, unreadDatabase } from './unread-database.ts';

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
  const installed = installedDrivers(dependencies);
  const ini = iniUrl(repo, seed, alembic);
  if (!seen.use) {
    const unread = unreadDatabase(repo, seed, env, installed, ini);
    return unread?.kind === 'postgres' ? { ...unread, ...rewriting(seen) } : unread;
  }
  const sign = ofSeveral(repo, seed, seen) ?? decided(seen, seen.use, installed, ini, env);
  const chosen = sign.chosenBy === undefined ? undefined : byVariable(sign.kind, sign.chosenBy, installed);
  const { at } = sign;
  const told = chosen?.kind ?? sign.kind;
  // SQLAlchemy has one driver that needs no package: Python's own for SQLite.
  const kind = told ?? (seen.variable && dependencies && installed.length === 0 ? 'sqlite' : undefined);
  if (kind === undefined) return undefined;
  const driver = driverOf(kind, seen, installed);
  const name = seen.urls.find((u) => u.kind === kind && u.name)?.name ?? ini?.name;
  return {
    kind,
    at,
    ...(driver ? { driver } : {}),
    ...(name && kind !== 'sqlite' ? { name } : {}),
    ...(kind === 'postgres' ? rewriting(seen) : {}),
    ...(chosen ? { chosenBy: chosen.chosenBy } : {}),
    ...(seen.pinned ? { pinned: seen.pinned } : {}),
  };
}

/**
 * Where a variable holds the scheme, and no driver of its default is installed: the one server whose driver is, else the
 * one that platforms offer, as no start has ever used the default.
 */
function byVariable(kind: Kind | undefined, name: string, installed: readonly Installed[]) {
  const servers = new Set<Kind>(installed.map((d) => d.kind).filter((k) => k !== 'sqlite'));
  if (kind === undefined || servers.has(kind)) return undefined;
  const [only = 'postgres'] = servers;
  const scheme = servers.size > 1 ? undefined : databaseKind(only)?.scheme;
  return scheme === undefined ? undefined : { kind: only, chosenBy: { name, scheme } };
}

/** The variables, with the scheme of the database that is used where one of them says it. */
export function withScheme(env: readonly EnvVar[], database: Database | undefined): readonly EnvVar[] {
  const chosen = database?.chosenBy;
  if (!chosen) return env;
  return env.map((e) => (e.name === chosen.name ? { ...e, kind: 'plain', default: chosen.scheme } : e));
}

interface Installed {
  readonly kind: Kind;
  readonly driver: string;
  readonly async: boolean;
  readonly at: Evidence;
}

function installedDrivers(dependencies: Dependencies | undefined): readonly Installed[] {
  return drivers.flatMap(({ name: driver, kind, speaks, packages }) =>
    packages.flatMap((name) => {
      const found = dependencies?.requirements.find((r) => r.name === name);
      return found ? [{ kind, driver, async: speaks !== 'sync', at: found.at }] : [];
    }),
  );
}

/** Of several servers that the code can use, the one that the compose files start; SQLite that is written first is the code's own choice. */
function ofSeveral(repo: Snapshot, seed: ServiceSeed, { client, urls, engines }: Connections) {
  const written = [...urls, ...engines].filter(({ kind }) => kind !== 'sqlite');
  const first = urls[0] ?? engines[0];
  if (client || first?.kind === 'sqlite' || new Set(written.map(({ kind }) => kind)).size < 2) return undefined;
  const started = composed(repo, seed)?.kind;
  return written.find(({ kind }) => kind === started);
}

/** The kind that the signs speak for, where any does, and the first that speaks. */
function decided(
  seen: Connections,
  use: Evidence,
  installed: readonly Installed[],
  ini: ReturnType<typeof iniUrl>,
  env: readonly EnvVar[],
): { readonly kind: Kind | undefined; readonly at: Evidence; readonly chosenBy?: string } {
  const { client, urls, variable } = seen;
  const servers = [...new Set(installed.map((d) => d.kind))].filter((k) => k !== 'sqlite');
  // With drivers of several, the one whose URLs the code puts right.
  const rewritten = seen.normalised && servers.includes('postgres') ? 'postgres' : undefined;
  const server = servers.length === 1 ? servers[0] : rewritten;
  if (client) return client;
  // What is given to SQLite alone connects to nothing else, whatever other addresses stand somewhere.
  const own = seen.sqliteOnly && servers.length === 0 ? urls.find((u) => u.kind === 'sqlite') : undefined;
  if (own) return own;
  const written = urls[0] ?? seen.engines[0] ?? ini ?? namedAfter(env);
  if (!written) return { kind: server, at: variable ?? use };
  if (written.kind !== 'sqlite') return written;
  const other = urls.find((u) => u.kind !== 'sqlite' && (installed.length === 0 || servers.includes(u.kind)));
  if (other && servers.length < 2) return other;
  return server !== undefined && !seen.sqliteOnly && isFallback(seen, env) ? { kind: server, at: written.at } : written;
}

/** SQLite alone is named, and a variable of the environment can replace it; a URL fixed in the sources is the database. */
function isFallback({ urls, engines, handed, variable }: Connections, env: readonly EnvVar[]): boolean {
  const said = [...urls, ...(handed ? engines : [])];
  const replaceable = variable !== undefined && env.some((e) => e.kind === 'database');
  return said.length > 0 && said.every((u) => u.kind === 'sqlite') && replaceable;
}

function driverOf(kind: Kind, { urls, engines, client, async }: Connections, installed: readonly Installed[]) {
  const said = [...urls, ...engines].find((u) => u.kind === kind && u.driver)?.driver ?? client?.driver;
  const fit = installed.filter((d) => d.kind === kind);
  return said ?? (fit.find((d) => async === undefined || d.async === async) ?? fit[0])?.driver;
}

function rewriting({
  normalised,
  rewrites,
  demands,
}: Connections): Pick<Database, 'normalised' | 'rewrites' | 'demands'> {
  if (demands) return { demands };
  return normalised ? { normalised, ...(rewrites ? { rewrites } : {}) } : {};
}

/** The URL that an alembic.ini of the service holds. */
function iniUrl(
  repo: Snapshot,
  seed: ServiceSeed,
  alembic: readonly AlembicConfig[],
): { readonly kind: Kind; readonly driver?: string; readonly name?: string; readonly at: Evidence } | undefined {
  for (const config of alembic) {
    if (config.url?.kind !== 'literal' || !isWithin(config.path, seed.root)) continue;
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
    if (at) return { path, line: lineOf(text, at.index), note: 'uses Redis' };
  }
  const broker = env.find((e) => e.kind === 'redis');
  if (!broker) return undefined;
  for (const path of repo.matching(files, BROKER)) {
    const text = repo.read(path)?.text ?? '';
    const at = BROKER.exec(text);
    if (at) return { path, line: lineOf(text, at.index), note: 'uses a broker' };
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
