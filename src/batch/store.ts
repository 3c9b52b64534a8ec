/**
 * The state folder of a batch. It holds the exact patches, which may hold credentials: folders are 0700, files 0600, and
 * git ignores it.
 *
 *     seal.json        who has made it, and where: see state-seal.ts
 *     lock.json        what each repository's ref stood for
 *     ledger.jsonl     a line for each job that came to an end, in that order
 *     patches/ reports/   named after the SHA-256 of their bytes
 *     clones/          remote commits, fetched once
 *     work/            checkouts of the jobs that run now
 *     marks.json       what a reviewer has approved or excluded
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PlanReport } from '../report/json.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { LEFT_BESIDE, lstat, replaceWhole, writeWhole } from '../system/whole-file.ts';
import { CLONES, isClone, isHalfMade } from './clone.ts';
import { isReport } from './forms.ts';
import { batchError, type StoredFile } from './job.ts';
import { assertSealed, sealFolder } from './state-seal.ts';

/** Where the state lies unless --state says otherwise, below the current folder. */
export const STATE_FOLDER = '.nayek-batch';

const FOLDERS = ['patches', 'reports', 'work', CLONES];

/** All that a state folder holds, beside files that a kill has left. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['.gitignore', 'lock', 'seal.json', 'lock.json', 'ledger.jsonl', 'marks.json', 'review.html', ...FOLDERS],
]);

/**
 * Makes the state folder where it is missing. Returns its absolute path.
 * @throws NayekError `outside` when a link stands in its place, `batch` when it is a folder for something else, or one
 * that this user's nayek has not made there; `read-only`.
 */
export function openStore(folder: string): string {
  const store = path.resolve(folder);
  try {
    mkdirSync(store, { recursive: true, mode: 0o700 });
    if (names(store).length === 0) sealFolder(store);
    else assertSealed(store);
    for (const name of FOLDERS) mkdirSync(path.join(store, name), { recursive: true, mode: 0o700 });
    assertPlain(store);
    const ignored = path.join(store, '.gitignore');
    if (!lstat(ignored)) writeWhole(ignored, Buffer.from('*\n'), 0o600);
  } catch (cause) {
    if (cause instanceof NayekError) throw cause;
    throw new NayekError('read-only', `${store} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return store;
}

/**
 * The state folder of a batch that was planned.
 * @throws NayekError `batch` when there is none, `outside` when it leads elsewhere.
 */
export function existingStore(folder: string): string {
  const store = path.resolve(folder);
  assertPlanned(store);
  return openStore(store);
}

function assertPlanned(store: string): void {
  if (lstat(path.join(store, 'lock.json'))) return;
  throw batchError(say`${store} holds no batch`, say`run \`nayek batch plan\` first, or name its folder with --state`);
}

/** That a folder has all that a state folder has, whoever has made it. @throws NayekError `batch`, `outside` */
export function assertStateFolder(store: string): void {
  assertPlanned(store);
  names(store);
  assertPlain(store);
}

/**
 * What a state folder holds, but for what says nothing about who has made it.
 * @throws NayekError `batch` for one that holds other things: a batch tidies up in its folder.
 */
function names(store: string): string[] {
  const all = readdirSync(store).filter((name) => !LEFT_BESIDE.test(name) && !LOCK_ASIDE.test(name));
  const other = all.find((name) => !KNOWN.has(name));
  if (other !== undefined && !all.includes('seal.json')) {
    const hint = say`name a folder of its own with --state, or an empty one`;
    throw batchError(say`${store} is no state folder of a batch: it holds ${other}`, hint);
  }
  return all.filter((name) => name !== '.gitignore' && name !== 'lock');
}

/** What a process that was killed while it took the lock leaves. */
const LOCK_ASIDE = /^lock\.\d+$/;

/** A repository could bring a state folder that leads elsewhere. */
function assertPlain(store: string): void {
  for (const name of ['', ...FOLDERS]) {
    const at = path.join(store, name);
    if (lstat(at)?.isDirectory() !== true) throw new NayekError('outside', at);
  }
  for (const name of ['lock.json', 'ledger.jsonl', 'marks.json']) {
    const at = path.join(store, name);
    const stat = lstat(at);
    // Of a file with two names the other may lie anywhere.
    if (stat && (!stat.isFile() || stat.nlink > 1)) throw new NayekError('outside', at);
  }
}

/** Keeps bytes under the name of their SHA-256. Writing the same twice is one file. */
export function keep(store: string, folder: 'patches' | 'reports', content: Buffer): StoredFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const name = `${folder}/${sha256}.${folder === 'patches' ? 'patch' : 'json'}`;
  // A damaged one is noticed by its hash, and made again.
  if (!holds(store, { path: name, sha256 })) replaceWhole(path.join(store, name), content, { sync: false });
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

/** A stored report; undefined when it is missing, damaged or none. */
export function readReport(store: string, file: StoredFile | null | undefined): PlanReport | undefined {
  const bytes = file ? readStored(store, file) : undefined;
  if (!bytes) return undefined;
  try {
    const report: unknown = JSON.parse(bytes.toString());
    return isReport(report) ? report : undefined;
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
 * for who holds the lock, and only what has a name as nayek gives it.
 */
export function reap(store: string, clones?: ReadonlySet<string>): void {
  const drop = (folder: string, unwanted: (name: string) => boolean): void => {
    for (const name of readdirSync(path.join(store, folder))) {
      if (!unwanted(name)) continue;
      rmSync(path.join(store, folder, name), { recursive: true, force: true, maxRetries: 3 });
    }
  };
  drop('work', (name) => WORK.test(name));
  drop(CLONES, (name) => isHalfMade(name) || (clones !== undefined && isClone(name) && !clones.has(name)));
  for (const folder of ['.', 'patches', 'reports']) drop(folder, (name) => LEFT_BESIDE.test(name));
}

/** As `makeWorkFolder` names them. */
const WORK = /^\d+-[0-9a-f]{12}$/;
