/** What `flask --app` has to name. https://flask.palletsprojects.com/en/stable/cli/#application-discovery */
import type { Dependencies, ServiceSeed } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, join, relative } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { admitsFrom, compareVersions } from '../dependencies/versions.ts';

/**
 * Undefined when `flask` finds the application by itself in the service's root: by FLASK_APP in .flaskenv or .env, or
 * because the first of wsgi.py and app.py that is there can be imported.
 */
export function flaskApp(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): string | undefined {
  const named = ['.flaskenv', '.env'].some((f) =>
    /^\s*(?:export\s+)?FLASK_APP\s*=/m.test(repo.read(join(seed.root, f))?.text ?? ''),
  );
  const first = ['wsgi.py', 'app.py'].map((f) => join(seed.root, f)).find((f) => repo.has(f));
  if (named || (first !== undefined && !breaks(modules, first))) return undefined;
  const { module, pythonPath } = seed.entry;
  if (pythonPath !== undefined && pythonPath !== 'src') return undefined;
  return `${module}${attribute(seed)}`;
}

/** `app`, `application` and factories of the usual names are found by themselves. */
function attribute({ entry: { attr, factory } }: ServiceSeed): string {
  const plain = factory ? attr === 'create_app' || attr === 'make_app' : attr === 'app' || attr === 'application';
  return plain ? '' : `:${attr}`;
}

/** True when a name that the file imports from the repository is not there: importing the file fails. */
function breaks(modules: ModuleGraph, path: string): boolean {
  return (modules.module(path)?.body ?? []).some((stmt) => {
    if (stmt.kind !== 'from' || !modules.resolve(path, stmt.module, stmt.level)?.path) return false;
    return stmt.names.some(
      (n) =>
        n.name !== '*' &&
        modules.define(path, n.as ?? n.name) === undefined &&
        modules.resolve(path, `${stmt.module}.${n.name}`, stmt.level) === undefined,
    );
  });
}

/** A command line of Flask-Migrate, and the folder that it runs in. */
export interface FlaskCommand {
  readonly cwd: string;
  readonly command: string;
}

/**
 * `db upgrade` of a service whose scripts stand in `scripts`. The command exists only in an application that Flask-Migrate
 * was bound to: where a script beside the entry does that, the script is what has to be named. Undefined when nothing does.
 * https://flask-migrate.readthedocs.io/en/latest/
 */
export function flaskUpgrade(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  scripts: string,
  reached: readonly string[],
  dependencies: Dependencies | undefined,
): FlaskCommand | undefined {
  const old = isOld(dependencies);
  const inside = seed.root === '' || scripts.startsWith(`${seed.root}/`);
  const cwd = inside ? seed.root : dirname(scripts);
  const below = (path: string): string => relative(cwd, path);
  const directory = below(scripts) === 'migrations' ? '' : ` --directory ${below(scripts)}`;
  if (repo.matching(reached, BINDS).length > 0) {
    if (inside) {
      const app = flaskApp(repo, modules, seed);
      const named = app !== undefined && old ? `${below(seed.entry.path)}${attribute(seed)}` : app;
      return { cwd, command: flask(named, `db upgrade${directory}`, old) };
    }
    // Named by its file: https://flask.palletsprojects.com/en/stable/cli/ `--app src/hello`
    if (seed.entry.pythonPath !== undefined || dirname(seed.entry.path) !== seed.root) return undefined;
    const app = old ? below(seed.entry.path) : below(seed.entry.path).replace(/\.py$/, '');
    return { cwd, command: flask(`${app}${attribute(seed)}`, `db upgrade${directory}`, old) };
  }
  return inside ? besideEntry(repo, modules, seed, directory, old) : undefined;
}

/** The one script beside the entry that binds Flask-Migrate. */
function besideEntry(
  repo: Snapshot,
  modules: ModuleGraph,
  { root }: ServiceSeed,
  directory: string,
  old: boolean,
): FlaskCommand | undefined {
  const files = repo.paths.filter((p) => p.endsWith('.py') && dirname(p) === root);
  const [script, rival] = repo.matching(files, BINDS);
  if (script === undefined || rival !== undefined) return undefined;
  const name = relative(root, script);
  const text = repo.read(script)?.text ?? '';
  const group = /\.add_command\(\s*["'](\w+)["']\s*,\s*MigrateCommand\b/.exec(text)?.[1];
  if (group !== undefined) return { cwd: root, command: `python ${name} ${group} upgrade${directory}` };
  const app = ['app', 'application'].some((n) => modules.define(script, n) !== undefined);
  const command = flask(old ? name : name.slice(0, -3), `db upgrade${directory}`, old);
  return app ? { cwd: root, command } : undefined;
}

/** A command line of Flask's program. Before 2.2 it had no `--app`, and before 1.0 only a file was sure to be found. https://flask.palletsprojects.com/en/stable/changes/#version-2-2-0 */
function flask(app: string | undefined, words: string, old: boolean): string {
  if (app === undefined) return `flask ${words}`;
  return old ? `FLASK_APP=${app} flask ${words}` : `flask --app ${app} ${words}`;
}

function isOld(dependencies: Dependencies | undefined): boolean {
  const locked = dependencies?.locked?.flask;
  if (locked !== undefined) return compareVersions(locked, '2.2') < 0;
  return dependencies?.requirements.some((r) => r.name === 'flask' && !admitsFrom(r.specifier, '2.2')) === true;
}

const BINDS = /\bMigrate\s*\(/;
