/** How the services hang together that a plan was made for. */
import type { Overview } from '../model/overview.ts';
import type { Plan } from '../model/plan.ts';
import { overviewOf } from '../survey/overview.ts';
import { timed } from '../system/stats.ts';
import { factsOf, vouchedOn } from './vouched.ts';

/** Undefined for a plan that needed no facts, or that was read back. */
export function servicesOf(plan: Plan): Overview[] | undefined {
  const facts = factsOf(plan);
  const repo = vouchedOn(plan);
  return facts && repo && timed('facts', () => overviewOf(repo, facts));
}
