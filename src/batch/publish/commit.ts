/**
 * The commit that publish makes, and how it is known again: trailers say which plan it comes from, and a seal over tree,
 * parent and message tells whether anybody has changed it since.
 * https://git-scm.com/docs/git-interpret-trailers
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { git } from '../git.ts';
import type { Identity, JobRecord } from '../job.ts';

const RECIPE = 'Nayek-Recipe';
const INPUT_KEY = 'Nayek-Input-Key';
const PATCH = 'Nayek-Patch';
const SEAL = 'Nayek-Seal';

/** A commit as `readCommits` finds it. */
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** Which plan a commit of ours comes from. */
export interface Sealed {
  readonly inputKey: string;
  /** SHA-256 of the patch. */
  readonly patch: string;
}

/**
 * The message without its seal: the template with `{repo}`, `{subdir}`, `{recipe}`, `{parts}` and `{files}` filled in,
 * then the trailers.
 */
export function messageOf(template: string, plan: JobRecord): string {
  const parts = plan.verdicts.filter((v) => v.kind === 'applied').map((v) => v.part);
  const values: Readonly<Record<string, string>> = {
    repo: plan.name,
    subdir: plan.subdir,
    recipe: plan.recipe,
    parts: parts.join(', '),
    files: String(plan.files),
  };
  const text = template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all).trim();
  const trailers = [
    `${RECIPE}: ${plan.recipe}`,
    `${INPUT_KEY}: ${plan.inputKey}`,
    `${PATCH}: ${plan.patch?.sha256 ?? ''}`,
  ];
  return `${text}\n\n${trailers.join('\n')}`;
}

/** What a commit of ours says of itself; undefined for one that we have not made, or that somebody has changed. */
export function sealOf(commit: Commit): Sealed | undefined {
  const lines = commit.message.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  const [parent, ...others] = commit.parents;
  if (parent === undefined || others.length > 0) return undefined;
  if (last !== `${SEAL}: ${sealFor(commit.tree, parent, lines.join('\n'))}`) return undefined;
  const value = (name: string): string | undefined =>
    lines.findLast((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const inputKey = value(INPUT_KEY);
  const patch = value(PATCH);
  return inputKey && patch ? { inputKey, patch } : undefined;
}

function sealFor(tree: string, parent: string, message: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tree, parent, message]))
    .digest('hex');
}

export interface CommitOrder {
  /** Git directory that has the base's objects, absolute. */
  readonly gitDir: string;
  readonly baseSha: string;
  readonly patch: Buffer;
  /** Without its seal. */
  readonly message: string;
  readonly author: Identity;
  /** ISO 8601. The same order gives the same commit. */
  readonly date: string;
}

/**
 * Makes the commit by an index alone, without a working tree: the bytes of every other file stay the base's. Returns
 * its SHA.
 * @throws GitError when the patch does not apply.
 */
export async function makeCommit(order: CommitOrder): Promise<string> {
  const { gitDir, baseSha, author, date } = order;
  const env = {
    GIT_INDEX_FILE: path.join(gitDir, 'publish-index'),
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const at = [`--git-dir=${gitDir}`];
  await git([...at, 'read-tree', baseSha], { env });
  await git([...at, 'apply', '--cached', '--whitespace=nowarn', '-'], { env, input: order.patch });
  const tree = (await git([...at, 'write-tree', '--missing-ok'], { env })).trim();
  const message = `${order.message}\n${SEAL}: ${sealFor(tree, baseSha, order.message)}\n`;
  const args = ['commit-tree', tree, '-p', baseSha, '-F', '-'];
  const settings = ['i18n.commitEncoding=UTF-8', 'commit.gpgSign=false'];
  return (await git([...at, ...args], { env, input: message, settings })).trim();
}

/** The commits of a range, newest first. @throws GitError */
export async function readCommits(gitDir: string, range: readonly string[]): Promise<Commit[]> {
  const format = '--format=tformat:%H%x00%T%x00%P%x00%B%x00';
  const settings = ['i18n.logOutputEncoding=UTF-8', 'log.showSignature=false'];
  const out = await git([`--git-dir=${gitDir}`, 'log', format, ...range, '--'], { settings });
  const fields = out.split('\0');
  const commits: Commit[] = [];
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [sha = '', tree = '', parents = '', message = ''] = fields.slice(i, i + 4);
    commits.push({ sha: sha.trim(), tree, parents: parents.split(' ').filter((p) => p !== ''), message });
  }
  return commits;
}
