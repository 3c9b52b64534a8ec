/** Reading and planning as commands do it: Ctrl-C ends either at once, and nothing has been written by then. */
import type { PlanOptions } from '../engine/make-plan.ts';
import * as engine from '../engine/run.ts';
import type { Step } from '../engine/step.ts';
import * as together from '../engine/together.ts';
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { breakable, untilInterrupted } from '../system/interrupt.ts';

/** @throws NayekError `interrupted`, and what `openRepository` of the engine throws */
export function openRepository(dir: string): Promise<Snapshot> {
  return untilInterrupted(() => engine.openRepository(dir, breakable));
}

/** @throws NayekError `interrupted`, and what `planRepository` of the engine throws */
export function planRepository(repo: Snapshot, steps: readonly Step[], options: PlanOptions): Promise<Plan> {
  return untilInterrupted(() => engine.planRepository(repo, steps, { ...options, breakable }));
}

/** Which changes need each other. @throws NayekError `interrupted` */
export function needsOf(
  repo: Snapshot,
  plan: Plan,
  steps: readonly Step[],
  options: PlanOptions,
): Promise<together.Needs> {
  return untilInterrupted(() => breakable(() => together.needsOf(repo, plan, steps, options)));
}
