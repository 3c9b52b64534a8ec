/** Lock files beside a project or above it, and the versions in them. */

import { type KeyPath, type NamedTool, toolOf, tools } from '../../knowledge/managers.ts';
import { WITH_GUNICORN } from '../../knowledge/servers.ts';
import type { Dependencies, Requirement } from '../../model/facts.ts';
import { basename, dirname, foldersUp, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { jsonOf, tomlOf } from '../../syntax/documents.ts';
import { stringsIn, tableIn, valueIn } from '../../syntax/toml.ts';
import { readRequirementTree } from './requirement-files.ts';

export interface Lock {
  readonly tool: NamedTool;
  readonly path: string;
}

/** Names of lock files. */
export const LOCK_NAMES = tools.flatMap((tool) => tool.lock?.file ?? []);

/** Locks that belong to the project in `folder`: beside it, or the lock of a workspace above it. */
export function findLocks(repo: Snapshot, folder: string): Lock[] {
  const beside: Lock[] = [];
  const shared: Lock[] = [];
  for (const tool of tools) {
    if (!tool.lock) continue;
    const { file, workspace } = tool.lock;
    const path = join(folder, file);
    if (repo.has(path)) beside.push({ tool, path });
    else if (workspace) {
      const root = foldersUp(folder)
        .slice(1)
        .find((above) => repo.has(join(above, file)) && isMember(repo, above, folder, workspace));
      if (root !== undefined) shared.push({ tool, path: join(root, file) });
    }
  }
  return [...shared, ...beside];
}

/** The folder in which the tool that installs a service makes its environment: beside its lock, else its project file. */
export function environmentHome({ manager, locks, path }: Dependencies): string {
  const file = toolOf(manager)?.lock?.file;
  return dirname(locks.find((l) => basename(l) === file) ?? path);
}

/** Pipenv's lock is of its Pipfile, the others' are of pyproject.toml and what else stands beside it. */
export function isLockOf(lock: Lock, project: string): boolean {
  const name = basename(project);
  return lock.tool.lock?.of === tools.find((tool) => tool.lock?.of === name)?.lock?.of;
}

/** True when the workspace in `root` takes in the project in `folder`. https://docs.astral.sh/uv/concepts/projects/workspaces/ */
export function isMember(repo: Snapshot, root: string, folder: string, workspace: KeyPath): boolean {
  const toml = tomlOf(repo, join(root, 'pyproject.toml'));
  const members = stringsIn(valueIn(toml?.value, workspace));
  const inner = root === '' ? folder : folder.slice(root.length + 1);
  return members.some((glob) => {
    const pattern = glob.replace(/^\.\//, '').replace(/\/+$/, '').split('/');
    const parts = inner.split('/');
    if (pattern.includes('**')) return true;
    return pattern.length === parts.length && pattern.every((p, i) => p === parts[i] || matchesStar(p, parts[i] ?? ''));
  });
}

function matchesStar(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0 || !name.startsWith(head)) return false;
  return name.length >= head.length && name.endsWith(rest.at(-1) ?? '');
}

/** The version that a lock holds for a package (normalised name). */
export function lockedVersion(repo: Snapshot, lock: Lock, name: string): string | undefined {
  if (lock.tool.lock?.grammar === 'json') {
    const { version } = tableIn(jsonOf(repo, lock.path), 'default', name);
    return typeof version === 'string' ? version.replace(/^==/, '') : undefined;
  }
  const text = repo.read(lock.path)?.text ?? '';
  const key = `name = "${name}"`;
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    const version = /^\r?\nversion = "([^"]+)"/.exec(text.slice(at + key.length, at + key.length + 80))?.[1];
    if (version) return version;
  }
  return undefined;
}

/** Versions that decide how a service starts, by name: of a lock, else of the lists that are compiled from the project. */
export function lockedIn(repo: Snapshot, lock: Lock | undefined, lists: readonly string[]): Record<string, string> {
  const pinned = lock ? [] : lists.flatMap((path) => readRequirementTree(repo, path).requirements.flatMap(pin));
  const own = WITH_GUNICORN.flatMap((name) => {
    const version = lock ? lockedVersion(repo, lock, name) : undefined;
    return version ? [[name, version] as const] : [];
  });
  return Object.fromEntries([...own, ...pinned]);
}

/** A pinned server with its version. */
export function pin(requirement: Requirement): [string, string][] {
  const version = /^===?\s*([^\s,]+)$/.exec(requirement.specifier)?.[1];
  const server = WITH_GUNICORN.includes(requirement.name);
  return version && server ? [[requirement.name, version]] : [];
}
