/** The command line: parses, calls, and answers with an exit code. Everything else is loaded when it is needed. */

import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { shellWord } from '../commands/command.ts';
import type { Language } from '../model/part-words.ts';
import { afterWork, outputFailure, watchOutput } from '../report/output.ts';
import { heldBack, setVoice } from '../report/voice.ts';
import { isNarrow, languageOf, local, useLanguage } from '../report/words/local.ts';
import { mask } from '../secrets/mask.ts';
import { oneLine, useColour, visible } from '../syntax/visible.ts';
import { asNayekError, NayekError } from '../system/errors.ts';
import { nothingWritten, onInterrupt } from '../system/interrupt.ts';
import { say } from '../system/say.ts';
import { forgetTrouble, troubleSoFar } from '../system/trouble.ts';
import { finish, program } from './cli.ts';

// The build writes the manual page.
export { manual } from './cli.ts';

/** One run of the command, for the arguments of the process. The exit code is that of the process. */
export async function main(): Promise<void> {
  watchOutput();
  forgetTrouble();
  const debug = process.argv.includes('--debug');
  const settled = onInterrupt(() => {
    report(afterWork(nothingWritten()), false);
    return 130;
  });
  try {
    await useLanguage(askedLanguage(process.argv) ?? languageOf(process.env), isNarrow(process.env));
    // The variable of a script that is not set: never the current folder.
    if (process.argv.slice(2).includes('')) {
      throw new NayekError('usage', say`an argument is empty`, { hint: say`name the folder; . is the current one` });
    }
    setVoice({});
    useColour(undefined);
    if (process.argv.length === 2) await finish((await import('./first.ts')).first());
    else await program().parseAsync();
    process.stderr.write(heldBack());
    const failure = await outputFailure();
    if (failure) report(afterWork(failure), debug);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      report(wrongUsage(error), false);
    } else report(afterWork(asNayekError(error)), debug);
  } finally {
    if (debug) for (const error of troubleSoFar()) showStack(error);
    settled();
  }
}

/** `--lang` counts for the help, too, and for what is wrong with other options. */
function askedLanguage(words: readonly string[]): Language | undefined {
  const at = words.findLastIndex((word) => /^--lang(?:=|$)/.test(word));
  const asked = words[at]?.slice('--lang='.length) || words[at + 1];
  return at !== -1 && (asked === 'fr' || asked === 'en') ? asked : undefined;
}

/** One line; with --debug the stack and what caused it. Both may quote the repository: masked and harmless. */
function report(error: NayekError, debug: boolean): void {
  const message = local(oneLine(error.message));
  process.stderr.write(`${visible(mask(`nayek: ${message} (${local(error.hint)})`))}\n`);
  if (debug) showStack(error);
  process.exitCode = error.exitCode;
}

/** Where an error came from, and what caused it. */
function showStack(error: Error): void {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    process.stderr.write(`${visible(mask(at.stack ?? at.message), true)}\n`);
  }
}

/** What people type out of habit, and what it is called here. */
const HABITS: Readonly<Record<string, string>> = {
  '--diff': '--format diff',
  '--json': '--format json',
  '-n': '--dry-run',
  '--yes': '`nayek patch`, which asks nothing',
  '--write': '`nayek patch`, which writes',
  '--fix': '`nayek patch`, which writes',
};

function wrongUsage(error: CommanderError): NayekError {
  const [command = '', below = ''] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  const known = program().commands.some((c) => c.name() === command);
  const unknown = error.code === 'commander.unknownCommand';
  const help = known
    ? `nayek ${command === 'batch' && below && !unknown ? `batch ${below}` : command} --help`
    : 'nayek --help';
  const message = oneLine(error.message.replace(/^error: /, ''));
  const habit = HABITS[/'(-[^'=]*)[^']*'/.exec(message)?.[1] ?? ''];
  if (habit !== undefined && error.code === 'commander.unknownOption') {
    return new NayekError('usage', message.replace(/ \(Did you mean .*/, ''), {
      hint: say`did you mean ${habit}? \`${help}\` lists the options`,
    });
  }
  if (unknown && existsSync(command)) {
    return new NayekError('usage', message, { hint: say`did you mean \`nayek patch ${shellWord(command)}\`?` });
  }
  return new NayekError('usage', message, { hint: say`\`${help}\` lists commands and options` });
}
