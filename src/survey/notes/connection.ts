/** Notes about what the service connects to. */

import type { Evidence, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { sites } from '../../python/sites.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { keyword, lastName, positional } from '../../syntax/python/walk.ts';
import { field, listField, parseYaml, textField } from '../../syntax/yaml.ts';
import { say } from '../../system/say.ts';
import { connectionsOf } from '../connections.ts';
import { serviceOfScheme } from '../environment/schemes.ts';
import { rewritesScheme } from '../foreign-scheme.ts';
import { configuredUrls } from './configured-url.ts';
import type { Note } from './note.ts';

/** https://render.com/docs/databases: Render runs PostgreSQL and Key Value, nothing else. */
const NOT_MANAGED: Readonly<Record<string, string>> = { mysql: 'MySQL', mongodb: 'MongoDB' };

export function connectionNotes(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note[] {
  const { database } = service;
  const out: Note[] = [];
  const product = database ? NOT_MANAGED[database.kind] : undefined;
  if (database && product) {
    const name = service.env.find(
      (e) => e.kind === 'database' && (e.property === 'url' || e.property === 'host'),
    )?.name;
    const through = name ? say` and its address set in ${name}` : '';
    out.push({
      text: say`The service needs ${product}, which Render does not offer: it must be rented elsewhere${through}.`,
      at: database.at,
    });
  }
  const broker = brokerNote(repo, service, files);
  if (broker) out.push(broker);
  const scheme = schemeNote(repo, modules, service, files);
  if (scheme) out.push(scheme);
  const urls = writtenUrls(repo, modules, service, files);
  return [...out, ...urls, ...pinnedServer(service, urls), ...writtenKeys(repo, files)];
}

/** https://www.rabbitmq.com/docs/uri-spec */
const AMQP = /["']amqps?:\/\//;

/** RabbitMQ, by an address of it that stands in the code as the default or as the form of one. */
function brokerNote(repo: Snapshot, { env }: Service, files: readonly string[]): Note | undefined {
  const [path] = repo.matching(files, AMQP);
  const text = path === undefined ? '' : (repo.read(path)?.text ?? '');
  const found = AMQP.exec(text);
  if (path === undefined || !found) return undefined;
  const at = { path, line: lineOf(text, found.index) };
  const variable =
    env.find((e) => e.at.path === path && e.at.line === at.line) ??
    env.find((e) => /RABBIT|AMQP|BROKER_UR[LI]$/i.test(e.name));
  const through = variable ? say` and its address set in ${variable.name}` : '';
  return {
    text: say`The service needs ${'RabbitMQ'}, which Render does not offer: it must be rented elsewhere${through}.`,
    at,
  };
}

/** A plain `postgresql://` makes SQLAlchemy load psycopg2. https://docs.sqlalchemy.org/en/20/dialects/postgresql.html */
function schemeNote(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const { database, dependencies } = service;
  if (database?.kind !== 'postgres' || rewritesScheme(database, 'postgresql')) return undefined;
  const urls = service.env.filter((e) => e.kind === 'database' && e.property === 'url');
  const variable = urls.find((e) => /ASYNC/i.test(e.name)) ?? (urls.length === 1 ? urls[0] : undefined);
  if (!variable) return undefined;
  const engine = connectionsOf(repo, modules, files).async;
  const installed = (name: string): boolean => dependencies?.requirements.some((r) => r.name === name) === true;
  const wanted = engine === true && database.driver === 'asyncpg' ? 'asyncpg' : undefined;
  const only3 =
    engine === false && installed('psycopg') && !installed('psycopg2') && !installed('psycopg2-binary')
      ? 'psycopg'
      : undefined;
  const driver = wanted ?? only3;
  const scheme = database.demands ?? (driver && `postgresql+${driver}`);
  if (!scheme || scheme === 'postgresql') return undefined;
  return {
    text: say`${variable.name} must begin with ${scheme}:// here, but a platform hands out postgresql://, and the code does not rewrite it.`,
    at: variable.at,
    // A blueprint that is made asks for the right scheme; one that hands over the address as it is cannot.
    ...(handsOver(repo, variable.name) ? { stops: true } : {}),
  };
}

/** A render.yaml that connects the variable to the database's own URL. */
function handsOver(repo: Snapshot, name: string): boolean {
  const path = ['render.yaml', 'render.yml'].find((p) => repo.has(p));
  const parsed = parseYaml((path && repo.read(path)?.text) ?? '');
  const services = parsed.ok ? listField(parsed.root, 'services') : [];
  return services.some((s) =>
    listField(s, 'envVars').some((e) => textField(e, 'key') === name && field(e, 'fromDatabase') !== undefined),
  );
}

/** Engines and brokers whose URL stands in the source: the first of each file. */
function writtenUrls(repo: Snapshot, modules: ModuleGraph, service: Service, files: readonly string[]): Note[] {
  // Of several, none may answer: which one is in force is not followed.
  const set = configuredUrls(repo, modules, files).map(({ text, at }) => writtenUrl(service, text, at));
  const configured = set.every((note) => note?.stops) ? set[0] : undefined;
  const given = repo.matching(repo.matching(files, TAKES_URL), /:\/\//).flatMap((path) => {
    if (!modules.module(path)) return [];
    for (const { expr, around } of sites(modules, path, (e) => e.kind === 'call', TAKES_URL)) {
      const url = expr.kind === 'call' ? urlOf(expr) : undefined;
      const text = url && literalText({ modules, path, around }, url);
      const found = text === undefined ? undefined : writtenUrl(service, text, { path, line: expr.line });
      if (found) return [found];
    }
    return [];
  });
  return configured ? [configured, ...given] : given;
}

/** An address that is no argument of a call that connects: `SQLALCHEMY_DATABASE_URI = "postgresql://…"`. */
function pinnedServer({ database }: Service, said: readonly Note[]): Note[] {
  const pinned = database?.pinned;
  if (!pinned || said.some(({ at }) => at?.path === pinned.at.path && at.line === pinned.at.line)) return [];
  return [
    {
      text: say`The address of the database at ${pinned.host} stands in the source, where no environment variable changes it. Read os.environ["DATABASE_URL"] in its place.`,
      at: pinned.at,
    },
  ];
}

/** The note about one URL; undefined where it is no address of a server, or no more than a fallback. */
function writtenUrl(service: Service, text: string, at: Evidence): Note | undefined {
  const [, said = '', behind = ''] = /^\s*([A-Za-z][\w+]*):\/\/(.*)$/s.exec(text) ?? [];
  const scheme = serviceOfScheme(said);
  if (!scheme || behind === '' || scheme.kind === 'sqlite') return undefined;
  // A URL that some variable overrides elsewhere is a fallback, not the address; what migrations read is no proof.
  if (service.env.some((e) => e.kind === scheme.service && !e.at.path.endsWith('/env.py'))) return undefined;
  const what = scheme.service === 'redis' ? 'Redis' : say`database`;
  const rest = behind.replace(/^[^/]*@/, '***@');
  const variable = scheme.service === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
  const sentence =
    say`The ${what} URL ${said}://${rest} stands in the source: no environment variable changes it. ` +
    say`Read os.environ["${variable}"] in its place.`;
  return { text: sentence, at, ...(isNear(rest) ? { stops: true } : {}) };
}

/** True where the host is this machine or a name of a compose file: nothing answers there on a platform. */
export function isNear(rest: string): boolean {
  const host = /^(?:\*\*\*@)?(\[[^\]]*\]|[^:/?,]*)/.exec(rest)?.[1] ?? '';
  return /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|[\w-]*)$/.test(host);
}

const TAKES_URL = /\b(?:create_engine|create_async_engine|MongoClient|AsyncIOMotorClient|Database|from_url|Celery)\b/;

function urlOf(call: Extract<Expr, { kind: 'call' }>): Expr | undefined {
  const name = lastName(call.func);
  if (/^(?:create_engine|create_async_engine|MongoClient|AsyncIOMotorClient|Database)$/.test(name)) {
    return positional(call)[0] ?? keyword(call, 'url');
  }
  if (name === 'from_url') return positional(call)[0];
  return name === 'Celery' ? keyword(call, 'broker') : undefined;
}

/** Keys that AWS issued. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
function writtenKeys(repo: Snapshot, files: readonly string[]): Note[] {
  const form = /["'](?:AKIA|ASIA)[A-Z0-9]{16}["']/;
  const [path] = repo.matching(files, form);
  const text = path === undefined ? undefined : repo.read(path)?.text;
  const found = text === undefined ? null : form.exec(text);
  if (path === undefined || text === undefined || !found) return [];
  const at = { path, line: lineOf(text, found.index) };
  return [
    { text: say`An AWS access key stands in the source: it should be revoked and taken from the environment.`, at },
  ];
}
