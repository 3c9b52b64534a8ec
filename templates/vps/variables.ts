/** The variables of a service on a server that runs its database itself. */

import type { EnvVar, Service } from '../../src/model/facts.ts';
import { basename } from '../../src/repo/path.ts';
import { isCredential } from '../../src/secrets/credential.ts';
import { foreignScheme } from '../../src/survey/foreign-scheme.ts';
import { databaseNames } from '../render-yaml/names.ts';
import { readOptions } from '../render-yaml/options.ts';
import { STAGE, variablesOf } from '../render-yaml/variables.ts';
import type { Site } from './site.ts';

export interface Line {
  readonly key: string;
  /** '' for what a person must give. */
  readonly value: string;
  readonly comment?: string;
  /** Commented out: the program can do without. */
  readonly off?: true;
}

const RANDOM = 'a random value: openssl rand -hex 32';

/** Database first, then Redis, secrets, and the rest as in render.yaml; no secret has a value. */
export function variableLines(service: Service, site: Site): Line[] {
  const options = readOptions({ 'secret-comment': '' });
  const attached = { ...(service.redis ? { keyvalue: 'redis' } : {}) };
  const known = new Map(service.env.map((e) => [e.name, e]));
  const out: Line[] = [];
  for (const e of service.env) if (e.kind === 'database') out.push(...databaseLine(service, e, site));
  for (const given of variablesOf(service, attached, options).list) {
    const variable = known.get(given.key);
    if (variable && variable.kind !== 'database') out.push(lineOf(variable, given));
  }
  return out;
}

function lineOf(variable: EnvVar, { key, from, comment }: ReturnType<typeof variablesOf>['list'][number]): Line {
  switch (from.kind) {
    case 'value': {
      const stage = STAGE.test(key) ? { comment: "the code's default: set what the project calls production" } : {};
      return { key, value: from.value, ...stage };
    }
    case 'generate':
      return { key, value: '', comment: RANDOM };
    case 'keyvalue':
      return redisLine(variable);
    default:
      return {
        key,
        value: '',
        ...(comment ? { comment: oneLine(comment) } : {}),
        ...(variable.required ? {} : { off: true }),
      };
  }
}

/** Each user of Redis has the same database: what writes a job and what takes it must agree. */
function redisLine(variable: EnvVar): Line {
  const { name: key, property = 'url' } = variable;
  if (property === 'host') return { key, value: '127.0.0.1' };
  return { key, value: property === 'port' ? '6379' : 'redis://127.0.0.1:6379/0' };
}

/** The database's own name on the server. */
export function databaseName(service: Service, site: Site): string {
  return databaseNames(service).databaseName ?? site.account.replaceAll('-', '_');
}

const PORTS: Readonly<Record<string, string>> = { postgres: '5432', mysql: '3306', mongodb: '27017' };

/** Names of another kind of database: one of several that the program can use. */
function foreignTo(kind: string): RegExp {
  if (kind === 'postgres') return /MYSQL|MARIADB|MONGO|SQLITE/;
  if (kind === 'mysql') return /POSTGRES|^PG[A-Z]|MONGO|SQLITE/;
  return kind === 'sqlite' ? /POSTGRES|^PG[A-Z]|MYSQL|MARIADB|MONGO/ : /(?!)/;
}

function databaseLine(service: Service, variable: EnvVar, site: Site): Line[] {
  const { name: key, property = 'url', default: value = '', required } = variable;
  const kind = service.database?.kind ?? 'other';
  const name = databaseName(service, site);
  if (foreignTo(kind).test(key) || /_DIR$/.test(key)) return [{ key, value: '', off: true }];
  if (kind === 'sqlite') return sqliteLine(variable, site);
  if (kind === 'other') return [{ key, value: '', ...(required ? {} : { off: true as const }) }];
  switch (property) {
    case 'host':
      return [{ key, value: '127.0.0.1' }];
    case 'port':
      return [{ key, value: PORTS[kind] ?? (isCredential(key, value) ? '' : value) }];
    case 'user':
      return [{ key, value: site.account }];
    case 'database':
      return [{ key, value: value.includes('.') && !isCredential(key, value) ? value : name }];
    case 'password':
      return [{ key, value: '', comment: `the password of the database's user ${site.account}` }];
  }
  if (kind === 'mongodb') return [{ key, value: `mongodb://127.0.0.1:27017/${name}` }];
  const server = `127.0.0.1:${PORTS[kind]}/${name}`;
  const scheme = kind === 'postgres' ? (foreignScheme(service) ?? 'postgresql://') : mysqlScheme(service);
  return [{ key, value: '', comment: `${scheme}${site.account}:PASSWORD@${server}` }];
}

function mysqlScheme({ database }: Service): string {
  const [driver] = /^(?:pymysql|aiomysql|asyncmy|mysqldb|mysqlclient)$/.exec(database?.driver ?? '') ?? [];
  return driver === undefined ? 'mysql://' : `mysql+${driver === 'mysqlclient' ? 'mysqldb' : driver}://`;
}

/** The file goes to the state folder, which alone may be written and which a new version leaves as it is. */
function sqliteLine({ name: key, property = 'url', default: value = '', required }: EnvVar, site: Site): Line[] {
  if (property !== 'url') return required ? [{ key, value: '' }] : [];
  const [, scheme, path = ''] = /^(sqlite(?:\+\w+)?:)\/\/\/([^?]*)/.exec(value) ?? [];
  const file = basename(path);
  const name = /^[\w.-]+$/.test(file) && file !== '' ? file : `${site.name}.db`;
  if (scheme) return [{ key, value: `${scheme}///${site.state}/${name}` }];
  const comment = `such as sqlite:///${site.state}/${name}, as the driver needs it`;
  return [{ key, value: '', comment, ...(required ? {} : { off: true as const }) }];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 120);
}
