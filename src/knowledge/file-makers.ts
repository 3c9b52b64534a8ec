/**
 * What opens a file for writing at once, and makes it but not the folder that it lies in. Each was run without the folder.
 * What is not here makes the folder itself (loguru, diskcache, FileHuey, ConcurrentRotatingFileHandler), or opens late.
 */
export interface FileMaker {
  /** The argument that names the file: its place among the positional ones, and its keyword. */
  readonly at: number;
  readonly keyword: string;
  /** Methods of what it gives that open the file; without any, the call itself does. */
  readonly by?: readonly string[];
  /** What SQLite says where the folder is not there. */
  readonly sqlite?: true;
  readonly source: string;
}

const HANDLER: FileMaker = {
  at: 0,
  keyword: 'filename',
  source: 'https://docs.python.org/3/library/logging.handlers.html#filehandler',
};
const HUEY: FileMaker = {
  at: Number.POSITIVE_INFINITY,
  keyword: 'filename',
  sqlite: true,
  source: 'https://huey.readthedocs.io/en/latest/api.html#SqliteHuey',
};
const PEEWEE: FileMaker = {
  at: 0,
  keyword: 'database',
  by: ['connect'],
  sqlite: true,
  source: 'https://docs.peewee-orm.com/en/latest/peewee/api.html#SqliteDatabase',
};

/** Dotted name → row. */
export const FILE_MAKERS: Readonly<Record<string, FileMaker>> = {
  'logging.FileHandler': HANDLER,
  'logging.handlers.RotatingFileHandler': HANDLER,
  'logging.handlers.TimedRotatingFileHandler': HANDLER,
  'logging.handlers.WatchedFileHandler': HANDLER,
  'huey.SqliteHuey': HUEY,
  'huey.contrib.sqlitedb.SqliteHuey': HUEY,
  'peewee.SqliteDatabase': PEEWEE,
  'playhouse.sqlite_ext.SqliteExtDatabase': PEEWEE,
  'sqlite3.connect': {
    at: 0,
    keyword: 'database',
    sqlite: true,
    source: 'https://docs.python.org/3/library/sqlite3.html#sqlite3.connect',
  },
  'sqlite_utils.Database': {
    at: 0,
    keyword: 'filename_or_conn',
    sqlite: true,
    source: 'https://sqlite-utils.datasette.io/en/stable/python-api.html',
  },
  'sqlitedict.SqliteDict': { at: 0, keyword: 'filename', source: 'https://github.com/piskvorky/sqlitedict' },
  'litequeue.LiteQueue': {
    at: 0,
    keyword: 'filename_or_conn',
    sqlite: true,
    source: 'https://github.com/litements/litequeue',
  },
  'tinydb.TinyDB': { at: 0, keyword: 'path', source: 'https://tinydb.readthedocs.io/en/latest/api.html' },
  'duckdb.connect': { at: 0, keyword: 'database', source: 'https://duckdb.org/docs/stable/clients/python/dbapi' },
  'shelve.open': { at: 0, keyword: 'filename', source: 'https://docs.python.org/3/library/shelve.html#shelve.open' },
};

/** Word of one of the names, or of a dict of settings. */
export const MENTIONS_MAKER =
  /FileHandler\b|\bSqliteHuey\b|\bSqlite(?:Ext)?Database\b|\bsqlite3\.connect\b|\bsqlite_utils\b|\bSqliteDict\b|\bLiteQueue\b|\bTinyDB\b|\bduckdb\b|\bshelve\b/;

/** Settings of Django of which an object is made at start: by `class` or `huey_class`, with the file beside it. */
export const HUEY_SETTING = { name: 'HUEY', kind: 'huey_class', file: 'filename', app: 'huey.contrib.djhuey' } as const;
