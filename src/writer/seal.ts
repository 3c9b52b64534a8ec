/**
 * A journal is believed when it was sealed with the key of this user on this machine: a repository could bring one of its
 * own. The key lies in the user's state folder, outside of every repository.
 * https://specifications.freedesktop.org/basedir-spec/latest/
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { contains } from '../system/contains.ts';
import { isSystemError, NayekError } from '../system/errors.ts';
import { readPlain } from '../system/plain-file.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { writeWhole } from '../system/whole-file.ts';

/** Stands in the record that it seals. */
export interface Seal {
  /** Name of the key: the beginning of its SHA-256. */
  readonly key: string;
  /** HMAC-SHA-256, hexadecimal. */
  readonly mac: string;
}

/** True for what has the form of a seal. */
export function isSeal(value: unknown): value is Seal {
  return isRecord(value) && typeof value.key === 'string' && typeof value.mac === 'string';
}

const KEY_FILE = 'journal.key';

/** Keys, read once: for many texts. */
export interface Keys {
  /** As seal(). */
  seal(text: string, about: string): Seal;
  /** As judge(). */
  judge(text: string, about: string, claimed: Seal): Judgement;
}

/** `other-key`: somebody else's, or that of another machine; `changed`: ours once, but not these bytes. */
export type Judgement = 'ours' | 'other-key' | 'changed';

/** The keys of this user. `root` is the folder that could bring one of its own. */
export function keysFor(root: string): Keys {
  const known = knownKeys(root);
  let own: Buffer | undefined;
  const sealing = (): Buffer => {
    own ??= sealingKey(root);
    return own;
  };
  return {
    seal: (text, about) => ({ key: keyName(sealing()), mac: macOf(sealing(), text, about) }),
    judge(text, about, claimed) {
      const keys = own ? [own, ...known] : known;
      if (keys.some((key) => isEqual(macOf(key, text, about), claimed.mac))) return 'ours';
      return keys.some((key) => keyName(key) === claimed.key) ? 'changed' : 'other-key';
    },
  };
}

/**
 * Seals `text`, which is `about` something: it opens for the same only.
 * @throws NayekError `read-only` when there is no folder to keep the key in.
 */
export function seal(text: string, about: string, root: string): Seal {
  return keysFor(root).seal(text, about);
}

/** Whether `claimed` is the seal that we gave to `text`. */
export function judge(text: string, about: string, claimed: Seal, root: string): Judgement {
  return keysFor(root).judge(text, about, claimed);
}

/** A name that only we can make, for what may be thrown away unread. */
export function provableName(kind: string, about: string, root: string): string {
  const nonce = randomBytes(8).toString('hex');
  return `.${kind}-${nonce}-${macOf(sealingKey(root), nonce, about).slice(0, 32)}`;
}

/** True for a name of provableName(). */
export function isProvable(name: string, about: string, root: string): boolean {
  const [, nonce, mac] = /^\.[a-z]+-([0-9a-f]{16})-([0-9a-f]{32})$/.exec(name) ?? [];
  if (nonce === undefined || mac === undefined) return false;
  return knownKeys(root).some((key) => isEqual(macOf(key, nonce, about).slice(0, 32), mac));
}

/** The file of the key that new records are sealed with, for messages. @throws NayekError as seal() */
export function keyFile(root: string): string | undefined {
  return candidates(root).find((folder) => readKey(folder) !== undefined);
}

function macOf(key: Buffer, text: string, about: string): string {
  return createHmac('sha256', key).update(`nayek ${about}\0${text}`).digest('hex');
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function keyName(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

function knownKeys(root: string): Buffer[] {
  return candidates(root).flatMap((folder) => readKey(folder) ?? []);
}

function sealingKey(root: string): Buffer {
  const failures: string[] = [];
  for (const folder of candidates(root)) {
    try {
      const key = readKey(folder) ?? makeKey(folder);
      if (key) return key;
      failures.push(say`${folder} (others can read or write its journal.key)`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      failures.push(`${folder} (${error.code})`);
    }
  }
  throw new NayekError('read-only', failures[0] ?? say`the state folder of nayek`, {
    hint: say`set XDG_STATE_HOME to a folder of yours outside of the repository; nothing was written`,
  });
}

/**
 * Folders for the key, best first. The last one, in the folder for temporary files, is for a user without a home that can
 * be written, as in some containers. None lies in the repository, which could bring a key otherwise.
 */
function candidates(root: string): string[] {
  const out: string[] = [];
  const add = (folder: string): void => {
    if (!out.includes(folder) && !contains(root, resolved(folder))) out.push(folder);
  };
  const { XDG_STATE_HOME, HOME } = process.env;
  if (XDG_STATE_HOME && path.isAbsolute(XDG_STATE_HOME)) add(path.join(XDG_STATE_HOME, 'nayek'));
  for (const home of [HOME, registeredHome()]) {
    if (home && path.isAbsolute(home) && isOurs(home)) add(path.join(home, '.local/state/nayek'));
  }
  add(path.join(os.tmpdir(), `nayek-${process.getuid?.() ?? os.userInfo().username}`));
  return out;
}

function registeredHome(): string | undefined {
  try {
    return os.userInfo().homedir;
  } catch {
    return undefined;
  }
}

/** As sudo may leave HOME as it is. */
function isOurs(folder: string): boolean {
  const uid = process.getuid?.();
  try {
    return uid === undefined || nodeFs.statSync(folder).uid === uid;
  } catch {
    return false;
  }
}

/** With the links of what exists of it resolved. */
function resolved(folder: string): string {
  try {
    return nodeFs.realpathSync(folder);
  } catch {
    const above = path.dirname(folder);
    return above === folder ? folder : path.join(resolved(above), path.basename(folder));
  }
}

/** Undefined when there is none, or none that only we can read and write. */
function readKey(folder: string): Buffer | undefined {
  const file = path.join(folder, KEY_FILE);
  try {
    const stat = nodeFs.lstatSync(file);
    const uid = process.getuid?.();
    if (uid !== undefined && (stat.uid !== uid || (stat.mode & 0o077) !== 0)) return undefined;
    const text = readPlain(file, nodeFs)?.toString('latin1') ?? '';
    return /^[0-9a-f]{64}\n$/.test(text) ? Buffer.from(text.trim(), 'hex') : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when somebody else's file stands in its place. @throws an error of the system */
function makeKey(folder: string): Buffer | undefined {
  makeFolders(folder);
  const file = path.join(folder, KEY_FILE);
  const bytes = Buffer.from(`${randomBytes(32).toString('hex')}\n`);
  const temp = `${file}.${randomBytes(6).toString('hex')}`;
  writeWhole(temp, bytes, 0o600, nodeFs);
  try {
    // Unlike a rename, a link never replaces the key that another process has just made.
    nodeFs.linkSync(temp, file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Some file systems have no links.
    if (error.code !== 'EEXIST') writeWhole(file, bytes, 0o600, nodeFs);
  } finally {
    nodeFs.unlinkSync(temp);
  }
  return readKey(folder);
}

/** As `mkdir -p` with mode 0700: node's own says ENOENT on a file system that is read-only. */
function makeFolders(folder: string): void {
  if (nodeFs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path.dirname(folder) !== folder) makeFolders(path.dirname(folder));
  try {
    nodeFs.mkdirSync(folder, 0o700);
    nodeFs.chmodSync(folder, 0o700);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
  }
}
