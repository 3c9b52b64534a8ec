/** Alembic configurations: the ini, its script folder, the URL line, and how env.py takes its URL. */

import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import type { AlembicConfig } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { dirname, foldersUp, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { iniOf } from '../syntax/documents.ts';
import { type IniEntry, type IniFile, iniEntry, interpolatedNames } from '../syntax/ini.ts';
import { readEnvFile, summarise } from './alembic/env-file.ts';
import { classifyUrl, maskUrl } from './alembic/url-value.ts';

/** Folders whose configurations belong to no service. */
const NOT_REAL = /(?:^|\/)(?:tests?|testing|testdata|fixtures|examples?|templates|docs)\//;
const INI_NAME = /\.(?:ini|cfg|conf)$/;

/**
 * Every Alembic configuration of the repository: any ini with an `[alembic]` section or a `script_location` (so also
 * those named by `alembic -c`), and `[tool.alembic]` in a pyproject.toml that has no ini beside it. One entry per main
 * section that has a script_location; paths are relative to the repository's root.
 * https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file
 */
export function findAlembic(repo: Snapshot, modules: ModuleGraph): AlembicConfig[] {
  const named = repo.paths.filter((p) => INI_NAME.test(p) && !NOT_REAL.test(p));
  const out: AlembicConfig[] = [];
  for (const path of repo.matching(named, /^[ \t]*\[alembic\]|^[ \t]*script_location[ \t]*[=:]/m)) {
    const ini = iniOf(repo, path);
    if (ini) out.push(...fromIni(repo, modules, path, ini));
  }
  const projects = repo.paths.filter(
    (p) => (p === 'pyproject.toml' || p.endsWith('/pyproject.toml')) && !NOT_REAL.test(p),
  );
  for (const path of repo.matching(projects, /\[tool\.alembic\]/)) {
    if (out.some((c) => dirname(c.path) === dirname(path) && c.section === undefined)) continue;
    const location = tomlLocation(repo, path);
    if (location !== undefined) out.push({ path, ...scriptsOf(repo, modules, path, location) });
  }
  return out.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function fromIni(repo: Snapshot, modules: ModuleGraph, path: string, ini: IniFile): AlembicConfig[] {
  const located = ini.sections.filter((s) => iniEntry(ini, s.name, 'script_location'));
  const sections = located.length > 0 ? [...new Set(located.map((s) => s.name))] : ['alembic'];
  return sections.map((section) => {
    const location = iniEntry(ini, section, 'script_location')?.value ?? besideIni(repo, path);
    const scripts = location === undefined ? {} : scriptsOf(repo, modules, path, location);
    const url = urlOf(path, ini, section, scripts.env && repo.read(scripts.env.path)?.text);
    return {
      path,
      ...(section === 'alembic' ? {} : { section }),
      ...scripts,
      ...(url ? { url } : {}),
    };
  });
}

/** Without script_location: pyproject.toml has it (Alembic 1.16), or Flask-Migrate uses the ini's own folder. */
function besideIni(repo: Snapshot, path: string): string | undefined {
  return (
    tomlLocation(repo, join(dirname(path), 'pyproject.toml')) ??
    (repo.has(join(dirname(path), 'env.py')) ? '%(here)s' : undefined)
  );
}

function urlOf(path: string, ini: IniFile, section: string, env: string | undefined): AlembicConfig['url'] {
  const own = iniEntry(ini, section, 'sqlalchemy.url') ?? iniEntry(ini, 'DEFAULT', 'sqlalchemy.url');
  const entry: IniEntry | undefined = own ?? ini.entries.find((e) => e.key === 'sqlalchemy.url');
  if (!entry) return undefined;
  const said = classifyUrl(entry.value);
  const kind = said === 'interpolated' && fillsItself(ini, entry, env) ? 'literal' : said;
  return {
    at: { path, line: entry.line, note: `sqlalchemy.url = ${maskUrl(entry.value)}`.trimEnd() },
    section: entry.section,
    kind,
  };
}

/** True where the ini has every name that the value refers to, and env.py speaks of none of them. */
function fillsItself(ini: IniFile, { section, value }: IniEntry, env: string | undefined): boolean {
  return interpolatedNames(value).every((name) => {
    const key = name.toLowerCase();
    if (key === 'here') return true;
    const there = iniEntry(ini, section, key) ?? iniEntry(ini, 'DEFAULT', key);
    return there !== undefined && env !== undefined && !env.toLowerCase().includes(key);
  });
}

function scriptsOf(
  repo: Snapshot,
  modules: ModuleGraph,
  path: string,
  location: string,
): Pick<AlembicConfig, 'scripts' | 'env' | 'cwd'> {
  const found = resolveLocation(repo, modules, path, location.trim());
  if (!found) return {};
  const env = join(found.folder, 'env.py');
  const cwd = found.cwd === undefined ? {} : { cwd: found.cwd };
  if (!repo.has(env)) return { scripts: found.folder, ...cwd };
  const read = readEnvFile(modules, env);
  const url = read ? summarise(read) : { kind: 'unknown' as const, at: { path: env, line: 1 } };
  return { scripts: found.folder, ...cwd, env: { path: env, url } };
}

/** https://alembic.sqlalchemy.org/en/latest/tutorial.html: a relative location counts from the current directory. */
function resolveLocation(
  repo: Snapshot,
  modules: ModuleGraph,
  path: string,
  location: string,
): { readonly folder: string; readonly cwd?: string } | undefined {
  const home = dirname(path);
  if (location.includes('%(here)s')) {
    const folder = normalise(location.replaceAll('%(here)s', home === '' ? '.' : home));
    return folder !== undefined && repo.hasFolder(folder) ? { folder } : undefined;
  }
  if (location.startsWith('/') || interpolatedNames(location).length > 0) return undefined;
  const [head = '', ...rest] = location.split(':');
  if (rest.length > 0) {
    const folder = modules.resolve(path, head, 0)?.folder;
    const inside = folder === undefined ? undefined : normalise([folder, ...rest].join('/'));
    return inside !== undefined && repo.hasFolder(inside) ? { folder: inside } : undefined;
  }
  const folders = foldersUp(home);
  const candidates = folders.flatMap((cwd) => {
    const folder = normalise(join(cwd, location));
    return folder !== undefined && folder !== '' && repo.hasFolder(folder) ? [{ folder, cwd }] : [];
  });
  return candidates.find((c) => repo.has(join(c.folder, 'env.py'))) ?? candidates.find((c) => c.cwd === home);
}

/** Undefined when the path leaves the repository. */
export function normalise(path: string): string | undefined {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.pop() === undefined) return undefined;
  }
  return out.join('/');
}

function tomlLocation(repo: Snapshot, path: string): string | undefined {
  const text = repo.read(path)?.text;
  if (!text?.includes('[tool.alembic]')) return undefined;
  try {
    const value = getStaticTOMLValue(parseTOML(text)) as { tool?: { alembic?: { script_location?: unknown } } };
    const location = value.tool?.alembic?.script_location;
    return typeof location === 'string' ? location : undefined;
  } catch {
    return undefined;
  }
}
