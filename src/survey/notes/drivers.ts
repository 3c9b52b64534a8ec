/** Notes about drivers that a URL's scheme loads. */
import type { Requirement, Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { admitsFrom } from '../dependencies/versions.ts';
import type { Note } from './note.ts';

/** Packages that bring SQLAlchemy, with no upper bound on it. */
const BRING_SQLALCHEMY = ['sqlalchemy', 'flask-sqlalchemy', 'sqlmodel', 'flask-migrate', 'alembic'];

const NAMED_DRIVER = /postgres(?:ql)?\+\w|create_async_engine/;

/**
 * Since SQLAlchemy 2.1 a plain `postgresql://` loads psycopg, which is another package than psycopg2. A note where an
 * install may take 2.1, psycopg2 alone is listed, and nothing in the code names the driver.
 * https://docs.sqlalchemy.org/en/21/changelog/migration_21.html
 */
export function defaultDriver(repo: Snapshot, service: Service, files: readonly string[]): Note | undefined {
  const { database, dependencies } = service;
  if (database?.kind !== 'postgres' || database.normalised || !dependencies) return undefined;
  const listed = (name: string): Requirement | undefined => dependencies.requirements.find((r) => r.name === name);
  const two = listed('psycopg2-binary') ?? listed('psycopg2');
  if (!two || listed('psycopg') || listed('psycopg-binary') || !takes21(repo, service)) return undefined;
  // Where the code names a driver anywhere, or is asynchronous, the plain scheme may never be used.
  if (listed('asyncpg') || repo.matching(files, NAMED_DRIVER).length > 0) return undefined;
  const url = service.env.find((e) => e.kind === 'database' && (e.property ?? 'url') === 'url');
  if (!url && database.driver !== undefined && database.driver !== 'psycopg2') return undefined;
  const bring = BRING_SQLALCHEMY.map(listed).find((r) => r !== undefined);
  const text =
    say`An install takes SQLAlchemy 2.1, which loads psycopg for postgresql://, and only psycopg2 is listed: no module named ` +
    say`psycopg. Add sqlalchemy<2.1 to ${dependencies.path}, or have the URL begin with postgresql+psycopg2://.`;
  return { text, at: (listed('sqlalchemy') ?? bring ?? two).at, stops: true };
}

/** True where SQLAlchemy is installed and nothing keeps 2.1 from being taken. */
function takes21(repo: Snapshot, { dependencies }: Service): boolean {
  if (!dependencies) return false;
  const own = dependencies.requirements.filter((r) => r.name === 'sqlalchemy');
  if (own.length > 0 && !own.every((r) => admitsFrom(r.specifier, '2.1'))) return false;
  // sqlmodel and others hold SQLAlchemy below 2.1 by themselves.
  if (dependencies.requirements.some((r) => r.name === 'sqlmodel')) return false;
  const brought = dependencies.requirements.some((r) => BRING_SQLALCHEMY.includes(r.name));
  return brought && !dependencies.locks.some((lock) => holdsOlder(repo.read(lock)?.text ?? ''));
}

/** A lock or a compiled list names the version that is installed. */
function holdsOlder(text: string): boolean {
  return /name = "sqlalchemy"\r?\nversion = "(?:[01]\.|2\.0)|^sqlalchemy==(?:[01]\.|2\.0)|"sqlalchemy": \{[^}]*"==(?:[01]\.|2\.0)/im.test(
    text,
  );
}

/**
 * The variable whose URL SQLAlchemy would refuse where a platform hands out `postgres://`, as Heroku does: 1.4 and newer
 * know `postgresql` alone. Undefined where the code rewrites it, or where it goes to something else than SQLAlchemy.
 * https://docs.sqlalchemy.org/en/20/changelog/changelog_14.html#change-3687655465c25a39b968b4f5f6e9170b
 */
export function refusedScheme({ database, dependencies, env }: Service): string | undefined {
  if (database?.kind !== 'postgres' || database.normalised || !dependencies) return undefined;
  if (database.driver === 'asyncpg' || database.driver === 'psycopg') return undefined;
  const uses = dependencies.requirements.filter((r) => BRING_SQLALCHEMY.includes(r.name));
  const own = uses.filter((r) => r.name === 'sqlalchemy');
  if (uses.length === 0 || !own.every((r) => admitsFrom(r.specifier, '1.4'))) return undefined;
  return env.find((e) => e.kind === 'database' && (e.property ?? 'url') === 'url' && !/MYSQL|MONGO/i.test(e.name))
    ?.name;
}
