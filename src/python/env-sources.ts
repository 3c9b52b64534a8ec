/** What reads the environment: one table. `env-access.ts` answers by it. */

export interface Source {
  /** Place of the default among the positional arguments; `default=` does as well. */
  readonly defaultAt: number;
  /** Fails where the variable is not set and no default is given. */
  readonly strict: boolean;
  /** Read by methods too (`env.str("X")`), with the place of their default. */
  readonly methodDefaultAt?: number;
  /** The variable that is read when none is named. */
  readonly implied?: string;
  /** Gives something made of the text. */
  readonly parsed?: true;
  /** Without a cast it gives the text of the variable, whatever the default is. */
  readonly text?: true;
  /** The object is made with casts and defaults: `Env(DEBUG=(bool, False))`. */
  readonly scheme?: true;
}

/** Functions that take the name of a variable. */
export const FUNCTIONS: Readonly<Record<string, Source>> = {
  'os.getenv': { defaultAt: 1, strict: false },
  'os.getenvb': { defaultAt: 1, strict: false },
  'os.environ.get': { defaultAt: 1, strict: false },
  'os.environb.get': { defaultAt: 1, strict: false },
  'os.environ.pop': { defaultAt: 1, strict: true },
  'os.environb.pop': { defaultAt: 1, strict: true },
  'decouple.config': { defaultAt: 1, strict: true, text: true },
  'environs.env': { defaultAt: 1, strict: true, methodDefaultAt: 1 },
  // https://github.com/rconradharris/envparse
  'envparse.env': { defaultAt: 1, strict: true, methodDefaultAt: 1 },
  // https://prettyconf.readthedocs.io: config(name, cast, default=…)
  'prettyconf.config': { defaultAt: Number.POSITIVE_INFINITY, strict: true },
  // https://github.com/jazzband/dj-database-url#usage
  'dj_database_url.config': { defaultAt: 1, strict: false, implied: 'DATABASE_URL', parsed: true },
};

/** Classes whose objects are called with the name of a variable. */
export const READERS: Readonly<Record<string, Source>> = {
  // https://github.com/HBNetwork/python-decouple#how-does-it-work
  'decouple.Config': { defaultAt: 1, strict: true, text: true },
  'decouple.AutoConfig': { defaultAt: 1, strict: true, text: true },
  // https://www.starlette.io/config/
  'starlette.config.Config': { defaultAt: 2, strict: true },
  // https://github.com/sloria/environs
  'environs.Env': { defaultAt: 1, strict: true, methodDefaultAt: 1 },
  'environs.FileAwareEnv': { defaultAt: 1, strict: true, methodDefaultAt: 1 },
  'envparse.Env': { defaultAt: 1, strict: true, methodDefaultAt: 1 },
  // https://django-environ.readthedocs.io: env(var, cast, default), env.str(var, default)
  'environ.Env': { defaultAt: 2, strict: true, methodDefaultAt: 1, scheme: true },
  'environ.FileAwareEnv': { defaultAt: 2, strict: true, methodDefaultAt: 1, scheme: true },
};

/** Mappings from names to values. */
export const MAPPINGS = new Set(['os.environ', 'os.environb', 'starlette.config.environ']);
/** The call that makes one. */
export const MAKES_MAPPING = 'dotenv.dotenv_values';

/** Methods of environs' and django-environ's Env that read nothing, or not what their first argument says. */
export const NO_READERS = new Set(['read_env', 'read_envfile', 'prefixed', 'seal', 'dump', 'parser_for', 'add_parser', 'is_value_set', 'get_value_from_file']); // biome-ignore format: a list of names

/** django-environ's shortcuts, with the variable that they read when none is named. */
export const SHORTCUTS: Readonly<Record<string, string>> = {
  db: 'DATABASE_URL',
  db_url: 'DATABASE_URL',
  cache: 'CACHE_URL',
  cache_url: 'CACHE_URL',
  email: 'EMAIL_URL',
  email_url: 'EMAIL_URL',
  search_url: 'SEARCH_URL',
};

/** Text that a file must hold to read the environment through `os`, `dotenv` or Starlette's mapping. */
export const ENVIRON_NEEDLE = /environ\b|getenv|dotenv_values/;

/** Modules of the libraries: 'decouple', 'starlette.config', … */
const LIBRARIES = [
  ...new Set([...Object.keys(FUNCTIONS), ...Object.keys(READERS)].map((name) => name.slice(0, name.lastIndexOf('.')))),
].filter((module) => !/^os\b/.test(module));
const anyOf = (modules: readonly string[]): string => modules.map((m) => m.replace('.', '\\.')).join('|');

/** A line that imports one of the libraries, alone or after others. */
export const LIBRARY_IMPORT = new RegExp(
  `^[ \\t]*(?:from[ \\t]+|import[ \\t]+(?:[^\\n#]{0,200}?,[ \\t]*)?)(?:${anyOf(LIBRARIES)})\\b`,
  'm',
);

/** A module of one of the libraries, or what it lies in. */
export const LIBRARY = new RegExp(`^(?:${anyOf(LIBRARIES.map((m) => m.split('.')[0] ?? m))})\\b`);

/** True for anything of the table under its full name: a function, a class of readers, a mapping. */
export function readsEnvironment(name: string): boolean {
  return MAPPINGS.has(name) || name === MAKES_MAPPING || name in FUNCTIONS || name in READERS;
}
