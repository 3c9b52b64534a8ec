/** What the writer does to the disk beside writing files whole: no call here follows a link. */
import { createHash } from 'node:crypto';
import type nodeFs from 'node:fs';
import path from 'node:path';
import { say } from '../system/say.ts';
import { keepOwner, lstat, type Owner } from '../system/whole-file.ts';

/** The file operations that the writer uses; tests inject faults here. */
export type WriterFs = Pick<
  typeof nodeFs,
  | 'chmodSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'lchownSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'unlinkSync'
  | 'writeSync'
>;

/** SHA-256, hexadecimal. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes a folder that must not exist, whatever the process's umask takes away. */
export function makeFolder(folder: string, mode: number, fs: WriterFs, owner?: Owner): void {
  fs.mkdirSync(folder, { mode });
  if (((fs.lstatSync(folder).mode ^ mode) & 0o777) !== 0) fs.chmodSync(folder, mode);
  if (owner) keepOwner(owner, () => fs.lchownSync(folder, owner.uid, owner.gid));
}

/** Permission bits of a new file or folder: what the umask leaves, but its owner can always use it. */
export function newMode(kind: 'file' | 'folder'): number {
  return kind === 'file' ? (0o666 & ~process.umask()) | 0o600 : (0o777 & ~process.umask()) | 0o700;
}

/** Who a new file in this folder should belong to: root works for the owner of the folder. Else undefined: us. */
export function ownerIn(folder: string, fs: WriterFs): Owner | undefined {
  return process.getuid?.() === 0 ? lstat(folder, fs) : undefined;
}

/**
 * Why nothing can be at this place of the tree: a folder above it is a link or no folder. Undefined when the way is free.
 * `name` is relative to `root`, with '/'.
 */
export function blocked(root: string, name: string, fs: WriterFs): string | undefined {
  const parts = name.split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    const stat = lstat(path.join(root, ...parts.slice(0, depth)), fs);
    if (!stat) return undefined;
    if (!stat.isDirectory()) return say`${parts.slice(0, depth).join('/')} is no folder`;
  }
  return undefined;
}
