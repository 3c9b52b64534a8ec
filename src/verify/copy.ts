/** A copy of the repository with the plan in it: what a platform would check out once the patch is committed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION_OF_GIT } from '../knowledge/build-backends.ts';
import type { FileChange } from '../model/plan.ts';
import { listFiles } from '../repo/listing.ts';
import { encode } from '../repo/source.ts';
import { findProgram } from '../system/program.ts';

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

/**
 * Gives the copy, which has no tags, a commit and a tag where an installation of the project asks git for its version: a
 * platform has the whole history. Does nothing where git is missing.
 */
export function giveVersion(copy: string, packaging: readonly string[]): void {
  const git = packaging.some((text) => VERSION_OF_GIT.test(text)) ? findProgram('git', copy) : undefined;
  if (git === undefined) return;
  const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const named = ['-c', 'user.name=nayek', '-c', 'user.email=nayek@localhost', '-c', 'commit.gpgsign=false'];
  const steps = [
    ['init', '-q'],
    [...named, 'commit', '-q', '--allow-empty', '-m', 'copy'],
    ['tag', 'v0.0.1'],
  ];
  for (const args of steps) spawnSync(git, args, { cwd: copy, env, stdio: 'ignore', timeout: 30_000 });
}
