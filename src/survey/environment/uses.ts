/** Which variables feed a database or Redis connection, whatever they are called. */

import type { EnvVar, Evidence } from '../../model/facts.ts';
import { bindingsOf } from '../../python/bound.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { type Site, sites } from '../../python/sites.ts';
import { type Template, wholeTemplate } from '../../python/template.ts';
import { staticString, variableRead } from '../../python/text.ts';
import { meaningsOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Argument, CallExpr, CompareExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { callOf } from '../../syntax/python/needle.ts';
import { dotted, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { demandedIn } from './demanded.ts';
import { demandedByCalls } from './libraries.ts';
import { type Refused, refusals } from './need.ts';
import type { EnvRead } from './read.ts';
import { anyCase, SCHEME_PUT_IN, SERVICE_URL, SERVICE_URL_OF_ANY_CASE, serviceOfScheme } from './schemes.ts';
import { FORM_IN_CODE, FORM_WORDS, formWanted, type SecretForm } from './secret-form.ts';
import type { SettingsField } from './settings.ts';
import { part, wrapped } from './url-parts.ts';
import { partsOf, pieceOf, SPLITS, type Split, splitOf } from './value-parts.ts';
import { Variables } from './variables.ts';

export interface Use {
  readonly kind: 'database' | 'redis';
  readonly property: NonNullable<EnvVar['property']>;
}

/** Variable → what it feeds. */
export type Uses = ReadonlyMap<string, Use>;

/** Variable → the form that the code wants its value to have. */
export type Forms = ReadonlyMap<string, SecretForm>;

/** Variable → the parts that the code takes its value into. */
export type Parts = ReadonlyMap<string, NonNullable<EnvVar['parts']>>;

/** Variable → what the program ends for: its absence, or every value that counts as false. */
export type Demanded = ReadonlyMap<string, Refused>;

type Property = Use['property'];

/** Callables whose first argument (or named one) is a database URL. */
const DATABASE_URL =
  /^(?:create_engine|create_async_engine|AsyncEngine|engine_from_url|create_pool|MongoClient|AsyncIOMotorClient|AsyncMongoClient|Database|connect_to_database|init_db)$/;
const REDIS_URL = /^(?:from_url)$/;
const REDIS_PARTS = /^(?:Redis|StrictRedis|RedisSettings|ConnectionPool|ArqRedis)$/;
const DATABASE_PARTS =
  /^(?:connect|create_pool|MySQLDatabase|PostgresqlDatabase|PooledMySQLDatabase|PooledPostgresqlDatabase|ThreadedConnectionPool|SimpleConnectionPool|ConnectionPool|create|URL|build|Url)$/;

const PARTS: Readonly<Record<string, Property>> = {
  host: 'host',
  hostname: 'host',
  port: 'port',
  user: 'user',
  username: 'user',
  password: 'password',
  passwd: 'password',
  pass: 'password',
  database: 'database',
  dbname: 'database',
  db: 'database',
  db_name: 'database',
  name: 'database',
  path: 'database',
};

const FLASK_URL = /^SQLALCHEMY_DATABASE_UR[IL]$/;

const NEEDLE = new RegExp(
  `${SERVICE_URL}|${SCHEME_PUT_IN}|create_(?:async_)?engine|SQLALCHEMY_DATABASE|` +
    String.raw`DATABASES\s*=|from_url|Redis|MongoClient|Motor|\bconnect\(|Database\(|\bURL(?:\.create)?\(|Dsn\b|Url\.build\b|${FORM_WORDS}|${SPLITS}`,
  'i',
);

/** Looks at every connection that these files make, and says which of the variables read go into it. */
export function usesOf(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  calls: readonly EnvRead[],
  fields: readonly SettingsField[],
): { readonly uses: Uses; readonly forms: Forms; readonly parts: Parts; readonly demanded: Demanded } {
  const variables = new Variables(modules, calls, fields);
  const finder = new Finder(variables);
  for (const path of repo.matching(files, NEEDLE)) {
    const module = modules.module(path);
    if (!module) continue;
    for (const place of sites(modules, path, mayConnect, CONNECTS)) finder.look(place);
  }
  const byEngines = [...finder.engines].map((name) => [name, 'none'] as const);
  const byCalls = demandedByCalls(repo, modules, files, variables);
  const demanded = refusals([...byEngines, ...byCalls, ...demandedIn(repo, modules, files, variables)]);
  return { uses: finder.uses, forms: finder.forms, parts: finder.takenApart(), demanded };
}

/** Between the slashes of the expressions above, without what makes them whole names. */
const named = (form: RegExp): string => form.source.replace(/^\^\(\?:|\)\$$/g, '');

/** What all that `mayConnect` lets through and that turns out to be a connection, or to want a form, mentions. */
export const CONNECTS = new RegExp(
  [
    SERVICE_URL_OF_ANY_CASE,
    callOf([DATABASE_URL, REDIS_URL, REDIS_PARTS, DATABASE_PARTS].map(named).join('|')),
    FORM_IN_CODE,
    SPLITS,
    'SQLALCHEMY_DATABASE_UR[IL]',
    'DATABASES',
    `["']${anyCase('host')}["']`,
  ].join('|'),
);

function mayConnect(expr: Expr): boolean {
  if (expr.kind === 'name') return FLASK_URL.test(expr.id);
  if (expr.kind === 'attribute') return FLASK_URL.test(expr.attr);
  return (
    expr.kind === 'call' ||
    expr.kind === 'compare' ||
    expr.kind === 'dict' ||
    expr.kind === 'binary' ||
    (expr.kind === 'string' && expr.holes.length > 0 && expr.pieces.some((p) => p.includes('://')))
  );
}

class Finder {
  readonly uses = new Map<string, Use>();
  readonly forms = new Map<string, SecretForm>();
  /** Variables that are an engine's URL as its module is loaded. */
  readonly engines = new Set<string>();
  private readonly splits = new Map<string, Split & { readonly at: Evidence }>();
  /** Variable → number of the part → what it feeds. */
  private readonly pieces = new Map<string, Map<number, Use>>();
  private readonly variables: Variables;

  constructor(variables: Variables) {
    this.variables = variables;
  }

  look(site: Site): void {
    const { expr, stmt } = site;
    const template = wholeTemplate(site);
    if (template) this.template(site, template);
    if (expr.kind === 'call') this.call(site, expr);
    if (expr.kind === 'call') this.split(site, expr, stmt);
    if (expr.kind === 'call' || expr.kind === 'compare') this.formed(site, expr, stmt);
    if (expr.kind === 'dict') this.dict(site, expr, stmt);
    if (expr.kind === 'name' || expr.kind === 'attribute') this.configured(site, expr, stmt);
  }

  /** `Fernet(KEY)`, `bytes.fromhex(KEY)`, `len(KEY) != 32`: what a value must look like. */
  private formed(place: Place, expr: CallExpr | CompareExpr, stmt: Stmt): void {
    const wanted = formWanted(expr, stmt);
    const name = wanted && this.variables.heldBy(place, wanted.of);
    if (!wanted || name === undefined || this.forms.has(name)) return;
    const { what, make } = wanted;
    this.forms.set(name, { what, make, at: { path: place.path, line: expr.line } });
  }

  private split(place: Place, call: CallExpr, stmt: Stmt): void {
    const split = splitOf(call, stmt);
    const name = split && this.variables.heldBy(place, split.of);
    if (!split || name === undefined || this.splits.has(name)) return;
    this.splits.set(name, { ...split, at: { path: place.path, line: call.line } });
  }

  takenApart(): Parts {
    return new Map([...this.splits].map(([name, s]) => [name, { ...partsOf(s, this.pieces.get(name)), at: s.at }]));
  }

  /** A part of a variable's value feeds a connection: `f"postgresql://{user}:…"`, where `user, _ = X.split(":")`. */
  private markPiece(place: Place, expr: Expr, use: Use): void {
    const inner = wrapped(expr);
    const [bound] = inner.kind === 'name' ? bindingsOf(place, inner) : [];
    const stmt = bound?.kind === 'binding' && bound.binding.kind === 'assign' ? bound.binding.stmt : undefined;
    if (inner.kind !== 'name' || !bound || !stmt) return;
    const piece = pieceOf(stmt, inner.id);
    const name = piece && this.variables.heldBy(bound.place, piece.of);
    if (piece && name !== undefined) {
      const known = this.pieces.get(name) ?? new Map<number, Use>();
      this.pieces.set(name, known.set(piece.index, use));
    } else if (stmt.value && wrapped(stmt.value) !== inner && stmt.targets[0]?.kind === 'name') {
      this.markPiece(bound.place, stmt.value, use);
    }
  }

  /** Flask-SQLAlchemy: `SQLALCHEMY_DATABASE_URI = …` */
  private configured(place: Place, expr: Expr, stmt: Stmt): void {
    if (stmt.kind === 'assign' && stmt.value && stmt.targets[0] === expr)
      this.mark(place, stmt.value, 'database', 'url');
  }

  /** `f"postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}"`, `"{}://{}:{}@…".format(ENGINE, USER, …)` */
  private template(place: Place, whole: Template): void {
    // A scheme that is a variable itself stands for its default.
    const held = whole.pieces[0] === '' && whole.holes[0] ? (staticString(place, whole.holes[0]) ?? '') : '';
    const [pieces, holes] =
      held === ''
        ? [whole.pieces, whole.holes]
        : [[held + (whole.pieces[1] ?? ''), ...whole.pieces.slice(2)], whole.holes.slice(1)];
    const scheme = /^\s*([A-Za-z][\w+]*):\/\//.exec(pieces[0] ?? '');
    const kind = scheme ? serviceOfScheme(scheme[1] ?? '') : undefined;
    if (kind === undefined || kind.service === undefined || !scheme) return;
    let before = (pieces[0] ?? '').slice(scheme[0].length);
    const signed = pieces.some((p) => p.includes('@'));
    for (const [i, hole] of holes.entries()) {
      const next = pieces[i + 1] ?? '';
      const property = part(before, signed);
      // Half of a part (`{NAME}-postgres`) is not what the platform has for it.
      const entire = /(?:^|[:/@])$/.test(before) && /^(?:$|[:/@?])/.test(next);
      // The number of a Redis database is a setting, not part of the address.
      if (entire && (kind.service !== 'redis' || property !== 'database'))
        this.mark(place, hole, kind.service, property);
      before += `\0${next}`;
    }
  }

  private call(place: Place, call: Extract<Expr, { kind: 'call' }>): void {
    const callee = lastName(call.func);
    const full = dotted(call.func) ?? callee;
    const [first] = positional(call);
    const named = (names: RegExp): Expr | undefined => call.args.find((a) => a.name && names.test(a.name))?.value;
    if (DATABASE_URL.test(callee) && !/sqlite/i.test(full)) {
      const url = first ?? named(/^(?:url|dsn|host|conninfo)$/);
      if (url) this.mark(place, url, 'database', 'url');
      // SQLAlchemy stops at None. https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_engine
      if (url && /^create_(?:async_)?engine$/.test(callee)) this.engine(place, url);
    }
    if (REDIS_URL.test(callee) && /redis|valkey|cache/i.test(`${full} ${externalName(place, call.func) ?? ''}`)) {
      if (first) this.mark(place, first, 'redis', 'url');
    }
    if (REDIS_PARTS.test(callee)) this.parts(place, call.args, 'redis');
    const external = DATABASE_PARTS.test(callee) ? (externalName(place, call.func) ?? full) : '';
    if (
      /^(?:psycopg2?|asyncpg|pymysql|MySQLdb|aiomysql|mysql|mariadb|pg8000|aiopg|peewee|playhouse|sqlalchemy)\b/.test(
        external,
      )
    )
      this.parts(place, call.args, 'database');
    if (/(?:Dsn|Url)\.build$/.test(full)) this.built(place, call, full);
  }

  private engine(place: Place, url: Expr): void {
    // `url or "sqlite://"` has another value, and so has a name that is bound twice.
    const one = place.around.length === 0 && (url.kind !== 'name' || meaningsOf(place, url).length === 1);
    const name = one ? variableRead(place, url) : undefined;
    if (name !== undefined) this.engines.add(name);
  }

  /** https://docs.pydantic.dev/latest/api/networks/#pydantic.networks.MultiHostUrl.build */
  private built(place: Place, call: CallExpr, full: string): void {
    const scheme = staticString(place, keyword(call, 'scheme')) ?? '';
    const kind = /Redis/.test(full) ? 'redis' : 'database';
    this.parts(place, call.args, /Dsn\.build$/.test(full) ? kind : serviceOfScheme(scheme)?.service);
  }

  private parts(place: Place, args: readonly Argument[], kind: Use['kind'] | undefined): void {
    if (kind === undefined) return;
    for (const arg of args) {
      const property = arg.name ? PARTS[arg.name] : undefined;
      if (property && !(kind === 'redis' && property === 'database')) this.mark(place, arg.value, kind, property);
    }
  }

  /** Django's DATABASES and Tortoise's credentials. */
  private dict(place: Place, expr: Extract<Expr, { kind: 'dict' }>, stmt: Stmt): void {
    const target = stmt.kind === 'assign' && stmt.targets[0]?.kind === 'name' ? stmt.targets[0].id : '';
    const keys = expr.entries.map((e) => (stringValue(e.key ?? undefined) ?? '').toLowerCase());
    const isDatabase =
      target === 'DATABASES' ? keys.includes('engine') : keys.includes('host') && keys.includes('database');
    const engine = expr.entries[keys.indexOf('engine')]?.value;
    // The name of a SQLite database is a path.
    if (!isDatabase || /sqlite/.test(stringValue(engine) ?? '')) return;
    for (const [i, entry] of expr.entries.entries()) {
      const property = PARTS[keys[i] ?? ''];
      if (property) this.mark(place, entry.value, 'database', property);
    }
  }

  private mark(place: Place, expr: Expr, kind: Use['kind'], property: Property): void {
    const name = this.variables.heldBy(place, expr);
    if (name === undefined) this.markPiece(place, expr, { kind, property });
    else if (!this.uses.has(name)) this.uses.set(name, { kind, property });
  }
}
