/** One repository: snapshot → plan, checked; and what must hold before a plan is written. */

import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Facts } from '../model/facts.ts';
import type { FileChange, Plan, Verdict } from '../model/plan.ts';
import { readSnapshot } from '../repo/disk-snapshot.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { isValidPython, loadPython } from '../syntax/python/parser.ts';
import { reorderedLine } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { brokenGit, dirtyFiles, findGit, type GitFolder, gitAt } from '../system/git.ts';
import { say } from '../system/say.ts';
import { timed, timedAsync } from '../system/stats.ts';
import { askPython, type Judged, type Opinion, wakePython } from './cpython.ts';
import { makePlan, NotConvergedError, type PlanOptions } from './make-plan.ts';
import { assertOneRepository } from './place.ts';
import { restless } from './restless.ts';
import type { Step } from './step.ts';
import { vouch } from './vouched.ts';

/**
 * Reads a repository; the Python grammar is loaded when this resolves. `breakable` runs what takes long and never waits.
 * @throws NayekError `not-a-directory`, `not-one-repository`, `unreadable`, `empty`, `no-python`.
 */
export async function openRepository(dir: string, breakable?: PlanOptions['breakable']): Promise<Snapshot> {
  // Compiles in the background while the folders are read.
  const grammar = loadPython();
  grammar.catch(() => undefined);
  let repo: Snapshot;
  try {
    const root = realpathSync(dir);
    assertOneRepository(root);
    const read = (): Snapshot => timed('walk', () => readSnapshot(root));
    repo = breakable ? await breakable(read) : read();
  } catch (cause) {
    if (cause instanceof NayekError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new NayekError(code === 'ENOTDIR' || code === 'ENOENT' ? 'not-a-directory' : 'unreadable', dir, { cause });
  }
  if (repo.paths.length === 0) throw new NayekError('empty', say`${dir} holds no files to patch`);
  if (!repo.paths.some((p) => p.endsWith('.py'))) throw new NayekError('no-python', say`${dir} holds no Python file`);
  await timedAsync('grammar', () => grammar);
  return repo;
}

/**
 * The plan, with CPython's second opinion: a part whose result CPython rejects is taken out and reported as failed. What
 * CPython does not vouch for is parsed as a whole; a file with a syntax error anywhere is then left alone.
 * @throws NayekError `not-converged` (`failed-part` where a part of somebody's own is in it), or the kind of the refusal when the repository is nothing to patch.
 */
export async function planRepository(repo: Snapshot, steps: readonly Step[], options: PlanOptions): Promise<Plan> {
  wakePython(repo.root);
  for (const { part } of steps) await part.prepare?.();
  const failed: Verdict[] = [];
  let checked: 'all' | Set<string> = new Set();
  let left = steps;
  for (;;) {
    let texts: readonly Judged[] = [];
    let opinion = Promise.resolve(NO_OPINION);
    let known: Facts | undefined;
    const plan = await provedPlan(repo, left, {
      ...options,
      checked,
      onPlanned: ({ changes, refusal }, facts) => {
        if (refusal) return;
        if (steps.some((s) => !s.part.anywhere)) known = facts;
        texts = steps.every((s) => s.part.anywhere) ? changes : [...changes, ...served(repo, facts, changes)];
        opinion = askPython(texts, repo.root);
      },
    });
    if (plan.refusal?.kind === 'no-service' && checked !== 'all') {
      // It may be a syntax error that hides the application.
      checked = 'all';
      continue;
    }
    if (plan.refusal) throw new NayekError(plan.refusal.kind, plan.refusal.reason);
    const { rejected, unjudged } = await timedAsync('verify', () => opinion);
    const parsed = checked;
    if (parsed !== 'all') {
      const broken = texts.filter((t) => unjudged.has(t.path) && !parsed.has(t.path) && !isValidPython(t.before ?? ''));
      for (const { path } of broken) parsed.add(path);
      if (broken.length > 0) continue;
    }
    const [guilty] = plan.changes.filter((c) => rejected.has(c.path));
    const part = guilty?.by.at(-1);
    if (!guilty || !part) {
      const warnings = [...plan.warnings, ...plan.changes.flatMap(reordered)];
      return vouch({ ...plan, warnings, verdicts: [...plan.verdicts, ...failed] }, repo, known);
    }
    failed.push({
      part,
      kind: 'failed',
      reason: say`Python does not compile its result: ${rejected.get(guilty.path)}`,
      at: [{ path: guilty.path, line: 1 }],
      files: [],
      warnings: [],
      commands: [],
    });
    left = left.filter((s) => s.part.id !== part);
  }
}

const NO_OPINION: Opinion = { rejected: new Map(), unjudged: new Set() };

/** The files that servers are pointed at and that do not change: a syntax error in one is worth telling. */
function served(repo: Snapshot, facts: Facts, changes: readonly FileChange[]): Judged[] {
  const entries = new Set(facts.services.map((s) => s.entry.path));
  for (const { path } of changes) entries.delete(path);
  return [...entries].flatMap((entry) => {
    const file = repo.read(entry);
    return file ? [{ ...file, before: file.text, after: file.text }] : [];
  });
}

/** Who reads the diff of such a file may be shown another order than the one that runs. https://trojansource.codes */
function reordered(change: FileChange): string[] {
  const line = reorderedLine(change.after);
  return line === undefined ? [] : [say`holds characters that reorder text on a screen (${change.path}:${line})`];
}

async function provedPlan(repo: Snapshot, steps: readonly Step[], options: PlanOptions): Promise<Plan> {
  const make = (): Plan => makePlan(repo, steps, options);
  try {
    return options.breakable ? await options.breakable(make) : make();
  } catch (error) {
    if (error instanceof NotConvergedError) throw restless(error, steps);
    throw error;
  }
}

/**
 * Looks only at the files that the plan would change, each in the repository that it belongs to: below the root there may
 * be others, such as submodules. Returns a warning when git could not be asked.
 * @throws NayekError `dirty`
 */
export function assertClean(plan: Plan): string | undefined {
  const repositories = new Map<string, { readonly git: GitFolder; readonly paths: string[] }>();
  for (const { path: file } of plan.changes) {
    const git = repositoryOf(plan.root, file);
    if (!git) continue;
    const known = repositories.get(git.top) ?? { git, paths: [] };
    known.paths.push(file);
    repositories.set(git.top, known);
  }
  const dirty: string[] = [];
  for (const { git, paths } of repositories.values()) {
    const changed = dirtyFiles(plan.root, git, paths);
    if (!changed) return say`git is not installed: uncommitted changes were not looked for`;
    dirty.push(...changed);
  }
  if (dirty.length > 0) throw new NayekError('dirty', dirty.join(', '));
  const broken = plan.changes.length > 0 && repositories.size === 0 ? brokenGit(plan.root) : undefined;
  if (broken) {
    const hint = say`pass --allow-dirty to patch all the same`;
    throw new NayekError('usage', say`cannot tell uncommitted changes: ${broken} is damaged`, { hint });
  }
  return undefined;
}

/** The repository that `file` (relative to `root`) lies in: the nearest at or below the root, else the one around it. */
function repositoryOf(root: string, file: string): GitFolder | undefined {
  for (let folder = dirname(file); folder !== ''; folder = dirname(folder)) {
    const git = gitAt(path.join(root, folder));
    if (git) return git;
  }
  return findGit(root);
}
