/** What the writer writes for nobody, whoever made the plan: a saved one may come from anywhere. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { askPython } from '../engine/cpython.ts';
import { unprovable } from '../engine/proof.ts';
import { vouchedOn } from '../engine/vouched.ts';
import { tools } from '../knowledge/managers.ts';
import type { FileChange, Plan } from '../model/plan.ts';
import { leftOut } from '../repo/listing.ts';
import { dirname, isInside } from '../repo/path.ts';
import { encode } from '../repo/source.ts';
import { loadPython } from '../syntax/python/parser.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { sha256 } from './disk.ts';

/** Made by a tool from another file: an edit by hand makes them lie. */
const LOCKS: ReadonlySet<string> = new Set([
  ...tools.flatMap((tool) => tool.lock?.file.toLowerCase() ?? []),
  ...['pixi.lock', 'conda-lock.yml', 'pylock.toml'],
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
]);

/** Files with the values of a machine; examples of them are not meant. */
const ENVIRONMENT =
  /^(?:.*\.env|\.env[^/]*|\.?env\.local|\.flaskenv|\.netrc|\.pgpass|\.pypirc|.*\.(?:pem|key|p12|pfx|jks))$/;
const EXAMPLE = /[.-](?:example|sample|template|dist|tpl|tmpl)$|[.-](?:example|sample|template)\./;

/**
 * Checks a plan before it is written: each path, that it was decided on what it changes, and that what it writes still
 * parses. `root` is absolute, links resolved.
 * @throws NayekError `outside`, `forbidden`, `broken-plan`
 */
export async function assertKeepsPromises(plan: Plan, root: string): Promise<void> {
  assertApart(plan.changes, root);
  for (const change of plan.changes) {
    if (!isInside(change.path)) throw new NayekError('outside', JSON.stringify(change.path));
    const why = unwritable(root, change.path);
    if (why) throw new NayekError('forbidden', `${change.path} ${why}`);
  }
  assertDecided(plan);
  if (!vouchedOn(plan)) await assertProved(plan, root);
}

function unwritable(root: string, file: string): string | undefined {
  const name = file.slice(dirname(file).length).replace('/', '').toLowerCase();
  if (LOCKS.has(name)) return say`is a lock file, which its tool makes`;
  if (ENVIRONMENT.test(name) && !EXAMPLE.test(name)) return say`holds the values of a machine`;
  return leftOut(root, file);
}

/** Two changes of one file, or of names that are one file on macOS and Windows, and files in the place of folders. */
function assertApart(changes: readonly FileChange[], root: string): void {
  const seen = new Map<string, FileChange>();
  for (const change of changes) {
    const twin = seen.get(folded(change.path));
    // Two that are there already are two files on this system.
    if (twin && (twin.path === change.path || twin.before === null || change.before === null)) {
      throw new NayekError('broken-plan', say`the plan changes ${change.path} and ${twin.path}, which are one file`);
    }
    seen.set(folded(change.path), change);
  }
  for (const { path: file, before } of changes) {
    for (let folder = dirname(file); folder !== ''; folder = dirname(folder)) {
      if (!seen.has(folded(folder))) continue;
      throw new NayekError('broken-plan', say`the plan has ${folder} as a file and as a folder`);
    }
    const other = before === null ? twinOnDisk(root, file) : undefined;
    if (other !== undefined) throw new NayekError('forbidden', say`${file} differs from ${other} by case only`);
  }
}

function twinOnDisk(root: string, file: string): string | undefined {
  const folder = dirname(file);
  try {
    const names = readdirSync(path.join(root, folder)).map((name) => (folder === '' ? name : `${folder}/${name}`));
    return names.find((name) => name !== file && folded(name) === folded(file));
  } catch {
    // It is made together with the file.
    return undefined;
  }
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A plan names the bytes that it was decided on, those of each file that it changes among them. */
function assertDecided(plan: Plan): void {
  const { changes, reads } = plan;
  // A part that only looks at the names of files has read none.
  if (changes.length > 0 && Object.keys(reads).length === 0 && !vouchedOn(plan)) {
    throw new NayekError('broken-plan', say`the plan does not say what it was decided on`);
  }
  for (const { path: file, before, sha256: hash, ...form } of changes) {
    if (before === null) continue;
    if (!Object.hasOwn(reads, file) || reads[file] !== hash) {
      throw new NayekError('broken-plan', say`the plan changes ${file} without having read it`);
    }
    if (sha256(encode(before, form)) !== hash) {
      throw new NayekError('broken-plan', say`the plan does not hold the bytes of ${file} as they were`);
    }
  }
}

/** The proofs that a plan of this process has been given already. */
async function assertProved({ changes }: Plan, root: string): Promise<void> {
  await loadPython();
  for (const { path: file, before, after, encoding } of changes) {
    const problem = unprovable(file, before === null ? undefined : { text: before, encoding }, after);
    if (problem) throw new NayekError('forbidden', `${file}: ${problem}`);
  }
  const { rejected } = await askPython(changes, root);
  for (const [file, message] of rejected) {
    throw new NayekError('forbidden', say`${file}: Python does not compile the result: ${message}`);
  }
}
