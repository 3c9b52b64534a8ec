/** What the journals of a root hold and whether they are whole: for `nayek status` and `nayek doctor --journal`. */
import path from 'node:path';
import { isSystemError, NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { lstat } from '../system/whole-file.ts';
import type { WriterFs } from './disk.ts';
import { type FileHealth, healthOf, obstacle } from './health.ts';
import { isMoved, type Journal, readJournal, type Step, type Stranger } from './journal.ts';
import { isProvable } from './seal.ts';
import type { State } from './state.ts';

/**
 * `ready`: can be undone as it is; `later`: can be undone once the steps after it are; `moved`: as `ready`, but recorded
 * in another place; `unfinished`: was cut short; `changed`: files were changed since; `damaged`: bytes before are lost.
 */
export type StepState = 'ready' | 'later' | 'moved' | 'unfinished' | 'changed' | 'damaged';

export interface StepReport {
  readonly step: Step;
  readonly state: StepState;
  /** Files that cannot go back as they are, and why. */
  readonly obstacles: readonly { readonly path: string; readonly why: string }[];
}

export interface StateReport {
  readonly state: State;
  /** Oldest first. */
  readonly steps: readonly StepReport[];
  readonly strangers: readonly Stranger[];
  /** Why the state folder is not used at all, with what to do. */
  readonly trouble?: { readonly message: string; readonly hint: string };
  /** Absolute paths of folders with copies that an undo has kept, or that were set aside. */
  readonly kept: readonly string[];
  /** Absolute paths of what a killed run has left and the next one removes. */
  readonly remains: readonly string[];
}

/** Reads only; never throws for what it finds. */
export function inspect(state: State, fs: WriterFs): StateReport {
  const empty = { state, steps: [], strangers: [], kept: [], remains: [] };
  if (!isThere(state, fs)) return empty;
  let journal: Journal;
  try {
    journal = readJournal(state, fs);
  } catch (error) {
    if (!(error instanceof NayekError)) throw error;
    return { ...empty, trouble: { message: error.message, hint: error.hint } };
  }
  const steps = journal.steps.map((step, at) => reportOf(state, step, journal.steps.slice(at + 1), fs));
  const stepsFolder = path.join(state.folder, 'steps');
  return {
    state,
    steps,
    strangers: journal.strangers,
    kept: listed(state.folder, fs).filter((name) => /^(?:kept|aside)-/.test(path.basename(name))),
    remains: listed(stepsFolder, fs).filter((name) => isProvable(path.basename(name), stepsFolder, state.home)),
  };
}

function isThere(state: State, fs: WriterFs): boolean {
  try {
    return lstat(state.folder, fs) !== undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return true;
  }
}

function listed(folder: string, fs: WriterFs): string[] {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [];
  }
}

function reportOf(state: State, step: Step, later: readonly Step[], fs: WriterFs): StepReport {
  const health = healthOf(step, fs);
  // What a later step has changed again is compared when that one is undone.
  const again = new Set(later.flatMap((s) => s.record.files.map((f) => path.join(s.root, f.path))));
  const isCovered = (h: FileHealth): boolean => again.has(path.join(step.root, h.file.path));
  const obstacles = health.flatMap((h) => {
    const why = !h.isSaved ? say`its saved copy is damaged` : isCovered(h) ? undefined : obstacle(h, false);
    return why === undefined ? [] : [{ path: h.file.path, why }];
  });
  const isDamaged = health.some((h) => !h.isSaved);
  const waits = health.some(isCovered) || later.some((s) => s.root === step.root);
  let of: StepState = 'ready';
  if (step.record.state === 'open') of = 'unfinished';
  else if (isDamaged) of = 'damaged';
  else if (obstacles.length > 0) of = 'changed';
  else if (waits) of = 'later';
  else if (isMoved(step, state)) of = 'moved';
  return { step, state: of, obstacles };
}

/** True when something waits for a person. */
export function isSound(report: StateReport): boolean {
  const bad: readonly StepState[] = ['unfinished', 'damaged'];
  return !report.trouble && report.strangers.length === 0 && !report.steps.some((s) => bad.includes(s.state));
}
