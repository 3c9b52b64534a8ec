/** A choice that a program hands over: no compiler may have looked at it. */
import type { Choice } from '../model/choice.ts';
import { NayekError } from '../system/errors.ts';
import { unknownKey } from '../system/nearest.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';

const LISTS: readonly string[] = ['rule', 'plugin', 'only', 'skip', 'set'] satisfies (keyof Choice)[];
const KEYS: readonly string[] = [...LISTS, 'recipe', 'unsafe'];

/** @throws NayekError `usage` for a key that there is not, with the nearest one, and for a value of another type */
export function assertChoice(choice: unknown): asserts choice is Choice {
  if (!isRecord(choice)) refuse(say`it is not a mapping`);
  for (const [key, value] of Object.entries(choice)) {
    if (!KEYS.includes(key)) refuse(unknownKey(key, KEYS));
    if (value === undefined) continue;
    if (LISTS.includes(key)) {
      const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
      if (!isList) refuse(say`${key} is not a list of texts`);
    } else if (typeof value !== (key === 'unsafe' ? 'boolean' : 'string')) {
      refuse(key === 'unsafe' ? say`${key} is neither true nor false` : say`${key} is not a text`);
    }
  }
}

function refuse(why: string): never {
  throw new NayekError('usage', say`the choice of a plan: ${why}`, { hint: say`known: ${KEYS.join(', ')}` });
}
