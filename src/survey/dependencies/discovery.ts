/** Whether `pip install .` can build a project: whether setuptools finds by itself what to put into the package. */

import { BUILD_BACKENDS, type BuildBackend } from '../../knowledge/build-backends.ts';
import { dirname, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { tomlOf } from '../../syntax/documents.ts';
import { tableIn, valueIn } from '../../syntax/toml.ts';

/** Folders and modules at the top that setuptools leaves out. */
const LEFT_OUT =
  /^(?:ci|bin|debian|docs?|documentation|manpages|news|newsfragments|changelog|tests?|unit_tests?|examples?|scripts|tools|utils?|python|build|benchmarks?|exercises?|htmlcov|setup|conftest|toxfile|noxfile|pavement|dodo|tasks|fabfile|conanfile|manage)$/;

/**
 * False where the build certainly stops: a file that `[project]` names and that is not there; a back end that finds no
 * files where it looks for them; setuptools (the default without `[build-system]`), nothing said about packages, and
 * several folders, or without a folder several modules, beside pyproject.toml.
 * https://setuptools.pypa.io/en/latest/userguide/package_discovery.html#flat-layout
 */
export function discovers(repo: Snapshot, path: string): boolean {
  const toml = tomlOf(repo, path)?.value;
  const backend = tableIn(toml, 'build-system')['build-backend'];
  if (missesFiles(repo, dirname(path), toml)) return false;
  if (typeof backend === 'string' && !backend.startsWith('setuptools.')) {
    const row = Object.hasOwn(BUILD_BACKENDS, backend) ? BUILD_BACKENDS[backend] : undefined;
    return !row || finds(repo, dirname(path), toml, row);
  }
  const told = tableIn(toml, 'tool', 'setuptools');
  const folder = dirname(path);
  const beside = ['setup.py', 'setup.cfg', 'src'].map((name) => join(folder, name));
  if ('packages' in told || 'py-modules' in told || beside.some((p) => repo.has(p) || repo.hasFolder(p))) return true;
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = repo.paths.filter((p) => p.startsWith(prefix)).map((p) => p.slice(prefix.length).split('/'));
  const folders = new Set(inside.flatMap(([top = '', ...rest]) => (rest.length > 0 && taken(top) ? [top] : [])));
  const modules = inside.filter(
    ([top = '', ...rest]) => rest.length === 0 && top.endsWith('.py') && taken(top.slice(0, -3)),
  );
  return folders.size > 1 ? false : folders.size === 1 || modules.length <= 1;
}

/** A readme or a license that is no file: every back end reads them. https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme */
function missesFiles(repo: Snapshot, folder: string, toml: unknown): boolean {
  const { readme } = tableIn(toml, 'project');
  const named = [typeof readme === 'string' ? readme : tableIn(readme).file, tableIn(toml, 'project', 'license').file];
  return named.some((file) => typeof file === 'string' && repo.obstacle(join(folder, file)) === undefined);
}

function finds(repo: Snapshot, folder: string, toml: unknown, { told, places, off }: BuildBackend): boolean {
  if (off && valueIn(toml, off) === false) return false;
  if (told.some((key) => valueIn(toml, key) !== undefined)) return true;
  const { name } = tableIn(toml, 'project');
  if (typeof name !== 'string') return true;
  const inside = folder === '' ? '' : `${folder}/`;
  return places.some((place) => {
    const [head = '', tail] = place.replace('{n}', name.replace(/[-.]+/g, '_')).split('*');
    if (tail === undefined)
      return head.endsWith('/') ? repo.hasFolder(inside + head.slice(0, -1)) : repo.has(inside + head);
    const depth = `${inside}${head}*${tail}`.split('/').length;
    const all = repo.paths.filter(
      (p) => p.startsWith(inside + head) && p.endsWith(tail) && p.split('/').length === depth,
    );
    return all.length === 1;
  });
}

function taken(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !LEFT_OUT.test(name);
}

/** Installs what a project depends on and not the project. https://docs.astral.sh/uv/pip/packages/ */
export function dependenciesAlone(file: string, extras: readonly string[]): string {
  const chosen = extras.map((extra) => ` --extra ${extra}`).join('');
  return `pip install uv && uv pip install -r ${file}${chosen}`;
}
