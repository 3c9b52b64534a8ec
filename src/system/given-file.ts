/** Files that the user names: on the command line, or in a file that is named there. */
import { readFileSync } from 'node:fs';
import { NayekError } from './errors.ts';

/** Its text. `what` is how the message calls it. @throws NayekError `unreadable` */
export function readGiven(file: string, what = file): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new NayekError('unreadable', what, { cause });
  }
}
