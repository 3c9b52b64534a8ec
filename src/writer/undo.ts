/** The way back: of a patch that was cut short, and of the last one that was completed. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { lstat, syncFolder, writeWhole } from '../system/whole-file.ts';
import { blocked, makeFolder, newMode, ownerIn, type WriterFs } from './disk.ts';
import { damagedBytes, type FileHealth, healthOf, obstacle, savedBytes, whatIsAt } from './health.ts';
import {
  assertNoStrangers,
  concerns,
  isMoved,
  type Journal,
  readJournal,
  removeStep,
  type Step,
  saveRecord,
  sweep,
} from './journal.ts';
import { withLock } from './lock.ts';
import { type State, stateOf } from './state.ts';
import type { StepFile } from './step-record.ts';

export interface Undone {
  /** Paths that have their earlier bytes again, or are gone again; relative to `root`. */
  readonly files: readonly string[];
  /** Absolute: the folder that had been patched. */
  readonly root: string;
  /** ISO 8601: when they had been patched. */
  readonly at: string;
  /** The patch had been cut short, so this was the rest of it. */
  readonly unfinished: boolean;
  /** Files that stay as they are now, and why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
  /** Files whose permission bits were changed after the patch: they stay. */
  readonly modes: readonly { readonly path: string; readonly mode: number }[];
  /** Absolute path of a folder with the bytes that were replaced by force, and those before of the files left. */
  readonly copies?: string;
}

export interface UndoOptions {
  /** Restore files that have changed since, too; a copy of them is kept. */
  readonly force?: boolean;
  /** State folders to look into, the root's own first; that one alone by default. See statesNear(). */
  readonly near?: readonly State[];
  readonly fs?: WriterFs;
}

/**
 * Takes back the last patch below `dir`: bytes and absence are as they were before it. What was cut short comes first,
 * also that of a folder above or below; of that each file goes back that nobody else has touched.
 * @throws NayekError `nothing-to-undo`, `undo-changed`, `journal`, `locked`, `read-only`: nothing has changed then.
 */
export async function undo(dir: string, options: UndoOptions = {}): Promise<Undone> {
  const fs = options.fs ?? nodeFs;
  const own = stateOf(dir);
  const states = options.near ?? [own];
  const isWaiting = (state: State): boolean => unfinished(state, readJournal(state, fs)).length > 0;
  const isRecorded = (state: State): boolean => stepOf(state, own.root, readJournal(state, fs)) !== undefined;
  for (const state of states) assertNoStrangers(readJournal(state, fs));
  const state = states.find(isWaiting) ?? states.find(isRecorded);
  if (!state) throw nothingToUndo(own, states, fs);
  return withLock(state, fs, async () => {
    sweep(state, fs);
    const journal = readJournal(state, fs);
    assertNoStrangers(journal);
    const step = stepOf(state, own.root, journal);
    if (!step) throw nothingToUndo(own, states, fs);
    return takeBack(state, step, options.force === true, fs);
  });
}

/** The step to take back: what was cut short, else the last one of the root. */
function stepOf(state: State, root: string, journal: Journal): Step | undefined {
  return unfinished(state, journal).at(-1) ?? journal.steps.filter((s) => s.root === root).at(-1);
}

function nothingToUndo(own: State, states: readonly State[], fs: WriterFs): NayekError {
  const near = states.flatMap((s) => readJournal(s, fs).steps.filter((step) => concerns(step, own.root)));
  const last = near.sort((a, b) => a.record.at.localeCompare(b.record.at)).at(-1);
  const hint = last ? { hint: say`the last patch near it is that of ${last.root}: \`nayek undo\` there` } : {};
  return new NayekError('nothing-to-undo', own.root, hint);
}

/** Steps that were cut short and whose files may lie in the root, oldest first. */
export function unfinished(state: State, journal: Journal): Step[] {
  return journal.steps.filter((s) => s.record.state === 'open' && concerns(s, state.root));
}

function takeBack(state: State, step: Step, force: boolean, fs: WriterFs): Undone {
  const wasOpen = step.record.state === 'open';
  const health = healthOf(step, fs);
  const left = health.flatMap((h) => {
    const why = obstacle(h, force);
    return why === undefined ? [] : [{ path: h.file.path, why, health: h }];
  });
  const rest = health.filter((h) => !left.some((l) => l.health === h));
  // What was cut short must not stay in the way: its files are kept beside the journal instead.
  if (left.length > 0 && !wasOpen && (!force || rest.length === 0)) throw refusal(left, force);
  const replaced = rest.filter((h) => h.now === 'changed');
  const copies = keepCopies(
    state,
    step,
    replaced,
    left.map((l) => l.health),
    fs,
  );
  const files = rest.map(({ file, hash, now }) =>
    now === 'changed' && hash !== null ? { ...file, after: hash } : file,
  );
  const open: Step = { ...step, record: { ...step.record, home: state.home, state: 'open', files } };
  saveRecord(open, fs);
  const modes = rollBack(state, open, fs);
  return {
    files: files.map((f) => f.path),
    root: step.root,
    at: step.record.at,
    unfinished: wasOpen,
    left: left.map(({ path: name, why }) => ({ path: name, why })),
    modes,
    ...(copies === undefined ? {} : { copies }),
  };
}

function refusal(left: readonly { path: string; why: string; health: FileHealth }[], force: boolean): NayekError {
  if (left.every((l) => l.health.now === 'changed' && l.health.isSaved)) {
    return new NayekError('undo-changed', left.map((l) => l.path).join(', '));
  }
  const named = left.map((l) => `${l.path} ${l.why}`).join(', ');
  return new NayekError('journal', say`cannot be restored: ${named}`, {
    hint: force
      ? say`the journal is kept; nothing was written`
      : say`\`nayek undo --force\` restores the other files and says what is left; nothing was written`,
  });
}

/** True when a patch was cut short here, above or below, and waits to be rolled back. */
export function isUnfinished(state: State, fs: WriterFs = nodeFs): boolean {
  return unfinished(state, readJournal(state, fs)).length > 0;
}

/** Takes the lock and rolls back what was cut short. Returns the files. */
export async function recoverNow(state: State, fs: WriterFs = nodeFs): Promise<string[]> {
  // Before the lock, which makes the state folder ours.
  assertNoStrangers(readJournal(state, fs));
  return withLock(state, fs, async () => recover(state, fs));
}

/**
 * Rolls back what was cut short, newest first; the lock must be held. Returns the files, relative to the root.
 * @throws NayekError `undo-changed` when such a file has been changed since, `journal` when one cannot be restored, when
 * there is a step that is not ours, or one that comes from another place; nothing has been written then.
 */
export function recover(state: State, fs: WriterFs): string[] {
  const journal = readJournal(state, fs);
  assertNoStrangers(journal);
  const open = unfinished(state, journal).reverse();
  for (const step of open) {
    if (isMoved(step, state)) {
      throw new NayekError('journal', say`a patch was cut short when this repository lay in ${step.record.home}`, {
        hint: say`\`nayek undo\` takes it back here; nothing was written`,
      });
    }
    const left = healthOf(step, fs).flatMap((h) => {
      const why = obstacle(h, false);
      return why === undefined ? [] : [`${h.file.path} ${why}`];
    });
    if (left.length > 0) {
      throw new NayekError('undo-changed', `${left.join(', ')}`, {
        hint: say`an earlier patch was cut short: \`nayek undo\` restores its other files and keeps a copy of the bytes before`,
      });
    }
  }
  for (const step of open) rollBack(state, step, fs);
  return open.flatMap((s) => s.record.files.map((f) => path.relative(state.root, path.join(s.root, f.path))));
}

/**
 * Restores every file of a step whose bytes are those before or after it, then forgets the step.
 * @throws NayekError `read-only`: the step stays open, and the next run goes on.
 */
export function rollBack(state: State, step: Step, fs: WriterFs): { path: string; mode: number }[] {
  let doing = '';
  const modes: { path: string; mode: number }[] = [];
  try {
    for (const file of step.record.files) {
      doing = file.path;
      const mode = restore(step, file, fs);
      if (mode !== undefined && mode !== file.before?.mode) modes.push({ path: file.path, mode });
    }
    for (const folder of [...step.record.folders].reverse()) removeIfEmpty(step.root, folder, fs);
    removeStep(state, step, fs);
    return modes;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new NayekError('read-only', `${doing} (${error.code})`, {
      hint: say`the files before are kept: once it can be written, \`nayek undo\` goes on`,
      cause: error,
    });
  }
}

/** Returns the permission bits that the file has now, where it was restored. */
function restore(step: Step, file: StepFile, fs: WriterFs): number | undefined {
  if (blocked(step.root, file.path, fs) !== undefined) return undefined;
  const target = path.join(step.root, file.path);
  const temp = path.join(path.dirname(target), file.temp);
  if (lstat(temp, fs)) fs.unlinkSync(temp);
  const found = whatIsAt(step.root, file.path, fs);
  // Changed by somebody else while the patch was being written: theirs. Gone, a folder for it may be missing.
  if ('blocked' in found || (found.hash !== file.after && found.hash !== null)) return undefined;
  if (!file.before) {
    if (found.hash === file.after) fs.unlinkSync(target);
    return undefined;
  }
  const bytes = savedBytes(step, file, fs);
  if (!bytes) {
    throw new NayekError('journal', say`the saved copy of ${file.path} in ${step.folder} is damaged`, {
      hint: say`\`nayek undo\` restores the other files and says what is left`,
    });
  }
  const stat = lstat(target, fs);
  // Permissions that somebody has set since the patch are theirs: a later chmod 600 must not be taken back.
  const mode = stat?.isFile() ? stat.mode & 0o7777 : file.before.mode;
  makeFoldersAbove(step.root, file.path, fs);
  writeWhole(temp, bytes, mode, fs, stat ?? ownerIn(path.dirname(target), fs));
  fs.renameSync(temp, target);
  syncFolder(path.dirname(target), fs);
  return mode;
}

function makeFoldersAbove(root: string, name: string, fs: WriterFs): void {
  const parts = name.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = path.join(root, ...parts.slice(0, depth));
    if (!lstat(folder, fs)) makeFolder(folder, newMode('folder'), fs, ownerIn(path.dirname(folder), fs));
  }
}

/**
 * Keeps, beside the journal, what is about to be replaced by force, and the bytes before of what is not restored. Returns
 * their folder; undefined when there is nothing to keep.
 */
function keepCopies(
  state: State,
  step: Step,
  replaced: readonly FileHealth[],
  left: readonly FileHealth[],
  fs: WriterFs,
): string | undefined {
  const kept: [string, Buffer][] = [];
  const nameOf = ({ file }: FileHealth): string =>
    `${step.record.files.indexOf(file)}-${path.posix.basename(file.path).slice(-60)}`;
  for (const h of replaced) if (h.bytes) kept.push([nameOf(h), h.bytes]);
  for (const h of left) {
    const bytes = savedBytes(step, h.file, fs);
    if (bytes) kept.push([`${nameOf(h)}.before`, bytes]);
    // Half of it may be of use to somebody.
    const damaged = bytes ? undefined : damagedBytes(step, h.file, fs);
    if (damaged) kept.push([`${nameOf(h)}.damaged`, damaged]);
  }
  if (kept.length === 0) return undefined;
  const copies = path.join(state.folder, `kept-${path.basename(step.folder)}-${Date.now()}`);
  makeFolder(copies, 0o700, fs);
  for (const [name, bytes] of kept) writeWhole(path.join(copies, name), bytes, 0o600, fs);
  return copies;
}

function removeIfEmpty(root: string, name: string, fs: WriterFs): void {
  const folder = path.join(root, name);
  if (blocked(root, name, fs) !== undefined) return;
  if (lstat(folder, fs)?.isDirectory() && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
