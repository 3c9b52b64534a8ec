/** Reads a file of the repository, with no memory of its own for what is only searched. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { say } from '../system/say.ts';
import { counters } from '../system/stats.ts';

/**
 * Larger files are not sources that somebody wrote. Bytes; the tree of a Python file takes two hundred times its size.
 */
export const MAX_SOURCE_BYTES = 8 * 1024 * 1024;

export class TooLargeError extends Error {}

/** Larger files get memory of their own, which is given back. */
const SHARED_BYTES = 1024 * 1024;
const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

/** What tells whether a file has been changed without reading it again. */
export function stampOf(stat: Stats): string {
  return `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/**
 * The bytes of the file at the absolute path `file`, valid until the next call; `seen` gets its stamp.
 * @throws TooLargeError, NodeJS.ErrnoException; code `no regular file` for a link, a folder, a pipe or a device.
 */
export function readBriefly(file: string, seen?: (stamp: string) => void): Buffer {
  // Opened without following a link or waiting for a pipe that has taken its place since.
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw Object.assign(new Error(), { code: say`no regular file` });
    if (stat.size > MAX_SOURCE_BYTES) throw new TooLargeError();
    const bytes = stat.size > SHARED_BYTES ? readFileSync(fd) : fill(fd, stat.size);
    seen?.(stampOf(stat));
    counters.filesRead++;
    counters.bytesRead += bytes.length;
    return bytes;
  } finally {
    closeSync(fd);
  }
}

function fill(fd: number, size: number): Buffer {
  let length = 0;
  while (length < size) {
    const read = readSync(fd, shared, length, size - length, null);
    if (read === 0) break;
    length += read;
  }
  return shared.subarray(0, length);
}
