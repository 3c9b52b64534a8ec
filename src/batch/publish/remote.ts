/** The repository that publish pushes to: what its branches stand for, what is on ours, and the push itself. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { say } from '../../system/say.ts';
import { GitError, git, tryGit } from '../git.ts';
import type { Source } from '../job.ts';
import { refusedUrl } from '../manifest.ts';
import { type Commit, readCommits } from './commit.ts';

/**
 * Where the branch of a source goes: its URL; of a local repository that of its remote `origin`, or, to stay on this
 * machine, its own git directory.
 * @throws GitError when there is none.
 */
export async function targetOf(source: Source, local: boolean): Promise<string> {
  if (source.kind === 'folder') throw new GitError(say`it is no git repository: patch it in place`, NONE);
  if (local && source.kind === 'local') return source.gitDir;
  if (local) throw new GitError(say`a remote repository has no branches on this machine`, NONE);
  if (source.kind === 'url') return source.url;
  for (const name of ['remote.origin.pushurl', 'remote.origin.url']) {
    const answer = await tryGit([`--git-dir=${source.gitDir}`, 'config', '--get', name]);
    const url = answer.stdout.toString().trim();
    if (answer.status !== 0 || url === '') continue;
    const refused = path.isAbsolute(url) ? undefined : refusedUrl(url);
    if (refused) throw new GitError(`${name}: ${refused}`, NONE);
    return url;
  }
  throw new GitError(say`it has no remote 'origin' to push to`, NONE);
}

const NONE = { status: 1, stderr: '', timedOut: false };

/** The host of a URL, '' for one on this machine. */
export function hostOf(url: string): string {
  const scp = /^(?:[\w.-]+@)([\w.-]+):/.exec(url)?.[1];
  if (scp) return scp.toLowerCase();
  try {
    return new URL(url).host.toLowerCase();
  } catch {
    return '';
  }
}

export interface RemoteBranches {
  /** SHA of the base branch; undefined where there is none of that name. */
  readonly base: string | undefined;
  /** SHA of the branch to publish; undefined where there is none yet. */
  readonly branch: string | undefined;
}

/** Asks the remote. `base` null asks for the branch alone. @throws GitError */
export async function remoteBranches(
  url: string,
  base: string | null,
  branch: string,
  timeout: number,
): Promise<RemoteBranches> {
  const names = [branch, ...(base === null ? [] : [base])].map((name) => `refs/heads/${name}`);
  const out = await git(['ls-remote', '--', url, ...names], { timeout: timeout * 1000 });
  const shas = new Map(out.split('\n').map((line) => [line.split('\t')[1], line.split('\t')[0]]));
  return { base: base === null ? undefined : shas.get(`refs/heads/${base}`), branch: shas.get(`refs/heads/${branch}`) };
}

/**
 * Every commit of the branch at `sha` that the base has not, newest first. Commits alone are fetched, where the server
 * can leave out the rest.
 * @throws GitError
 */
export async function commitsOn(
  url: string,
  { sha, baseSha, folder, timeout }: { sha: string; baseSha: string; folder: string; timeout: number },
): Promise<Commit[]> {
  const history = path.join(folder, `history-${randomBytes(4).toString('hex')}`);
  const format = sha.length === 64 ? ['--object-format=sha256'] : [];
  await git(['init', '--quiet', '--bare', '--template=', ...format, history]);
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--filter=tree:0', '--', url, sha, baseSha];
  await git([`--git-dir=${history}`, ...fetch], { timeout: timeout * 1000 });
  return readCommits(history, [sha, `^${baseSha}`]);
}

export interface Push {
  /** Git directory that has the commit. */
  readonly gitDir: string;
  readonly commit: string;
  readonly branch: string;
  /** What the branch was when it was looked at; undefined where it was not there. */
  readonly seen: string | undefined;
  /** Seconds. */
  readonly timeout: number;
}

/**
 * Pushes when the branch is still what was seen; false when somebody was faster.
 * https://git-scm.com/docs/git-push#Documentation/git-push.txt---force-with-leaseltrefnamegtltexpectgt
 * @throws GitError for every other refusal.
 */
export async function push(url: string, { gitDir, commit, branch, seen, timeout }: Push): Promise<boolean> {
  const ref = `refs/heads/${branch}`;
  const lease = `--force-with-lease=${ref}:${seen ?? ''}`;
  const args = ['push', '--porcelain', '--no-verify', lease, '--', url, `${commit}:${ref}`];
  const answer = await tryGit([`--git-dir=${gitDir}`, ...args], { timeout: timeout * 1000 });
  if (answer.status === 0) return true;
  const refusal = answer.stdout
    .toString()
    .split('\n')
    .find((line) => line.startsWith('!'));
  if (refusal?.includes('(stale info)') || /cannot lock ref|reference already exists/.test(answer.stderr)) return false;
  const said = refusal?.split('\t').at(-1) ?? answer.stderr.split('\n').find((line) => line.trim() !== '') ?? '';
  throw new GitError(say`git push failed: ${said}`, { status: answer.status, stderr: answer.stderr, timedOut: false });
}

/**
 * Makes or moves the branch in a repository on this machine, when it is still what was seen; false when it is not.
 * @throws GitError, also when the branch is checked out: its files would not follow.
 */
export async function setLocalBranch(target: string, { gitDir, commit, branch, seen }: Push): Promise<boolean> {
  await assertNotCheckedOut(target, branch);
  await git([`--git-dir=${target}`, 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', gitDir, commit]);
  const old = seen ?? '0'.repeat(commit.length);
  const update = ['update-ref', '-m', 'nayek batch publish', `refs/heads/${branch}`, commit, old];
  return (await tryGit([`--git-dir=${target}`, ...update])).status === 0;
}

/** Removes a branch that still stands at `sha`; false when it does not. @throws GitError when it is checked out. */
export async function dropLocalBranch(target: string, branch: string, sha: string): Promise<boolean> {
  await assertNotCheckedOut(target, branch);
  return (await tryGit([`--git-dir=${target}`, 'update-ref', '-d', `refs/heads/${branch}`, sha])).status === 0;
}

async function assertNotCheckedOut(target: string, branch: string): Promise<void> {
  const trees = await git([`--git-dir=${target}`, 'worktree', 'list', '--porcelain']);
  if (trees.split('\n').includes(`branch refs/heads/${branch}`)) {
    throw new GitError(say`the branch ${branch} is checked out`, NONE);
  }
}
