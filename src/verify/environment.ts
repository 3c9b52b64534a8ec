/** Declared variables → their values for one run. */
import { randomBytes } from 'node:crypto';
import { tools } from '../knowledge/managers.ts';
import type { Evidence } from '../repo/evidence.ts';
import { isSecretName } from '../secrets/names.ts';
import { type Connection, propertyOf } from './connection.ts';
import type { Declared } from './declared.ts';
import { type Hints, standIn } from './stand-ins.ts';

export interface Attached {
  /** The database of a name. */
  readonly database: (name: string) => Connection | undefined;
  readonly redis: Connection | undefined;
}

export interface Environment {
  readonly values: Readonly<Record<string, string>>;
  /** Variables that a person must supply and nobody did. */
  readonly standIns: readonly string[];
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

/** Generated secrets by 'service.VARIABLE', so that two services which share one get the same. */
export type Generated = Map<string, string>;

/**
 * The values; `given` (from --env-file) wins over everything. `host` is the name that the service is asked by, `service` its own name.
 */
export function environmentOf(
  declared: readonly Declared[],
  to: {
    readonly service: string;
    readonly host: string;
    readonly given: Readonly<Record<string, string>>;
    readonly generated: Generated;
    readonly attached: Attached;
    /** How the code takes a variable, as it is written. */
    readonly source?: (name: string, at: Evidence | undefined) => string | undefined;
  },
): Environment {
  const values: Record<string, string> = {};
  const standIns: string[] = [];
  const secrets: string[] = [];
  for (const one of declared) {
    const { name } = one;
    const given = to.given[name];
    const attached = attachedValue(one, declared, to.attached);
    const known = given ?? attached ?? (one.from === 'value' ? one.value : undefined);
    if (given !== undefined && isSecretName(name)) secrets.push(given);
    if (known !== undefined) values[name] = known;
    else if (one.from === 'generate' || (one.from === 'service' && one.variable !== undefined)) {
      const value = generatedFor(one, to);
      values[name] = value;
      secrets.push(value);
    } else if (one.from !== 'supply' || !one.optional) {
      values[name] = standIn(name, to.host, one.from === 'supply' ? hintsOf(one, to.source?.(name, one.at)) : {});
      standIns.push(name);
    }
  }
  for (const [name, value] of Object.entries(to.given)) values[name] ??= value;
  secrets.push(...declared.flatMap((one) => ofDatabase(one, declared, to.attached) ?? []));
  return { values, standIns, secrets };
}

/** One value for all that ask for the same variable of a service. */
function generatedFor(one: Declared, { service, generated }: { service: string; generated: Generated }): string {
  const owner = one.from === 'service' ? `${one.resource}.${one.variable}` : `${service}.${one.name}`;
  const value = generated.get(owner) ?? randomBytes(32).toString('base64');
  generated.set(owner, value);
  return value;
}

/** `user:password` of the database that the other variables lead to. */
function ofDatabase(one: Declared, declared: readonly Declared[], attached: Attached): string | undefined {
  const parts = one.from === 'supply' ? one.parts : undefined;
  const other = declared.find((d) => d.from === 'database');
  const to = parts?.of && other?.from === 'database' ? attached.database(other.resource) : undefined;
  const values = to && parts?.of?.map((property) => propertyOf(to, property));
  return values?.every((v) => v !== undefined) ? values.join(parts?.separator) : undefined;
}

function hintsOf({ like, make, parts }: Declared & { readonly from: 'supply' }, line: string | undefined): Hints {
  return {
    ...(line === undefined ? {} : { line }),
    ...(like === undefined ? {} : { like }),
    ...(make === undefined ? {} : { make }),
    ...(parts === undefined ? {} : { parts }),
  };
}

function attachedValue(one: Declared, all: readonly Declared[], attached: Attached): string | undefined {
  if (one.from === 'supply') return ofDatabase(one, all, attached);
  if (one.from !== 'database' && one.from !== 'redis') return undefined;
  if (one.from === 'redis') return attached.redis && propertyOf(attached.redis, one.property);
  const to = attached.database(one.resource);
  return to && propertyOf(one.scheme === undefined ? to : { ...to, scheme: one.scheme }, one.property);
}

/** Names of the databases that the variables ask for. */
export function databasesOf(declared: readonly Declared[]): string[] {
  return [...new Set(declared.flatMap((one) => (one.from === 'database' ? [one.resource] : [])))];
}

/** Variables of the user's own environment that programs need to run at all; nothing else of it is handed on. */
const INHERITED = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|LANG|LC_\w+|LD_LIBRARY_PATH|SSL_CERT_\w+|XDG_\w+)$/;
const OF_TOOLS = tools.flatMap((tool) => (tool.variables ? [`${tool.variables}\\w+`] : []));
const FOR_INSTALLERS = new RegExp(
  `^(?:PIP_\\w+|${OF_TOOLS.join('|')}|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|NPM_CONFIG_\\w+|(?:HTTPS?|NO|ALL)_PROXY|CC|CFLAGS)$`,
  'i',
);

/** The user's environment, reduced; with `installs`, what the installers are configured by as well. */
export function inherited(from: NodeJS.ProcessEnv, installs = false): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined) continue;
    if (INHERITED.test(name) || (installs && FOR_INSTALLERS.test(name))) out[name] = value;
  }
  return out;
}

/**
 * What Render sets for a Python web service besides the declared variables; more than one worker, so that all can be
 * asked.
 * https://render.com/docs/environment-variables
 */
export function platformOf(port: number, host: string, workers: string): Record<string, string> {
  return {
    PORT: String(port),
    WEB_CONCURRENCY: workers,
    PYTHONUNBUFFERED: '1',
    RENDER: 'true',
    RENDER_SERVICE_TYPE: 'web',
    RENDER_EXTERNAL_HOSTNAME: host,
    RENDER_EXTERNAL_URL: `https://${host}`,
    FORWARDED_ALLOW_IPS: '*',
    GUNICORN_CMD_ARGS: `--preload --access-logfile - --bind=0.0.0.0:${port}`,
  };
}
