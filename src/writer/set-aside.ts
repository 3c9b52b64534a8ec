/** Moves what is in the way of the journal and is not ours. Nothing is deleted, and no link followed. */
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { lstat } from '../system/whole-file.ts';
import { makeFolder, type WriterFs } from './disk.ts';
import { readJournal } from './journal.ts';
import { assertUnlocked } from './lock.ts';
import type { State } from './state.ts';

export interface Moved {
  readonly from: string;
  readonly to: string;
}

/**
 * Moves steps that are not ours into a folder of the state folder, or a state folder that cannot be used beside itself.
 * @throws NayekError `locked`, `read-only`
 */
export function setAside(state: State, fs: WriterFs): Moved[] {
  const moved: Moved[] = [];
  const stamp = `aside-${Date.now()}`;
  const move = (from: string, to: string): void => {
    fs.renameSync(from, to);
    moved.push({ from, to });
  };
  let doing = state.folder;
  try {
    if (!lstat(state.folder, fs)) return [];
    const unusable = unusableFolder(state, fs);
    if (unusable !== undefined) {
      doing = unusable;
      move(unusable, path.join(path.dirname(unusable), `${path.basename(unusable)}-${stamp}`));
      return moved;
    }
    const { strangers } = readJournal(state, fs);
    if (strangers.length === 0) return [];
    assertUnlocked(state);
    const folder = path.join(state.folder, stamp);
    makeFolder(folder, 0o700, fs);
    for (const { folder: from } of strangers) {
      doing = from;
      move(from, path.join(folder, path.basename(from)));
    }
    return moved;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new NayekError('read-only', `${doing} (${error.code})`, { cause: error });
  }
}

/** The state folder, or the folder of its steps, where readJournal() refuses to look into it. */
function unusableFolder(state: State, fs: WriterFs): string | undefined {
  try {
    readJournal(state, fs);
    return undefined;
  } catch (error) {
    if (!(error instanceof NayekError)) throw error;
    const steps = path.join(state.folder, 'steps');
    const isPlain = lstat(state.folder, fs)?.isDirectory() === true;
    try {
      return isPlain && lstat(steps, fs)?.isDirectory() === false ? steps : state.folder;
    } catch {
      return state.folder;
    }
  }
}
