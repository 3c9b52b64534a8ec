/** Programs in the commands that are emitted, and not installed: `alembic: command not found`. */
import { readShell } from '../../commands/lexer.ts';
import { programOf } from '../../commands/program.ts';
import { PROGRAMS } from '../../knowledge/programs.ts';
import type { Need } from '../../model/facts.ts';
import { say } from '../../system/say.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import { type Asked, unless } from './asked.ts';

/** One for each program of the migrations and the workers that no distribution brings. */
export function programNeeds({ service, list, installed }: Asked): Need[] {
  const { migrations, workers } = service;
  const commands = [...(migrations && !migrations.automatic ? [migrations] : []), ...workers];
  return commands.flatMap(({ command, at }) =>
    readShell(command).commands.flatMap(({ words }): Need[] => {
      const { name: program, args } = programOf(words);
      const name = PROGRAMS.find((row) => row.program === program && (!row.word || args.includes(row.word)))?.brings;
      if (name === undefined || installed.names.has(name)) return [];
      const sure = surelyLacks(installed, name);
      const text = say`\`${command}\` needs ${name}, which ${list} does not install${unless(sure)}.`;
      const why = say`\`${command}\` needs ${name}`;
      return [{ name, range: '', text, why, at, kind: sure ? 'missing' : 'perhaps' }];
    }),
  );
}
