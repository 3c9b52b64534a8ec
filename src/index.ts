/**
 * The API. As the command does it:
 *
 *     import { apply, openRepository, plan } from 'nayek';
 *
 *     const repo = await openRepository('.');
 *     const made = await plan(repo, { recipe: 'render', rule: ['rules/'] });
 *     for (const { path, before, after } of made.changes) console.log(path);
 *     await apply(made);
 *
 * What own parts are written with is exported, too: docs/plugins.md.
 */
import { assertChoice } from './engine/checked-choice.ts';
import { chosenRecipe } from './engine/chosen-recipe.ts';
import { parts as builtIn } from './engine/parts.ts';
import { chooseSteps as choose } from './engine/recipe.ts';
import { assertClean as assertCommitted, planRepository as planSteps } from './engine/run.ts';
import type { Choice as PlanChoice } from './model/choice.ts';
import type { Plan as Planned } from './model/plan.ts';
import type { Snapshot as Repository } from './repo/snapshot.ts';
import { loadPython as load } from './syntax/python/parser.ts';
import { applyPlan as write } from './writer/write.ts';

/** Loads the Python grammar once. `openRepository` does it; needed before `makePlan` on a snapshot in memory. */
export const loadPython: () => Promise<void> = load;

/**
 * The plan for a repository: proved to converge, with CPython's agreement where there is one. Nothing is written.
 * @throws NayekError `usage` for a choice that is none (a key that there is not, a text for a list), and for a repository that is nothing to patch
 */
export async function plan(repo: Repository, choice: PlanChoice = {}): Promise<Planned> {
  assertChoice(choice);
  const recipe = await chosenRecipe(choice, [repo.root]);
  return planSteps(repo, choose(recipe, builtIn, choice), { recipe: recipe.name, unsafe: choice.unsafe === true });
}

/**
 * Writes a plan, all of it or nothing, so that `undo` takes it back.
 * @throws NayekError `dirty` for files with uncommitted changes, `drift` for files that have changed since
 */
export async function apply(made: Planned, options: { readonly allowDirty?: boolean } = {}): Promise<void> {
  if (!options.allowDirty) assertCommitted(made);
  await write(made);
}

export * from './api.ts';
export { makePlan, type PlanOptions } from './engine/make-plan.ts';
export { parts } from './engine/parts.ts';
export { loadPlugin } from './engine/plugin.ts';
export { chooseSteps, loadRecipe, openRecipe, type Recipe, recipeNames } from './engine/recipe.ts';
export { assertClean, openRepository, planRepository } from './engine/run.ts';
export type { Step } from './engine/step.ts';
export type { Choice, Choice as PlanChoice, RecipeChoice, StepChoice } from './model/choice.ts';
export type { FileChange, Plan, Verdict, VerdictKind } from './model/plan.ts';
export { readSnapshot } from './repo/disk-snapshot.ts';
export { checklist, checkReport, type Point } from './report/checklist.ts';
export { type DiffOptions, exactDiff, shownDiff } from './report/diff.ts';
export { type PlanReport, planReport, type SavedPlan, savedPlan } from './report/json.ts';
export { readSavedPlan } from './report/saved-plan.ts';
export { type SummaryOptions, summary } from './report/summary.ts';
export { mask } from './secrets/mask.ts';
export { survey } from './survey/index.ts';
export { type ErrorKind, NayekError } from './system/errors.ts';
export { VERSION } from './system/version.ts';
export { type Undone, type UndoOptions, undo } from './writer/undo.ts';
export { applyPlan, type WriteOptions } from './writer/write.ts';
