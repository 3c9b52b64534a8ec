/** `lock.json` in the state folder: every repository of the batch, and the commit that its ref stood for. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { say } from '../system/say.ts';
import { replaceWhole } from '../system/whole-file.ts';
import { isLockFile } from './forms.ts';
import { batchError, type JobSpec } from './job.ts';
import { PUBLISH_DEFAULTS, type PublishSettings } from './manifest.ts';
import { type StateSeal, stateSeal } from './state-seal.ts';

export interface LockedCommit {
  readonly sha: string;
  readonly ref: string | null;
}

/** A repository of the batch. `resolved` is false while it has not been looked at: then only its address is known. */
export interface LockedJob
  extends Pick<
    JobSpec,
    | 'jobId'
    | 'repo'
    | 'name'
    | 'source'
    | 'subdir'
    | 'ref'
    | 'baseSha'
    | 'inputKey'
    | 'recipe'
    | 'branch'
    | 'commitMessage'
  > {
  readonly resolved: boolean;
  /** `file:line` of the manifest, or the argument. */
  readonly origin: string;
}

export interface LockFile {
  readonly schema: 1;
  readonly publish: PublishSettings;
  readonly repos: readonly LockedJob[];
}

const fileOf = (store: string): string => path.join(store, 'lock.json');

/** Empty where there is none. @throws NayekError `batch` when it is not what `writeLockFile` has written into this folder. */
export function readLockFile(store: string, seal: Pick<StateSeal, 'open'> = stateSeal(store)): LockFile {
  let text: string;
  try {
    text = readFileSync(fileOf(store), 'utf8');
  } catch {
    return { schema: 1, publish: PUBLISH_DEFAULTS, repos: [] };
  }
  try {
    const data: unknown = seal.open('lock', JSON.parse(text));
    if (isLockFile(data)) return data as LockFile;
  } catch {
    // Said below.
  }
  throw batchError(say`${fileOf(store)} is not the lock file of this batch`, say`move it away to start over`);
}

/** Replaces it as a whole. */
export function writeLockFile(store: string, lock: LockFile): void {
  replaceWhole(fileOf(store), Buffer.from(`${JSON.stringify(stateSeal(store).sign('lock', lock), null, 1)}\n`));
}

export function lockedJob(job: JobSpec, origin: string, resolved: boolean): LockedJob {
  const { jobId, repo, name, source, subdir, ref, baseSha, inputKey, recipe, branch, commitMessage } = job;
  return { jobId, repo, name, source, subdir, ref, baseSha, inputKey, recipe, branch, commitMessage, resolved, origin };
}
