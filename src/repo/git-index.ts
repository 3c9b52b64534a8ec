/** Which files git tracks: read from the index itself, so that no program runs. https://git-scm.com/docs/index-format */
import fs from 'node:fs';
import path from 'node:path';
import { findGit } from '../system/git.ts';
import { readPlain } from '../system/plain-file.ts';

export interface Tracked {
  /** Relative to the root that was asked for, with '/'. */
  has(file: string): boolean;
  /** True when a tracked file lies below this folder ('data/'). */
  below(folder: string): boolean;
  /** Whether a checkout may execute it; undefined for what is not tracked. */
  executable(file: string): boolean | undefined;
}

/** Name of a file → its mode. */
type Modes = ReadonlyMap<string, number>;

const NOTHING: Tracked = { has: () => false, below: () => false, executable: () => undefined };
/** A repository with a million files has an index of about 100 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Of the repository that `root` (absolute) belongs to; nothing outside of git and for an index that cannot be read. */
export function trackedBelow(root: string): Tracked {
  try {
    const real = fs.realpathSync(root);
    const git = findGit(real);
    const bytes = git && readPlain(path.join(git.dir, 'index'), fs, MAX_BYTES);
    const modes = bytes && (modesOf(bytes, 20) ?? modesOf(bytes, 32));
    if (!git || !modes) return NOTHING;
    const prefix = path.relative(git.top, real).split(path.sep).join('/');
    return trackedOf(prefix === '' ? modes : within(modes, `${prefix}/`));
  } catch {
    return NOTHING;
  }
}

function within(modes: Modes, prefix: string): Modes {
  return new Map([...modes].flatMap(([n, mode]) => (n.startsWith(prefix) ? [[n.slice(prefix.length), mode]] : [])));
}

function trackedOf(files: Modes): Tracked {
  let folders: Set<string> | undefined;
  return {
    has: (file) => files.has(file),
    below(folder) {
      if (!folders) {
        folders = new Set();
        for (const name of files.keys()) {
          for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) folders.add(name.slice(0, at + 1));
        }
      }
      return folders.has(folder);
    },
    executable(file) {
      const mode = files.get(file);
      return mode === undefined ? undefined : mode === EXECUTABLE;
    },
  };
}

const STAT = 40;
const EXECUTABLE = 0o100755;
const FILE_MODES = new Set([0o100644, EXECUTABLE, 0o120000]);
/** A submodule, a folder of a sparse index. */
const OTHER_MODES = new Set([0o160000, 0o040000]);
const EXTENDED = 0x4000;

/** The files of an index with hashes of this many bytes; undefined when it is none. */
function modesOf(bytes: Buffer, hash: number): Modes | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const out = new Map<string, number>();
  let at = 12;
  let before = Buffer.alloc(0);
  for (let count = bytes.readUInt32BE(8); count > 0; count--) {
    const start = at;
    const head = headOf(bytes, start, hash, version);
    if (!head) return undefined;
    const { mode } = head;
    at = head.end;
    let kept: number | undefined = 0;
    if (version === 4) [kept, at] = keptOf(bytes, at, before.length);
    if (kept === undefined) return undefined;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    const name = Buffer.concat([before.subarray(0, kept), bytes.subarray(at, end)]);
    if (FILE_MODES.has(mode)) out.set(name.toString('utf8'), mode);
    before = name;
    at = version === 4 ? end + 1 : start + Math.floor((end - start) / 8 + 1) * 8;
  }
  return out;
}

/** The mode of an entry, and where its name begins; undefined where that is no entry. */
function headOf(
  bytes: Buffer,
  start: number,
  hash: number,
  version: number,
): { mode: number; end: number } | undefined {
  const flagsAt = start + STAT + hash;
  if (flagsAt + 2 > bytes.length) return undefined;
  const mode = bytes.readUInt32BE(start + 24);
  if (!FILE_MODES.has(mode) && !OTHER_MODES.has(mode)) return undefined;
  const more = version > 2 && bytes.readUInt16BE(flagsAt) & EXTENDED ? 2 : 0;
  return { mode, end: flagsAt + 2 + more };
}

/** How many bytes of the name before (`length`) stay, and where the rest begins. */
function keptOf(bytes: Buffer, at: number, length: number): [number | undefined, number] {
  const [strip, next] = varint(bytes, at);
  return [strip > length ? undefined : length - strip, next];
}

/** The offset encoding of packs: how much of the name before is cut off. https://git-scm.com/docs/pack-format */
function varint(bytes: Buffer, from: number): [number, number] {
  let at = from;
  let byte = bytes.readUInt8(at++);
  let value = byte & 127;
  while (byte & 128) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 127);
  }
  return [value, at];
}
