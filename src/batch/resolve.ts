/** Entries of a manifest → jobs: where the files come from, which commit the ref stands for, which steps run. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import { chosenRecipe } from '../engine/chosen-recipe.ts';
import { parts } from '../engine/parts.ts';
import { assertForeign, originOf } from '../engine/plugin.ts';
import { chooseSteps, type Recipe } from '../engine/recipe.ts';
import type { Step } from '../engine/step.ts';
import { join } from '../repo/path.ts';
import { ruleOf } from '../rules/rule-part.ts';
import { mask } from '../secrets/mask.ts';
import { oneLine } from '../syntax/visible.ts';
import { asNayekError, NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import { remoteRef } from './clone.ts';
import { GitError } from './git.ts';
import { inputKeyOf, type JobRecord, type JobSpec, type JobStep, jobIdOf, recordOf } from './job.ts';
import { localRepository } from './local.ts';
import type { LockedCommit } from './lock-file.ts';
import type { Entry, RepositorySettings } from './manifest.ts';

/** An entry with what identifies it, before anything outside has been asked. */
export interface Target {
  readonly entry: Entry;
  readonly jobId: string;
  /** The URL or the absolute path, as the entry has it. */
  readonly address: string;
}

export type Resolved =
  | { readonly ok: true; readonly job: JobSpec }
  /** `job` says what is known of it. */
  | { readonly ok: false; readonly job: JobSpec; readonly record: JobRecord };

export interface ResolveOptions {
  readonly runId: string;
  /** Given on the command line: these win over the manifest. */
  readonly settings: RepositorySettings;
  /** Commits to use instead of asking, by jobId. */
  readonly locked?: ReadonlyMap<string, LockedCommit>;
  readonly signal?: AbortSignal;
}

/** Seconds for a job, unless something else is said. */
const TIMEOUT = 600;
const BRANCH = 'nayek/deploy-ready';
const MESSAGE = 'Prepare for deployment';

/** Seconds to wait for a remote's list of refs. */
const LISTING = 60;

/**
 * The targets of a batch, in order.
 * @throws NayekError `manifest` when two entries are the same repository, folder and ref.
 */
export function targetsOf(entries: readonly Entry[]): Target[] {
  const seen = new Map<string, Entry>();
  return entries.map((entry) => {
    const address = 'url' in entry.at ? entry.at.url : entry.at.path;
    const jobId = jobIdOf(address, entry.subdir, entry.settings.ref ?? '');
    const twin = seen.get(jobId);
    if (twin) throw new NayekError('manifest', say`${entry.origin}: the same repository as ${twin.origin}`);
    seen.set(jobId, entry);
    return { entry, jobId, address };
  });
}

export interface Resolver {
  /** Never rejects for a target that `assertRecipes` has passed: what goes wrong with one repository is its record. */
  resolve(target: Target): Promise<Resolved>;
  /** @throws NayekError when a recipe, part or option of these is unknown: that is wrong with the batch. */
  assertRecipes(targets: readonly Target[]): Promise<void>;
}

/** The record of a repository that could not be looked at. */
function failed(
  job: JobSpec,
  thrown: unknown,
  stopped: boolean,
  when: { readonly startedAt: string; readonly ms: number },
): JobRecord {
  const error = asNayekError(thrown);
  const late = thrown instanceof GitError && thrown.timedOut;
  const status = stopped ? 'canceled' : late ? 'timeout' : 'failed';
  const code = stopped || late ? status : error.kind;
  return recordOf(job, status, { ...when, error: { code, message: oneLine(mask(error.message)) } });
}

/** A resolver that reads each recipe once. */
export function createResolver(options: ResolveOptions): Resolver {
  type Chosen = Pick<JobSpec, 'recipe' | 'steps'>;
  const chosen = new Map<string, Promise<Recipe>>();
  /** Code that lies in one of these runs for none of them, unless it was named. */
  const roots: string[] = [];
  const stepsFor = async (settings: RepositorySettings, root: string | undefined): Promise<Chosen> => {
    const { recipe, rule, plugin, only, skip, set } = settings;
    const key = JSON.stringify([recipe, rule, plugin]);
    const loading =
      chosen.get(key) ??
      chosenRecipe({ ...(recipe && { recipe }), ...(rule && { rule }), ...(plugin && { plugin }) }, roots);
    chosen.set(key, loading);
    const loaded = await loading;
    const choice = { ...(only && { only }), ...(skip && { skip }), ...(set && { set }) };
    const steps = chooseSteps(loaded, parts, choice);
    const used = steps.map((s) => s.part);
    if (root !== undefined) assertForeign(used, root, plugin ?? []);
    return { recipe: loaded.name, steps: steps.map(jobStepOf) };
  };

  const settingsOf = (target: Target): RepositorySettings => ({ ...target.entry.settings, ...options.settings });

  const resolve = async (target: Target): Promise<Resolved> => {
    const settings = settingsOf(target);
    const chosenSteps = await stepsFor(settings, rootOf(target));
    const blank: JobSpec = {
      runId: options.runId,
      jobId: target.jobId,
      repo: target.address,
      name: nameOf(target.address),
      source: { kind: 'folder', root: target.address },
      subdir: target.entry.subdir,
      ref: null,
      baseSha: null,
      tool: VERSION,
      ...chosenSteps,
      unsafe: settings.unsafe === true,
      inputKey: null,
      attempt: 1,
      timeout: settings.timeout ?? TIMEOUT,
      branch: settings.branch ?? branchFor(target.entry.subdir),
      commitMessage: settings.commitMessage ?? MESSAGE,
    };
    const startedAt = new Date().toISOString();
    const start = performance.now();
    try {
      const found = await locate(target, settings, options);
      const job = { ...blank, ...found };
      return { ok: true, job: { ...job, inputKey: inputKeyOf(job) } };
    } catch (thrown) {
      const ms = Math.round(performance.now() - start);
      return {
        ok: false,
        job: blank,
        record: failed(blank, thrown, options.signal?.aborted === true, { startedAt, ms }),
      };
    }
  };

  return {
    resolve,
    async assertRecipes(targets) {
      roots.push(...targets.flatMap((target) => rootOf(target) ?? []));
      for (const target of targets) await stepsFor(settingsOf(target), rootOf(target));
    },
  };
}

function jobStepOf({ part, options, when }: Step): JobStep {
  const [rule, plugin] = [ruleOf(part)?.source, originOf(part)];
  return {
    ...{ id: part.id, options },
    ...(rule === undefined ? {} : { rule }),
    ...(plugin ? { plugin } : {}),
    ...(when === undefined ? {} : { when }),
  };
}

/** The folder on this machine, where there is one. */
function rootOf({ entry: { at } }: Target): string | undefined {
  return 'path' in at && existsSync(at.path) ? at.path : undefined;
}

type Located = Pick<JobSpec, 'repo' | 'name' | 'source' | 'subdir' | 'ref' | 'baseSha'>;

async function locate(target: Target, settings: RepositorySettings, options: ResolveOptions): Promise<Located> {
  const { entry, address, jobId } = target;
  const locked = options.locked?.get(jobId);
  if (options.locked && !locked) throw new NayekError('usage', say`it is not in the lock: plan without --locked first`);
  if ('url' in entry.at) {
    const { url } = entry.at;
    const found = locked ?? (await remoteRef(url, settings.ref, LISTING, options.signal));
    if (!found?.sha) throw new NayekError('git', say`it has no branch or tag '${settings.ref ?? 'HEAD'}'`);
    const source = { kind: 'url', url } as const;
    return { repo: url, name: nameOf(url), source, subdir: entry.subdir, ref: found.ref, baseSha: found.sha };
  }
  const folder = realFolder(entry.at.path);
  const local = await localRepository(folder, locked?.sha ?? settings.ref);
  if (!local) {
    if (settings.ref !== undefined)
      throw new NayekError('git', say`${address} is not a git repository, and has no refs`);
    const source = { kind: 'folder', root: folder } as const;
    return { repo: folder, name: nameOf(folder), source, subdir: entry.subdir, ref: null, baseSha: null };
  }
  const subdir = join(local.prefix, entry.subdir);
  const source = { kind: 'local', gitDir: local.gitDir } as const;
  const ref = locked ? locked.ref : local.ref;
  return { repo: local.top, name: nameOf(local.top), source, subdir, ref, baseSha: local.sha };
}

function realFolder(name: string): string {
  try {
    const real = realpathSync(name);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new NayekError('not-a-directory', name, { cause });
  }
  throw new NayekError('not-a-directory', name);
}

/** Services of one repository have a branch each. */
function branchFor(subdir: string): string {
  const name = subdir.replace(/[^\w.]+/g, '-').replace(/^[-.]+|[-.]+$|\.(?=\.|lock$)/g, '');
  return name === '' ? BRANCH : `${BRANCH}-${name}`;
}

/** The folder that a clone would make. https://git-scm.com/docs/git-clone#_git_urls */
function nameOf(address: string): string {
  const last = address
    .replace(/[\\/]+$/, '')
    .replace(/[\\/]\.git$/, '')
    .split(/[\\/:]/)
    .at(-1);
  const name = (last ?? '').replace(/\.git$/, '');
  return /^\.{0,2}$/.test(name) ? 'repository' : [...name].map((c) => (c < ' ' ? '_' : c)).join('');
}
