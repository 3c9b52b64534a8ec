/** What nayek needs of git: where its folder is, and whether files have uncommitted changes. Never runs hooks. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { NayekError } from './errors.ts';

export interface GitFolder {
  /** Absolute path of the working tree's top. */
  readonly top: string;
  /** Absolute path of the git directory: of this worktree or submodule, where it is one. */
  readonly dir: string;
}

/**
 * The git directory that `root` (absolute, without links) belongs to; read from the files, as `git rev-parse --git-dir`
 * would say. Undefined outside of git, and where a folder above belongs to another user, as git itself refuses those.
 * https://git-scm.com/docs/gitrepository-layout
 */
export function findGit(root: string): GitFolder | undefined {
  for (let top = root; ; top = path.dirname(top)) {
    const dir = gitDirectory(path.join(top, '.git'));
    if (dir) return top === root || ownedByUs(dir) ? { top, dir } : undefined;
    if (path.dirname(top) === top) return undefined;
  }
}

function gitDirectory(dotGit: string): string | undefined {
  try {
    const stat = lstatSync(dotGit);
    let dir = dotGit;
    if (stat.isFile()) {
      const target = /^gitdir: ([^\n\r]+)/.exec(readFileSync(dotGit, 'utf8'))?.[1];
      if (!target) return undefined;
      dir = path.resolve(path.dirname(dotGit), target);
    }
    // A .git file could name any folder: only one that is laid out like a git directory is believed.
    statSync(path.join(dir, 'HEAD'));
    return exists(path.join(dir, 'objects')) || exists(path.join(dir, 'commondir')) ? dir : undefined;
  } catch {
    return undefined;
  }
}

function ownedByUs(file: string): boolean {
  const uid = process.getuid?.();
  return uid === undefined || statSync(file).uid === uid;
}

function exists(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch {
    return false;
  }
}

/**
 * Those of `paths` (relative to `root`) that git reports as modified, staged, deleted or untracked; undefined when the
 * git command is not installed.
 * @throws NayekError `usage` when git cannot tell.
 */
export function dirtyFiles(root: string, git: GitFolder, paths: readonly string[]): string[] | undefined {
  const prefix = path.relative(git.top, root).split(path.sep).join('/');
  const dirty: string[] = [];
  for (let at = 0; at < paths.length; at += 500) {
    const result = spawnSync(
      'git',
      [
        ...['--literal-pathspecs', '--no-optional-locks', '-c', 'core.fsmonitor=false'],
        ...['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--'],
        ...paths.slice(at, at + 500),
      ],
      { cwd: root, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
    );
    if ((result.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    if (result.status !== 0) {
      const [line = 'git status failed'] = result.stderr?.toString().trim().split('\n') ?? [];
      throw new NayekError('usage', `cannot tell uncommitted changes: ${line}`, {
        hint: 'pass --allow-dirty to patch all the same',
      });
    }
    for (const record of result.stdout.toString().split('\0')) {
      const name = record.slice(3);
      if (name) dirty.push(prefix && name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : name);
    }
  }
  return dirty;
}
