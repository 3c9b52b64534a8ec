/** Scripts that a platform is told to execute and that git keeps as plain files. */
import { type Command, readCommand } from '../../commands/command.ts';
import { programOf } from '../../commands/program.ts';
import type { Service } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';
import { platformCommands } from './platform-commands.ts';

/** One for each script: what platforms do ends in "Permission denied". https://git-scm.com/docs/git-update-index */
export function notExecutable(repo: Snapshot, service: Service): Note[] {
  const out = new Map<string, Note>();
  for (const { text, folder, at } of platformCommands(repo, service)) {
    for (const word of executedIn(readCommand(text))) {
      const path = join(folder, word.replace(/^\.\//, ''));
      if (out.has(path) || repo.executable(path) !== false) continue;
      const reason = say`${path} is not executable in git: \`${word}\` ends with "Permission denied". Run \`git update-index --chmod=+x ${path}\`, or write \`bash ${word}\`.`;
      out.set(path, { text: reason, at, stops: true });
    }
  }
  return [...out.values()];
}

/** Scripts that a line runs by their path; none where it changes their mode itself. */
function executedIn(command: Command): string[] {
  if (/\bchmod\b/.test(command.text)) return [];
  return command.commands
    .map(({ words }) => programOf(words).word)
    .filter((word) => /^(?!\/)[\w./-]*\/[\w.-]+$/.test(word));
}
