/** Reads files that may have been put there by anybody: nothing here follows a link or waits for a pipe. */
import nodeFs from 'node:fs';
import { lstat } from './whole-file.ts';

type ReadingFs = Pick<typeof nodeFs, 'closeSync' | 'fstatSync' | 'lstatSync' | 'openSync' | 'readFileSync'>;

// Absent on Windows, where opening does not wait for a pipe either.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = nodeFs.constants;

/**
 * Bytes of a regular file; undefined when something else, or nothing, is there, or more than `most` bytes.
 * @throws an error of the system when it cannot be read.
 */
export function readPlain(file: string, fs: ReadingFs = nodeFs, most = Number.POSITIVE_INFINITY): Buffer | undefined {
  const found = lstat(file, fs);
  if (!found?.isFile() || found.size > most) return undefined;
  // What was looked at may have been swapped since.
  const fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return fs.fstatSync(fd).isFile() ? fs.readFileSync(fd) : undefined;
  } finally {
    fs.closeSync(fd);
  }
}

/** Bytes of a file that names something: a branch, a folder. */
const SHORT = 64 * 1024;

/** The text of a short regular file, such as git's HEAD; undefined for all else. @throws as readPlain() */
export function readShort(file: string): string | undefined {
  return readPlain(file, nodeFs, SHORT)?.toString();
}

/** Names of what lies in a folder; none where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return nodeFs.readdirSync(folder);
  } catch {
    return [];
  }
}
