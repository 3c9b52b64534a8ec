/** A copy of the repository with the plan in it: what a platform would check out once the patch is committed. */
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileChange } from '../model/plan.ts';
import { listFiles } from '../repo/listing.ts';
import { encode } from '../repo/source.ts';

/**
 * Copies the files below `root` into the empty folder `to`: without ignored ones (a platform has no .env), version
 * control and caches; links as links where they are relative. Then writes the changes.
 * @throws NodeJS.ErrnoException
 */
export function copyPatched(root: string, to: string, changes: readonly FileChange[]): void {
  const links: string[] = [];
  const made = new Set<string>();
  const place = (name: string): string => {
    const file = path.join(to, name);
    const folder = path.dirname(file);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true });
    made.add(folder);
    return file;
  };
  for (const name of listFiles(root, [], { vendored: true, links })) copyFileSync(path.join(root, name), place(name));
  for (const name of links) {
    const target = readlinkSync(path.join(root, name));
    if (!path.isAbsolute(target)) symlinkSync(target, place(name));
  }
  for (const change of changes) {
    const file = place(change.path);
    const mode = change.before === null ? 0o644 : lstatSync(file).mode;
    writeFileSync(file, encode(change.after, change));
    chmodSync(file, mode & 0o777);
  }
}
