/** Steps of a deployment printed as lines for sh (dash on most platforms). */
import { relative, resolve } from '../repo/path.ts';
import { shellWords } from './lexer.ts';

/** The word as sh reads it back: bare when it is safe, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command and the folder that it runs in, relative to the repository's root. */
export interface Step {
  readonly folder: string;
  readonly command: string;
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
export function stepOf(folder: string, command: string): Step {
  const [, inside = '', rest = ''] = /^cd[ \t]+["']?([^\s"';&|$]+)["']?[ \t]*&&[ \t]*(\S.*)$/.exec(command) ?? [];
  const target = inside === '' ? undefined : resolve(folder, inside);
  return target === undefined ? { folder, command } : { folder: target, command: rest };
}

/**
 * One line that runs the steps from the folder `from`: each only when the one before it went well, and the last process
 * takes the shell's place, so that it gets SIGTERM itself (dash would keep it from an inner process).
 */
export function inOrder(from: string, steps: readonly Step[]): string {
  let here = from;
  const parts: string[] = [];
  for (const { folder, command } of steps) {
    if (folder !== here) parts.push(change(relative(here, folder)));
    here = folder;
    parts.push(command);
  }
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(' && ')} && ${replacing(last)}`;
}

/** `exec command`, where the shell allows it: not for a list of commands nor one that begins with an assignment. */
export function replacing(command: string): string {
  const words = shellWords(command);
  return !words || words[0] === 'exec' || /^\w+=/.test(words[0] ?? '') ? command : `exec ${command}`;
}
