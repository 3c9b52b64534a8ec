/** Lock files beside a project or above it, and the versions in them. */

import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { readToml, stringsIn, tableIn } from '../../syntax/toml.ts';
import { foldersUp } from './requirement-files.ts';

export interface Lock {
  readonly tool: 'uv' | 'poetry' | 'pdm' | 'pipenv';
  readonly path: string;
}

const NAMES: readonly (readonly [Lock['tool'], string])[] = [
  ['uv', 'uv.lock'],
  ['poetry', 'poetry.lock'],
  ['pdm', 'pdm.lock'],
  ['pipenv', 'Pipfile.lock'],
];

/** Locks that belong to the project in `folder`: beside it, or the uv workspace's lock above it. */
export function findLocks(repo: Snapshot, folder: string): Lock[] {
  const beside = NAMES.map(([tool, name]) => ({ tool, path: join(folder, name) })).filter((l) => repo.has(l.path));
  if (beside.some((l) => l.tool === 'uv')) return beside;
  for (const above of foldersUp(folder).slice(1)) {
    const path = join(above, 'uv.lock');
    if (repo.has(path) && isMember(repo, above, folder)) return [{ tool: 'uv', path }, ...beside];
  }
  return beside;
}

/** True when the workspace in `root` takes in the project in `folder`. https://docs.astral.sh/uv/concepts/projects/workspaces/ */
function isMember(repo: Snapshot, root: string, folder: string): boolean {
  const toml = readToml(repo.read(join(root, 'pyproject.toml'))?.text ?? '');
  const members = stringsIn(tableIn(toml?.value, 'tool', 'uv', 'workspace').members);
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
  const text = repo.read(lock.path)?.text;
  if (text === undefined) return undefined;
  if (lock.tool === 'pipenv') {
    const version = pipfileLock(text)[name];
    return version?.replace(/^==/, '');
  }
  const key = `name = "${name}"`;
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    const version = /^\r?\nversion = "([^"]+)"/.exec(text.slice(at + key.length, at + key.length + 80))?.[1];
    if (version) return version;
  }
  return undefined;
}

function pipfileLock(text: string): Record<string, string | undefined> {
  try {
    const packages = tableIn(JSON.parse(text), 'default');
    return Object.fromEntries(Object.entries(packages).map(([k, v]) => [k, tableIn(v).version as string | undefined]));
  } catch {
    return {};
  }
}
