/** Steps of a deployment printed as lines for sh (dash on most platforms). */
import { relative, resolve } from '../repo/path.ts';
import { type Command, readCommand, replacing, shellWord } from './command.ts';

/** A command and the folder that it runs in, relative to the repository's root. */
export interface Step {
  readonly folder: string;
  readonly command: Command;
}

/** `cd folder`; one that begins with a dash would be an option. */
function change(folder: string): string {
  return `cd ${shellWord(folder.startsWith('-') ? `./${folder}` : folder)}`;
}

/** `cd folder && command`. */
export function inFolder(folder: string, command: string): string {
  return folder === '' ? command : `${change(folder)} && ${command}`;
}

/** The step of a command written for `folder`: `cd .. && x` is `x` in the folder above. */
export function stepOf(folder: string, text: string): Step {
  const command = readCommand(text);
  const [first, second] = command.commands;
  const [name, inside, ...more] = first?.words ?? [];
  const moves = name === 'cd' && inside && more.length === 0 && first?.operator === '&&' && !/[$`;&|]/.test(inside);
  const target = moves && second ? resolve(folder, inside) : undefined;
  return target === undefined || !second
    ? { folder, command }
    : { folder: target, command: readCommand(text.slice(second.start)) };
}

/**
 * One line that runs the steps from the folder `from`: each only when the one before it went well, and the last process
 * takes the shell's place, so that it gets SIGTERM itself (dash would keep it from an inner process).
 */
export function inOrder(from: string, steps: readonly Step[]): string {
  let here = from;
  const parts: string[] = [];
  for (const [i, { folder, command }] of steps.entries()) {
    if (folder !== here) parts.push(change(relative(here, folder)));
    here = folder;
    // A line of one command needs no exec: the platform's shell takes its place.
    const last = i === steps.length - 1 && parts.length > 0;
    parts.push(last ? replacing(command).text : command.text);
  }
  return parts.join(' && ');
}
