/** Which scheme a URL of a database must have for the driver that is installed. */
import { BRING_SQLALCHEMY } from '../knowledge/databases.ts';
import type { Database, Service } from '../model/facts.ts';
import { requirementsOf } from './dependencies/installed.ts';

/** True where the code itself rewrites URLs of this scheme to that of its driver. */
export function rewritesScheme({ normalised, rewrites }: Database, scheme: 'postgres' | 'postgresql'): boolean {
  return normalised === true && (rewrites ?? scheme) === scheme;
}

/** The scheme that the code insists on, or that SQLAlchemy needs for the driver, when `postgresql://` is not right. */
export function foreignScheme(service: Service): string | undefined {
  const { database } = service;
  if (database?.kind !== 'postgres') return undefined;
  if (database.demands) return database.demands === 'postgresql' ? undefined : `${database.demands}://`;
  if (service.entry.framework === 'django') return undefined;
  // Platforms that this is asked for hand out `postgresql://`, which code for the short scheme alone passes on.
  if (rewritesScheme(database, 'postgresql')) return undefined;
  const { driver } = database;
  if (driver === undefined || driver === 'psycopg2' || driver === 'psycopg2-binary') return undefined;
  const sqlalchemy = BRING_SQLALCHEMY.some((name) => requirementsOf(service, name).length > 0);
  const databases = requirementsOf(service, 'databases').length > 0;
  return (sqlalchemy || !service.dependencies) && !databases ? `postgresql+${driver}://` : undefined;
}
