/** Plans that this process has made and proved itself, and what they rest on. */
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../repo/snapshot.ts';

interface Ground {
  readonly repo: Snapshot;
  /** Undefined where no part has asked for any. */
  readonly facts: Facts | undefined;
}

const made = new WeakMap<Plan, Ground>();

/** Says that every proof of a plan on `repo` has been given. Returns the plan; a copy of it counts as unproved. */
export function vouch(plan: Plan, repo: Snapshot, facts?: Facts): Plan {
  made.set(plan, { repo, facts });
  return plan;
}

/** The snapshot that a proved plan was made on; undefined for a plan from elsewhere. */
export function vouchedOn(plan: Plan): Snapshot | undefined {
  return made.get(plan)?.repo;
}

/** The facts that a proved plan was made from; undefined for a plan from elsewhere, or one that needed none. */
export function factsOf(plan: Plan): Facts | undefined {
  return made.get(plan)?.facts;
}
