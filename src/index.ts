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

export { checklist, checkReport, type Point } from './check.ts';
export type { Edit } from './edit.ts';
export { type ErrorKind, NayekError } from './errors.ts';
export type * from './facts.ts';
export { makePlan, type PlanOptions, type Step } from './make-plan.ts';
export { mask } from './mask.ts';
export { parts } from './parts.ts';
export type { FileChange, Plan, Verdict, VerdictKind } from './plan.ts';
export { chooseSteps, loadRecipe, type Recipe, recipeNames, type StepChoice } from './recipe.ts';
export { type DiffOptions, exactDiff, shownDiff } from './report/diff.ts';
export { type PlanReport, planReport, readSavedPlan, type SavedPlan, savedPlan } from './report/json.ts';
export { type SummaryOptions, summary } from './report/summary.ts';
export { assertClean, openRepository, planRepository } from './run.ts';
export { memorySnapshot, readSnapshot, type Snapshot, type SourceFile } from './snapshot.ts';
export { survey } from './survey/index.ts';
export type { Options, Outcome, Part } from './transform.ts';
export { type Undone, type UndoOptions, undo } from './undo.ts';
export { VERSION } from './version.ts';
export { applyPlan, type WriteOptions } from './write.ts';
