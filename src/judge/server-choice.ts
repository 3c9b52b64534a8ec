/** Which server starts a service: the one that the project has chosen, else gunicorn where it is or will be installed. */

import type { Server, StartWord } from '../knowledge/server-row.ts';
import { CHOSEN_BY_LISTING, type OtherServer, SERVERS } from '../knowledge/servers.ts';
import type { Evidence, Service } from '../model/facts.ts';
import type { Chosen, Options } from '../model/transform.ts';
import { join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { canAdd, installed, installedFrom, isAbsent, requirementsOf } from '../survey/dependencies/installed.ts';
import { applicationWordOf } from '../survey/start-targets.ts';
import { ownStart } from './own-start.ts';

/** What may be asked of gunicorn. */
export interface GunicornWish {
  /** 0 leaves it to WEB_CONCURRENCY. */
  readonly workers: number;
  /** Seconds; 0 leaves gunicorn's 30. */
  readonly timeout: number;
  /** Worker class of an ASGI application; '' and 'auto': by the installed uvicorn. */
  readonly workerClass: string;
}

/** Wishes with which somebody asks for gunicorn whatever the project starts. */
export function asksForGunicorn({ workers, timeout, workerClass }: GunicornWish): boolean {
  return workers > 0 || timeout > 0 || (workerClass !== '' && workerClass !== 'auto');
}

function wishOf({ workers, timeout, 'worker-class': named }: Options): GunicornWish {
  return {
    workers: Number(workers),
    timeout: Number(timeout),
    workerClass: typeof named === 'string' ? named : 'auto',
  };
}

/** The one server that the build of a service brings, where it can serve it and neither gunicorn nor uvicorn is listed. */
export function listedServer(service: Service): OtherServer | undefined {
  if (brings(service, 'gunicorn') || brings(service, 'uvicorn')) return undefined;
  const found = CHOSEN_BY_LISTING.filter(
    (name) => brings(service, SERVERS[name].package) && serverWords(service, name, '') !== undefined,
  );
  return found.length === 1 ? found[0] : undefined;
}

/** What stands in for gunicorn where no part adds it: a server that is installed anyhow. */
export function installedServer(service: Service): OtherServer | undefined {
  return brings(service, 'uvicorn') && serverWords(service, 'uvicorn', '') ? 'uvicorn' : listedServer(service);
}

/**
 * What starts a service until somebody has added gunicorn: a server that its build installs, where no edit can add
 * gunicorn because a lock would go stale, the file is a program, or it stands in a group that the build leaves out.
 */
export function standIn(service: Service): OtherServer | undefined {
  const { dependencies } = service;
  if (!dependencies || !isAbsent(service, 'gunicorn')) return undefined;
  if (canAdd(dependencies) && requirementsOf(service, 'gunicorn').length === 0) return undefined;
  // A lock does not say which group wants what it holds.
  return installedServer(installedFrom(service, { ...dependencies, locked: {} }));
}

function brings(service: Service, name: string): boolean {
  return installed(service, name) === 'yes';
}

/** The words that start a service with a server other than gunicorn; undefined where it cannot serve it. */
export function serverWords(service: Service, server: OtherServer, host: string): readonly StartWord[] | undefined {
  const { entry } = service;
  const { start, serves }: Server = SERVERS[server];
  if (!start || entry.framework === 'aiohttp' || (serves && !serves.includes(entry.interface))) return undefined;
  if ((entry.pythonPath && !start.folder) || (entry.factory && start.noFactory)) return undefined;
  return start.words({
    target: `${entry.module}:${entry.attr}`,
    called: applicationWordOf(service),
    interface: entry.interface,
    factory: entry.factory,
    folder: entry.pythonPath,
    alsoHere: entry.path.startsWith(join(service.root, entry.module.replaceAll('.', '/'))),
    host,
  });
}

/** Words by which such a server is one process, whatever the platform's variables say. */
export function oneProcessWords(server: OtherServer): readonly string[] {
  const { start }: Server = SERVERS[server];
  return start?.one ?? [];
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
  if (options.map(wishOf).some(asksForGunicorn)) return undefined;
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
