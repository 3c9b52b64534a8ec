/**
 * The API: what the command is made of.
 *
 *     const repo = await openRepository('.');
 *     const recipe = loadRecipe('render', parts);
 *     const plan = await planRepository(repo, recipe.steps, { recipe: recipe.name });
 *     await applyPlan(plan);
 */
import { loadPython as load } from './syntax/python/parser.ts';

/** Loads the Python grammar once. `openRepository` does it; needed before `makePlan` on a snapshot in memory. */
export const loadPython: () => Promise<void> = load;

export { makePlan, type PlanOptions, type Step } from './engine/make-plan.ts';
export { parts } from './engine/parts.ts';
export { chooseSteps, loadRecipe, type Recipe, recipeNames, type StepChoice } from './engine/recipe.ts';
export { assertClean, openRepository, planRepository } from './engine/run.ts';
export type * from './model/facts.ts';
export type { FileChange, Plan, Verdict, VerdictKind } from './model/plan.ts';
export type { Options, Outcome, Part } from './model/transform.ts';
export { readSnapshot } from './repo/disk-snapshot.ts';
export { memorySnapshot, type Snapshot, type SourceFile } from './repo/snapshot.ts';
export { checklist, checkReport, type Point } from './report/checklist.ts';
export { type DiffOptions, exactDiff, shownDiff } from './report/diff.ts';
export { type PlanReport, planReport, type SavedPlan, savedPlan } from './report/json.ts';
export { readSavedPlan } from './report/saved-plan.ts';
export { type SummaryOptions, summary } from './report/summary.ts';
export { mask } from './secrets/mask.ts';
export { survey } from './survey/index.ts';
export type { Edit } from './syntax/edit.ts';
export { type ErrorKind, NayekError } from './system/errors.ts';
export { VERSION } from './system/version.ts';
export { type Undone, type UndoOptions, undo } from './writer/undo.ts';
export { applyPlan, type WriteOptions } from './writer/write.ts';
