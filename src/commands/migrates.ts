/** The one rule for "does this bring the schema up to date". */
import { wordsMigrate } from '../knowledge/migrations.ts';
import { type Command, readCommand } from './command.ts';
import { type Program, programOf, scriptOf } from './program.ts';

/** `alembic upgrade head`, `flask db upgrade`, `manage.py migrate`, a script or a task of the name migrate. */
export function migrates({ name, word, args }: Program): boolean {
  return wordsMigrate([name, word, ...args]);
}

/** True when one of its simple commands does. */
export function commandMigrates({ commands }: Command): boolean {
  return commands.some(({ words }) => {
    const program = programOf(words);
    const inner = scriptOf(program);
    return inner === undefined ? migrates(program) : commandMigrates(readCommand(inner));
  });
}
