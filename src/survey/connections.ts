/** Signs of a database in the code that a service runs: URLs, engines, clients, and what rewrites a URL. */

import type { Database, Evidence } from '../model/facts.ts';
import { definitionOf, externalName } from '../python/definition.ts';
import { envAccess } from '../python/env-access.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { topOf } from '../python/place.ts';
import { type Site, sites } from '../python/sites.ts';
import { wholeTemplate } from '../python/template.ts';
import { staticString, variableRead } from '../python/text.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Expr } from '../syntax/python/ast.ts';
import { callOf, wordOf } from '../syntax/python/needle.ts';
import { descend, entryValue, keyword, lastName, stringValue } from '../syntax/python/walk.ts';
import {
  anyCase,
  databaseName,
  SCHEME_PUT_IN,
  SERVICE_URL,
  SERVICE_URL_OF_ANY_CASE,
  serviceOfScheme,
} from './environment/schemes.ts';
import { DEMANDS, NAMES_DRIVER, rewritten } from './scheme-rewrites.ts';

export interface SeenUrl {
  readonly kind: Database['kind'];
  readonly driver?: string;
  readonly name?: string;
  /** The variable of the environment that holds the scheme: the kind is only its default. */
  readonly chosenBy?: string;
  readonly at: Evidence;
}

export interface Connections {
  /** First place that uses a database at all. */
  readonly use?: Evidence;
  /** Literal URLs, in code order; SQLite that is only a test's is left out. */
  readonly urls: readonly SeenUrl[];
  /** Django engines, peewee and Tortoise classes. */
  readonly engines: readonly SeenUrl[];
  /** A client library that speaks to one kind only: pymongo, boto3's DynamoDB. */
  readonly client?: SeenUrl;
  /** First place where the URL comes from a variable or settings. */
  readonly variable?: Evidence;
  /** The URL goes to dj-database-url or django-environ, which take every kind: another one is only a default. */
  readonly handed: boolean;
  readonly async?: boolean;
  /** Code that works with SQLite only (check_same_thread given unconditionally). */
  readonly sqliteOnly: boolean;
  readonly normalised: boolean;
  /** The one scheme that all rewriting code looks for; undefined where it knows both. */
  readonly rewrites?: 'postgres' | 'postgresql';
  /** The one scheme that some code insists on: with another the program ends. */
  readonly demands?: 'postgres' | 'postgresql';
  /** A server of somebody's that the sources name, whatever is set: a start would reach it. */
  readonly pinned?: NonNullable<Database['pinned']>;
}

const USE =
  /\bcreate_(?:async_)?engine\b|\bSQLAlchemy\(|\bDATABASES\b|\bTortoise\b|register_tortoise|\bpeewee|MySQLDatabase|PostgresqlDatabase|\bsqlmodel\b|\bsqlite3\b|\basyncpg\b|\bpsycopg2?\b|\bpymysql\b|\baiomysql\b|mysql\.connector|\bpymongo\b|\bmotor\b|\bbeanie\b|mongoengine|\bdynamodb\b|\bdatabases\b|\bormar\b|\baiosqlite\b|\bgino\b|\bpony\.orm\b|SQLALCHEMY_DATABASE_UR[IL]|\bmysqldb\b/i;
const CONNECT =
  /^(?:create_engine|create_async_engine|SQLAlchemy|engine_from_config|async_engine_from_config|Database|connect|create_pool|Tortoise|init|register_tortoise|MongoClient|AsyncIOMotorClient|AsyncMongoClient|PyMongo|client|resource|MySQLDatabase|PostgresqlDatabase|SqliteDatabase|PooledMySQLDatabase|PooledPostgresqlDatabase|PooledMySQLDatabaseAsync|PostgresqlExtDatabase|MySQLDB|URL|create)$/;

const PEEWEE: readonly (readonly [RegExp, Database['kind'], string])[] = [
  [/MySQL/i, 'mysql', 'pymysql'],
  [/Postgres/i, 'postgres', 'psycopg2'],
  [/Sqlite/i, 'sqlite', 'sqlite3'],
];

/** What a client library speaks to, by the full name of what is called. */
const CLIENTS: readonly (readonly [RegExp, Database['kind']])[] = [
  [/\.(?:MongoClient|AsyncIOMotorClient|AsyncMongoClient|PyMongo)$|^(?:mongoengine|beanie)\b/, 'mongodb'],
  [/^(?:sqlite3|aiosqlite)\.connect$/, 'sqlite'],
  [/^(?:asyncpg|psycopg2?|aiopg|pg8000)\b/, 'postgres'],
  [/^(?:pymysql|aiomysql|MySQLdb|mysql)\b/, 'mysql'],
];

const TEST_NAME = /(?:^|[_/.-])tests?(?:[_/.-]|$)/i;

/** A regular expression that looks for URLs is none. */
const PATTERN = /\[\^|\\[sSwWdDbB]|\(\?/;

/** Reads the files that mention a database. */
export function connectionsOf(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Connections {
  const out = new Signs();
  for (const path of repo.matching(files, new RegExp(`${USE.source}|${SERVICE_URL}|${SCHEME_PUT_IN}`, 'i'))) {
    const module = modules.module(path);
    if (!module) continue;
    for (const place of sites(modules, path, isSign, SIGN)) out.look(place);
    // What env.py does to the URL, the application never sees.
    const demanded = DEMANDS.exec(module.text)?.[1];
    if (demanded === 'postgres' || demanded === 'postgresql') out.demands ??= demanded;
    const known = demanded === undefined ? rewritten(module.text) : undefined;
    if (known && !/\bfrom alembic import context\b/.test(module.text)) {
      out.normalised = true;
      for (const scheme of known) out.schemes.add(scheme);
      out.driverNamed ||= NAMES_DRIVER.test(module.text);
    }
  }
  // What a module opens for itself is no database of the service where another is configured.
  out.engines.push(...out.opened);
  // `postgres://` put right as `postgresql://` still loads psycopg2.
  if (out.async === true && !out.driverNamed) out.normalised = false;
  return out;
}

/** What all that `isSign` lets through and that turns out to be a sign mentions. */
export const SIGN = new RegExp(
  [
    SERVICE_URL_OF_ANY_CASE,
    callOf(`${CONNECT.source.slice('^(?:'.length, -')$'.length)}|config|parse|db|db_url`),
    `["']${anyCase('engine')}["']`,
  ].join('|'),
);

function isSign(expr: Expr): boolean {
  if (expr.kind === 'string') return expr.pieces.some((piece) => piece.includes('://'));
  return expr.kind === 'call' || expr.kind === 'dict' || expr.kind === 'binary';
}

class Signs implements Connections {
  use?: Evidence;
  readonly urls: SeenUrl[] = [];
  readonly engines: SeenUrl[] = [];
  readonly opened: SeenUrl[] = [];
  client?: SeenUrl;
  variable?: Evidence;
  handed = false;
  async?: boolean;
  sqliteOnly = false;
  normalised = false;
  demands?: 'postgres' | 'postgresql';
  pinned?: NonNullable<Database['pinned']>;
  readonly schemes = new Set<'postgres' | 'postgresql'>();
  driverNamed = false;

  get rewrites(): Connections['rewrites'] {
    return this.normalised && this.schemes.size === 1 ? [...this.schemes][0] : undefined;
  }

  look(place: Site): void {
    const { expr, path } = place;
    if (expr.kind === 'string') this.url(place, expr);
    if (expr.kind !== 'dict') this.chosen(place);
    if (expr.kind === 'call') this.call(place, expr);
    if (expr.kind === 'dict') this.settings(path, expr);
  }

  private url(place: Site, expr: Extract<Expr, { kind: 'string' }>): void {
    // A docstring or a comparison says what a URL may look like, not which one is used.
    if (place.stmt.kind === 'expr' && place.stmt.value === expr) return;
    if (place.above.some(isProse)) return;
    const text = expr.pieces.join('\0');
    const found = /^\s*([A-Za-z][\w+]{1,40}):\/\/(.*)$/s.exec(text);
    const scheme = found ? serviceOfScheme(found[1] ?? '') : undefined;
    if (!scheme?.kind || !found || found[2] === '' || PATTERN.test(found[2] ?? '')) return;
    const at = { path: place.path, line: expr.line };
    const named = databaseName(found[2] ?? '');
    const name = named !== undefined && TEST_NAME.test(named) ? undefined : named;
    const { kind, driver } = scheme;
    if (kind === 'sqlite' && (TEST_NAME.test(text) || text.includes(':memory:'))) return;
    this.urls.push({ kind, at, ...(driver ? { driver } : {}), ...(name ? { name } : {}) });
    this.use ??= at;
    const host = outsideHost(found[2] ?? '');
    // The fallback of a variable is not used where it is set.
    if (host !== undefined && !place.above.some((above) => envAccess(place, above)) && !isFallbackOf(place))
      this.pinned ??= { host, at };
  }

  /** `"{}://{}:{}@{}/{}".format(os.getenv("DB_ENGINE", "mysql"), …)` */
  private chosen(place: Site): void {
    const { pieces, holes } = wholeTemplate(place) ?? { pieces: [], holes: [] };
    if (pieces[0] !== '' || !pieces[1]?.startsWith('://') || !holes[0] || place.above.some(isProse)) return;
    const scheme = serviceOfScheme(staticString(place, holes[0]) ?? '');
    const chosenBy = variableRead(place, holes[0]);
    if (!scheme?.kind || scheme.kind === 'sqlite' || chosenBy === undefined) return;
    const at = { path: place.path, line: place.expr.line };
    const { kind, driver } = scheme;
    this.urls.push({ kind, at, chosenBy, ...(driver ? { driver } : {}) });
    this.use ??= at;
  }

  private call(place: Site, call: Extract<Expr, { kind: 'call' }>): void {
    const { func } = call;
    const name = lastName(func);
    if (/^(?:config|parse|db|db_url)$/.test(name)) this.django(place, call);
    if (!CONNECT.test(name)) return;
    const full = externalName(place, func) ?? '';
    const at = { path: place.path, line: call.line };
    const service = stringValue(call.args[0]?.value);
    if (/^(?:URL|create)$/.test(name)) {
      this.drivername(place.path, call);
      return;
    }
    const client = CLIENTS.find(([form]) => form.test(full))?.[1];
    // A boto3 session is mostly an attribute: the name of the AWS service says enough.
    if (service === 'dynamodb' && /^(?:client|resource)$/.test(name)) this.client ??= { kind: 'other', at };
    else if (client === 'mongodb')
      this.client ??= { kind: client, at, driver: /Motor|beanie/.test(full) ? 'motor' : 'pymongo' };
    else if (client === 'sqlite') this.opened.push({ kind: client, at });
    else if (client) this.engines.push({ kind: client, at, driver: full.split('.')[0] ?? '' });
    else if (/^(?:peewee|playhouse|peewee_async|peeweedbevolve)\b/.test(full) || /Database(?:Async)?$/.test(name)) {
      const form = PEEWEE.find(([needle]) => needle.test(name));
      if (form) this.engines.push({ kind: form[1], driver: form[2], at });
    } else if (/^(?:sqlalchemy|sqlmodel)\b/.test(full)) {
      this.engine(place.path, call, full);
    } else if (full.startsWith('flask_sqlalchemy.')) this.variable ??= at;
    else if (!/^(?:databases|tortoise|gino|ormar|flask_alchemy)\b/.test(full)) return;
    this.use ??= at;
  }

  /** `dj_database_url.config()`, `env.db()`: https://github.com/jazzband/dj-database-url */
  private django(place: Site, call: Extract<Expr, { kind: 'call' }>): void {
    const { func, args } = call;
    const full = externalName(place, func) ?? '';
    const parsed = full === 'dj_database_url.parse' && stringValue(args[0]?.value) === undefined;
    const owner = func.kind === 'attribute' ? definitionOf(place, func.value) : undefined;
    const made = owner?.kind === 'assign' && owner.value?.kind === 'call' ? owner.value.func : undefined;
    const reader = made && owner?.kind === 'assign' ? externalName(topOf(place.modules, owner.path), made) : undefined;
    const read = /^(?:db|db_url)$/.test(func.kind === 'attribute' ? func.attr : '') && reader === 'environ.Env';
    if (full !== 'dj_database_url.config' && !parsed && !read) return;
    const at = { path: place.path, line: call.line };
    this.handed = true;
    this.variable ??= at;
    this.use ??= at;
  }

  /** `URL.create(drivername="mysql+pymysql", …)` */
  private drivername(path: string, call: Extract<Expr, { kind: 'call' }>): void {
    const given = keyword(call, 'drivername') ?? keyword(call, 'scheme');
    if (!given) return;
    for (const expr of descend(given)) {
      const scheme = serviceOfScheme(stringValue(expr) ?? '');
      if (!scheme?.kind) continue;
      const at = { path, line: call.line };
      this.urls.push({ kind: scheme.kind, at, ...(scheme.driver ? { driver: scheme.driver } : {}) });
      this.variable ??= at;
      this.use ??= at;
    }
  }

  private engine(path: string, call: Extract<Expr, { kind: 'call' }>, full: string): void {
    if (!/create_(?:async_)?engine$/.test(full)) return;
    const at = { path, line: call.line };
    const url = call.args[0]?.value;
    if (/async_engine$/.test(full)) this.async = true;
    else this.async ??= false;
    if (url && stringValue(url) === undefined) this.variable ??= at;
    const connect = keyword(call, 'connect_args');
    if (connect?.kind === 'dict' && entryValue(connect, 'check_same_thread')) this.sqliteOnly = true;
  }

  private settings(path: string, dict: Extract<Expr, { kind: 'dict' }>): void {
    for (const { key, value } of dict.entries) {
      if (stringValue(key ?? undefined)?.toUpperCase() !== 'ENGINE') continue;
      const engine = stringValue(value) ?? '';
      const at = { path, line: value.line };
      if (!/^(?:django\.|tortoise\.|dj_|psqlextra)/.test(engine)) continue;
      this.use ??= at;
      if (/postg|psql|asyncpg/.test(engine)) this.engines.push({ kind: 'postgres', at });
      else if (/mysql/.test(engine)) this.engines.push({ kind: 'mysql', at });
      else if (/sqlite/.test(engine)) this.engines.push({ kind: 'sqlite', at });
    }
  }
}

/** `DEFAULT = "postgresql://…"`, and then `os.getenv("DATABASE_URL", DEFAULT)` or `… or DEFAULT` in the same file. */
function isFallbackOf({ modules, path, stmt }: Site): boolean {
  const [target] = stmt.kind === 'assign' ? stmt.targets : [];
  if (target?.kind !== 'name') return false;
  const isName = (expr: Expr | undefined): boolean => expr?.kind === 'name' && expr.id === target.id;
  const behind = (expr: Expr): boolean => (expr.kind === 'bool' && expr.op === 'or' ? isName(expr.right) : false);
  const used = (expr: Expr): boolean =>
    behind(expr) ||
    (expr.kind === 'call' && expr.args.some((a, i) => (i > 0 || a.name === 'default') && isName(a.value)));
  return sites(modules, path, used, wordOf(new Set([target.id]))).some(
    (site) => site.expr.kind === 'bool' || envAccess(site, site.expr) !== undefined,
  );
}

/** The host of what follows `scheme://`, where it is neither this machine, nor a name of compose, nor an example. */
function outsideHost(rest: string): string | undefined {
  const host = /^(?:[^@/\0]*@)?([\w-]+(?:\.[\w-]+)+)(?=[:/?,]|$)/.exec(rest)?.[1];
  if (
    host === undefined ||
    /^(?:127\.|0\.0\.0\.0$)|(?:^|\.)(?:example|invalid|test|local|localhost|internal)(?:\.(?:com|org|net))?$/i.test(
      host,
    )
  )
    return undefined;
  // `host.name`, `your.server`: a word of a template has no letters that a registry hands out, an address has numbers alone.
  return /^\d+(?:\.\d+){3}$|\.(?:com|net|org|io|dev|app|cloud|tech|aws|azure|[a-z]{2})$/i.test(host) ? host : undefined;
}

function isProse(above: Expr): boolean {
  if (above.kind === 'compare') return true;
  if (above.kind !== 'call') return false;
  const name = above.func.kind === 'attribute' ? above.func.attr : '';
  return /^(?:replace|startswith|removeprefix|print|info|warning|error|debug|split|sub|match|secho|echo)$/.test(name);
}
