/** Whether two lines run the same program, whatever folder they are written for. */
import { readCommand } from '../commands/command.ts';
import { basename } from '../repo/path.ts';

/** Options whose value is a file, which another folder spells otherwise. */
const NAMES_FILE = new Set(['-c', '--config', '-f', '--file', '--app', '--settings']);

/** The words that say what runs: no assignment, no option, and of a path its last part. */
function core(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    if (/^-|^[A-Za-z_]\w*=/.test(word) || NAMES_FILE.has(words[i - 1] ?? '')) return [];
    const bare = basename(word.replace(/^[("'`]+|[)"'`,:]+$/g, ''));
    return bare === '' ? [] : [bare];
  });
}

/**
 * True where one simple command of `line` has the words of the last one of `wanted`, in their order:
 * `cd app && alembic upgrade head` and `alembic -c app/alembic.ini upgrade head` are the same.
 */
export function runsSame(wanted: string, line: string): boolean {
  const words = core(readCommand(wanted).commands.at(-1)?.words ?? []);
  if (words.length < 2) return false;
  return readCommand(line).commands.some((one) => {
    const there = core(one.words);
    let at = 0;
    for (const word of there) if (word === words[at]) at++;
    return at === words.length;
  });
}
