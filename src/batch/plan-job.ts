/** The work of one job: check out, plan, store the patch and the report. Loaded only where jobs are run. */

import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { servicesOf } from '../engine/overview.ts';
import { parts } from '../engine/parts.ts';
import { loadPlugin, originOf } from '../engine/plugin.ts';
import { openRepository, planRepository } from '../engine/run.ts';
import { narrowed, settingsOf } from '../engine/settings.ts';
import type { Step } from '../engine/step.ts';
import type { FileChange, Plan } from '../model/plan.ts';
import { exactDiff } from '../report/diff.ts';
import { hunksOf } from '../report/hunks.ts';
import { planReport } from '../report/json.ts';
import { rulesIn } from '../rules/rule-file.ts';
import { partOf } from '../rules/rule-part.ts';
import { mask } from '../secrets/mask.ts';
import { oneLine } from '../syntax/visible.ts';
import { contains } from '../system/contains.ts';
import { asNayekError, type ErrorKind, NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { checkOut } from './checkout.ts';
import { GitError } from './git.ts';
import { type JobRecord, type JobSpec, recordOf } from './job.ts';
import { keep, makeWorkFolder } from './store.ts';

/** Refusals: there is nothing to patch, and nothing is wrong. */
const NOTHING_TO_PATCH: ReadonlySet<ErrorKind> = new Set(['empty', 'no-python', 'no-service', 'template']);

/** See `runJob`, which is the way in. */
export async function planJob(job: JobSpec, store: string): Promise<JobRecord> {
  const startedAt = new Date().toISOString();
  const start = performance.now();
  const at = () => ({ startedAt, ms: Math.round(performance.now() - start) });
  let folder: string | undefined;
  try {
    folder = makeWorkFolder(store);
    const { top, missing } = await checkOut(job, store, folder);
    const repo = await openRepository(inside(top, job.subdir));
    const steps = narrowed(await stepsOf(job), settingsOf(repo.root, parts));
    const made = await planRepository(repo, steps, { recipe: job.recipe, unsafe: job.unsafe });
    const lacking = missing.map((name) => ({ path: name, reason: say`is not in this partial clone` }));
    const plan = { ...made, skipped: [...made.skipped, ...lacking] };
    return recordOf(job, statusOf(plan), { ...stored(plan, servicesOf(made), job, store), ...at() });
  } catch (thrown) {
    const error = asNayekError(thrown);
    if (NOTHING_TO_PATCH.has(error.kind)) {
      return recordOf(job, 'skipped', { error: { code: error.kind, message: said(error, top(folder, job)) }, ...at() });
    }
    const late = thrown instanceof GitError && thrown.timedOut;
    return recordOf(job, late ? 'timeout' : 'failed', {
      error: { code: late ? 'timeout' : error.kind, message: said(error, top(folder, job)) },
      ...at(),
    });
  } finally {
    // Beside the next job: removing takes longer than planning on some disks. What a kill leaves is reaped.
    if (folder) rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function statusOf(plan: Plan): 'failed' | 'changed' | 'no-change' {
  if (plan.verdicts.some((v) => v.kind === 'failed')) return 'failed';
  return plan.changes.length > 0 ? 'changed' : 'no-change';
}

/** A folder below the top that no link leads out of. @throws NayekError `not-a-directory`, `outside` */
function inside(top: string, subdir: string): string {
  let real: string;
  try {
    real = realpathSync(path.join(top, subdir));
  } catch (cause) {
    throw new NayekError('not-a-directory', subdir, { cause });
  }
  if (!contains(realpathSync(top), real)) throw new NayekError('outside', subdir);
  return real;
}

async function stepsOf(job: JobSpec): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { id, options, rule, plugin, when } of job.steps) {
    const known = plugin ? await loadPlugin(plugin.file, path.dirname(plugin.file)) : parts;
    const part = rule === undefined ? known.find((p) => p.id === id) : rulesIn(rule, id).rules.map(partOf)[0];
    if (!part) throw new NayekError('broken-recipe', say`no part '${id}'`);
    if (plugin && originOf(part)?.sha256 !== plugin.sha256) {
      throw new NayekError('plugin', say`${plugin.file} is not the one that the batch was started with`);
    }
    steps.push({ part, options, ...(when === undefined ? {} : { when }) });
  }
  return steps;
}

function stored(plan: Plan, services: ReturnType<typeof servicesOf>, job: JobSpec, store: string): Partial<JobRecord> {
  const failed = plan.verdicts.find((v) => v.kind === 'failed');
  const patch = exactDiff(plan, { prefix: job.subdir });
  // The checkout's folder is another one each time.
  const report = { ...planReport(plan, false, services), root: job.repo };
  return {
    ...counted(plan.changes),
    patch: plan.changes.length > 0 ? keep(store, 'patches', patch) : null,
    report: keep(store, 'reports', Buffer.from(JSON.stringify(report))),
    verdicts: plan.verdicts.map(({ part, kind }) => ({ part, kind })),
    error: failed ? { code: 'failed-part', message: oneLine(mask(`${failed.part}: ${failed.reason}`)) } : null,
  };
}

function counted(changes: readonly FileChange[]): { files: number; insertions: number; deletions: number } {
  let insertions = 0;
  let deletions = 0;
  for (const { before, after, edits } of changes) {
    const whole = before === null ? [{ start: 0, end: 0, text: after }] : edits;
    for (const { lines } of hunksOf(before ?? '', whole)) {
      insertions += lines.filter((l) => l.kind === '+').length;
      deletions += lines.filter((l) => l.kind === '-').length;
    }
  }
  return { files: changes.length, insertions, deletions };
}

/** The temporary path that a message may name, and what it stands for. */
function top(folder: string | undefined, job: JobSpec): readonly [string, string] {
  return [folder === undefined ? '\0' : path.join(folder, job.name), job.repo];
}

function said(error: NayekError, [temporary, repo]: readonly [string, string]): string {
  return oneLine(mask(error.message.replaceAll(temporary, repo)));
}
