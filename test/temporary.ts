/**
 * Folders of the tests. While a test runs, the system's temporary folder is one of its own, and it must be empty at the
 * end: what nayek puts there it removes itself. What the test itself needs comes from {@link temporaryFolder}, stands
 * elsewhere, and is removed with the test, or with the file where no test is running.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Folder of the run with the pipes of served commands. */
export const SERVED = 'served';
/** Folder of the run with what tests copy. */
export const MADE = 'made';

/** The system's temporary folder as it was; that of the file, and of the test in it. */
const folders: string[] = [];

/** A new empty folder, its links resolved, that is removed with the test or the file. */
export function temporaryFolder(name = 'folder'): string {
  const system = folders.at(-1);
  if (folders.length < 2 || system === undefined) throw new Error('this is for tests');
  mkdirSync(madeIn(system), { recursive: true });
  return mkdtempSync(path.join(madeIn(system), `${name}-`));
}

/** Where the folders stand that are made while `system` is the system's temporary folder. */
export function madeIn(system: string): string {
  return `${system}.made`;
}

/** Makes `system` the system's temporary folder, until {@link leave}. */
export function enter(system: string, outside: string): void {
  mkdirSync(system, { recursive: true });
  if (folders.length === 0) folders.push(outside);
  folders.push(system);
  useForTemporary(system);
}

/** Removes all that was made since {@link enter}. Returns what else is in the system's temporary folder: names. */
export function leave(): readonly string[] {
  const system = folders.pop();
  if (system === undefined) throw new Error('not entered');
  useForTemporary(folders.at(-1) ?? '');
  if (folders.length === 1) folders.pop();
  const left = readdirSync(system);
  remove(system);
  remove(madeIn(system));
  return left;
}

/** Removes a folder, read-only folders in it, too. */
export function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    makeWritable(folder);
    // What was killed a moment ago may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(path.join(folder, entry.name));
  }
}

function useForTemporary(folder: string): void {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
}
