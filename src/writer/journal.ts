/**
 * The journal: what a patch is about to change, with the bytes before, so that it can be taken back.
 *
 *     steps/0001/0          bytes of the first file before
 *     steps/0001/step.json  the record, sealed: see step-record.ts
 *     steps/.new-…          a step that is being made, steps/.gone-… one that is being removed: their names prove it
 *
 * A step appears as a whole, by a rename. What is not sealed by us is never used, and never removed.
 */
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { lstat, syncFolder, writeWhole } from '../system/whole-file.ts';
import { makeFolder, type WriterFs } from './disk.ts';
import { isProvable, provableName } from './seal.ts';
import { assertState, type State } from './state.ts';
import { isBlob, type NewRecord, NO_KEY, newRecord, readStep, recordBytes, type StepRecord } from './step-record.ts';

export interface Step {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Absolute path of the folder that its files start from. */
  readonly root: string;
  readonly record: StepRecord;
}

/** A step that is not ours, or that cannot be read: it stays as it is, and stops everything that writes. */
export interface Stranger {
  readonly folder: string;
  /** In a few words, after the folder's name. */
  readonly why: string;
}

export interface Journal {
  /** Oldest first. */
  readonly steps: readonly Step[];
  readonly strangers: readonly Stranger[];
}

/** How many patches of one root can be undone. */
const KEPT_STEPS = 20;

/**
 * All steps of a state folder, of whatever root below its home.
 * @throws NayekError as assertState(); `journal` when the folder cannot be listed.
 */
export function readJournal(state: State, fs: WriterFs): Journal {
  assertState(state, fs);
  const steps: Step[] = [];
  const strangers: Stranger[] = [];
  for (const name of stepNames(state, fs)) {
    const folder = path.join(stepsOf(state), name);
    const read = readStep(state, folder, fs);
    if (typeof read === 'string') strangers.push({ folder, why: read });
    else steps.push({ folder, root: path.join(state.home, read.root), record: read });
  }
  return { steps, strangers };
}

/** @throws NayekError `journal` when there are any: one line that names the first and says how to go on. */
export function assertNoStrangers({ strangers }: Journal): void {
  const [first] = strangers;
  if (!first) return;
  const more = strangers.length > 1 ? say`, and ${strangers.length - 1} more like it` : '';
  throw new NayekError('journal', say`the journal ${first.folder} ${first.why}${more}`, {
    hint: first.why === NO_KEY ? FRESH : SET_ASIDE,
  });
}

const FRESH = say`in CI, keep $XDG_STATE_HOME/nayek/journal.key with the work tree; or begin anew: \`nayek doctor --journal --set-aside\` moves it out of the way and deletes nothing`;

export const SET_ASIDE = say`\`nayek status\` says more, \`nayek doctor --journal --set-aside\` moves it out of the way and deletes nothing`;

/** True when the step's files may lie in the root, or the root's in the step's. */
export function concerns(step: Step, root: string): boolean {
  const [a, b] = [`${step.root}${path.sep}`, `${root}${path.sep}`];
  return a.startsWith(b) || b.startsWith(a);
}

/** True when the repository was moved or copied after this step. */
export function isMoved(step: Step, state: State): boolean {
  return step.record.home !== state.home;
}

/** A step that is not on the disk yet. */
export function newStep(state: State, record: NewRecord, fs: WriterFs): Step {
  const last = stepNames(state, fs).at(-1) ?? '0';
  const folder = path.join(stepsOf(state), String(Number(last) + 1).padStart(4, '0'));
  return { folder, root: state.root, record: newRecord(state, record) };
}

/** Saves the bytes before, which go by path, and the record. From then on a killed run is rolled back. */
export function openStep(state: State, step: Step, bytes: ReadonlyMap<string, Buffer>, fs: WriterFs): void {
  const steps = stepsOf(state);
  const making = path.join(steps, provableName('new', steps, state.home));
  makeFolder(making, 0o700, fs);
  for (const file of step.record.files) {
    const before = bytes.get(file.path);
    if (file.before && before) writeWhole(path.join(making, file.before.blob), before, 0o600, fs);
  }
  writeWhole(path.join(making, 'step.json'), recordBytes(step.folder, step.record), 0o600, fs);
  syncFolder(making, fs);
  fs.renameSync(making, step.folder);
  syncFolder(steps, fs);
}

/** Replaces the record on disk in one step. */
export function saveRecord(step: Step, fs: WriterFs): void {
  const file = path.join(step.folder, 'step.json');
  const temp = `${file}.new`;
  if (lstat(temp, fs)) fs.unlinkSync(temp);
  writeWhole(temp, recordBytes(step.folder, step.record), 0o600, fs);
  fs.renameSync(temp, file);
  syncFolder(step.folder, fs);
}

/** Forgets a step at once; what is left of it after a kill goes with the next sweep(). */
export function removeStep(state: State, step: Step, fs: WriterFs): void {
  if (!lstat(step.folder, fs)) return;
  const steps = stepsOf(state);
  fs.renameSync(step.folder, path.join(steps, provableName('gone', steps, state.home)));
  sweep(state, fs);
}

/**
 * Removes what killed runs have left in the journal: folders whose names only we can make. What somebody else has put
 * into one is kept, beside the steps.
 */
export function sweep(state: State, fs: WriterFs): void {
  const steps = stepsOf(state);
  for (const name of namesIn(steps, fs)) {
    if (!isProvable(name, steps, state.home)) continue;
    const folder = path.join(steps, name);
    try {
      if (!lstat(folder, fs)?.isDirectory()) continue;
      const [own, foreign] = [[] as string[], [] as string[]];
      for (const remains of fs.readdirSync(folder)) (isOurs(remains) ? own : foreign).push(remains);
      for (const remains of own) fs.unlinkSync(path.join(folder, remains));
      if (foreign.length === 0) fs.rmdirSync(folder);
      else fs.renameSync(folder, path.join(state.folder, `kept-${name.slice(1)}`));
    } catch (error) {
      // It counts as nothing, and the next run tries again.
      if (!isSystemError(error)) throw error;
    }
  }
}

/** The names in the folder of a step. */
function isOurs(name: string): boolean {
  return isBlob(name) || name === 'step.json' || name === 'step.json.new';
}

/** Drops remains of killed runs and the oldest committed steps of this root beyond the limit. */
export function tidySteps(state: State, fs: WriterFs): void {
  sweep(state, fs);
  const committed = readJournal(state, fs).steps.filter((s) => s.record.state === 'committed' && s.root === state.root);
  for (const step of committed.slice(0, -KEPT_STEPS)) removeStep(state, step, fs);
}

function stepsOf(state: State): string {
  return path.join(state.folder, 'steps');
}

function stepNames(state: State, fs: WriterFs): string[] {
  return namesIn(stepsOf(state), fs)
    .filter((name) => /^\d{4,15}$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
}

/** @throws NayekError `journal` when the folder is there but cannot be listed. */
function namesIn(folder: string, fs: WriterFs): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return [];
    throw new NayekError('journal', say`${folder} cannot be read (${error.code})`, {
      hint: say`check its owner and permissions; nothing was written`,
      cause: error,
    });
  }
}
