/**
 * The state folder of a batch. It holds the exact patches, which may hold credentials: folders are 0700, files 0600, and
 * git ignores it.
 *
 *     lock.json        what each repository's ref stood for
 *     ledger.jsonl     a line for each job that came to an end, in that order
 *     patches/ reports/   named after the SHA-256 of their bytes
 *     clones/          remote commits, fetched once
 *     work/            checkouts of the jobs that run now
 *     marks.json       what a reviewer has approved or excluded
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { NayekError } from '../system/errors.ts';
import { CLONES } from './clone.ts';
import { batchError, type StoredFile } from './job.ts';

/** Where the state lies unless --state says otherwise, below the current folder. */
export const STATE_FOLDER = '.nayek-batch';

const FOLDERS = ['patches', 'reports', 'work', CLONES];

/**
 * Makes the state folder where it is missing. Returns its absolute path.
 * @throws NayekError `outside` when a link stands in its place, `read-only`.
 */
export function openStore(folder: string): string {
  const store = path.resolve(folder);
  try {
    for (const name of ['', ...FOLDERS]) {
      const at = path.join(store, name);
      mkdirSync(at, { recursive: true, mode: 0o700 });
      if (!lstatSync(at).isDirectory()) throw new NayekError('outside', at);
    }
    const ignored = path.join(store, '.gitignore');
    if (!existsSync(ignored)) writeFileSync(ignored, '*\n', { mode: 0o600 });
  } catch (cause) {
    if (cause instanceof NayekError) throw cause;
    throw new NayekError('read-only', `${store} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return store;
}

/** The state folder of a batch that was planned. @throws NayekError `batch` when there is none. */
export function existingStore(folder: string): string {
  const store = path.resolve(folder);
  if (!existsSync(path.join(store, 'lock.json'))) {
    throw batchError(`${store} holds no batch`, 'run `nayek batch plan` first, or name its folder with --state');
  }
  return store;
}

/** Replaces a file as a whole, so that a kill leaves the old or the new one. Mode 0600. */
export function writeFileWhole(file: string, content: string | Buffer): void {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}

/** Keeps bytes under the name of their SHA-256. Writing the same twice is one file. */
export function keep(store: string, folder: 'patches' | 'reports', content: Buffer): StoredFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const name = `${folder}/${sha256}.${folder === 'patches' ? 'patch' : 'json'}`;
  if (!holds(store, { path: name, sha256 })) writeFileWhole(path.join(store, name), content);
  return { path: name, sha256 };
}

/** Whether a stored file is there with the bytes that it was stored with. */
export function holds(store: string, file: StoredFile): boolean {
  return readStored(store, file) !== undefined;
}

/** The bytes of a stored file; undefined when it is missing or damaged. */
export function readStored(store: string, file: StoredFile): Buffer | undefined {
  if (!/^(?:patches|reports)\/[0-9a-f]{64}\.(?:patch|json)$/.test(file.path)) return undefined;
  try {
    const bytes = readFileSync(path.join(store, file.path));
    return createHash('sha256').update(bytes).digest('hex') === file.sha256 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** A new folder for the checkout of one job. Absolute path. */
export function makeWorkFolder(store: string): string {
  const folder = path.join(store, 'work', `${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Removes what killed runs have left: checkouts, half-made clones and files, and clones that are not in `clones`. Only
 * for who holds the lock.
 */
export function reap(store: string, clones?: ReadonlySet<string>): void {
  const drop = (name: string): void => rmSync(path.join(store, name), { recursive: true, force: true, maxRetries: 3 });
  for (const name of readdirSync(path.join(store, 'work'))) drop(`work/${name}`);
  for (const name of readdirSync(path.join(store, CLONES))) {
    if (name.startsWith('tmp-') || (clones && !clones.has(name))) drop(`${CLONES}/${name}`);
  }
  for (const folder of ['.', 'patches', 'reports']) {
    for (const name of readdirSync(path.join(store, folder))) if (name.endsWith('.tmp')) drop(`${folder}/${name}`);
  }
}
