/**
 * Where the journal of a root lies: in the git directory under `nayek/`, else in `.nayek/`, which ignores itself. Folders
 * are 0700 and files 0600, as the bytes before may hold credentials.
 */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { findGit, type GitFolder, leadsBack } from '../system/git.ts';
import { readPlain } from '../system/plain-file.ts';
import { say } from '../system/say.ts';
import { lstat, writeWhole } from '../system/whole-file.ts';
import { makeFolder, type WriterFs } from './disk.ts';

export interface State {
  /** Absolute, links resolved. */
  readonly root: string;
  /** The state folder, absolute. */
  readonly folder: string;
  /** Top of the working tree, from which the roots of all steps start; the root itself without git. */
  readonly home: string;
  /** The root relative to the top of its git working tree, with '/'; '' without git. */
  readonly rootName: string;
  readonly inGit: boolean;
}

/** Of the file that makes the state folder ignore itself. */
const IGNORE = '*\n';

/** @throws NayekError `not-a-directory` */
export function stateOf(dir: string): State {
  let root: string;
  try {
    root = nodeFs.realpathSync(dir);
    if (!nodeFs.statSync(root).isDirectory()) throw new Error();
  } catch (cause) {
    throw new NayekError('not-a-directory', dir, { cause });
  }
  const git = findGit(root);
  const rootName = git ? path.relative(git.top, root).split(path.sep).join('/') : '';
  if (git && isOwn(git)) return { root, folder: path.join(git.dir, 'nayek'), home: git.top, rootName, inGit: true };
  return { root, folder: path.join(root, '.nayek'), home: root, rootName, inGit: false };
}

/** A `.git` file or link could name the git directory of another repository: its journal is not ours to use. */
export function isOwn(git: GitFolder): boolean {
  const dotGit = path.join(git.top, '.git');
  return nodeFs.lstatSync(dotGit).isDirectory() || leadsBack(git);
}

/** The root of a step, absolute, and its name relative to the state's home. */
export function homeName(state: State): string {
  return path.relative(state.home, state.root).split(path.sep).join('/');
}

/**
 * Makes the state folder where it is missing.
 * @throws NayekError as assertState(); an error of the system
 */
export function makeStateFolder(state: State, fs: WriterFs): void {
  assertState(state, fs);
  for (const folder of [state.folder, path.join(state.folder, 'steps')]) {
    const stat = lstat(folder, fs);
    if (!stat) makeOrFind(folder, fs);
    // Only we may write there: what lies in it is thrown away by its name.
    else if ((stat.mode & 0o077) !== 0 && isMine(stat)) fs.chmodSync(folder, 0o700);
  }
  const ignoring = path.join(state.folder, '.gitignore');
  if (state.inGit) return;
  // Cut short by a kill, it may ignore nothing.
  if (isBegun(ignoring, fs)) fs.unlinkSync(ignoring);
  if (!lstat(ignoring, fs)) writeWhole(ignoring, Buffer.from(IGNORE), 0o600, fs);
}

/** True for a file that holds the beginning of what we write there, and not the whole. */
function isBegun(ignoring: string, fs: WriterFs): boolean {
  const text = readPlain(ignoring, fs)?.toString('latin1');
  return text !== undefined && text !== IGNORE && IGNORE.startsWith(text);
}

/** Another process may make it at the same time. */
function makeOrFind(folder: string, fs: WriterFs): void {
  try {
    makeFolder(folder, 0o700, fs);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
  }
}

function isMine(stat: nodeFs.Stats): boolean {
  return process.getuid === undefined || stat.uid === process.getuid();
}

/**
 * A repository could bring a state folder that leads elsewhere, and root could have left one.
 * @throws NayekError `outside`, `read-only` when a link or a file stands in its place; `journal` when it is another user's.
 */
export function assertState(state: State, fs: WriterFs): void {
  for (const folder of [state.folder, path.join(state.folder, 'steps')]) {
    const stat = look(folder, fs);
    if (!stat) return;
    if (stat.isSymbolicLink())
      throw new NayekError('outside', folder, { hint: say`remove that link; nothing was written` });
    if (!stat.isDirectory()) throw new NayekError('read-only', `${folder} (ENOTDIR)`);
    // Some mounts show all files as one user's.
    if (!isMine(stat) && stat.uid !== lstat(path.dirname(state.folder), fs)?.uid) throw foreign(folder, stat.uid);
  }
}

function look(folder: string, fs: WriterFs): nodeFs.Stats | undefined {
  try {
    return lstat(folder, fs);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new NayekError('journal', say`${folder} cannot be read (${error.code})`, {
      hint: say`check its owner and permissions; nothing was written`,
      cause: error,
    });
  }
}

function foreign(folder: string, uid: number): NayekError {
  const who = uid === 0 ? 'root' : say`the user ${uid}`;
  const as = uid === 0 ? say`\`sudo nayek undo\`` : say`\`nayek undo\` as that user`;
  return new NayekError('journal', say`${folder} belongs to ${who}, and so does the patch recorded there`, {
    hint: say`${as} takes it back, \`nayek doctor --journal --set-aside\` moves it out of the way; nothing was written`,
  });
}

/** Removes the state folder when nothing is left to undo in it, and nothing that nayek has not made. */
export function dropEmptyState(state: State, fs: WriterFs): void {
  const home = path.join(state.folder, 'steps');
  if (!lstat(state.folder, fs)?.isDirectory() || !lstat(home, fs)?.isDirectory()) return;
  const rest = fs.readdirSync(state.folder).filter((name) => name !== 'steps');
  if (rest.some((name) => name !== '.gitignore') || fs.readdirSync(home).length > 0) return;
  const ignoring = path.join(state.folder, '.gitignore');
  if (rest.length > 0 && !IGNORE.startsWith(readPlain(ignoring, fs)?.toString('latin1') ?? 'a link')) return;
  fs.rmdirSync(home);
  if (rest.length > 0) fs.unlinkSync(ignoring);
  fs.rmdirSync(state.folder);
}

/** The name of this user, for messages. */
export function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return say`user ${process.getuid?.()}`;
  }
}
