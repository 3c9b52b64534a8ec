/**
 * The only writer. All files of a plan are replaced, or none: a journal with the bytes before comes first, then each
 * file is written beside its place and renamed over it, then the journal is closed.
 *
 * What is kept: bytes outside of the edits, permission bits, and the owner where the system lets us. What is not: the
 * modification time is that of the patch (build tools rely on it, also after an undo), and a file with several hard
 * links is replaced under this name only, as git and editors do; the other names keep the old bytes.
 */
import { randomBytes } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { vouchedOn } from '../engine/vouched.ts';
import type { FileChange, Plan } from '../model/plan.ts';
import { isInside } from '../repo/path.ts';
import { encode } from '../repo/source.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { lstat, syncFolder, writeWhole } from '../system/whole-file.ts';
import { makeFolder, newMode, ownerIn, sha256, type WriterFs } from './disk.ts';
import { assertNoStrangers, newStep, openStep, readJournal, saveRecord, sweep, tidySteps } from './journal.ts';
import { withLock } from './lock.ts';
import { assertSettled } from './nearby.ts';
import { assertKeepsPromises } from './promises.ts';
import { type State, stateOf } from './state.ts';
import type { StepFile } from './step-record.ts';
import { recover, rollBack } from './undo.ts';

export interface WriteOptions {
  /** Aborted: everything is rolled back. Looked at between files. */
  readonly signal?: AbortSignal;
  /** File operations; node's by default. */
  readonly fs?: WriterFs;
}

/**
 * Writes a plan to its root.
 * @throws NayekError `drift`, `outside`, `forbidden`, `broken-plan`, `locked`, `read-only`, `interrupted`: nothing has
 * changed then.
 */
export async function applyPlan(plan: Plan, options: WriteOptions = {}): Promise<void> {
  if (plan.changes.length === 0) return;
  const fs = options.fs ?? nodeFs;
  const state = stateOf(plan.root);
  assertNoStrangers(readJournal(state, fs));
  await assertKeepsPromises(plan, state.root);
  await withLock(state, fs, async () => {
    recover(state, fs);
    assertSettled(state, [...Object.keys(plan.reads), ...plan.changes.map((c) => c.path)], fs);
    tidySteps(state, fs);
    const targets = plan.changes.map((change) => target(state.root, change, fs));
    assertNoDrift(state.root, plan, targets, fs);
    await replaceAll(state, plan, targets, options.signal, fs);
  });
}

interface Target {
  readonly change: FileChange;
  readonly file: string;
  /** What is there now; undefined when nothing is. */
  readonly now?: { readonly bytes: Buffer; readonly stat: nodeFs.Stats };
  /** Missing folders above it, relative to the root, outermost first. */
  readonly folders: readonly string[];
}

/** @throws NayekError also `read-only`, for a name that is too long for the system. */
function target(root: string, change: FileChange, fs: WriterFs): Target {
  try {
    return examine(root, change, fs);
  } catch (cause) {
    if (cause instanceof NayekError) throw cause;
    throw new NayekError('read-only', `${change.path} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

/** @throws NayekError `outside` for a name or a link that leads out of the repository, or no regular file. */
function examine(root: string, change: FileChange, fs: WriterFs): Target {
  assertInside(change.path);
  const file = path.join(root, change.path);
  const parts = change.path.split('/');
  const folders: string[] = [];
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    const stat = lstat(path.join(root, folder), fs);
    if (!stat) folders.push(folder);
    else if (!stat.isDirectory()) throw new NayekError('outside', change.path);
  }
  const stat = folders.length > 0 ? undefined : lstat(file, fs);
  if (!stat) return { change, file, folders };
  if (!stat.isFile()) throw new NayekError('outside', change.path);
  try {
    return { change, file, folders, now: { bytes: fs.readFileSync(file), stat } };
  } catch (cause) {
    throw new NayekError('unreadable', change.path, { cause });
  }
}

/** @throws NayekError `outside` where isInside() is false. */
export function assertInside(name: string): void {
  if (!isInside(name)) throw new NayekError('outside', JSON.stringify(name));
}

/** Everything that the plan rests on is as it was when it was looked at. */
function assertNoDrift(root: string, plan: Plan, targets: readonly Target[], fs: WriterFs): void {
  const moved = new Set(targets.filter((t) => hashOf(t) !== t.change.sha256).map((t) => t.change.path));
  for (const [name, hash] of Object.entries(plan.reads)) {
    assertInside(name);
    if (currentHash(path.join(root, name), fs) !== hash) moved.add(name);
  }
  for (const name of vouchedOn(plan)?.moved() ?? []) moved.add(name);
  if (moved.size === 0) return;
  const names = [...moved].sort();
  const more = names.length - MAX_NAMES;
  throw new NayekError(
    'drift',
    [...names.slice(0, MAX_NAMES), ...(more > 0 ? [say`and ${more} more`] : [])].join(', '),
  );
}

/** Another branch that was checked out meanwhile changes thousands. */
const MAX_NAMES = 40;

function hashOf(target: Target): string | null {
  return target.now ? sha256(target.now.bytes) : null;
}

/** SHA-256 of a regular file; null when there is none. */
export function currentHash(file: string, fs: WriterFs): string | null {
  return lstat(file, fs)?.isFile() ? sha256(fs.readFileSync(file)) : null;
}

async function replaceAll(
  state: State,
  plan: Plan,
  targets: readonly Target[],
  signal: AbortSignal | undefined,
  fs: WriterFs,
): Promise<void> {
  const before = new Map<string, Buffer>();
  // A name that nobody can have used before.
  const nonce = randomBytes(8).toString('hex');
  const files = targets.map((target, index): StepFile => {
    const after = sha256(encode(target.change.after, target.change));
    const temp = `.nayek-tmp-${nonce}-${index}`;
    if (!target.now) return { path: target.change.path, before: null, after, temp };
    before.set(target.change.path, target.now.bytes);
    const { bytes, stat } = target.now;
    return {
      path: target.change.path,
      before: { sha256: sha256(bytes), mode: stat.mode & 0o7777, blob: String(index) },
      after,
      temp,
    };
  });
  const folders = [...new Set(targets.flatMap((t) => t.folders))];
  const step = newStep(state, { at: new Date().toISOString(), recipe: plan.recipe, files, folders }, fs);
  let doing = state.folder;
  try {
    openStep(state, step, before, fs);
    for (const name of folders) {
      const folder = path.join(state.root, name);
      makeFolder(folder, newMode('folder'), fs, ownerIn(path.dirname(folder), fs));
    }
    for (const [index, target] of targets.entries()) {
      doing = target.change.path;
      const entry = files[index];
      if (entry) replaceOne(target, entry, fs);
      // A turn of the event loop, so that a signal can be noticed.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) throw new NayekError('interrupted', '');
    }
    for (const folder of new Set(targets.map((t) => path.dirname(t.file)))) syncFolder(folder, fs);
    saveRecord({ ...step, record: { ...step.record, state: 'committed' } }, fs);
  } catch (error) {
    rollBack(state, step, fs);
    sweep(state, fs);
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof NayekError || code === undefined) throw error;
    throw new NayekError('read-only', `${doing} (${code})`, { cause: error });
  }
}

function replaceOne(target: Target, entry: StepFile, fs: WriterFs): void {
  const temp = path.join(path.dirname(target.file), entry.temp);
  const mode = entry.before ? entry.before.mode : newMode('file');
  const owner = target.now?.stat ?? ownerIn(path.dirname(target.file), fs);
  writeWhole(temp, encode(target.change.after, target.change), mode, fs, owner);
  if (currentHash(target.file, fs) !== target.change.sha256) throw new NayekError('drift', target.change.path);
  fs.renameSync(temp, target.file);
}
