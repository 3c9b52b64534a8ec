/** A command for sh as systemd's ExecStart. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */

import { type Command, edited, lastOf, replacing, withoutExec, wordsOf } from '../../src/commands/command.ts';
import type { SimpleCommand } from '../../src/commands/lexer.ts';
import { tools } from '../../src/knowledge/managers.ts';
import { join } from '../../src/repo/path.ts';
import type { Edit } from '../../src/syntax/edit.ts';

export interface Exec {
  /** Value of ExecStart. */
  readonly line: string;
  /** Assignments that stood before the program: name and value. */
  readonly assigned: readonly (readonly [string, string])[];
  /** True when the last process takes the place of the first, and so gets systemd's signals itself. */
  readonly direct: boolean;
  /** True when a shell reads the command. */
  readonly shell: boolean;
}

/** Programs of the system rather than of the Python environment. */
const SYSTEM = new Set(['npm', 'npx', 'node', 'yarn', 'pnpm', 'make', 'just', 'java', 'env', 'nice', 'timeout']);
/** `uv run` and its like: with the options that take no value, in front of a program. */
const RUNNERS = tools.map((tool) => tool.run.split(' '));

/**
 * The line that starts `command` in `folder`: the program by its absolute path (systemd searches only its own), without
 * a shell where none is needed. `environment` is the folder of the Python environment.
 */
export function execOf(command: Command, folder: string, environment: string): Exec {
  const plain = edited(withoutExec(command), withoutRunner);
  const assigned: [string, string][] = [];
  let words = simpleWords(plain) ?? [];
  for (;;) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[0] ?? '') ?? [];
    if (name === undefined || value === undefined || value.includes('$')) break;
    assigned.push([name, value]);
    words = words.slice(1);
  }
  const [program, ...rest] = words;
  if (program !== undefined && !/[=$]/.test(program)) {
    const line = [...programOf(program, folder, environment), ...rest].map((word) => unitWord(word, command.text));
    return { line: line.join(' '), assigned, direct: !/^(?:ba)?sh$/.test(program), shell: false };
  }
  const script = replacing(plain);
  const quoted = script.text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  const direct = lastOf(script)?.words[0] === 'exec';
  return { line: `/bin/sh -c "${quoted}"`, assigned: [], direct, shell: true };
}

/** Takes `uv run --no-sync` away from in front of a program: systemd starts what lies in the environment. */
function withoutRunner({ words, ranges }: SimpleCommand): Edit[] {
  const from = words.findIndex((word) => word !== 'exec' && !/^\w+=/.test(word));
  const runner = RUNNERS.find((run) => run.every((word, i) => words[from + i] === word));
  if (!runner) return [];
  let to = from + runner.length;
  while (/^--[\w-]+$/.test(words[to] ?? '')) to++;
  const [first, program] = [ranges[from], ranges[to]];
  return first && program ? [{ start: first.start, end: program.start, text: '' }] : [];
}

/** The words, where sh would do nothing with them that systemd does not; else undefined. */
function simpleWords(command: Command): readonly string[] | undefined {
  const { text } = command;
  const safe = command.commands[0]?.ranges.every(({ start, end }) => {
    let shown = text.slice(start, end).replace(/'[^'$]*'/g, '');
    shown = shown.replace(/"([^"`\\]*)"/g, (_, inside: string) => inside.replace(/[^$\w{}]/g, ''));
    return /^(?:[\w@%+=:,./-]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})*$/.test(shown);
  });
  return safe ? wordsOf(command) : undefined;
}

function programOf(word: string, folder: string, environment: string): string[] {
  if (word.startsWith('/')) return [word];
  if (word.includes('/')) return [join(folder, word.replace(/^(?:\.\/)+/, ''))];
  if (word === 'sh' || word === 'bash') return [`/bin/${word}`];
  return SYSTEM.has(word) ? ['/usr/bin/env', word] : [`${environment}/bin/${word}`];
}

/** A word as systemd reads it back: `%` is a specifier; `$X` alone is split at blanks, as sh does, and `${X}` is not. */
function unitWord(word: string, command: string): string {
  if (/^\$[A-Za-z_]\w*$/.test(word) && !command.includes(`"${word}"`)) return word;
  const text = word.replaceAll('%', '%%').replace(/\$([A-Za-z_]\w*)/g, '$${$1}');
  return /^[\w@%+=:,./${}-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
