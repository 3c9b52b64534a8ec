/** Plans that this process has made and proved itself, and what they rest on. */
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../repo/snapshot.ts';

const made = new WeakMap<Plan, Snapshot>();

/** Says that every proof of a plan on `repo` has been given. Returns the plan; a copy of it counts as unproved. */
export function vouch(plan: Plan, repo: Snapshot): Plan {
  made.set(plan, repo);
  return plan;
}

/** The snapshot that a proved plan was made on; undefined for a plan from elsewhere. */
export function vouchedOn(plan: Plan): Snapshot | undefined {
  return made.get(plan);
}
