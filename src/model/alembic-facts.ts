/** What is known of the Alembic configurations of a repository. */
import type { Evidence } from '../repo/evidence.ts';

/** How an env.py takes its database URL. */
export interface AlembicUrlSource {
  /**
   * - `ini`: only from alembic.ini
   * - `env`: from an environment variable
   * - `settings`: from an object of the application
   * - `app`: Flask-Migrate's current_app
   * - `mixed`: one branch from the ini, another from elsewhere
   * - `unknown`
   */
  readonly kind: 'ini' | 'env' | 'settings' | 'app' | 'mixed' | 'unknown';
  /** Environment variable, when it is known. */
  readonly variable?: string;
  readonly at: Evidence;
}

export interface AlembicEnv {
  readonly path: string;
  readonly url: AlembicUrlSource;
}

export interface AlembicConfig {
  /** Path of the ini (or of the pyproject.toml with `[tool.alembic]`). */
  readonly path: string;
  /** Main section, when it is not `alembic` (`alembic -n name`). */
  readonly section?: string;
  /** Folder that the command must run in for `script_location` to be found; absent when any will do (`%(here)s`). */
  readonly cwd?: string;
  /** Folder of script_location, relative to the repository, when it exists. */
  readonly scripts?: string;
  readonly env?: AlembicEnv;
  /** The `sqlalchemy.url` line that is in force; absent when missing or commented. */
  readonly url?: {
    readonly at: Evidence;
    readonly section: string;
    readonly kind: 'literal' | 'placeholder' | 'interpolated' | 'empty';
  };
}
