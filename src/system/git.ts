/** What nayek needs of git: where its folder is, and whether files have uncommitted changes. Never runs hooks. */
import { spawnSync } from 'node:child_process';
import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { contains } from './contains.ts';
import { NayekError } from './errors.ts';
import { readPlain, readShort } from './plain-file.ts';
import { findProgram } from './program.ts';
import { say } from './say.ts';

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
    const git = gitAt(top);
    if (git) return top === root || ownedByUs(git.dir) ? git : undefined;
    if (path.dirname(top) === top) return undefined;
  }
}

/** The git directory of the working tree whose top is `folder` (absolute) itself. */
export function gitAt(folder: string): GitFolder | undefined {
  const dir = gitDirectory(path.join(folder, '.git'));
  return dir === undefined ? undefined : { top: folder, dir };
}

/**
 * True where the working tree is part of a larger one, which keeps its git directory among its own.
 * https://git-scm.com/docs/gitsubmodules
 */
export function isSubmodule(git: GitFolder): boolean {
  return git.dir.includes(path.join(path.sep, '.git', 'modules', path.sep));
}

/**
 * The nearest `.git` at or above `folder` (absolute), where it is none that git can read: a repository that is damaged is
 * not the same as none.
 */
export function brokenGit(folder: string): string | undefined {
  for (let top = folder; ; top = path.dirname(top)) {
    const dotGit = path.join(top, '.git');
    const stat = lstatSync(dotGit, { throwIfNoEntry: false });
    // A pipe or a socket is none to git, either.
    if (stat?.isFile() || stat?.isDirectory() || stat?.isSymbolicLink()) {
      return isReadable(dotGit) ? undefined : dotGit;
    }
    if (path.dirname(top) === top) return undefined;
  }
}

/** `HEAD` is a SHA, or a symbolic name below `refs/`. https://git-scm.com/docs/gitrepository-layout */
function isReadable(dotGit: string): boolean {
  const dir = gitDirectory(dotGit);
  if (dir === undefined) return false;
  try {
    const head = path.join(dir, 'HEAD');
    // As git wrote it long ago.
    if (lstatSync(head).isSymbolicLink()) return readlinkSync(head).startsWith('refs/');
    return /^(?:ref: *refs\/\S+|[0-9a-f]{40}|[0-9a-f]{64})\s*$/.test(readShort(head) ?? '');
  } catch {
    return false;
  }
}

/** A file that git would wait for without an end, or not read: a pipe, a socket, a device, a folder. */
function oddFile(dir: string): string | undefined {
  const isOdd = (name: string): boolean => {
    const stat = statSync(path.join(dir, name), { throwIfNoEntry: false });
    return stat !== undefined && !stat.isFile();
  };
  const branch = /^ref: *(refs\/\S+)\s*$/.exec(readShort(path.join(dir, 'HEAD')) ?? '')?.[1];
  return ['HEAD', 'config', 'index', 'packed-refs', ...(branch ? [branch] : [])].find(isOdd);
}

function gitDirectory(dotGit: string): string | undefined {
  try {
    const stat = lstatSync(dotGit);
    let dir = dotGit;
    if (stat.isFile()) {
      const target = /^gitdir: ([^\n\r]+)/.exec(readShort(dotGit) ?? '')?.[1];
      if (!target) return undefined;
      dir = path.resolve(path.dirname(dotGit), target);
    }
    // A .git file could name any folder: only one that is laid out like a git directory is believed.
    statSync(path.join(dir, 'HEAD'));
    if (oddFile(dir) !== undefined) return undefined;
    return exists(path.join(dir, 'objects')) || exists(path.join(dir, 'commondir')) ? dir : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True when a git directory that is named by a `.git` file names that working tree in turn, as git writes it: for a linked
 * worktree in its file `gitdir`, for a submodule in `core.worktree`. Anybody can write a `.git` file, but not the way back.
 * https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-worktreesltidgtgitdir
 */
export function leadsBack(git: GitFolder): boolean {
  try {
    if (!lstatSync(path.join(git.top, '.git')).isFile()) return false;
    const linked = path.join(git.dir, 'gitdir');
    if (exists(linked)) {
      const named = path.resolve(git.dir, (readPlain(linked)?.toString() ?? '').trim());
      return path.basename(named) === '.git' && realpathSync(path.dirname(named)) === git.top;
    }
    const config = readPlain(path.join(git.dir, 'config'))?.toString() ?? '';
    const named = /^\s*worktree\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(config)?.[1];
    return named !== undefined && realpathSync(path.resolve(git.dir, named)) === git.top;
  } catch {
    return false;
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

/** Milliseconds for one call of git; a configuration file may be a pipe that never ends. */
const TIMEOUT = 60_000;

/**
 * Those of `paths` (relative to `root`) that git reports as modified, staged, deleted or untracked; undefined when the
 * git command is not installed. The root lies in the repository, or the repository below the root. No program that the repository configures is run: see `configured`.
 * @throws NayekError `usage` when git cannot tell.
 */
export function dirtyFiles(root: string, git: GitFolder, paths: readonly string[]): string[] | undefined {
  const program = findProgram('git', git.top);
  if (!program) return undefined;
  if (git.top !== root && contains(root, git.top)) {
    const folder = slashed(path.relative(root, git.top));
    const own = paths.filter((p) => p.startsWith(`${folder}/`)).map((p) => p.slice(folder.length + 1));
    return dirtyFiles(git.top, git, own)?.map((name) => `${folder}/${name}`);
  }
  const prefix = slashed(path.relative(git.top, root));
  const options = configured(program, root);
  const dirty: string[] = [];
  for (let at = 0; at < paths.length; at += 500) {
    const out = call(program, root, [
      ...['--literal-pathspecs', '--no-optional-locks', ...options],
      ...['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all', '--'],
      ...paths.slice(at, at + 500),
    ]);
    for (const record of out.split('\0')) {
      const name = record.slice(3);
      if (name) dirty.push(prefix && name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : name);
    }
  }
  return dirty;
}

function slashed(name: string): string {
  return name.split(path.sep).join('/');
}

/**
 * Options that take back what a repository's own configuration would run: the file system monitor, and the filters
 * through which git reads a file to compare it (those of the user, such as LFS, stay).
 * https://git-scm.com/docs/gitattributes#_filter
 */
function configured(program: string, root: string): string[] {
  const names = new Set<string>();
  const listed = call(program, root, ['config', '--includes', '--show-scope', '-z', '--list']).split('\0');
  for (let i = 0; i + 1 < listed.length; i += 2) {
    const name = /^filter\.(.*)\.(?:clean|smudge|process|required)(?:\n|$)/s.exec(listed[i + 1] ?? '')?.[1];
    if (name !== undefined && listed[i] !== 'system' && listed[i] !== 'global') names.add(name);
  }
  const off = [...names].flatMap((name) =>
    [`filter.${name}.clean=`, `filter.${name}.process=`, `filter.${name}.required=false`].flatMap((o) => ['-c', o]),
  );
  if ([...names].some((name) => name.includes('='))) {
    throw new NayekError(
      'usage',
      say`cannot tell uncommitted changes: the repository configures a filter with an odd name`,
      {
        hint: say`pass --allow-dirty to patch all the same`,
      },
    );
  }
  return ['-c', 'core.fsmonitor=false', ...off];
}

/** @throws NayekError `usage` */
function call(program: string, cwd: string, args: readonly string[]): string {
  const env: NodeJS.ProcessEnv = {};
  // A hook's variables name another index or another repository.
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|EXTERNAL_DIFF)$/.test(name))
      env[name] = value;
  }
  // A partial clone would fetch what is missing, by a program that its configuration names.
  env.GIT_NO_LAZY_FETCH = '1';
  env.GIT_ALLOW_PROTOCOL = 'none';
  const result = spawnSync(program, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024, timeout: TIMEOUT });
  if (result.status === 0) return result.stdout.toString();
  const [line = say`git failed`] = result.stderr?.toString().trim().split('\n') ?? [];
  throw new NayekError('usage', say`cannot tell uncommitted changes: ${line || 'git failed'}`, {
    hint: say`pass --allow-dirty to patch all the same`,
  });
}
