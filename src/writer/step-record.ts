/** The record of a step: step.json, sealed, and what is held against it when it is read again. */
import path from 'node:path';
import { isInside } from '../repo/path.ts';
import { isSystemError } from '../system/errors.ts';
import { readPlain } from '../system/plain-file.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { lstat } from '../system/whole-file.ts';
import type { WriterFs } from './disk.ts';
import { isSeal, judge, keyFile, seal } from './seal.ts';
import { homeName, type State } from './state.ts';

export interface StepFile {
  /** Relative to the root, with '/'. */
  readonly path: string;
  /** Null for a created file. `mode` is the permission bits, `blob` the file in the step's folder. */
  readonly before: { readonly sha256: string; readonly mode: number; readonly blob: string } | null;
  /** SHA-256 of the bytes that the patch wrote. */
  readonly after: string;
  /** Name of the temporary file, in the same folder. */
  readonly temp: string;
}

export interface StepRecord {
  readonly version: typeof VERSION;
  /** `open` while files are being replaced, in either direction: then the way is back. */
  readonly state: 'open' | 'committed';
  /** Absolute path of the state's home when it was written: a repository may have been moved or copied since. */
  readonly home: string;
  /** Folder that the paths start from, relative to the home. */
  readonly root: string;
  /** ISO 8601. */
  readonly at: string;
  readonly recipe: string;
  readonly files: readonly StepFile[];
  /** Folders that the patch created, relative to the root, outermost first. */
  readonly folders: readonly string[];
}

/** What a patch says of itself; the rest of a record follows from where it stands. */
export type NewRecord = Omit<StepRecord, 'version' | 'state' | 'root' | 'home'>;

const VERSION = 2;
/** Bytes of a record: it grows by about 300 for each file. */
const LARGEST_RECORD = 64 * 1024 * 1024;

/** Of a home without any key, as in a container that is made anew around a work tree that was kept. */
export const NO_KEY = say`was sealed with a key that this home does not have`;

/** The record of a step that is open. */
export function newRecord(state: State, record: NewRecord): StepRecord {
  return { version: VERSION, state: 'open', home: state.home, root: homeName(state), ...record };
}

/** The record with its seal, as it stands in the step's folder. */
export function recordBytes(folder: string, record: StepRecord): Buffer {
  const sealed = { ...record, seal: seal(JSON.stringify(record), aboutStep(folder), record.home) };
  return Buffer.from(`${JSON.stringify(sealed, null, 1)}\n`);
}

/** The record of a step, or why it is not used. */
export function readStep(state: State, folder: string, fs: WriterFs): StepRecord | string {
  try {
    const stat = lstat(folder, fs);
    if (stat?.isSymbolicLink()) return say`is a link`;
    if (!stat?.isDirectory()) return say`is no folder`;
    const file = path.join(folder, 'step.json');
    if (!lstat(file, fs)) return say`holds no record`;
    const text = readPlain(file, fs, LARGEST_RECORD)?.toString();
    return text === undefined ? say`has a record that is no regular file` : checkRecord(state, folder, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return say`cannot be read (${error.code})`;
  }
}

function checkRecord(state: State, folder: string, text: string): StepRecord | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return say`has a damaged record`;
  }
  if (!isRecord(parsed)) return say`has a damaged record`;
  const { seal: claimed, ...record } = parsed;
  const { version } = record;
  if (version === 1) return say`was written by a former nayek, which did not seal its journal`;
  if (version !== VERSION) return say`is of a version that this nayek does not know`;
  if (!isSeal(claimed)) return say`has no seal`;
  const by = judge(JSON.stringify(record), aboutStep(folder), claimed, state.home);
  if (by === 'other-key') {
    if (keyFile(state.home) === undefined) return NO_KEY;
    return say`was not written by your nayek on this machine`;
  }
  if (by === 'changed') return say`has a record that was damaged or changed`;
  return isSound(record) ? (record as unknown as StepRecord) : say`has a record that leads out of the repository`;
}

/** The number is sealed, too, as it says which step is the last one. */
function aboutStep(folder: string): string {
  return `step ${path.basename(folder)}`;
}

/** Sealed by us, but a bug must not lead out either. */
function isSound(record: Readonly<Record<string, unknown>>): boolean {
  const { state, home, root, at, recipe, files, folders } = record;
  return (
    (state === 'open' || state === 'committed') &&
    [home, at, recipe].every((value) => typeof value === 'string') &&
    (root === '' || isPath(root)) &&
    Array.isArray(folders) &&
    folders.every(isPath) &&
    Array.isArray(files) &&
    files.every(isFile)
  );
}

function isFile(file: unknown): file is StepFile {
  if (!isRecord(file)) return false;
  const { path: name, before, after, temp } = file;
  return (
    isPath(name) &&
    isHash(after) &&
    matches(temp, /^\.nayek-tmp-[0-9a-f]+-\d+$/) &&
    (before === null || isBefore(before))
  );
}

function isBefore(before: unknown): boolean {
  if (!isRecord(before)) return false;
  const { sha256, blob, mode } = before;
  return (
    isHash(sha256) &&
    typeof blob === 'string' &&
    isBlob(blob) &&
    Number.isInteger(mode) &&
    (Number(mode) & ~0o7777) === 0
  );
}

/** The name of a saved copy in a step's folder. */
export function isBlob(name: string): boolean {
  return /^\d+$/.test(name);
}

const isPath = (value: unknown): boolean => typeof value === 'string' && isInside(value);
const isHash = (value: unknown): boolean => matches(value, /^[0-9a-f]{64}$/);
const matches = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);
