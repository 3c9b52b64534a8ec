/** Repositories on this machine: which one a folder belongs to, and the commit that a ref of it stands for. */
import path from 'node:path';
import { brokenGit, findGit } from '../system/git.ts';
import { readPlain, readShort } from '../system/plain-file.ts';
import { say } from '../system/say.ts';
import type { RemoteRef } from './clone.ts';
import { failure, GitError, tryGit } from './git.ts';

export interface LocalRepository extends RemoteRef {
  /** Absolute path of the git directory that holds the objects, shared by all worktrees. */
  readonly gitDir: string;
  /** Absolute path of the working tree's top; the git directory itself where it is bare. */
  readonly top: string;
  /** Folder asked about below `top`, with '/', '' for the top. */
  readonly prefix: string;
}

/**
 * The repository that `folder` (absolute, links resolved) belongs to, at `ref` (HEAD where undefined).
 * Undefined when the folder belongs to none.
 * @throws GitError when git refuses it, or when it has no such ref.
 */
export async function localRepository(folder: string, ref: string | undefined): Promise<LocalRepository | undefined> {
  const seen = ref === undefined ? plainHead(folder) : undefined;
  if (seen) return seen;
  // What git would wait for: it is not asked.
  const damaged = findGit(folder) ? undefined : brokenGit(folder);
  if (damaged !== undefined) throw broken(damaged);
  const ask = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--show-prefix'];
  const head = ref === undefined ? [...ask, 'HEAD^{commit}', '--symbolic-full-name', 'HEAD'] : ask;
  const said = await tryGit(head, { cwd: folder });
  if (said.status !== 0) {
    if (said.stderr.includes(say`not a git repository`)) {
      const damagedToo = brokenGit(folder);
      if (damagedToo === undefined) return undefined;
      throw broken(damagedToo);
    }
    if (said.stderr.includes("'HEAD^{commit}'")) throw new GitError(say`${folder} has no commit yet`, NOTHING);
    throw failure(head, said);
  }
  const [common = '', below = '', sha = '', symbol = ''] = said.stdout.toString().split('\n');
  const prefix = below.replace(/\/$/, '');
  const top = prefix === '' ? folder : folder.slice(0, -prefix.length - 1);
  const place = { gitDir: common, top, prefix };
  return { ...place, ...(ref === undefined ? { sha, ref: branchOf(symbol) } : await commitNamed(folder, ref)) };
}

/** The commit that a name stands for: of a branch or a tag, which is kept as `ref`, or any other name of one. */
async function commitNamed(folder: string, ref: string): Promise<Pick<LocalRepository, 'sha' | 'ref'>> {
  for (const name of [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/remotes/origin/${ref}`, ref]) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const answer = await tryGit(args, { cwd: folder });
    if (answer.status === 0) return { sha: answer.stdout.toString().trim(), ref: name === ref ? null : ref };
  }
  throw new GitError(say`${folder} has no branch, tag or commit '${ref}'`, NOTHING);
}

function broken(dotGit: string): GitError {
  return new GitError(say`${dotGit} is damaged: git does not take it for a repository`, NOTHING);
}

const NOTHING = { status: 1, stderr: '', timedOut: false };

const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * HEAD as the files say it, which is a hundred times faster than asking git; undefined for all that is not plain: a bare
 * repository, a linked worktree, an unborn branch, other ways to store refs.
 * https://git-scm.com/docs/gitrepository-layout
 */
function plainHead(folder: string): LocalRepository | undefined {
  const found = findGit(folder);
  if (!found || found.dir !== path.join(found.top, '.git')) return undefined;
  const { dir: gitDir, top } = found;
  const place = { gitDir, top, prefix: path.relative(top, folder).split(path.sep).join('/') };
  try {
    const head = readShort(path.join(gitDir, 'HEAD'))?.trimEnd() ?? '';
    if (SHA.test(head)) return { ...place, sha: head, ref: null };
    const name = /^ref: (refs\/heads\/[^\s\\]+)$/.exec(head)?.[1];
    if (!name || name.includes('..')) return undefined;
    const sha = looseRef(gitDir, name) ?? packedRef(gitDir, name);
    return sha === undefined ? undefined : { ...place, sha, ref: branchOf(name) };
  } catch {
    return undefined;
  }
}

function looseRef(gitDir: string, name: string): string | undefined {
  try {
    const text = readShort(path.join(gitDir, name))?.trimEnd() ?? '';
    return SHA.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function packedRef(gitDir: string, name: string): string | undefined {
  const lines = readPlain(path.join(gitDir, 'packed-refs'))?.toString().split('\n') ?? [];
  const sha = lines.find((line) => line.endsWith(` ${name}`))?.slice(0, -name.length - 1);
  return sha !== undefined && SHA.test(sha) ? sha : undefined;
}

function branchOf(symbol: string): string | null {
  return symbol.startsWith('refs/heads/') ? symbol.slice('refs/heads/'.length) : null;
}
