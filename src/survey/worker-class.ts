/** The gunicorn worker class of a service: one rule for the dependency part and for every start command. */
import type { Service } from '../model/facts.ts';
import { installed, versionOf } from './dependencies/installed.ts';
import { admitsFrom, compareVersions } from './dependencies/versions.ts';

export interface WorkerClass {
  /** As `--worker-class` takes it. */
  readonly name: string;
  /** Requirement that must be installed for it and is not yet: 'uvicorn-worker>=0.4.0'. */
  readonly needs?: string;
}

/** uvicorn-worker 0.4.0 imports what uvicorn has since this version. https://pypi.org/project/uvicorn-worker/ */
const FIRST_FOR_PACKAGE = '0.36';

/**
 * The worker class that gunicorn needs for this service; undefined for WSGI, where its default is right. A class that
 * the repository's own gunicorn command names is kept.
 * https://www.uvicorn.org/deployment/#gunicorn
 */
export function workerClass(service: Service): WorkerClass | undefined {
  const { framework } = service.entry;
  if (framework === 'aiohttp') return { name: 'aiohttp.GunicornWebWorker' };
  if (service.entry.interface === 'wsgi') return undefined;
  const has = (name: string): boolean => service.dependencies?.requirements.some((r) => r.name === name) ?? false;
  if (has('uvicorn-worker')) return { name: 'uvicorn_worker.UvicornWorker' };
  if (has('gunicorn')) {
    const own = ownWorkerClass(service);
    return { name: own === undefined || own === 'uvicorn.workers.UvicornWorker' ? fromUvicorn(service) : own };
  }
  return needsPackage(service)
    ? { name: 'uvicorn_worker.UvicornWorker', needs: 'uvicorn-worker>=0.4.0' }
    : { name: fromUvicorn(service) };
}

function fromUvicorn(service: Service): string {
  return `uvicorn.workers.${insistsOnUvloop(service) ? 'UvicornH11Worker' : 'UvicornWorker'}`;
}

/** uvicorn below 0.14 pins its usual worker to uvloop and httptools; the H11 one does without. */
export function insistsOnUvloop(service: Service): boolean {
  const version = versionOf(service, 'uvicorn');
  if (version === undefined || compareVersions(version, '0.14') >= 0) return false;
  return ['uvloop', 'httptools'].some((name) => installed(service, name) !== 'yes');
}

/**
 * The green worker that Flask-SocketIO's async mode needs, or that the repository's own command names.
 * https://flask-socketio.readthedocs.io/en/latest/deployment.html#gunicorn-web-server
 */
export function greenWorker(service: Service): 'eventlet' | 'gevent' | undefined {
  if (service.entry.interface !== 'wsgi') return undefined;
  const { requirements = [] } = service.dependencies ?? {};
  const listed = (name: string): boolean => requirements.some((r) => r.name === name);
  if (listed('flask-socketio') || listed('flask-sock')) return (['eventlet', 'gevent'] as const).find(listed);
  const named = /(?:\s-k[\s=]?|--worker-class[\s=]+)["']?(eventlet|gevent)\b/;
  const said = service.deployment.commands.map(({ command }) => named.exec(command)?.[1]).find((n) => n !== undefined);
  return said as 'eventlet' | 'gevent' | undefined;
}

/** True for an ASGI service none of whose dependencies brings uvicorn. */
export function lacksUvicorn(service: Service): boolean {
  if (service.entry.interface === 'wsgi' || service.entry.framework === 'aiohttp') return false;
  const { dependencies } = service;
  if (!dependencies) return true;
  return !dependencies.requirements.some(
    (r) =>
      r.name === 'uvicorn' ||
      r.name === 'uvicorn-worker' ||
      ((r.name === 'fastapi' || r.name === 'fastapi-cli') && r.extras.some((e) => e === 'standard' || e === 'all')),
  );
}

/** uvicorn.workers is deprecated: an install that takes uvicorn 0.36 or newer takes the package that succeeds it. */
function needsPackage(service: Service): boolean {
  const { python, dependencies } = service;
  if (python && !python.bound && compareVersions(python.version, '3.9') < 0) return false;
  const locked = dependencies?.locked?.uvicorn;
  if (locked) return compareVersions(locked, FIRST_FOR_PACKAGE) >= 0;
  const direct = dependencies?.requirements.filter((r) => r.name === 'uvicorn') ?? [];
  return direct.every((r) => admitsFrom(r.specifier, FIRST_FOR_PACKAGE));
}

function ownWorkerClass(service: Service): string | undefined {
  for (const { command } of service.deployment.commands) {
    if (!command.includes('gunicorn')) continue;
    const named = /(?:\s-k[\s=]?|--worker-class[\s=]+)["']?([\w.]+)/.exec(command)?.[1];
    if (named?.includes('.')) return named;
  }
  return service.deployment.gunicornConf?.workerClass;
}
