/** The built command. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';

export const home = path.join(import.meta.dirname, '..');
export const command = path.join(home, 'dist', 'nayek.cjs');

/** Folder of the run that says who builds. */
export const BUILDING = 'building';

/** Builds it where it is missing or older than its sources: one worker does, the others wait. */
export function buildOnce(): void {
  if (!isOld()) return;
  const building = path.join(inject('run'), BUILDING);
  const done = path.join(building, 'done');
  if (claimed(building)) {
    try {
      execFileSync(process.execPath, ['build.mjs'], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
    } finally {
      writeFileSync(done, '');
    }
  }
  while (!existsSync(done)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}

function isOld(): boolean {
  // The build writes this after the bundles and the samples.
  const built = changed(path.join(home, 'dist', 'NOTICE'));
  const folders = ['src', 'transforms', 'templates', 'bin'];
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(home, folder), { recursive: true }).map((name) => path.join(folder, String(name))),
  );
  return [...files, 'build.mjs', 'package.json', 'package-lock.json'].some((f) => changed(path.join(home, f)) > built);
}

/** When a file was changed, in ms; 0 where it is missing. */
function changed(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Whether this worker is the first. */
function claimed(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
