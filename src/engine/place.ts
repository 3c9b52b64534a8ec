/** Where nayek is called: one repository, or a folder of one; never a disk, a home folder or a folder of several. */
import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isVendored } from '../repo/listing.ts';
import { contains } from '../system/contains.ts';
import { NayekError } from '../system/errors.ts';
import { findGit, gitAt, isSubmodule } from '../system/git.ts';
import { say } from '../system/say.ts';

/** Folders that are looked into for repositories: enough for any shelf of clones, and over in milliseconds. */
const MAX_FOLDERS = 1000;
const MAX_DEPTH = 3;
/** Names of repositories that a message lists. */
const NAMED = 3;

/**
 * Refuses what is no single repository: the root of a disk, the home folder and what lies above it, and a folder that
 * holds several repositories. A folder with a git directory of its own is one repository, wherever it lies.
 * @param root absolute, without links.
 * @throws NayekError `not-one-repository`
 */
export function assertOneRepository(root: string): void {
  if (root === path.parse(root).root) refuse(say`${root} is the root of the file system`);
  if (gitAt(root)) return;
  const home = homeFolder();
  if (home === root) refuse(say`${root} is the home folder`);
  if (home !== undefined && contains(root, home)) refuse(say`${root} holds the home folder`);
  const found = repositoriesBelow(root);
  if (found.length < 2) return;
  const names = found.slice(0, NAMED).join(', ') + (found.length > NAMED ? ', …' : '');
  refuse(say`${root} holds several repositories (${names})`);
}

function refuse(what: string): never {
  throw new NayekError('not-one-repository', what);
}

function homeFolder(): string | undefined {
  try {
    return realpathSync(os.homedir());
  } catch {
    return undefined;
  }
}

/** Folders below `root`, relative, that are repositories of their own: no submodules, and none within another. */
function repositoriesBelow(root: string): string[] {
  const found: string[] = [];
  let level = [''];
  let looked = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > MAX_FOLDERS || found.length > NAMED) return found;
      const git = folder === '' ? undefined : gitAt(path.join(root, folder));
      if (git) {
        if (!isSubmodule(git)) found.push(folder);
        continue;
      }
      next.push(...foldersOf(path.join(root, folder)).map((name) => (folder === '' ? name : `${folder}/${name}`)));
    }
    level = next;
  }
  return found;
}

function foldersOf(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((e) => e.isDirectory() && !isVendored(e.name)).map((e) => e.name);
}

/**
 * What the user should know when `root` is a folder of a repository rather than the whole; undefined when it is whole.
 * https://render.com/docs/monorepo-support#root-directory
 */
export function partOfRepository(root: string): string | undefined {
  const git = findGit(root);
  if (!git || git.top === root) return undefined;
  const folder = path.relative(git.top, root).split(path.sep).join('/');
  return (
    say`${folder} is a folder of the repository ${git.top}: only what lies in it is read and changed, and its render.yaml ` +
    say`and Procfile count only where the platform's root directory is ${folder}; to plan the whole, run nayek in ${git.top}`
  );
}
