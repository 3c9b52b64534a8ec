/**
 * The journal: what a patch is about to change, with the bytes before, so that it can be taken back. It lies in the git
 * directory under `nayek/`, else in `.nayek/`, which ignores itself. Folders are 0700 and files 0600, as the bytes may
 * hold credentials.
 *
 *     steps/0001/0        bytes of the first file before
 *     steps/0001/step.json  written after all of them, so a folder without it changed nothing
 */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { isInside } from '../repo/path.ts';
import { NayekError } from '../system/errors.ts';
import { findGit } from '../system/git.ts';
import { lstat, syncFolder, writeWhole } from '../system/whole-file.ts';

/** The file operations that the writer uses; tests inject faults here. */
export type WriterFs = Pick<
  typeof nodeFs,
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'unlinkSync'
  | 'writeSync'
>;

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
  readonly version: 1;
  /** `open` while files are being replaced, in either direction: then the way is back. */
  readonly state: 'open' | 'committed';
  /** Folder that the paths start from, relative to the working tree's top; '' without git. */
  readonly root: string;
  /** ISO 8601. */
  readonly at: string;
  readonly recipe: string;
  readonly files: readonly StepFile[];
  /** Folders that the patch created, relative to the root, outermost first. */
  readonly folders: readonly string[];
}

export interface Step {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly record: StepRecord;
}

/** Where the state of one repository lies. */
export interface State {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly folder: string;
  /** See StepRecord.root. */
  readonly rootName: string;
  readonly inGit: boolean;
}

/** How many patches can be undone. */
const KEPT_STEPS = 20;

/** @throws NayekError `not-a-directory` */
export function stateOf(dir: string): State {
  let root: string;
  try {
    root = nodeFs.realpathSync(dir);
    if (!nodeFs.statSync(root).isDirectory()) throw new Error();
  } catch (cause) {
    throw new NayekError('not-a-directory', dir, { cause });
  }
  const git = findGit(root);
  if (!git) return { root, folder: path.join(root, '.nayek'), rootName: '', inGit: false };
  const rootName = path.relative(git.top, root).split(path.sep).join('/');
  return { root, folder: path.join(git.dir, 'nayek'), rootName, inGit: true };
}

/**
 * Makes the state folder where it is missing.
 * @throws NayekError `outside`, `read-only` when a link or a file stands in its place.
 */
export function makeStateFolder(state: State, fs: WriterFs): void {
  assertPlain(state, fs);
  fs.mkdirSync(path.join(state.folder, 'steps'), { recursive: true, mode: 0o700 });
  if (!state.inGit && !lstat(path.join(state.folder, '.gitignore'), fs)) {
    writeWhole(path.join(state.folder, '.gitignore'), Buffer.from('*\n'), 0o600, fs);
  }
}

/** A repository could bring a state folder that leads elsewhere. */
function assertPlain(state: State, fs: WriterFs): void {
  for (const folder of [state.folder, path.join(state.folder, 'steps')]) {
    const stat = lstat(folder, fs);
    if (!stat) return;
    if (stat.isSymbolicLink()) throw new NayekError('outside', folder);
    if (!stat.isDirectory()) throw new NayekError('read-only', `${folder} (ENOTDIR)`);
  }
}

/**
 * All steps of this root, oldest first. A folder without a readable record is left out.
 * @throws NayekError `outside`, `read-only` when a link or a file stands in the place of the state folder.
 */
export function readSteps(state: State, fs: WriterFs): Step[] {
  assertPlain(state, fs);
  const home = path.join(state.folder, 'steps');
  const out: Step[] = [];
  for (const name of stepNames(home, fs)) {
    const folder = path.join(home, name);
    const file = path.join(folder, 'step.json');
    try {
      if (!lstat(folder, fs)?.isDirectory() || !lstat(file, fs)?.isFile()) continue;
      const record: StepRecord = JSON.parse(fs.readFileSync(file, 'utf8'));
      if (record.version === 1 && record.root === state.rootName && isSound(record)) out.push({ folder, record });
    } catch {
      // Killed before the record was complete: nothing had been changed then.
    }
  }
  return out;
}

/** A repository could bring a journal of its own: nothing in it may lead out, or to a file that is not nayek's. */
function isSound(record: StepRecord): boolean {
  const hash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
  const before = (b: StepFile['before']): boolean =>
    b === null || (hash(b.sha256) && /^\d+$/.test(b.blob) && Number.isInteger(b.mode) && (b.mode & ~0o7777) === 0);
  return (
    ['open', 'committed'].includes(record.state) &&
    record.folders.every((f) => isInside(f)) &&
    record.files.every(
      (f) => isInside(f.path) && hash(f.after) && /^\.nayek-tmp-\d+-\d+$/.test(f.temp) && before(f.before),
    )
  );
}

/** A step that is not on the disk yet. */
export function newStep(state: State, record: Omit<StepRecord, 'version' | 'state' | 'root'>, fs: WriterFs): Step {
  const home = path.join(state.folder, 'steps');
  const last = stepNames(home, fs).at(-1) ?? '0';
  const folder = path.join(home, String(Number(last) + 1).padStart(4, '0'));
  return { folder, record: { version: 1, state: 'open', root: state.rootName, ...record } };
}

/** Saves the bytes before, which go by path, then the record. From then on a killed run is rolled back. */
export function openStep(step: Step, bytes: ReadonlyMap<string, Buffer>, fs: WriterFs): void {
  fs.mkdirSync(step.folder, { mode: 0o700 });
  for (const file of step.record.files) {
    const before = bytes.get(file.path);
    if (file.before && before) writeWhole(path.join(step.folder, file.before.blob), before, 0o600, fs);
  }
  saveRecord(step, fs);
  syncFolder(path.dirname(step.folder), fs);
}

/** Replaces the record on disk in one step. */
export function saveRecord(step: Step, fs: WriterFs): void {
  const file = path.join(step.folder, 'step.json');
  const temp = `${file}.new`;
  if (lstat(temp, fs)) fs.unlinkSync(temp);
  writeWhole(temp, Buffer.from(`${JSON.stringify(step.record, null, 1)}\n`), 0o600, fs);
  fs.renameSync(temp, file);
  syncFolder(step.folder, fs);
}

/** Forgets a step; the record goes first, so that a half-removed folder counts as nothing. */
export function removeStep(step: Step, fs: WriterFs): void {
  if (!lstat(step.folder, fs)) return;
  const record = path.join(step.folder, 'step.json');
  if (lstat(record, fs)) fs.unlinkSync(record);
  for (const name of fs.readdirSync(step.folder)) fs.unlinkSync(path.join(step.folder, name));
  fs.rmdirSync(step.folder);
}

/** Drops remains of killed runs and the oldest committed steps beyond the limit. */
export function tidySteps(state: State, fs: WriterFs): void {
  const home = path.join(state.folder, 'steps');
  for (const name of stepNames(home, fs)) {
    const folder = path.join(home, name);
    if (lstat(path.join(folder, 'step.json'), fs)) continue;
    for (const remains of fs.readdirSync(folder)) fs.unlinkSync(path.join(folder, remains));
    fs.rmdirSync(folder);
  }
  const committed = readSteps(state, fs).filter((s) => s.record.state === 'committed');
  for (const step of committed.slice(0, -KEPT_STEPS)) removeStep(step, fs);
}

/** Removes the state folder when nothing is left to undo in it. */
export function dropEmptyState(state: State, fs: WriterFs): void {
  const home = path.join(state.folder, 'steps');
  const rest = fs.readdirSync(state.folder).filter((name) => name !== 'steps');
  if (rest.some((name) => name !== '.gitignore') || fs.readdirSync(home).length > 0) return;
  fs.rmdirSync(home);
  for (const name of rest) fs.unlinkSync(path.join(state.folder, name));
  fs.rmdirSync(state.folder);
}

function stepNames(home: string, fs: WriterFs): string[] {
  try {
    return fs
      .readdirSync(home)
      .filter((name) => /^\d{4,}$/.test(name))
      .sort((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}

/** SHA-256, hexadecimal. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
