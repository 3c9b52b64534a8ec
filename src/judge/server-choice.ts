/** Which server starts a service: the one that the project has chosen, else gunicorn where it is or will be installed. */
import { type Expanded, shellWord } from '../commands/command.ts';
import { SERVERS } from '../knowledge/servers.ts';
import type { Evidence, Service } from '../model/facts.ts';
import type { Chosen, Options } from '../model/transform.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { installed, requirementsOf } from '../survey/dependencies/installed.ts';
import { applicationWordOf } from '../survey/start-targets.ts';
import { ownStart } from './own-start.ts';

/** Servers that nothing but their own start needs: whoever lists one of them has chosen it. */
const LISTED = ['hypercorn', 'daphne', 'granian', 'uwsgi', 'waitress-serve'] as const;

export type OtherServer = (typeof LISTED)[number] | 'uvicorn';

/** Options with which somebody asks for gunicorn whatever the project starts. */
export function asksForGunicorn({ workers, timeout, 'worker-class': named }: Options): boolean {
  return Number(workers) > 0 || Number(timeout) > 0 || (typeof named === 'string' && named !== '' && named !== 'auto');
}

/** The one server that the build of a service brings, where it can serve it and neither gunicorn nor uvicorn is listed. */
export function listedServer(service: Service): OtherServer | undefined {
  if (brings(service, 'gunicorn') || brings(service, 'uvicorn')) return undefined;
  const found = LISTED.filter(
    (name) => brings(service, SERVERS[name].package) && wordsOf(service, name, '') !== undefined,
  );
  return found.length === 1 ? found[0] : undefined;
}

/** What stands in for gunicorn where no part adds it: a server that is installed anyhow. */
export function installedServer(service: Service): OtherServer | undefined {
  return brings(service, 'uvicorn') && wordsOf(service, 'uvicorn', '') ? 'uvicorn' : listedServer(service);
}

function brings(service: Service, name: string): boolean {
  return installed(service, name) === 'yes';
}

/** The words that start a service with a server other than gunicorn; undefined where it cannot serve it. */
export function wordsOf(service: Service, server: OtherServer, host: string): (string | Expanded)[] | undefined {
  const { entry } = service;
  const target = `${entry.module}:${entry.attr}`;
  const asgi = entry.interface === 'asgi';
  const port: Expanded = { sh: '$PORT' };
  const both: Expanded = { sh: `${host}:$PORT` };
  const folder = (option: string): string[] => (entry.pythonPath ? [option, entry.pythonPath] : []);
  if (entry.framework === 'aiohttp' || (entry.pythonPath && !['uvicorn', 'granian', 'uwsgi'].includes(server)))
    return undefined;
  switch (server) {
    case 'uvicorn':
      if (!asgi) return undefined;
      return [
        'uvicorn',
        target,
        ...flag(entry.factory, '--factory'),
        ...folder('--app-dir'),
        '--host',
        host,
        '--port',
        port,
      ];
    case 'hypercorn':
      return ['hypercorn', applicationWordOf(service), '--bind', both];
    case 'daphne':
      return asgi && !entry.factory ? ['daphne', '-b', host, '-p', port, target] : undefined;
    case 'granian': {
      const words = [
        'granian',
        '--interface',
        entry.interface,
        ...flag(entry.factory, '--factory'),
        ...folder('--working-dir'),
      ];
      return entry.pythonPath ? undefined : [...words, '--host', host, '--port', port, target];
    }
    case 'uwsgi': {
      if (asgi) return undefined;
      const path = folder('--pythonpath');
      return [
        'uwsgi',
        '--http',
        both,
        '--master',
        '--die-on-term',
        ...path,
        '--module',
        { sh: shellWord(applicationWordOf(service)) },
      ];
    }
    case 'waitress-serve':
      return asgi ? undefined : ['waitress-serve', '--listen', both, ...flag(entry.factory, '--call'), target];
  }
}

function flag(given: boolean, option: string): string[] {
  return given ? [option] : [];
}

/** Parts that write or keep a start command; their options may ask for gunicorn. */
const EMITTERS = ['procfile', 'render-yaml', 'systemd'] as const;

export interface OtherStart {
  /** 'uvicorn', 'fastapi run', a command of the project's own. */
  readonly server: string;
  readonly at: Evidence;
}

/**
 * What starts a service without gunicorn; undefined where a start command that is written or kept uses gunicorn, or may.
 * `chosen`: the parts of this plan, all with their defaults when undefined.
 */
export function startsWithout(repo: Snapshot, service: Service, chosen: Chosen | undefined): OtherStart | undefined {
  const options = EMITTERS.map((id) => chosen?.get(id) ?? {});
  if (options.some(asksForGunicorn)) return undefined;
  if (service.deployment.commands.some(({ command, at }) => KEPT.test(at.path) && /\bgunicorn\b/.test(command))) {
    return undefined;
  }
  const own = ownStart(repo, service);
  if (own) {
    return own.server === undefined || own.server === 'gunicorn' ? undefined : { server: own.server, at: own.at };
  }
  const listed = listedServer(service);
  const at = listed && requirementsOf(service, SERVERS[listed].package)[0]?.at;
  return listed && { server: listed, at: at ?? service.entry.at };
}

/** Files whose start commands stay in force beside those that are written. */
const KEPT = /(?:^|\/)(?:Procfile|render\.ya?ml|[^/]*\.service|gunicorn[^/]*\.py)$/;
