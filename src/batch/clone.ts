/**
 * Remote commits, each fetched once: a bare clone of depth 1 by URL and SHA. It gets its name when it is whole, so that
 * a killed or a second worker does no harm.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { git } from './git.ts';
import { secretName } from './state-seal.ts';

/** Below the state folder. */
export const CLONES = 'clones';

/** Name of the clone's folder in a state folder: a repository that knew it could bring a clone of its own making. */
export function cloneName(store: string, url: string, sha: string): string {
  return `${secretName(store, url, 16)}-${sha.slice(0, 20)}`;
}

/** Whether a name is as `cloneName` gives it. */
export const isClone = (name: string): boolean => /^[0-9a-f]{16}-[0-9a-f]{20}$/.test(name);

/** Whether a name is that of a clone that is not whole yet. */
export const isHalfMade = (name: string): boolean => /^tmp-\d+-[0-9a-f]{12}$/.test(name);

/**
 * Absolute path of a bare git directory that holds the commit `sha` of `url`, fetched where it is missing.
 * @throws GitError
 */
export async function fetchCommit(url: string, sha: string, store: string, timeout: number): Promise<string> {
  const folder = path.join(store, CLONES, cloneName(store, url, sha));
  if (existsSync(path.join(folder, 'HEAD'))) return folder;
  const temporary = path.join(store, CLONES, `tmp-${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  try {
    const format = sha.length === 64 ? ['--object-format=sha256'] : [];
    await git(['init', '--quiet', '--bare', '--template=', ...format, temporary]);
    await git(
      [`--git-dir=${temporary}`, 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--', url, sha],
      { timeout: timeout * 1000 },
    );
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another worker may have been faster.
    if (!existsSync(path.join(folder, 'HEAD'))) throw error;
  }
  return folder;
}

/** A remote branch or tag and the commit that it stands for. */
export interface RemoteRef {
  readonly sha: string;
  /** Short name; null for a plain SHA. */
  readonly ref: string | null;
}

/**
 * What `ref` (the default branch where undefined) of a remote repository stands for; undefined when it has none such.
 * @throws GitError
 */
export async function remoteRef(
  url: string,
  ref: string | undefined,
  timeout: number,
  signal?: AbortSignal,
): Promise<RemoteRef | undefined> {
  if (ref !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)) return { sha: ref, ref: null };
  const wanted = ref === undefined ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/tags/${ref}^{}`];
  const options = { timeout: timeout * 1000, ...(signal ? { signal } : {}) };
  const out = await git(['ls-remote', '--symref', '--', url, ...wanted], options);
  const lines = out.split('\n').map((line) => line.split('\t'));
  const sha = (name: string): string | undefined =>
    lines.find((l) => l[1] === name && /^[0-9a-f]+$/.test(l[0] ?? ''))?.[0];
  if (ref === undefined) {
    const head = sha('HEAD');
    const branch = lines
      .find((l) => l[1] === 'HEAD' && l[0]?.startsWith('ref: '))?.[0]
      ?.slice('ref: refs/heads/'.length);
    return head ? { sha: head, ref: branch ?? null } : undefined;
  }
  const found = sha(`refs/heads/${ref}`) ?? sha(`refs/tags/${ref}^{}`) ?? sha(`refs/tags/${ref}`);
  return found ? { sha: found, ref } : undefined;
}
