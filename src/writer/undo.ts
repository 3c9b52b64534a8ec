/** The way back: of a patch that was cut short, and of the last one that was completed. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { NayekError } from '../system/errors.ts';
import { lstat, syncFolder, writeWhole } from '../system/whole-file.ts';
import {
  readSteps,
  removeStep,
  type State,
  type Step,
  type StepFile,
  saveRecord,
  sha256,
  stateOf,
  type WriterFs,
} from './journal.ts';
import { withLock } from './lock.ts';

export interface Undone {
  /** Paths that have their earlier bytes again, or are gone again. */
  readonly files: readonly string[];
  /** ISO 8601: when they had been patched. */
  readonly at: string;
  /** The patch had been cut short, so this was the rest of it. */
  readonly unfinished: boolean;
  /** Absolute path of a folder with the bytes that --force has replaced. */
  readonly copies?: string;
}

export interface UndoOptions {
  /** Restore files that have changed since, too; a copy of them is kept. */
  readonly force?: boolean;
  readonly fs?: WriterFs;
}

/**
 * Takes back the last patch below `dir`: bytes, permission bits and absence are as they were before it.
 * @throws NayekError `nothing-to-undo`, `undo-changed`, `locked`, `read-only`.
 */
export async function undo(dir: string, options: UndoOptions = {}): Promise<Undone> {
  const fs = options.fs ?? nodeFs;
  const state = stateOf(dir);
  if (readSteps(state, fs).length === 0) throw new NayekError('nothing-to-undo', dir);
  return withLock(state, fs, async () => {
    const step = readSteps(state, fs).at(-1);
    if (!step) throw new NayekError('nothing-to-undo', dir);
    const changed = changedSince(state, step, fs);
    if (changed.length > 0 && !options.force) throw new NayekError('undo-changed', changed.join(', '));
    const forced = changed.length > 0 ? keepCopies(state, step, changed, fs) : undefined;
    const open: Step = { folder: step.folder, record: { ...(forced?.record ?? step.record), state: 'open' } };
    saveRecord(open, fs);
    rollBack(state, open, fs);
    return {
      files: step.record.files.map((f) => f.path),
      at: step.record.at,
      unfinished: step.record.state === 'open',
      ...(forced ? { copies: forced.copies } : {}),
    };
  });
}

/** True when a patch was cut short here and waits to be rolled back. */
export function isUnfinished(state: State, fs: WriterFs = nodeFs): boolean {
  return readSteps(state, fs).some((s) => s.record.state === 'open');
}

/** Takes the lock and rolls back what was cut short. Returns the files. */
export function recoverNow(state: State, fs: WriterFs = nodeFs): Promise<string[]> {
  return withLock(state, fs, async () => recover(state, fs));
}

/**
 * Rolls back what was cut short, newest first; the lock must be held. Returns the files.
 * @throws NayekError `undo-changed` when such a file has been changed since.
 */
export function recover(state: State, fs: WriterFs): string[] {
  const open = readSteps(state, fs).filter((s) => s.record.state === 'open');
  for (const step of open.reverse()) {
    const changed = changedSince(state, step, fs);
    if (changed.length > 0) {
      throw new NayekError('undo-changed', changed.join(', '), {
        hint: 'an earlier patch was cut short: `nayek undo --force` restores them and keeps a copy',
      });
    }
    rollBack(state, step, fs);
  }
  return open.flatMap((s) => s.record.files.map((f) => f.path));
}

/**
 * Restores every file of a step whose bytes are those before or after it, then forgets the step.
 * @throws NayekError `read-only`: the step stays open, and the next run goes on.
 */
export function rollBack(state: State, step: Step, fs: WriterFs): void {
  let doing = '';
  try {
    for (const file of step.record.files) {
      doing = file.path;
      restore(state, step, file, fs);
    }
    for (const folder of [...step.record.folders].reverse()) removeIfEmpty(path.join(state.root, folder), fs);
    removeStep(step, fs);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new NayekError('read-only', `${doing} (${code})`, {
      hint: 'the files before are kept: once it can be written, `nayek undo` goes on',
      cause: error,
    });
  }
}

function restore(state: State, step: Step, file: StepFile, fs: WriterFs): void {
  const target = path.join(state.root, file.path);
  const temp = path.join(path.dirname(target), file.temp);
  if (lstat(temp, fs)) fs.unlinkSync(temp);
  const now = bytesNow(state, file.path, fs);
  const hash = now ? sha256(now) : null;
  if (!file.before) {
    if (hash === file.after) fs.unlinkSync(target);
    return;
  }
  // Changed by somebody else while the patch was being written: theirs.
  if (hash !== null && hash !== file.after && hash !== file.before.sha256) return;
  const stat = lstat(target, fs);
  const whole = hash === file.before.sha256 && stat && (stat.mode & 0o7777) === file.before.mode;
  if (whole) return;
  const bytes = fs.readFileSync(path.join(step.folder, file.before.blob));
  if (sha256(bytes) !== file.before.sha256) {
    throw new NayekError('journal', `the saved copy of ${file.path} in ${step.folder} is damaged`);
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  writeWhole(temp, bytes, file.before.mode, fs, stat);
  fs.renameSync(temp, target);
  syncFolder(path.dirname(target), fs);
}

/** Files whose bytes are neither those before nor those after the step. */
function changedSince(state: State, step: Step, fs: WriterFs): string[] {
  return step.record.files
    .filter((file) => {
      const now = bytesNow(state, file.path, fs);
      const hash = now ? sha256(now) : null;
      return hash !== file.after && hash !== (file.before?.sha256 ?? null);
    })
    .map((file) => file.path);
}

/** Copies what is there beside the journal; from then on it counts as what the patch wrote. */
function keepCopies(state: State, step: Step, changed: readonly string[], fs: WriterFs) {
  const copies = path.join(state.folder, `kept-${path.basename(step.folder)}-${Date.now()}`);
  fs.mkdirSync(copies, { mode: 0o700 });
  const files = step.record.files.map((file, index) => {
    if (!changed.includes(file.path)) return file;
    const now = bytesNow(state, file.path, fs);
    if (!now) return file;
    writeWhole(path.join(copies, `${index}-${path.basename(file.path)}`), now, 0o600, fs);
    return { ...file, after: sha256(now) };
  });
  return { copies, record: { ...step.record, files } };
}

/**
 * Undefined when no file is there.
 * @throws NayekError `outside` when a link or a folder has taken its place, or that of a folder above it.
 */
function bytesNow(state: State, name: string, fs: WriterFs): Buffer | undefined {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const stat = lstat(path.join(state.root, ...parts.slice(0, depth)), fs);
    if (!stat) return undefined;
    if (depth < parts.length ? !stat.isDirectory() : !stat.isFile()) throw new NayekError('outside', name);
  }
  return fs.readFileSync(path.join(state.root, name));
}

function removeIfEmpty(folder: string, fs: WriterFs): void {
  if (lstat(folder, fs)?.isDirectory() && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
