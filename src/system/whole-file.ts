/**
 * Files that are written whole or not at all: beside their place, synced, and renamed over it. A kill, a full disk or an
 * error leaves the old bytes, and nothing is ever written through a link: a rename replaces the link itself.
 */
import { randomBytes } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { isSystemError } from './errors.ts';

/** The file operations that this needs; tests inject faults here. */
export type FileFs = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'openSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'writeSync'
>;

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Creates a file that must not exist, with its bytes on the disk when it returns; nothing stays where that fails.
 * @throws NodeJS.ErrnoException; EEXIST for whatever stands there, a link that leads nowhere included.
 */
export function writeWhole(file: string, bytes: Buffer, mode: number, fs: FileFs = nodeFs, owner?: Owner): void {
  create(file, bytes, mode, fs, true, owner);
}

function create(file: string, bytes: Buffer, mode: number, fs: FileFs, sync: boolean, owner?: Owner): void {
  const fd = fs.openSync(file, 'wx', mode);
  try {
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at, bytes.length - at);
      if (owner) keepOwner(owner, () => fs.fchownSync(fd, owner.uid, owner.gid));
      fs.fchmodSync(fd, mode);
      if (sync) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    // A disk that fails may refuse this too; the error that came first counts.
    try {
      fs.unlinkSync(file);
    } catch {}
    throw error;
  }
}

export interface ReplaceOptions {
  /** Permission bits of the new file; 0600 by default. */
  readonly mode?: number;
  /** False where a file that a power cut has damaged is noticed and made again: thousands are written faster so. */
  readonly sync?: boolean;
  readonly fs?: FileFs;
}

/**
 * Puts `bytes` in the place of a file, or of a link, which is not followed. Until then the old bytes stand there.
 * @throws NodeJS.ErrnoException
 */
export function replaceWhole(file: string, bytes: Buffer, options: ReplaceOptions = {}): void {
  const { mode = 0o600, sync = true, fs = nodeFs } = options;
  const temporary = besideName(file);
  create(temporary, bytes, mode, fs, sync);
  try {
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.unlinkSync(temporary);
    throw error;
  }
  if (sync) syncFolder(path.dirname(file), fs);
}

/**
 * Finds out whether `replaceWhole` could make its file, while there is still time to say so.
 * @throws NodeJS.ErrnoException
 */
export function tryBeside(file: string): void {
  const temporary = besideName(file);
  nodeFs.closeSync(nodeFs.openSync(temporary, 'wx', 0o600));
  nodeFs.unlinkSync(temporary);
}

/** Names of files that a kill in the middle of `replaceWhole` leaves. */
export const LEFT_BESIDE = /^\.nayek-\d+-[0-9a-f]{8}\.tmp$/;

/** Not made of the file's own name, which may be as long as a name can be. */
function besideName(file: string): string {
  return path.join(path.dirname(file), `.nayek-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/** Only root may give files away; for anybody else the new file is simply theirs, as after `git checkout`. */
export function keepOwner(owner: Owner, give: () => void): void {
  if (process.getuid?.() === owner.uid && process.getgid?.() === owner.gid) return;
  try {
    give();
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

/** Makes renames in a folder durable; systems that cannot sync a folder (Windows) are left alone. */
export function syncFolder(folder: string, fs: Pick<FileFs, 'openSync' | 'fsyncSync' | 'closeSync'> = nodeFs): void {
  let fd: number;
  try {
    fd = fs.openSync(folder, 'r');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return;
  }
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** Undefined when nothing is there. */
export function lstat(file: string, fs: Pick<FileFs, 'lstatSync'> = nodeFs): nodeFs.Stats | undefined {
  return fs.lstatSync(file, { throwIfNoEntry: false });
}
