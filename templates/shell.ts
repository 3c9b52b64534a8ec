/** Command lines for sh (dash on most platforms). https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html */
import { relative, resolve } from './paths.ts';

/** The word as sh reads it back: bare when it is safe, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The words of a simple command, quotes and backslashes removed and `$VARIABLES` left as they stand. Undefined when it is
 * more than one command: an operator, a redirection, a substitution, a newline or an open quote.
 */
export function shellWords(command: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const char = command[at] ?? '';
    if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const close = closing(command, at);
      if (close === -1) return undefined;
      const inside = command.slice(at + 1, close);
      if (char === '"' && /`|\$\(/.test(inside)) return undefined;
      word = (word ?? '') + (char === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside);
      at = close;
    } else if (char === '\\') {
      word = (word ?? '') + (command[++at] ?? '');
    } else if (/[;&|<>()`\n]/.test(char) || (char === '#' && word === undefined)) {
      return undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Offset of the quote that closes the one at `open`, or -1. */
function closing(command: string, open: number): number {
  const quote = command[open];
  for (let at = open + 1; at < command.length; at++) {
    if (command[at] === quote) return at;
    if (quote === '"' && command[at] === '\\') at++;
  }
  return -1;
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
