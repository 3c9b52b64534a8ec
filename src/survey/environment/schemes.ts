/** URL schemes and the services behind them. */
import { databaseKinds } from '../../knowledge/databases.ts';
import type { Database } from '../../model/facts.ts';

export interface Scheme {
  readonly service: 'database' | 'redis';
  /** Absent for Redis. */
  readonly kind?: Database['kind'];
  /** After the `+`, or what SQLAlchemy would load. */
  readonly driver?: string;
}

const KINDS: Readonly<Record<string, Database['kind']>> = Object.fromEntries(
  databaseKinds.flatMap(({ id, bare, alias }) => [...bare, ...alias].map((scheme) => [scheme, id])),
);

const SCHEMES = `${Object.keys(KINDS).join('|')}|rediss?|valkeys?`;

/** Source of a regular expression for a URL of a database or of Redis; ignore the case. */
export const SERVICE_URL = `(?:${SCHEMES})(?:\\+\\w+)?://`;

/** Source of a regular expression for a text whose scheme is put in. */
export const SCHEME_PUT_IN = '(?:\\}|%s)://';

/** `SERVICE_URL` for an expression that does not ignore the case; also where the scheme stands in a literal before. */
export const SERVICE_URL_OF_ANY_CASE = `(?:(?:${anyCase(SCHEMES)})(?:\\+[\\w+]{0,60})?|(?<!\\w))://`;

/** Source of a regular expression for words of any case. */
export function anyCase(words: string): string {
  return words.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** `postgresql+asyncpg` → a Postgres database by asyncpg; undefined for what is neither a database nor Redis. */
export function serviceOfScheme(scheme: string): Scheme | undefined {
  const [name = '', driver] = scheme.toLowerCase().split('+');
  if (/^(?:rediss?|valkeys?)$/.test(name)) return { service: 'redis' };
  const kind = KINDS[name];
  if (kind === undefined) return undefined;
  return { service: 'database', kind, ...(driver && driver !== 'srv' ? { driver } : {}) };
}

/** Database name of what follows `scheme://`. */
export function databaseName(rest: string): string | undefined {
  return /^[^/]*\/([A-Za-z_][\w-]{0,62})(?:[?#]|$)/.exec(rest)?.[1];
}
