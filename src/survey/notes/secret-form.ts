/** Secrets that the program wants in a form that no platform makes up. */

import type { Service } from '../../model/facts.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

/** One for each variable: what it must be, and how to make one. */
export function secretForms({ env }: Service): Note[] {
  return env.flatMap(({ name, form }) => {
    if (!form) return [];
    const text = say`${name} must be ${form.what} here, which no platform makes up: make one with ${form.make}.`;
    return [{ text, at: form.at }];
  });
}
