/** A start command with other options, where those are all that is wrong with it. */
import { type Command, readCommand, shellWord } from '../commands/command.ts';
import { hasOption, withoutOptions } from '../commands/options.ts';
import { SERVERS, type Server, workerServes } from '../knowledge/servers.ts';
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
  let kept = args.filter((arg) => arg !== '--reload');
  if (rules.has('interface')) {
    if (name !== 'gunicorn') return undefined;
    kept = withoutOptions(kept, ['--worker-class', '-k']);
    const wanted = workerClass(service);
    if (
      wanted?.needs !== undefined ||
      (!wanted && workerServes(workerOf(repo, service, serving)?.name ?? '') === undefined)
    )
      return undefined;
    if (wanted) kept.push('--worker-class', wanted.name);
  }
  if (rules.has('connections')) kept = withConnections(service, name, kept);
  if (rules.has('host') || rules.has('port')) {
    kept = withoutOptions(kept, [...(server.bind ?? []), ...(server.host ?? []), ...(server.port ?? [])]);
    const [bind] = server.bind ?? [];
    const [host] = server.host ?? [];
    const [port] = server.port ?? [];
    if (host && port) kept.push(host, '0.0.0.0', port, '$PORT');
    else if (bind) kept.push(bind, '0.0.0.0:$PORT');
    else return undefined;
  }
  const words = kept.map(printed);
  if (words.includes(undefined)) return undefined;
  const before = serving.text.slice(
    0,
    serving.text.lastIndexOf(serving.program.module ? serving.program.name : serving.program.word),
  );
  const program = serving.program.module ? serving.program.name : serving.program.word;
  const line = `${before}${program} ${words.join(' ')}`;
  const { text } = written.command;
  return readCommand(text.slice(0, range.start) + line + text.slice(range.end));
}

/** One process for clients that one process knows, a thread for each open connection. */
function withConnections(service: Service, server: string, args: readonly string[]): string[] {
  const out = service.notes.some((n) => n.clients)
    ? [...withoutOptions(args, ['--workers', '-w', '--processes']), '--workers', '1']
    : [...args];
  const threads = server === 'gunicorn' && service.entry.interface === 'wsgi';
  return threads && !hasOption(out, ['--threads', '--worker-class', '-k']) ? [...out, '--threads', '100'] : out;
}

/** As it was written where the shell expands it, else quoted; undefined where quoting would change it. */
function printed(word: string): string | undefined {
  if (/^[\w@%+=:,./${}-]+$/.test(word)) return word;
  return word.includes('$') || word.includes('`') ? undefined : shellWord(word);
}
