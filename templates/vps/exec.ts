/** A command for sh as systemd's ExecStart. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */

import { shellWords } from '../../src/commands/lexer.ts';
import { replacing } from '../../src/commands/steps.ts';
import { RUN_WORDS } from '../../src/knowledge/managers.ts';
import { join } from '../../src/repo/path.ts';

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
const RAN = `(?:${RUN_WORDS})(?: --[\\w-]+)* (?=[\\w./-])`;
const RUNNER = new RegExp(`^${RAN}`);
const RUNNERS = new RegExp(`\\b${RAN}`, 'g');

/**
 * The line that starts `command` in `folder`: the program by its absolute path (systemd searches only its own), without
 * a shell where none is needed. `environment` is the folder of the Python environment.
 */
export function execOf(command: string, folder: string, environment: string): Exec {
  const plain = command.trim().replace(/^exec[ \t]+/, '');
  const simple = simpleWords(plain.replace(RUNNER, ''));
  const assigned: [string, string][] = [];
  let words = simple ?? [];
  for (;;) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[0] ?? '') ?? [];
    if (name === undefined || value === undefined || value.includes('$')) break;
    assigned.push([name, value]);
    words = words.slice(1);
  }
  const ran = RUNNER.exec(words.join(' '))?.[0].trim().split(' ').length ?? 0;
  const [program, ...rest] = words.slice(ran);
  if (program !== undefined && !/[=$]/.test(program)) {
    const line = [...programOf(program, folder, environment), ...rest].map((word) => unitWord(word, command)).join(' ');
    return { line, assigned, direct: !/^(?:ba)?sh$/.test(program), shell: false };
  }
  const script = replacing(plain.replaceAll(RUNNERS, ''));
  const quoted = script.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return {
    line: `/bin/sh -c "${quoted}"`,
    assigned: [],
    direct: /(?:^|(?:&&|;) )exec [^;&|]*$/.test(script),
    shell: true,
  };
}

/** The words, where sh would do nothing with them that systemd does not; else undefined. */
function simpleWords(command: string): readonly string[] | undefined {
  let shown = command.replace(/'[^'$]*'/g, '');
  shown = shown.replace(/"([^"`\\]*)"/g, (_, inside: string) => inside.replace(/[^$\w{}]/g, ''));
  return /^(?:[\w@%+=:,./ -]|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})*$/.test(shown) ? shellWords(command) : undefined;
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
