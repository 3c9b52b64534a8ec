/**
 * The man page in man(7), from the tree of commands, in the language of the run. Accents are UTF-8, which man-db takes.
 * https://man7.org/linux/man-pages/man7/man.7.html
 */
import type { Command } from 'commander';
import { local } from '../report/words/local.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import { allNodes } from './completion.ts';
import { EXAMPLES } from './examples.ts';

const EXITS: readonly (readonly [string, string])[] = [
  ['0', say`fine`],
  ['1', say`something is pending or falls short (--check, check, verify only)`],
  ['2', say`trouble: usage, unreadable input, a failed part, drift`],
  ['3', say`done, but the report failed: a full disk, a closed pipe`],
  ['130', say`interrupted`],
];

const VARIABLES: readonly (readonly [string, string])[] = [
  ['LANG, LC_ALL, LC_MESSAGES, LANGUAGE', say`French where they say so.`],
  ['NO_COLOR, FORCE_COLOR', say`No colour; colour everywhere. The option --color wins.`],
];

export function manPage(roots: readonly Command[]): string {
  const told = (text: string): string => roff(local(text));
  const section = (text: string): string => `.SH ${told(text)}`;
  const named = (list: typeof EXITS): string[] =>
    list.flatMap(([name, what]) => ['.TP', `.B ${roff(name)}`, told(what)]);
  const out = [
    `.TH NAYEK 1 "" "nayek ${VERSION}" "${told(say`User Commands`)}"`,
    section(say`NAME`),
    `nayek - ${told(say`makes a Python web repository deployable`)}`,
    section(say`SYNOPSIS`),
    '.B nayek',
    `[\fI${told(say`command`)}\fR] [\fI${told(say`options`)}\fR] [\fI${told(say`folder`)}\fR]`,
    section(say`DESCRIPTION`),
    told(roots[0]?.description() ?? ''),
    told(say`Without a command it says what it finds and what to do next.`),
    told(say`The product goes to stdout, messages to stderr.`),
    section(say`COMMANDS`),
  ];
  for (const { path, says, options } of allNodes(roots)) {
    if (path !== '') out.push(`.SS nayek ${roff(path)}`, told(says));
    for (const o of options) {
      const values = o.values && o.values.length > 0 ? ` (${o.values.join(', ')})` : '';
      out.push('.TP', `.B ${roff(o.names.join(', '))}`, roff(`${local(o.says)}${values}`));
    }
    for (const [line, what] of path === '' ? [] : (EXAMPLES[path] ?? [])) {
      out.push('.PP', `${told(say`Example:`)} \fB${roff(line)}\fR`, '.br', told(what));
    }
  }
  out.push(section(say`EXIT STATUS`), ...named(EXITS), section(say`ENVIRONMENT`), ...named(VARIABLES));
  return `${out.join('\n')}\n`;
}

/** Text in man(7): no line begins with a dot, dashes are dashes. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
