/** Whose fault it is that a second run would change more: a part of somebody's own is told to its author, not to nayek's. */
import type { Part } from '../model/transform.ts';
import { shelf } from '../rules/rule-file.ts';
import { ruleOf } from '../rules/rule-part.ts';
import { NayekError } from '../system/errors.ts';
import { both, say } from '../system/say.ts';
import type { NotConvergedError } from './make-plan.ts';
import { originOf } from './plugin.ts';
import type { Step } from './step.ts';

/** The error that the user is told: `not-converged`, which is to be reported, where only parts that come with nayek are in it. */
export function restless(error: NotConvergedError, steps: readonly Step[]): NayekError {
  const advice = ownAdvice(error, steps);
  if (advice === undefined) return new NayekError('not-converged', error.message, { cause: error });
  const hint = say`${advice}, or leave it out with --skip; nothing was written`;
  return new NayekError('failed-part', error.message, { hint, cause: error });
}

/** What the author of a rule or of a module is to do; undefined where none of their parts is in it. */
export function ownAdvice({ parts }: NotConvergedError, steps: readonly Step[]): string | undefined {
  const own = parts.filter((id) => steps.some(({ part }) => part.id === id && isOwn(part)));
  if (own.length === 0) return undefined;
  if (parts.length === 1) return say`let ${both(own)} exclude its own result`;
  return say`let ${both(own)} exclude what ${both(parts)} make of these files`;
}

/** It comes from a module, or from a rule file that does not come along. */
function isOwn(part: Part): boolean {
  const rule = ruleOf(part);
  return originOf(part) !== undefined || (rule !== undefined && !rule.at.startsWith(shelf()));
}
