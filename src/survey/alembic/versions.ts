/** Where the revisions of an Alembic configuration stand. */

import type { AlembicConfig } from '../../model/facts.ts';
import type { Site } from '../../python/sites.ts';
import { dirname, resolve } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { iniOf, tomlOf } from '../../syntax/documents.ts';
import { type IniFile, iniEntry } from '../../syntax/ini.ts';
import { stringsIn, tableIn } from '../../syntax/toml.ts';

/**
 * Python files of the folders that `version_locations` names, `recursive_version_locations` included; of `versions` in the
 * script folder where it names none.
 * https://alembic.sqlalchemy.org/en/latest/branches.html#setting-up-multiple-version-directories
 */
export function revisionPaths(
  repo: Snapshot,
  config: Pick<AlembicConfig, 'path' | 'section' | 'scripts' | 'cwd'>,
): string[] {
  const { folders, recursive } = located(repo, config);
  return repo.paths.filter((path) => {
    if (!path.endsWith('.py') || path.endsWith('__init__.py')) return false;
    const folder = dirname(path);
    return folders.some((f) => folder === f || (recursive && folder.startsWith(`${f}/`)));
  });
}

interface Located {
  readonly folders: readonly string[];
  readonly recursive: boolean;
}

function located(repo: Snapshot, config: Pick<AlembicConfig, 'path' | 'section' | 'scripts' | 'cwd'>): Located {
  const { path, section = 'alembic', scripts } = config;
  const said = path.endsWith('.toml') ? inToml(repo, path) : inIni(repo, path, section);
  const home = dirname(path);
  const folders = (said?.places ?? []).flatMap((place) => {
    const here = place.replaceAll('%(here)s', '.');
    const from = here === place ? (config.cwd ?? home) : home;
    // `package:folder` counts from the folder that holds the package.
    const [head = '', ...rest] = here.split(':');
    return resolve(from, rest.length > 0 ? [head.replaceAll('.', '/'), ...rest].join('/') : here) ?? [];
  });
  if (folders.length === 0 && scripts !== undefined) folders.push(scripts === '' ? 'versions' : `${scripts}/versions`);
  return { folders: folders.map((f) => f.replace(/\/$/, '')), recursive: said?.recursive ?? false };
}

interface Said {
  readonly places: readonly string[];
  readonly recursive: boolean;
}

function inIni(repo: Snapshot, path: string, section: string): Said | undefined {
  const ini = iniOf(repo, path);
  const value = (key: string): string | undefined => ini && interpolated(ini, section, key, 0);
  const places = value('version_locations');
  if (!ini || places === undefined) return undefined;
  const separator = value('path_separator') ?? value('version_path_separator');
  return {
    places: places
      .split(SEPARATORS[separator?.trim() ?? ''] ?? /, *| +|\n/)
      .map((p) => p.trim())
      .filter((p) => p !== ''),
    recursive: value('recursive_version_locations')?.trim().toLowerCase() === 'true',
  };
}

/** https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file (path_separator) */
const SEPARATORS: Readonly<Record<string, RegExp>> = { os: /:/, ':': /:/, ';': /;/, space: /\s+/, newline: /\n/ };

/** The value with the ini's own keys filled in; `%(here)s` stays. */
function interpolated(ini: IniFile, section: string, key: string, depth: number): string | undefined {
  const entry = iniEntry(ini, section, key) ?? iniEntry(ini, 'DEFAULT', key);
  if (!entry || depth > MAX_DEPTH) return undefined;
  return entry.value
    .replace(/%\((\w+)\)s/g, (whole, name: string) =>
      name === 'here' ? whole : (interpolated(ini, section, name.toLowerCase(), depth + 1) ?? whole),
    )
    .replaceAll('%%', '%');
}

/** As deep as configparser goes. https://docs.python.org/3/library/configparser.html#configparser.MAX_INTERPOLATION_DEPTH */
const MAX_DEPTH = 10;

function inToml(repo: Snapshot, path: string): Said | undefined {
  const own = tableIn(tomlOf(repo, path)?.value, 'tool', 'alembic');
  const places = own.version_locations;
  if (!Array.isArray(places)) return undefined;
  return { places: stringsIn(places), recursive: own.recursive_version_locations === true };
}

/** In `upgrade` itself, whatever the database or the table is. */
export function surelyUpgrades({ around, expr }: Site): boolean {
  const [owner, ...inner] = around;
  if (owner?.kind !== 'function' || owner.name !== 'upgrade' || inner.some((s) => s.kind !== 'with')) return false;
  return !owner.body.some(
    (s) => s.kind === 'if' && s.start < expr.start && s.body.some((one) => one.kind === 'return'),
  );
}
