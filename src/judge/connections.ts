/** Connections that stay open, against the processes and threads of a start command. */
import { hasOption, optionValue } from '../commands/options.ts';
import { hasWorkerClass } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { requirementsOf } from '../survey/dependencies/installed.ts';
import { say } from '../system/say.ts';
import { confOf } from './address.ts';
import type { Fault } from './fault.ts';
import type { Serving } from './serving.ts';
import { workerOf } from './worker.ts';

/** What each open connection takes one of. https://flask-sock.readthedocs.io/en/latest/web_servers.html#gunicorn */
const SOCKETS = ['flask-sock', 'flask-socketio'];

/** Certain only where the command, or the configuration that it loads, says how many there are. */
export function connectionFaults(repo: Snapshot, service: Service, serving: Serving): Fault[] {
  const { server, program, at } = serving;
  if (server === undefined) return [];
  const out: Fault[] = [];
  const fault = (reason: string): number => out.push({ rule: 'connections', reason, at });
  const asked =
    optionValue(program.args, ['--workers', '-w', '--processes']) ?? conf(repo, service, serving, 'workers');
  const several = asked !== undefined && /^\d+$/.test(asked) && Number(asked) > 1;
  // The notes are the dearest of all facts: most commands do not need them.
  const alone = several ? service.notes.find((n) => n.clients) : undefined;
  if (alone) {
    fault(
      say`${server} runs ${asked} processes, and the clients of ${alone.at.path}:${alone.at.line} are known to one of them: it takes one worker`,
    );
  }
  const package_ = SOCKETS.find((name) => requirementsOf(service, name).length > 0);
  if (package_ === undefined || !hasWorkerClass(server) || service.entry.interface !== 'wsgi') return out;
  const worker = workerOf(repo, service, serving);
  const threads = hasOption(program.args, ['--threads']) || conf(repo, service, serving, 'threads') !== undefined;
  if (worker?.name === 'sync' && !threads) {
    fault(
      say`gunicorn's sync worker holds one connection at a time, and ${package_} keeps them open: it takes --threads`,
    );
  }
  return out;
}

/** A value that gunicorn's configuration gives, as written. */
function conf(repo: Snapshot, service: Service, serving: Serving, name: string): string | undefined {
  if (!hasWorkerClass(serving.server)) return undefined;
  const found = confOf(repo, service, serving);
  if (found === undefined || found === 'unknown') return undefined;
  return new RegExp(`^${name}[ \\t]*=[ \\t]*([^#\\n]*)`, 'm').exec(found.text)?.[1]?.trim();
}
