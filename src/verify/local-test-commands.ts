/** The commands by which a person tests a patched service on the own machine. */
import { shellWord } from '../commands/command.ts';
import type { Facts, Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { LocalTest } from '../report/markdown.ts';
import { gunicornCommand, runCommand } from './local-tests.ts';

const PORT = 8000;
const WORKERS = 2;

/** For each service: its run call with HOST and PORT, its migrations, gunicorn; those that it has. */
export function localTestsOf(repo: Snapshot, facts: Facts): LocalTest[] {
  return facts.services.flatMap((service) => {
    const run = runCommand(repo, facts, { service });
    return [
      ...(run ? [test('host', run.folder, `HOST=0.0.0.0 PORT=${PORT} ${run.command}`)] : []),
      ...(service.migrations
        ? [test('migrations', service.root, `${databaseVariable(service)}${service.migrations.command}`)]
        : []),
      test('server', service.root, gunicornCommand({ service }, PORT, WORKERS)),
    ];
  });
}

function test(kind: LocalTest['kind'], folder: string, command: string): LocalTest {
  return { kind, command: folder === '' ? command : `cd ${shellWord(folder)} && ${command}` };
}

function databaseVariable(service: Service): string {
  const url = service.env.find((v) => v.kind === 'database' && v.property === 'url');
  return url ? `${url.name}=${service.database?.kind === 'postgres' ? 'postgresql://…' : '…'} ` : '';
}
