/** A start command with other options, where those are all that is wrong with it. */
import { type Command, readCommand, shellWord } from '../commands/command.ts';
import { hasOption, withoutOptions } from '../commands/options.ts';
import type { Server } from '../knowledge/server-row.ts';
import { SERVERS, workerRow } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { workerClass } from '../survey/worker-class.ts';
import type { Fault } from './fault.ts';
import type { Serving, Written } from './serving.ts';
import { workerOf } from './worker.ts';

const MENDABLE = new Set<Fault['rule']>(['host', 'port', 'interface', 'connections']);

/** The whole line with its server mended; undefined where options do not do it, or nothing is wrong. */
export function mended(
  repo: Snapshot,
  service: Service,
  written: Written,
  serving: Serving,
  faults: readonly Fault[],
): Command | undefined {
  const { range, server: name } = serving;
  if (faults.length === 0 || !range || !name) return undefined;
  const rules = new Set(faults.map((f) => f.rule));
  if ([...rules].some((rule) => !MENDABLE.has(rule))) return undefined;
  const server: Server = SERVERS[name];
  if (server.development) return undefined;
  const { args } = serving.program;
  let kept: readonly string[] | undefined = args.filter((arg) => arg !== '--reload');
  if (rules.has('interface')) kept = withWorker(repo, service, serving, server, kept);
  if (kept && rules.has('connections')) kept = withConnections(service, server, kept);
  if (kept && (rules.has('host') || rules.has('port'))) kept = withAddress(server, kept);
  if (!kept) return undefined;
  const words = kept.map(printed);
  if (words.includes(undefined)) return undefined;
  const program = serving.program.module ? serving.program.name : serving.program.word;
  const before = serving.text.slice(0, serving.text.lastIndexOf(program));
  const line = `${before}${program} ${words.join(' ')}`;
  const { text } = written.command;
  return readCommand(text.slice(0, range.start) + line + text.slice(range.end));
}

/** The arguments with the worker class that the application needs; undefined where nothing installs that. */
function withWorker(
  repo: Snapshot,
  service: Service,
  serving: Serving,
  { workerClass: options }: Server,
  args: readonly string[],
): readonly string[] | undefined {
  const [option] = options ?? [];
  if (option === undefined) return undefined;
  const kept = withoutOptions(args, options ?? []);
  const wanted = workerClass(service);
  if (wanted) return wanted.needs === undefined ? [...kept, option, wanted.name] : undefined;
  return workerRow(workerOf(repo, service, serving)?.name ?? '') && kept;
}

/** Open to all, on the platform's port; undefined where no option says so. */
function withAddress(
  { bind = [], host = [], port = [] }: Server,
  args: readonly string[],
): readonly string[] | undefined {
  const kept = withoutOptions(args, [...bind, ...host, ...port]);
  if (host[0] && port[0]) return [...kept, host[0], '0.0.0.0', port[0], '$PORT'];
  return bind[0] ? [...kept, bind[0], '0.0.0.0:$PORT'] : undefined;
}

/** One process for clients that one process knows, a thread for each open connection. */
function withConnections(service: Service, server: Server, args: readonly string[]): string[] {
  const out = service.notes.some((n) => n.clients)
    ? [...withoutOptions(args, ['--workers', '-w', '--processes']), '--workers', '1']
    : [...args];
  const { workerClass: classes } = server;
  const threads = classes !== undefined && service.entry.interface === 'wsgi';
  return threads && !hasOption(out, ['--threads', ...(classes ?? [])]) ? [...out, '--threads', '100'] : out;
}

/** As it was written where the shell expands it, else quoted; undefined where quoting would change it. */
function printed(word: string): string | undefined {
  if (/^[\w@%+=:,./${}-]+$/.test(word)) return word;
  return word.includes('$') || word.includes('`') ? undefined : shellWord(word);
}
