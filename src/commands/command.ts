/**
 * A command as a value: made from words, or read once from a line that somebody wrote, changed by ranges and printed
 * where it is needed: for sh, Procfile and YAML as its text, for systemd by `templates/vps/exec.ts`.
 */
import { applyEdits, type Edit } from '../syntax/edit.ts';
import { onlyWords, readShell, type ShellLine, type SimpleCommand, type Span } from './lexer.ts';
import { programOf, scriptOf } from './program.ts';

export interface Command extends ShellLine {
  /** For sh. */
  readonly text: string;
}

/** A word that sh is to expand: '0.0.0.0:$PORT'. */
export interface Expanded {
  readonly sh: string;
}

/** The word as sh reads it back: bare when it is safe, else in single quotes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A line that somebody wrote. Never throws: what is no shell still comes out as words. */
export function readCommand(text: string): Command {
  return { text, ...readShell(text) };
}

/** One simple command of these words, assignments first. */
export function newCommand(...given: readonly (string | Expanded)[]): Command {
  const words: string[] = [];
  const ranges: Span[] = [];
  let text = '';
  for (const word of given) {
    const written = typeof word === 'string' ? shellWord(word) : word.sh;
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? written : `${text} ${written}`;
    words.push(typeof word === 'string' ? word : word.sh);
    ranges.push({ start, end: text.length });
  }
  return { text, plain: true, commands: [{ words, ranges, start: 0, end: text.length, operator: '' }] };
}

/** The words of a command that is no more than one simple command. */
export function wordsOf(command: Command): readonly string[] | undefined {
  return onlyWords(command);
}

/** Further words at the end. */
export function appended(command: Command, ...words: readonly (string | Expanded)[]): Command {
  return readCommand(`${command.text} ${newCommand(...words).text}`);
}

/** Edits to one simple command of a line, on the text of the whole. */
export type EditsOf = (one: SimpleCommand, whole: Command) => readonly Edit[];

/** The command with edits to each of its simple commands, also to those that a word gives to `sh -c`. */
export function edited(command: Command, editsOf: EditsOf): Command {
  const { text, commands } = command;
  const edits = commands.flatMap((one) => [...editsOf(one, command), ...inside(one, text, editsOf)]);
  return edits.length === 0 ? command : readCommand(applyEdits(text, edits));
}

function inside(one: SimpleCommand, text: string, editsOf: EditsOf): Edit[] {
  const script = scriptOf(programOf(one.words));
  const range = script === undefined ? undefined : one.ranges[one.words.lastIndexOf(script)];
  // Quotes or backslashes inside would be other words after an edit.
  if (!range || text.slice(range.start + 1, range.end - 1) !== script) return [];
  const changed = edited(readCommand(script), editsOf).text;
  return changed === script ? [] : [{ start: range.start + 1, end: range.end - 1, text: changed }];
}

/** The simple command that runs last. */
export function lastOf({ commands }: Command): SimpleCommand | undefined {
  return commands.at(-1);
}

/**
 * The last simple command takes the place of the shell, which would keep SIGTERM from it: `a && exec b`. Unchanged where
 * it begins with an assignment, or with `exec`, and where it is more than words.
 */
export function lastReplaces(command: Command): Command {
  const last = lastOf(command);
  const before = command.commands.at(-2)?.operator ?? ';';
  if (!last || !/^(?:&&|;)$/.test(before) || !onlyWords(readShell(command.text.slice(last.start)))) return command;
  const [first = ''] = last.words;
  if (first === 'exec' || /^\w+=/.test(first)) return command;
  return readCommand(applyEdits(command.text, [{ start: last.start, end: last.start, text: 'exec ' }]));
}

/** The command without `exec` in front. */
export function withoutExec(command: Command): Command {
  const [first] = command.commands;
  const next = first?.words[0] === 'exec' ? first.ranges[1]?.start : undefined;
  return next === undefined ? command : readCommand(command.text.slice(next));
}

/** `exec command`, where it is one simple command. */
export function replacing(command: Command): Command {
  return onlyWords(command) ? lastReplaces(command) : command;
}
