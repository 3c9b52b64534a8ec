/** Keeps `lock.json` up to date while a batch is resolved, so that a killed run leaves what it has learnt. */
import path from 'node:path';
import { cloneName } from './clone.ts';
import { type LockedCommit, type LockedJob, lockedJob, readLockFile, writeLockFile } from './lock-file.ts';
import type { PublishSettings } from './manifest.ts';
import type { Resolved, Target } from './resolve.ts';

export interface LockKeeper {
  /** What the lock said before, by jobId. */
  commits(): Map<string, LockedCommit>;
  /** Takes in what was resolved; writes now and then. */
  note(one: Resolved): void;
  /** Writes all targets: those not resolved keep what was known of them. */
  write(): void;
  /** Names of the clones that the lock stands for. */
  clones(): Set<string>;
}

/** Milliseconds between two writes while it grows. */
const PACE = 3000;

/** @throws NayekError `batch` when the lock file of the state folder is none. */
export function keepLock(store: string, targets: readonly Target[], publish: PublishSettings): LockKeeper {
  const before = new Map(readLockFile(store).repos.map((r) => [r.jobId, r]));
  const resolved = new Map<string, Resolved>();
  let written = 0;
  const repos = (): LockedJob[] =>
    targets.map((target) => {
      const now = resolved.get(target.jobId);
      if (now) return lockedJob(now.job, target.entry.origin, now.ok);
      return before.get(target.jobId) ?? unknown(target);
    });
  const write = (): void => {
    writeLockFile(store, { schema: 1, publish, repos: repos() });
    written = performance.now();
  };
  return {
    commits() {
      const known = [...before.values()].flatMap((r) =>
        r.baseSha === null ? [] : [[r.jobId, { sha: r.baseSha, ref: r.ref }] as const],
      );
      return new Map(known);
    },
    note(one) {
      resolved.set(one.job.jobId, one);
      if (performance.now() - written > PACE) write();
    },
    write,
    clones() {
      return new Set(
        repos().flatMap((r) =>
          r.source.kind === 'url' && r.baseSha ? [cloneName(store, r.source.url, r.baseSha)] : [],
        ),
      );
    },
  };
}

/** A target that no run has looked at yet. */
function unknown({ jobId, address, entry }: Target): LockedJob {
  const source =
    'url' in entry.at ? ({ kind: 'url', url: address } as const) : ({ kind: 'folder', root: address } as const);
  const { branch = '', commitMessage = '', recipe = '' } = entry.settings;
  return {
    ...{ jobId, repo: address, name: path.basename(address), source, subdir: entry.subdir, ref: null, baseSha: null },
    ...{ inputKey: null, recipe, branch, commitMessage, resolved: false, origin: entry.origin },
  };
}
