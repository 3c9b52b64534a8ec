/** Projects of the repository that another one depends on: what they list is installed with it. */
import { forms, tools } from '../../knowledge/managers.ts';
import type { Requirement } from '../../model/facts.ts';
import { basename, dirname, foldersUp, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { tomlOf } from '../../syntax/documents.ts';
import { normalizeName } from '../../syntax/requirements.ts';
import { tableIn } from '../../syntax/toml.ts';
import { isMember } from './locks.ts';
import { type Project, readProject } from './project-files.ts';
import { resolvePath } from './requirement-files.ts';

/**
 * What local projects bring that a project depends on, and those that they depend on: `{ path = … }` of a table of
 * requirements, `[tool.uv.sources]` beside the project or at its workspace's root. Groups and extras of theirs are left out.
 * https://docs.astral.sh/uv/concepts/projects/workspaces/#workspace-sources https://python-poetry.org/docs/dependency-specification/#path-dependencies
 */
export function localRequirements(repo: Snapshot, project: Project): Requirement[] {
  const out: Requirement[] = [];
  const seen = new Set([project.path]);
  for (let next = [project]; next.length > 0; ) {
    next = next.flatMap((one) => localProjects(repo, one)).filter(({ path }) => !seen.has(path) && seen.add(path));
    out.push(...next.flatMap((one) => one.requirements.filter((r) => r.group === undefined)));
  }
  return out;
}

function localProjects(repo: Snapshot, { path, requirements }: Project): Project[] {
  const folder = dirname(path);
  const listed = new Set(requirements.filter((r) => r.group === undefined).map((r) => r.name));
  const folders = new Set<string>();
  for (const { from, name, source } of sourcesFor(repo, path)) {
    if (!listed.has(normalizeName(name))) continue;
    const { path: to, workspace } = tableIn(source);
    const target = typeof to === 'string' ? resolvePath(from, to) : undefined;
    const member = workspace === true ? memberNamed(repo, folder, normalizeName(name)) : undefined;
    for (const found of [target, member]) if (found !== undefined && repo.hasFolder(found)) folders.add(found);
  }
  return [...folders].flatMap((one) => readProject(repo, join(one, 'pyproject.toml')) ?? []);
}

interface Source {
  /** Folder that a path in it is relative to. */
  readonly from: string;
  readonly name: string;
  readonly source: unknown;
}

function sourcesFor(repo: Snapshot, path: string): Source[] {
  const folder = dirname(path);
  const own = tomlOf(repo, path)?.value;
  const all = (from: string, table: Readonly<Record<string, unknown>>): Source[] =>
    Object.entries(table).map(([name, source]) => ({ from, name, source }));
  const tables = forms.flatMap(({ names, lists = [] }) =>
    names.includes(basename(path)) ? lists.filter((l) => l.style === 'table') : [],
  );
  const keys = [
    ...tables.filter((list) => list.part === 'main').map((list) => list.key),
    ...tools.flatMap(({ sources }) => (sources ? [sources] : [])),
  ];
  const above = workspaceRoot(repo, folder);
  const root = above === undefined || above === folder ? undefined : tomlOf(repo, join(above, 'pyproject.toml'))?.value;
  return [
    ...keys.flatMap((key) => all(folder, tableIn(own, ...key))),
    ...tools.flatMap(({ sources }) => (sources && root ? all(above ?? '', tableIn(root, ...sources)) : [])),
  ];
}

/** The folder of the workspace that a folder is a member of. */
function workspaceRoot(repo: Snapshot, folder: string): string | undefined {
  return foldersUp(folder).find((above) =>
    tools.some(({ lock }) => lock?.workspace && isMember(repo, above, folder, lock.workspace)),
  );
}

function memberNamed(repo: Snapshot, folder: string, name: string): string | undefined {
  const root = workspaceRoot(repo, folder) ?? folder;
  const below = root === '' ? '' : `${root}/`;
  const files = repo.paths.filter((p) => p.startsWith(below) && p.endsWith('/pyproject.toml'));
  return files.map(dirname).find((one) => {
    const own = tableIn(tomlOf(repo, join(one, 'pyproject.toml'))?.value, 'project').name;
    return typeof own === 'string' && normalizeName(own) === name && workspaceRoot(repo, one) === root;
  });
}
