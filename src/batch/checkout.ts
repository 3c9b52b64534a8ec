/**
 * The files of one commit in a folder of their own. Nothing is written into the repository they come from: a git
 * directory made by hand borrows its objects, so that neither its configuration nor its hooks nor its checkout count.
 * Every file has the very bytes of the commit: no line ends are converted, no filters run, no large files are fetched.
 * https://git-scm.com/docs/gitrepository-layout
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSource } from '../repo/listing.ts';
import { fetchCommit } from './clone.ts';
import { failure, git, tryGit } from './git.ts';
import type { JobSpec } from './job.ts';

export interface Checkout {
  /** Absolute path of the working tree's top; its name is that of the repository. */
  readonly top: string;
  /** Files that a partial clone lacks, with '/'; never sources. */
  readonly missing: readonly string[];
  /** Git directory that belongs to it; undefined for a folder without git, which is read where it is. */
  readonly gitDir?: string;
}

export type CheckoutOf = Pick<JobSpec, 'source' | 'name' | 'baseSha' | 'subdir' | 'timeout'>;

/**
 * Checks the job's commit out below `folder`, which is made. Only `subdir` is written when `whole` is false.
 * @throws GitError, or NayekError of the file system.
 */
export async function checkOut(job: CheckoutOf, store: string, folder: string, whole = false): Promise<Checkout> {
  if (job.source.kind === 'folder') return { top: job.source.root, missing: [] };
  const sha = job.baseSha ?? '';
  const objects =
    job.source.kind === 'local' ? job.source.gitDir : await fetchCommit(job.source.url, sha, store, job.timeout);
  const top = path.join(folder, job.name);
  const gitDir = path.join(folder, '.git');
  mkdirSync(top, { recursive: true, mode: 0o700 });
  makeGitDirectory(gitDir, sha, objects);
  const at = [`--git-dir=${gitDir}`, `--work-tree=${top}`];
  const part = job.subdir !== '' && !whole;
  const what = part
    ? ['checkout', '--force', sha, '--', `:(top,literal)${job.subdir}`]
    : ['read-tree', '--reset', '-u', sha];
  const options = { cwd: top, timeout: job.timeout * 1000 };
  const answer = await tryGit([...at, ...what], options);
  if (answer.status === 0) return { top, gitDir, missing: [] };
  if (!LACKING.test(answer.stderr)) throw failure(what, answer);
  // A partial clone lacks large files: all others can be had.
  await git([...at, 'read-tree', '--reset', sha], options);
  const rest = await tryGit([...at, 'checkout-index', '--all', '--force'], options);
  const said = rest.stderr.split('\n').filter((line) => line !== '');
  const missing = said.flatMap((line) => LACKING.exec(line)?.[1] ?? []);
  if (missing.length < said.length || missing.some((name) => isSource(name))) throw failure(what, answer);
  return { top, gitDir, missing };
}

/** What git says of a file whose bytes the repository has not. */
const LACKING = /unable to read sha1 file of (.+) \([0-9a-f]{40,64}\)/;

/** An empty git directory, detached at `sha`, that reads the objects of another one. `gitDir` and `borrowed` are absolute. */
export function makeGitDirectory(gitDir: string, sha: string, borrowed: string): void {
  for (const name of ['objects/info', 'refs', 'info'])
    mkdirSync(path.join(gitDir, name), { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void => writeFileSync(path.join(gitDir, name), text);
  write('HEAD', `${sha}\n`);
  write('objects/info/alternates', `${path.join(borrowed, 'objects')}\n`);
  // This file has the last word on attributes. https://git-scm.com/docs/gitattributes
  write('info/attributes', '* -text -eol -filter -ident -working-tree-encoding\n');
  // Of a shallow clone not all parents are there.
  const shallow = path.join(borrowed, 'shallow');
  if (existsSync(shallow)) copyFileSync(shallow, path.join(gitDir, 'shallow'));
  const long = sha.length === 64;
  const format = long ? '[extensions]\n\tobjectFormat = sha256\n' : '';
  write('config', `[core]\n\trepositoryformatversion = ${long ? 1 : 0}\n\tbare = false\n${format}`);
}
