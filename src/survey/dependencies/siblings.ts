/** Projects of the repository in folders beside a service, whose packages it imports and whose list names none of them. */
import { shellWord } from '../../commands/command.ts';
import { distributionsOf, isStandard } from '../../knowledge/distributions.ts';
import type { Dependencies, ServiceSeed } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { basename, dirname, join, relative } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { tomlOf } from '../../syntax/documents.ts';
import { absoluteModules } from '../../syntax/python/walk.ts';
import { normalizeName } from '../../syntax/requirements.ts';
import { tableIn } from '../../syntax/toml.ts';
import { literally } from '../../system/pattern.ts';
import { surelyExecutedFrom, surelyRunning } from '../executed.ts';
import { holdModule, importFolders } from '../import-folders.ts';
import { discovers } from './discovery.ts';
import { type Project, readProject } from './project-files.ts';

const PROJECT = /\/(?:pyproject\.toml|setup\.py)$/;

/**
 * The dependencies of a service that `pip install -r` installs, with what its image installs beside the list: `pip
 * install ../shared`. Certain where the package lies once in the repository, as the one of its project.
 * https://pip.pypa.io/en/stable/topics/local-project-installs/
 */
export function withSiblings(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  dependencies: Dependencies | undefined,
): Dependencies | undefined {
  if (!dependencies || !/^pip install -r /.test(dependencies.install)) return dependencies;
  const inside = seed.root === '' ? '' : `${seed.root}/`;
  const others = repo.paths.filter((p) => PROJECT.test(p) && !p.startsWith(inside) && !inside.startsWith(dirname(p)));
  if (inside === '' || others.length === 0) return dependencies;
  const found = new Map<string, Project>();
  for (const { top, home } of foreignPackages(modules, repo, seed)) {
    const folder = home.endsWith('/src') ? dirname(home) : home;
    if (found.has(folder) || folder === '' || inside.startsWith(`${folder}/`) || folder.startsWith(inside)) continue;
    const project = projectOf(repo, folder, top);
    if (project && !isListed(repo, dependencies, folder, project)) found.set(folder, project);
  }
  if (found.size === 0) return dependencies;
  const folders = [...found.keys()];
  const install = `pip install ${folders.map((f) => shellWord(relative(seed.root, f))).join(' ')}`;
  const brought = [...found.values()].flatMap(({ requirements }) => requirements.filter((r) => r.group === undefined));
  return {
    ...dependencies,
    requirements: [...dependencies.requirements, ...brought],
    install: `${dependencies.install} && ${install}`,
    alongside: folders,
  };
}

/** Packages that surely are imported and that lie in no folder of the start command's import path. */
function* foreignPackages(
  modules: ModuleGraph,
  repo: Snapshot,
  seed: ServiceSeed,
): Generator<{ readonly top: string; readonly home: string }> {
  const folders = importFolders(seed);
  for (const path of surelyExecutedFrom(modules, seed.entry.path)) {
    const names = [...surelyRunning(modules.module(path)?.body ?? [])].flatMap(absoluteModules);
    for (const module of new Set(names)) {
      const [top = ''] = module.split('.');
      if (isStandard(top) || distributionsOf(module) !== undefined || holdModule(repo, folders, top)) continue;
      const target = modules.resolve(path, top, 0);
      if (target?.path !== undefined && !folders.includes(target.root)) yield { top, home: target.root };
    }
  }
}

/** The project of a folder, where `pip install` of it surely brings the package of that name. */
function projectOf(repo: Snapshot, folder: string, top: string): Project | undefined {
  const file = join(folder, 'pyproject.toml');
  if (repo.has(file)) {
    const toml = tomlOf(repo, file)?.value;
    const name = tableIn(toml, 'project').name ?? tableIn(toml, 'tool', 'poetry').name;
    if (typeof name !== 'string' || normalizeName(name) !== normalizeName(top) || !discovers(repo, file))
      return undefined;
    return readProject(repo, file) ?? { form: 'pep621', path: file, requirements: [], files: [], extras: [] };
  }
  const setup = join(folder, 'setup.py');
  const named = new RegExp(`\\bfind_packages\\(|packages\\s*=\\s*\\[[^\\]]*["']${literally(top)}["']`);
  if (!named.test(repo.read(setup)?.text ?? '')) return undefined;
  return readProject(repo, setup) ?? { form: 'setup.py', path: setup, requirements: [], files: [], extras: [] };
}

/** The list names it: by its folder, or by a name that it may have on a package index. */
function isListed(repo: Snapshot, dependencies: Dependencies, folder: string, project: Project): boolean {
  const name = tableIn(tomlOf(repo, project.path)?.value, 'project').name;
  const base = normalizeName(basename(folder));
  const own = typeof name === 'string' ? normalizeName(name) : base;
  if (dependencies.requirements.some((r) => r.name === own || r.name === base)) return true;
  const files = [
    ...new Set([...dependencies.requirements.map((r) => r.at.path), dependencies.path, ...dependencies.locks]),
  ];
  const named = new RegExp(`(?:^|[/\\s@])${literally(basename(folder))}(?:$|[\\s/#;[])`, 'm');
  return repo.matching(files, named).length > 0;
}
