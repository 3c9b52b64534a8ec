/** How an entry is called. */
import type { Entry } from './facts.ts';

/** What is served, for people: `module:attr`, or the file that is run. */
export function servedName({ module, attr, factory, program, path }: Entry): string {
  return attr === '' ? (program ?? path) : `${module}:${attr}${factory ? '()' : ''}`;
}
