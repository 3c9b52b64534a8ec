/** How a service's database is brought up to date, as a command to be run in the service's root. */
import { shellWord } from '../commands/command.ts';
import type { KeyPath } from '../knowledge/managers.ts';
import { type Configured, type MigrationId, migrationTools } from '../knowledge/migrations.ts';
import type { AlembicConfig, Dependencies, Evidence, Migrations, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { dirname, distance, isWithin, join, relative, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { iniOf, tomlOf } from '../syntax/documents.ts';
import { iniEntry } from '../syntax/ini.ts';
import { tableIn, valueIn } from '../syntax/toml.ts';
import { hasSeveralHeads } from './alembic/heads.ts';
import { executedFrom, importedRoots } from './executed.ts';
import { selfMigration } from './migrations/at-start.ts';
import { djangoSettings } from './migrations/django-settings.ts';
import { flaskUpgrade } from './migrations/flask-app.ts';
import { reachableFrom } from './reachable.ts';

/**
 * The migrations of one service; undefined when there are none or when they are not run by a plain command (an ini
 * without script folder, several main sections). `automatic` when the application upgrades by itself at start.
 */
export function findMigrations(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  alembic: readonly AlembicConfig[],
  dependencies: Dependencies | undefined,
): Migrations | undefined {
  const reached = reachableFrom(repo, modules, seed.entry.path);
  const found =
    (seed.entry.framework === 'django'
      ? undefined
      : fromAlembic(repo, modules, seed, alembic, reached, dependencies)) ??
    django(repo, seed, reached) ??
    migrationTools
      .map(({ id, found }) => (typeof found === 'string' ? undefined : configured(repo, seed, dependencies, id, found)))
      .find((found) => found !== undefined);
  if (!found) return undefined;
  const auto = selfMigration(repo, modules, seed, reached, found.tool);
  return auto ? { ...found, automatic: true } : found;
}

function fromAlembic(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  alembic: readonly AlembicConfig[],
  reached: readonly string[],
  dependencies: Dependencies | undefined,
): Migrations | undefined {
  const files = new Set(reached);
  const usable = alembic.filter((c) => c.scripts !== undefined && c.env !== undefined && c.section === undefined);
  const own = usable.filter((c) => belongs(repo, modules, seed, c, files));
  const nearest = (c: AlembicConfig): number => distance(seed.root, dirname(c.path));
  const best = Math.min(...own.map(nearest));
  const [config, rival] = own.filter((c) => nearest(c) === best);
  if (!config?.env || rival) return undefined;
  const at: Evidence = { path: config.path, line: 1 };
  if (isFlaskMigrate(repo, config)) {
    const found = flaskUpgrade(repo, modules, seed, config.scripts ?? '', reached, dependencies);
    if (!found) return undefined;
    const change = found.cwd === seed.root ? '' : `cd ${shellWord(relative(seed.root, found.cwd))} && `;
    return { tool: 'flask-migrate', config: config.path, command: `${change}${found.command}`, at };
  }
  return { tool: 'alembic', config: config.path, command: alembicCommand(repo, modules, seed, config), at };
}

/** In the service's root; or above or below it and sharing modules with the application. */
function belongs(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  config: AlembicConfig,
  reached: ReadonlySet<string>,
): boolean {
  const home = dirname(config.path);
  if (home === seed.root || config.cwd === seed.root) return true;
  if (isFlaskMigrate(repo, config)) {
    const shared = isWithin(home, seed.root) || isWithin(seed.root, dirname(home));
    return shared && repo.matching([...reached], /\bflask_migrate\b/).length > 0;
  }
  if (!isWithin(seed.root, home) && !isWithin(home, seed.root)) return false;
  // Inside the package of the entry.
  if (home !== '' && isWithin(dirname(seed.entry.path), home) && isWithin(home, seed.root)) return true;
  const run = [...executedFrom(modules, config.env?.path ?? '')].filter((f) => f !== config.env?.path);
  return run.some((f) => reached.has(f) && !f.endsWith('__init__.py'));
}

/** https://flask-migrate.readthedocs.io: its env.py asks current_app, and its ini has no script_location. */
function isFlaskMigrate(repo: Snapshot, config: AlembicConfig): boolean {
  return config.env?.url.kind === 'app' || (repo.read(config.env?.path ?? '')?.text.includes('current_app') ?? false);
}

function alembicCommand(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, config: AlembicConfig): string {
  const home = dirname(config.path);
  const cwd = config.cwd ?? anyFolder(repo, modules, seed, config, home);
  const isDefault = home === cwd && /(?:^|\/)(?:alembic\.ini|pyproject\.toml)$/.test(config.path);
  const program = seesFolder(repo, modules, config, cwd) ? 'alembic' : 'python -m alembic';
  const goal = hasSeveralHeads(repo, config) ? 'heads' : 'head';
  const command = `${program} ${isDefault ? '' : `-c ${shellWord(relative(cwd, config.path))} `}upgrade ${goal}`;
  return cwd === seed.root ? command : `cd ${shellWord(relative(seed.root, cwd))} && ${command}`;
}

/**
 * False where env.py imports modules of the folder that alembic runs in, and nothing puts that folder on the import path:
 * the `alembic` script starts with its own. https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file
 */
function seesFolder(repo: Snapshot, modules: ModuleGraph, config: AlembicConfig, cwd: string): boolean {
  const env = config.env?.path ?? '';
  if (prepended(repo, config) !== undefined) return true;
  if (/\bsys\.path\b|\bprepend_sys_path\b/.test(`${repo.read(env)?.text}${projectText(repo, config)}`)) return true;
  // A package of this name would be run instead of alembic itself.
  if (repo.has(join(cwd, 'alembic/__init__.py'))) return true;
  return !importedRoots(modules, env).has(cwd);
}

/** What the ini puts on the import path; undefined when it says nothing of it. */
function prepended(repo: Snapshot, config: AlembicConfig): string | undefined {
  const ini = iniOf(repo, config.path);
  return ini && iniEntry(ini, 'alembic', 'prepend_sys_path')?.value;
}

function projectText(repo: Snapshot, config: AlembicConfig): string {
  const path = config.path.endsWith('.toml') ? config.path : join(dirname(config.path), 'pyproject.toml');
  const text = repo.read(path)?.text ?? '';
  return text.includes('[tool.alembic') ? text : '';
}

/** With a location that does not depend on the folder: the one from which env.py's imports work. */
function anyFolder(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  config: AlembicConfig,
  home: string,
): string {
  const env = config.env?.path ?? '';
  if (home === seed.root) return home;
  if (repo.read(env)?.text.includes('sys.path')) return seed.root;
  // Relative to the folder in which alembic runs.
  const folders = (prepended(repo, config) ?? '').split(/[:;, ]+/).filter((f) => f !== '');
  if (folders.length === 0) return seed.root;
  const roots = importedRoots(modules, env);
  const found = (from: string): boolean => folders.some((f) => roots.has(resolve(from, f) ?? '\0'));
  return found(home) && !found(seed.root) ? home : seed.root;
}

function django(repo: Snapshot, seed: ServiceSeed, reached: readonly string[]): Migrations | undefined {
  if (seed.entry.framework !== 'django' && repo.matching(reached, /\bdjango\.setup\(\)/).length === 0) return undefined;
  const prefix = seed.root === '' ? '' : `${seed.root}/`;
  const scripts = repo.paths.filter(
    (p) => p.startsWith(prefix) && (p === `${prefix}manage.py` || p.endsWith('/manage.py')),
  );
  const real = repo.matching(scripts, /execute_from_command_line/);
  const [path, rival] = real.sort((a, b) => a.split('/').length - b.split('/').length);
  if (path === undefined) return undefined;
  if (rival !== undefined && rival.split('/').length === path.split('/').length) return undefined;
  return {
    tool: 'django',
    command: `python ${shellWord(path.slice(prefix.length))} migrate --no-input${djangoSettings(repo, seed, path)}`,
    at: { path, line: 1 },
  };
}

/** A tool whose configuration lies in the service root, with the folder of its scripts. */
function configured(
  repo: Snapshot,
  seed: ServiceSeed,
  dependencies: Dependencies | undefined,
  tool: MigrationId,
  row: Configured,
): Migrations | undefined {
  if (dependencies && !dependencies.requirements.some((r) => r.name === row.package)) return undefined;
  const path = join(seed.root, row.file);
  const section = (row.grammar === 'toml' ? tomlSection : iniSection)(repo, path, row.section);
  if (!section) return undefined;
  if (row.url && !row.url.fromEnvironment.test(section.value(row.url.key) ?? '')) return undefined;
  const folder = (section.value(row.folder.key) ?? row.folder.default)?.replace(/^%\(here\)s\//, '');
  if (folder === undefined || !repo.hasFolder(resolve(seed.root, folder) ?? '\0')) return undefined;
  return { tool, config: path, command: row.command, at: { path, line: section.line } };
}

interface Section {
  /** 1-based. */
  readonly line: number;
  readonly value: (key: string) => string | undefined;
}

function tomlSection(repo: Snapshot, path: string, key: KeyPath): Section | undefined {
  const toml = tomlOf(repo, path);
  if (!toml || valueIn(toml.value, key) === undefined) return undefined;
  const value = (name: string): string | undefined => {
    const found = tableIn(toml.value, ...key)[name];
    return typeof found === 'string' ? found : undefined;
  };
  return { line: toml.line(...key) ?? 1, value };
}

function iniSection(repo: Snapshot, path: string, [name = '']: KeyPath): Section | undefined {
  const ini = iniOf(repo, path);
  const section = ini?.sections.find((s) => s.name === name);
  return ini && section && { line: section.line, value: (key) => iniEntry(ini, name, key)?.value };
}
