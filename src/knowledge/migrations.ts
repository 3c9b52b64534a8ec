/**
 * Tools that bring a database's schema up to date: a row each, from which the survey, the start command and the Procfile
 * learn what upgrades.
 */
import type { KeyPath } from './managers.ts';

/** Where a tool with a configuration of its own says that it is used. */
export interface Configured {
  /** PEP 503 name of the package that must be a dependency, where the dependencies are known. */
  readonly package: string;
  readonly file: string;
  readonly grammar: 'toml' | 'ini';
  /** Table or section. */
  readonly section: KeyPath;
  /** Key that names the folder of the scripts, and what counts without it. */
  readonly folder: { readonly key: string; readonly default?: string };
  /** Key of the database's URL, where a literal one would be taken for the deployed one; a form that reads the environment. */
  readonly url?: { readonly key: string; readonly fromEnvironment: RegExp };
  /** Run in the folder of the file. */
  readonly command: string;
}

export interface MigrationTool {
  /** Who finds it: a reader of the survey's own, or what its configuration says. */
  readonly found: 'alembic' | 'django' | Configured;
  /** Words that make a command line (or a source file) this tool's; none: whatever is no other's. */
  readonly words: readonly string[];
  /** The word that upgrades: `alembic upgrade head`. */
  readonly verb: string;
  /** How a program of Python upgrades by itself. */
  readonly code: {
    /** Dotted names of functions, or `.name` of a method of any object. */
    readonly functions: readonly string[];
    /** Functions that are given the words of a command line; whatever begins so. */
    readonly takesWords?: readonly string[];
    /** A function whose first argument is the verb; it is the only way beside a command line. */
    readonly named?: string;
    /** Programs that a subprocess runs with the verb; none: the verb is enough. */
    readonly programs: readonly string[];
  };
}

const ALEMBIC = ['alembic', 'flask', 'aerich'] as const;

export const MIGRATIONS = {
  /** https://alembic.sqlalchemy.org/en/latest/tutorial.html */
  alembic: {
    found: 'alembic',
    words: ['alembic'],
    verb: 'upgrade',
    code: {
      functions: ['alembic.command.upgrade'],
      takesWords: ['alembic.config.main', 'alembic.config.CommandLine'],
      programs: ALEMBIC,
    },
  },
  /** https://flask-migrate.readthedocs.io/ */
  'flask-migrate': {
    found: 'alembic',
    words: ['db', 'flask_migrate'],
    verb: 'upgrade',
    code: { functions: ['flask_migrate.upgrade'], programs: ALEMBIC },
  },
  /** https://tortoise.github.io/migration.html */
  aerich: {
    found: {
      package: 'aerich',
      file: 'pyproject.toml',
      grammar: 'toml',
      section: ['tool', 'aerich'],
      folder: { key: 'location', default: './migrations' },
      command: 'aerich upgrade',
    },
    words: ['aerich'],
    verb: 'upgrade',
    code: { functions: [], programs: ALEMBIC },
  },
  /** https://ollycope.com/software/yoyo/latest/ */
  yoyo: {
    found: {
      package: 'yoyo-migrations',
      file: 'yoyo.ini',
      grammar: 'ini',
      section: ['DEFAULT'],
      folder: { key: 'sources' },
      url: { key: 'database', fromEnvironment: /%\((?!here\))\w+\)s/ },
      command: 'yoyo apply --batch',
    },
    words: ['yoyo'],
    verb: 'apply',
    code: { functions: ['.apply_migrations'], programs: ['yoyo'] },
  },
  /** https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate */
  django: {
    found: 'django',
    words: [],
    verb: 'migrate',
    code: { functions: [], named: 'call_command', programs: [] },
  },
} as const satisfies Readonly<Record<string, MigrationTool>>;

export type MigrationId = keyof typeof MIGRATIONS;

export const migrationTools = (Object.entries(MIGRATIONS) as [MigrationId, MigrationTool][]).map(([id, row]) => ({
  id,
  ...row,
}));

/** The row of a migration tool. */
export function migrationTool(id: MigrationId): MigrationTool {
  return MIGRATIONS[id];
}

/**
 * True for the words of a simple command that brings the schema up to date: it has the verb of the tool that it belongs
 * to. `flask db migrate` only writes a revision; a script or a task with `migrate` in its name is taken at its word.
 */
export function wordsMigrate(words: readonly string[]): boolean {
  const tool = migrationTools.find((row) => row.words.some((word) => words.includes(word)));
  return tool ? words.includes(tool.verb) : words.some((w) => OTHERS.test(w));
}

const OTHERS = new RegExp(`\\b${MIGRATIONS.django.verb}\\b`);

/** The same of a Python source: it names a tool and its verb, or a word that begins with the verb of none. */
export function sourceMigrates(text: string): boolean {
  return migrationTools.some(({ words, verb }) =>
    words.length === 0
      ? new RegExp(`\\b${verb}`).test(text)
      : new RegExp(`\\b${verb}\\b`).test(text) && new RegExp(`\\b(?:${words.join('|')})\\b`).test(text),
  );
}
