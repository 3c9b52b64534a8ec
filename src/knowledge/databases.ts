/** Databases and the drivers that speak to them: a row each. */

export interface Driver {
  /** Distributions that bring it, PEP 503 names. */
  readonly packages: readonly string[];
  readonly speaks: 'sync' | 'async' | 'both';
  /** SQLAlchemy takes it behind the `+` of a URL. */
  readonly dialect: boolean;
}

export interface DatabaseKind {
  /** Scheme of a URL as SQLAlchemy writes it, without a driver; undefined where it has none. */
  readonly scheme?: string;
  /** Schemes that platforms and people write for it, without a driver. */
  readonly bare: readonly string[];
  /** Other schemes that name it: of another library, of a driver. */
  readonly alias: readonly string[];
  /** Names of variables that tell it. */
  readonly named?: RegExp;
  /** Last part of the names of its server's images. */
  readonly images?: RegExp;
  /** Debian's package of the server, and its unit. */
  readonly debian?: string;
  readonly unit?: string;
  /** By the name behind the `+`; the first that is installed is the one in use. */
  readonly drivers: Readonly<Record<string, Driver>>;
}

/** Distributions that bring SQLAlchemy. */
export const BRING_SQLALCHEMY: readonly string[] = [
  ...['sqlalchemy', 'flask-sqlalchemy', 'sqlmodel', 'flask-migrate', 'alembic'],
  'fastapi-users-db-sqlalchemy',
];

const sync = (...packages: string[]): Driver => ({ packages, speaks: 'sync', dialect: true });
const async = (...packages: string[]): Driver => ({ packages, speaks: 'async', dialect: true });
const client = (...packages: string[]): Driver => ({ packages, speaks: 'sync', dialect: false });

export const DATABASES = {
  /** https://docs.sqlalchemy.org/en/20/dialects/postgresql.html */
  postgres: {
    scheme: 'postgresql',
    bare: ['postgres', 'postgresql'],
    alias: ['pgsql', 'psql', 'postgis', 'asyncpg'],
    named: /POSTGRES|(?:^|_)PG|PSQL/,
    images: /^(?:postgres(?:ql)?|postgis|timescaledb|pgvector)(?:-|$)/,
    debian: 'postgresql',
    unit: 'postgresql.service',
    drivers: {
      asyncpg: async('asyncpg'),
      psycopg2: sync('psycopg2-binary', 'psycopg2'),
      psycopg2cffi: client('psycopg2cffi'),
      psycopg: { packages: ['psycopg', 'psycopg-binary', 'psycopg3'], speaks: 'both', dialect: true },
      pg8000: sync('pg8000'),
      aiopg: client('aiopg'),
    },
  },
  /** https://docs.sqlalchemy.org/en/20/dialects/mysql.html */
  mysql: {
    scheme: 'mysql',
    bare: ['mysql'],
    alias: ['mariadb'],
    named: /MYSQL|MARIADB/,
    images: /^(?:mysql|mariadb|percona)(?:-|$)/,
    debian: 'mariadb-server',
    unit: 'mariadb.service',
    drivers: {
      pymysql: sync('pymysql'),
      mysqldb: sync('mysqlclient'),
      mysqlconnector: sync('mysql-connector-python'),
      aiomysql: async('aiomysql'),
      asyncmy: async('asyncmy'),
    },
  },
  mongodb: {
    bare: ['mongodb'],
    alias: [],
    named: /MONGO/,
    images: /^mongo(?:db)?(?:-|$)/,
    unit: 'mongod.service',
    drivers: {
      motor: client('motor', 'beanie', 'odmantic'),
      pymongo: client('pymongo', 'mongoengine', 'flask-pymongo'),
    },
  },
  /** https://docs.sqlalchemy.org/en/20/dialects/sqlite.html */
  sqlite: { scheme: 'sqlite', bare: ['sqlite'], alias: [], drivers: { aiosqlite: async('aiosqlite') } },
  other: { bare: ['cockroachdb', 'oracle', 'mssql'], alias: [], drivers: {} },
} as const satisfies Readonly<Record<string, DatabaseKind>>;

export type DatabaseId = keyof typeof DATABASES;

export const databaseKinds = (Object.entries(DATABASES) as [DatabaseId, DatabaseKind][]).map(([id, row]) => ({
  id,
  ...row,
}));

/** The row of a database. */
export function databaseKind(id: DatabaseId | undefined): DatabaseKind | undefined {
  return id && DATABASES[id];
}

/** Every driver with its name and kind. */
export const drivers = databaseKinds.flatMap(({ id, drivers: known }) =>
  Object.entries(known).map(([name, driver]) => ({ name, kind: id, ...driver })),
);
