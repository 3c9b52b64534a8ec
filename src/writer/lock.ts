/** One nayek at a time on a repository: a file that holds the process id, created exclusively. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { readPlain } from '../system/plain-file.ts';
import { say } from '../system/say.ts';
import type { WriterFs } from './disk.ts';
import { dropEmptyState, makeStateFolder, type State } from './state.ts';

/** A lock without readable content is being written, unless it is older than this. Milliseconds. */
const WRITING = 10_000;

/** Bytes of a lock: a number and the name of a host. */
const LONGEST = 1024;

/** Lock files held by this very process: its own id in a lock says nothing. */
const ours = new Set<string>();

/**
 * Runs `work` while holding the lock.
 * @throws NayekError `locked` when another process holds it; `read-only` when the state folder cannot be made.
 */
export async function withLock<T>(state: State, fs: WriterFs, work: () => Promise<T>): Promise<T> {
  const file = path.join(state.folder, 'lock');
  acquire(file, {
    prepare: () => makeStateFolder(state, fs),
    abandon: () => drop(state),
    locked: (who) => lockedBy(file, who),
  });
  try {
    return await work();
  } finally {
    release(file);
    drop(state);
  }
}

/**
 * Runs `work` while holding a lock file in a folder that is there.
 * @throws what `locked` makes of the holder's name; NayekError `read-only`.
 */
export async function withLockFile<T>(
  file: string,
  locked: (who: string) => NayekError,
  work: () => Promise<T>,
): Promise<T> {
  acquire(file, { prepare: () => undefined, abandon: () => undefined, locked });
  try {
    return await work();
  } finally {
    release(file);
  }
}

function release(file: string): void {
  ours.delete(file);
  nodeFs.rmSync(file, { force: true });
}

function drop(state: State): void {
  try {
    dropEmptyState(state, nodeFs);
  } catch {
    // Another process has begun to use the folder.
  }
}

/** @throws NayekError `locked` when a living process holds the lock now. */
export function assertUnlocked(state: State): void {
  const file = path.join(state.folder, 'lock');
  const held = holder(file);
  if (held?.alive) throw lockedBy(file, held.who);
}

interface Locking {
  /** Makes the folder of the lock. */
  prepare(): void;
  /** Takes it away again when the lock cannot be had. */
  abandon(): void;
  locked(who: string): NayekError;
}

function acquire(file: string, { prepare, abandon, locked }: Locking): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      prepare();
      create(file);
      ours.add(file);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // ENOENT: a process that has just ended took the empty folder away.
      if (code === 'ENOENT') continue;
      if (code === undefined) throw error;
      if (code !== 'EEXIST') {
        abandon();
        throw new NayekError('read-only', `${path.dirname(file)} (${code})`, { cause: error });
      }
    }
    const held = holder(file);
    if (held?.alive) throw locked(held.who);
    if (held) discard(file, held.text);
  }
  throw locked(say`another process`);
}

/** A lock that cannot be written does not stay: it would keep others out. */
function create(file: string): void {
  const fd = nodeFs.openSync(file, 'wx', 0o600);
  try {
    nodeFs.writeSync(fd, `${process.pid} ${os.hostname()}\n`);
  } catch (error) {
    nodeFs.rmSync(file, { force: true });
    throw error;
  } finally {
    nodeFs.closeSync(fd);
  }
}

/** Moves a stale lock away; puts it back when a faster process has replaced it meanwhile. */
function discard(file: string, stale: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    nodeFs.renameSync(file, aside);
    if (nodeFs.readFileSync(aside, 'utf8') !== stale) nodeFs.linkSync(aside, file);
    nodeFs.rmSync(aside, { force: true });
  } catch {
    // Another process was faster: the next attempt sees its lock.
  }
}

interface Holder {
  readonly alive: boolean;
  readonly who: string;
  readonly text: string;
}

/** Undefined when there is no lock any more. */
function holder(file: string): Holder | undefined {
  let text: string;
  let age: number;
  try {
    const stat = nodeFs.lstatSync(file);
    age = Date.now() - stat.mtimeMs;
    // A pipe would never end, and a link lead elsewhere.
    const bytes = readPlain(file, nodeFs, LONGEST);
    if (!bytes) return { alive: true, who: say`something that is no lock of nayek`, text: '' };
    text = bytes.toString();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    return { alive: true, who: say`somebody whose lock cannot be read (${error.code})`, text: '' };
  }
  const [, pid, host] = /^(\d+) ([^\n]*)\n$/.exec(text) ?? [];
  if (!pid || host === undefined) {
    // Cut short while it was written; anything else is not ours to remove.
    const isBegun = /^(?:\d+(?: [^\n]*)?)?$/.test(text);
    return {
      alive: !isBegun || age < WRITING,
      who: isBegun ? say`another process` : say`something that is no lock of nayek`,
      text,
    };
  }
  if (host !== os.hostname()) return { alive: true, who: say`process ${pid} on ${host}`, text };
  return { alive: Number(pid) === process.pid ? ours.has(file) : isAlive(Number(pid)), who: say`process ${pid}`, text };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lockedBy(file: string, who: string): NayekError {
  return new NayekError('locked', say`${who} is patching this repository`, {
    hint: say`wait until it ends, or remove ${file} if it is gone; nothing was written`,
  });
}
