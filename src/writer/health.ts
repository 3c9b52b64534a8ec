/** What has become of a step: for each of its files what is there now, and whether the bytes before are still whole. */
import path from 'node:path';
import { isSystemError } from '../system/errors.ts';
import { readPlain } from '../system/plain-file.ts';
import { say } from '../system/say.ts';
import { lstat } from '../system/whole-file.ts';
import { blocked, sha256, type WriterFs } from './disk.ts';
import type { Step } from './journal.ts';
import type { StepFile } from './step-record.ts';

/**
 * `before` and `after`: as the patch found it, as the patch left it; `changed`: somebody else's bytes, a link, or nothing
 * where there was something; `blocked`: nothing can be put there.
 */
export type Now = 'before' | 'after' | 'changed' | 'blocked';

export interface FileHealth {
  readonly file: StepFile;
  readonly now: Now;
  /** SHA-256 of what is there; null when nothing is, or nothing that can be read. */
  readonly hash: string | null;
  /** What is there, for a copy. */
  readonly bytes: Buffer | null;
  /** For `changed` and `blocked`, in a few words. */
  readonly why: string;
  /** Whether the bytes before are there; true for a file that the patch created. */
  readonly isSaved: boolean;
}

/** The health of each file of a step, in its order. */
export function healthOf(step: Step, fs: WriterFs): FileHealth[] {
  return step.record.files.map((file) => {
    const found = whatIsAt(step.root, file.path, fs);
    const isSaved = file.before === null || savedBytes(step, file, fs) !== undefined;
    if ('blocked' in found) return { file, now: 'blocked', hash: null, bytes: null, why: found.blocked, isSaved };
    const { hash, bytes, isLink } = found;
    const now = hash === (file.before?.sha256 ?? null) ? 'before' : hash === file.after ? 'after' : 'changed';
    const why = isLink ? say`is a link now` : hash === null ? say`is gone` : say`was changed since`;
    return { file, now, hash, bytes, why, isSaved };
  });
}

/** Why a file cannot go back to what it was before, in a few words; undefined when it can. */
export function obstacle(health: FileHealth, force: boolean): string | undefined {
  if (health.now === 'before') return undefined;
  if (health.now === 'blocked') return health.why;
  if (!health.isSaved) return say`its saved copy is damaged`;
  return health.now === 'changed' && !force ? health.why : undefined;
}

/** The bytes before the patch; undefined when they are not the ones that were saved. */
export function savedBytes(step: Step, file: StepFile, fs: WriterFs): Buffer | undefined {
  const bytes = damagedBytes(step, file, fs);
  return bytes && sha256(bytes) === file.before?.sha256 ? bytes : undefined;
}

/** What is there of the bytes before, whole or not. */
export function damagedBytes(step: Step, file: StepFile, fs: WriterFs): Buffer | undefined {
  if (!file.before) return undefined;
  try {
    return readPlain(path.join(step.folder, file.before.blob), fs);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}

type Found =
  | { readonly hash: string | null; readonly bytes: Buffer | null; readonly isLink: boolean }
  | { readonly blocked: string };

/** A link counts by its target's name, which is never followed. `name` is relative to `root`. */
export function whatIsAt(root: string, name: string, fs: WriterFs): Found {
  try {
    const above = blocked(root, name, fs);
    if (above !== undefined) return { blocked: above };
    const file = path.join(root, name);
    const stat = lstat(file, fs);
    if (!stat) return { hash: null, bytes: null, isLink: false };
    if (stat.isSymbolicLink()) {
      const bytes = fs.readlinkSync(file, { encoding: 'buffer' });
      return { hash: sha256(Buffer.concat([Buffer.from('\0link\0'), bytes])), bytes, isLink: true };
    }
    const bytes = readPlain(file, fs);
    return bytes ? { hash: sha256(bytes), bytes, isLink: false } : { blocked: say`is no regular file` };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { blocked: say`cannot be read (${error.code})` };
  }
}
