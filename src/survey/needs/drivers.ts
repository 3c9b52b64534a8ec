/** The driver that a database's URL loads, where none of that database is installed. */
import { DATABASES, type DatabaseKind, drivers } from '../../knowledge/databases.ts';
import type { Need } from '../../model/facts.ts';
import { say } from '../../system/say.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import { type Asked, unless } from './asked.ts';

/** https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls */
export function driverNeeds({ service, list, installed, started }: Asked): Need[] {
  const { database, entry } = service;
  if (!database || !installed.names.has(entry.framework === 'django' ? 'django' : 'sqlalchemy')) return [];
  const known: DatabaseKind = DATABASES[database.kind];
  const row = known.drivers[database.driver ?? ''];
  const has = (name: string): boolean => installed.names.has(name);
  if (database.kind === 'sqlite') {
    if (database.driver !== 'aiosqlite' || has('aiosqlite')) return [];
  } else if (drivers.some((d) => d.kind === database.kind && d.packages.some(has))) return [];
  const asynchronous = started.some(({ stmt }) => stmt.kind === 'from' && stmt.module === 'sqlalchemy.ext.asyncio');
  const fallback = database.kind === 'postgres' ? (asynchronous ? 'asyncpg' : 'psycopg2-binary') : undefined;
  const name = row?.packages[0] ?? fallback;
  if (name === undefined) return [];
  const sure = surelyLacks(installed, name);
  const which = database.kind === 'postgres' ? 'PostgreSQL' : database.kind === 'mysql' ? 'MySQL' : 'SQLite';
  const text = say`The database is ${which}, and ${list} installs no driver for it${unless(sure)}: add ${name}.`;
  const why = say`${which} needs ${name}`;
  return [{ name, range: '', text, why, at: database.at, kind: sure ? 'missing' : 'perhaps' }];
}
