/**
 * One repository of `batch publish`: an order is plain JSON, and the answer a record of the ledger. Looks first, so that
 * doing it again, after a kill at any point, finds what was done and does the rest.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { mask } from '../../secrets/mask.ts';
import { oneLine } from '../../syntax/visible.ts';
import { asNayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { makeGitDirectory } from '../checkout.ts';
import { fetchCommit } from '../clone.ts';
import { GitError, tryGit } from '../git.ts';
import type { Identity, JobRecord, PublishOrder, Source } from '../job.ts';
import { isBranchName } from '../manifest.ts';
import { makeWorkFolder } from '../store.ts';
import { bodyOf, isOurs, marker } from './body.ts';
import { type Commit, makeCommit, messageOf, sealOf } from './commit.ts';
import { type Forge, forgeOf, type PullRequest } from './forge.ts';
import { commitsOn, push, remoteBranches, setLocalBranch, targetOf } from './remote.ts';

type Answer = Pick<JobRecord, 'status'> & Partial<Pick<JobRecord, 'headSha' | 'prUrl' | 'error'>>;

/**
 * Never throws: what goes wrong is in the record. `turn` is waited for before anything is changed at the remote; `store`
 * is the state folder, absolute.
 */
export async function publishJob(
  order: PublishOrder,
  store: string,
  turn: () => Promise<void> = async () => undefined,
): Promise<JobRecord> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const folder = makeWorkFolder(store);
  let answer: Answer;
  try {
    answer = await publish(order, store, folder, turn);
  } catch (thrown) {
    const error = asNayekError(thrown);
    const late = thrown instanceof GitError && thrown.timedOut;
    const message = oneLine(mask(`${error.message.replaceAll(folder, order.plan.repo)} (${error.hint})`));
    answer = { status: late ? 'timeout' : 'failed', error: { code: late ? 'timeout' : error.kind, message } };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
  const ms = Math.round(performance.now() - start);
  const { headSha = null, prUrl = null, error = null, status } = answer;
  const { plan, branch } = order;
  return { ...plan, stage: 'publish', attempt: 1, status, startedAt, ms, branch, headSha, prUrl, error };
}

async function publish(order: PublishOrder, store: string, folder: string, turn: () => Promise<void>): Promise<Answer> {
  const { plan, source, branch, settings, timeout } = order;
  const { baseSha, inputKey, patch } = plan;
  const local = settings.mode === 'local';
  const target = await targetOf(source, local);
  if (baseSha === null || inputKey === null || patch === null) throw new GitError(say`it has no commit`, NONE);
  assertBranch(branch, plan.ref);
  const forge = local || settings.mode === 'push' || settings.forge === 'none' ? undefined : settings.forge;
  const pulls = forge && forgeOf(forge, target, timeout);
  const base = plan.ref;
  const where = { target, base, baseSha, forge, pulls, store, folder, turn };
  const wanted = { inputKey, patch: patch.sha256, baseSha };
  // Somebody may push while we look: once more then.
  const answer = (await attempt(order, where, wanted)) ?? (await attempt(order, where, wanted));
  if (!answer) throw new GitError(say`${branch} changes all the time`, NONE);
  return answer;
}

interface Where {
  readonly target: Awaited<ReturnType<typeof targetOf>>;
  readonly base: string | null;
  readonly forge: string | undefined;
  readonly pulls: Forge | undefined;
  readonly store: string;
  readonly folder: string;
  readonly turn: () => Promise<void>;
}

interface Wanted {
  readonly inputKey: string;
  readonly patch: string;
  readonly baseSha: string;
}

/** Looks, commits, pushes and asks; undefined where the branch has changed meanwhile. */
async function attempt(order: PublishOrder, where: Where, wanted: Wanted): Promise<Answer | undefined> {
  const { branch, settings, timeout } = order;
  const { target, base, pulls, store, folder } = where;
  const { baseSha } = wanted;
  const seen = await remoteBranches(target, base, branch, timeout);
  const stale = moved(where, seen.base, baseSha);
  if (stale !== undefined) return said('stale', stale);
  const commits: readonly Commit[] =
    seen.branch === undefined ? [] : await commitsOn(target, { sha: seen.branch, baseSha, folder, timeout });
  const foreign = commits.find((commit) => sealOf(commit) === undefined);
  if (foreign) {
    return said('blocked-foreign-commits', say`${branch} has a commit that is not nayek's: ${short(foreign.sha)}`);
  }
  const listed = (await pulls?.list(branch)) ?? [];
  const open = listed.find((p) => p.state === 'open');
  const closed = listed.find((p) => p.state === 'closed' && p.body.includes(marker(wanted.inputKey)));
  if (!open && closed) return { ...said('pr-closed', say`somebody has closed it`), prUrl: closed.url };
  const there = commitThere(commits, wanted);
  const head = there ?? (await commitIn(order, baseSha, store, folder));
  if (there && (!pulls || open)) return { status: 'up-to-date', headSha: head, prUrl: open?.url ?? null };
  await where.turn();
  if (!there && !(await put(order, where, head, seen.branch))) return undefined;
  if (!pulls || base === null) return { status: settings.mode === 'local' ? 'committed' : 'pushed', headSha: head };
  return { headSha: head, ...(await request(order, pulls, open, base)) };
}

/** Moves the branch to a commit from where it was `seen`; false where it is there no more. */
function put(order: PublishOrder, where: Where, commit: string, seen: string | undefined): Promise<boolean> {
  const { branch, timeout, settings } = order;
  const what = { gitDir: path.join(where.folder, '.git'), commit, branch, seen, timeout };
  return settings.mode === 'local' ? setLocalBranch(where.target, what) : push(where.target, what);
}

/**
 * Says that the branch of the plan, where it is still there, is no longer at the plan's commit.
 * @throws GitError when a pull request is wanted and there is none that it could go to
 */
function moved({ base, forge }: Where, now: string | undefined, baseSha: string): string | undefined {
  if (base !== null && now !== undefined) {
    return now === baseSha ? undefined : say`${base} has moved from ${short(baseSha)} to ${short(now)}: plan again`;
  }
  if (forge) throw new GitError(say`a pull request needs a branch to go to: name one with \`ref\``, NONE);
  return undefined;
}

/** The lock file, which names it, may have been edited. */
function assertBranch(branch: string, planned: string | null): void {
  if (!isBranchName(branch)) throw new GitError(say`'${branch}' is no name of a branch`, NONE);
  if (branch === planned) throw new GitError(say`'${branch}' is the branch that it was planned on`, NONE);
}

/** The SHA of our commit, where it is all that the branch has and holds this patch of this base. */
function commitThere(commits: readonly Commit[], wanted: Wanted): string | undefined {
  const [tip, ...more] = commits;
  if (!tip || more.length > 0 || tip.parents[0] !== wanted.baseSha) return undefined;
  const made = sealOf(tip);
  return made?.inputKey === wanted.inputKey && made.patch === wanted.patch ? tip.sha : undefined;
}

const NONE = { status: 1, stderr: '', timedOut: false };

/** The push has happened: what fails here is done by the next run. */
async function request(
  order: PublishOrder,
  pulls: Forge,
  open: PullRequest | undefined,
  base: string,
): Promise<Answer> {
  const body = bodyOf(order.plan, order.report ?? undefined, order.branch);
  if (open) {
    if (isOurs(open.body) && open.body.trim() !== body.trim()) await pulls.setBody(open, body);
    return { status: 'pr-updated', prUrl: open.url };
  }
  const title = messageOf(order.commitMessage, order.plan).split('\n')[0] ?? '';
  const draft = order.settings.mode === 'draft';
  return { status: 'pr-opened', prUrl: await pulls.create({ branch: order.branch, base, title, body, draft }) };
}

/** Makes the commit in a git directory of its own, and answers with its SHA. */
async function commitIn(order: PublishOrder, baseSha: string, store: string, folder: string): Promise<string> {
  const { source, plan } = order;
  const gitDir = path.join(folder, '.git');
  const objects =
    source.kind === 'url' ? await fetchCommit(source.url, baseSha, store, order.timeout) : gitDirOf(source);
  makeGitDirectory(gitDir, baseSha, objects);
  return makeCommit({
    gitDir,
    baseSha,
    patch: Buffer.from(order.patch, 'base64'),
    message: messageOf(order.commitMessage, plan),
    author: order.author ?? (await configuredIdentity(objects)),
    date: plan.startedAt,
  });
}

function gitDirOf(source: Source): string {
  if (source.kind === 'local') return source.gitDir;
  throw new GitError(say`it is no git repository`, NONE);
}

/** Who git says commits are by, there; nayek where it says nothing. */
async function configuredIdentity(gitDir: string): Promise<Identity> {
  const ask = async (name: string): Promise<string> =>
    (await tryGit([`--git-dir=${gitDir}`, 'config', '--get', name])).stdout.toString().trim();
  const [name, email] = [await ask('user.name'), await ask('user.email')];
  return name !== '' && email !== '' ? { name, email } : { name: 'nayek', email: 'nayek@localhost' };
}

function said(status: JobRecord['status'], message: string): Answer {
  return { status, error: { code: status, message: oneLine(mask(message)) } };
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
