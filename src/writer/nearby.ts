/**
 * State folders beside the root's own: of a folder above it or below it, or from before it was in git. A patch that was
 * cut short there has left files of this root half-written, too.
 */
import type { Stats } from 'node:fs';
import path from 'node:path';
import { isInside } from '../repo/path.ts';
import { isSystemError, NayekError } from '../system/errors.ts';
import { gitAt } from '../system/git.ts';
import { say } from '../system/say.ts';
import { lstat } from '../system/whole-file.ts';
import type { WriterFs } from './disk.ts';
import { assertNoStrangers, readJournal } from './journal.ts';
import { assertUnlocked } from './lock.ts';
import { isOwn, type State } from './state.ts';
import { recoverNow, unfinished } from './undo.ts';

/**
 * The state folders that are there, the root's own first. `paths` (relative to the root) are the files that matter: what
 * lies in other folders is not looked for.
 */
export function statesNear(state: State, paths: Iterable<string>, fs: WriterFs): State[] {
  const out = [state];
  const add = (found: State): void => {
    if (!out.some((s) => s.folder === found.folder) && statOf(found.folder, fs)) out.push(found);
  };
  for (const above of foldersAboveRoot(state.root)) {
    // Anybody can put a folder into /tmp: as git, only those of this user count above the root.
    for (const found of statesAt(above)) if (isMine(found.folder, fs)) add({ ...found, root: state.root });
  }
  for (const folder of ['', ...foldersOf(paths)])
    for (const found of statesAt(path.join(state.root, folder))) add(found);
  return out;
}

/** Those that a folder can have: where git has its own, and where it has not. */
function statesAt(folder: string): State[] {
  const plain = { root: folder, home: folder, rootName: '', folder: path.join(folder, '.nayek'), inGit: false };
  const git = gitAt(folder);
  return git && isOwn(git) ? [plain, { ...plain, folder: path.join(git.dir, 'nayek'), inGit: true }] : [plain];
}

/** Undefined, too, where we may not even look. */
function statOf(folder: string, fs: WriterFs): Stats | undefined {
  try {
    return lstat(folder, fs);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}

function isMine(folder: string, fs: WriterFs): boolean {
  const stat = statOf(folder, fs);
  return stat !== undefined && (process.getuid === undefined || stat.uid === process.getuid());
}

function foldersAboveRoot(root: string): string[] {
  const out: string[] = [];
  for (let at = path.dirname(root); ; at = path.dirname(at)) {
    out.push(at);
    if (path.dirname(at) === at) return out;
  }
}

/** All folders above some files, relative. */
function foldersOf(paths: Iterable<string>): Set<string> {
  const out = new Set<string>();
  for (const name of paths) {
    // A saved plan may name anything.
    if (!isInside(name)) continue;
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
      const folder = name.slice(0, at);
      if (out.has(folder)) break;
      out.add(folder);
    }
  }
  return out;
}

/**
 * Rolls back what was cut short in any of these. Returns the files, absolute.
 * @throws NayekError as recover(), `locked`: nothing has been written in that state folder then.
 */
export async function settle(states: readonly State[], fs: WriterFs): Promise<string[]> {
  const files: string[] = [];
  for (const state of states) {
    const journal = readJournal(state, fs);
    assertNoStrangers(journal);
    assertUnlocked(state);
    if (unfinished(state, journal).length === 0) continue;
    files.push(...(await recoverNow(state, fs)).map((f) => path.resolve(state.root, f)));
  }
  return files;
}

/**
 * For the moment before the first byte is written, with the lock of the root's own state folder held.
 * @throws NayekError `locked` when somebody patches above or below it now, `journal` when something was cut short there.
 */
export function assertSettled(state: State, paths: Iterable<string>, fs: WriterFs): void {
  for (const near of statesNear(state, paths, fs).slice(1)) {
    const journal = readJournal(near, fs);
    assertNoStrangers(journal);
    assertUnlocked(near);
    const [open] = unfinished(near, journal);
    if (open) throw new NayekError('journal', say`a patch of ${open.root} was cut short`, { hint: CUT_SHORT });
  }
}

const CUT_SHORT = say`\`nayek undo\` there rolls it back, and so does the next \`nayek patch\`; nothing was written`;
