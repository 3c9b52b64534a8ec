/** What gunicorn and its worker classes need of the installed versions. */
import { hasWorkerClass, workerRow } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { isAbsent, specifiersOf, versionOf } from '../survey/dependencies/installed.ts';
import { admitsFrom, compareVersions } from '../survey/dependencies/versions.ts';
import { greenWorker, insistsOnUvloop } from '../survey/worker-class.ts';
import { say } from '../system/say.ts';
import type { Fault } from './fault.ts';
import type { Serving } from './serving.ts';
import { workerOf } from './worker.ts';

/** The first without a need for pkg_resources. https://docs.gunicorn.org/en/stable/2023-news.html */
const WITHOUT_PKG_RESOURCES = '21.0';
/** The first setuptools without pkg_resources. https://setuptools.pypa.io/en/latest/history.html */
const SETUPTOOLS_WITHOUT = '82.0';
/** The first Python whose environments come without setuptools. https://docs.python.org/3/whatsnew/3.12.html */
const PYTHON_WITHOUT = '3.12';
/** The first without the eventlet worker. https://docs.gunicorn.org/en/latest/news.html */
export const WITHOUT_EVENTLET = '26.0';
/**
 * From 24 on gunicorn's green workers refuse versions of their library below these: the metadata of its extras, and
 * src/knowledge/drift.json. https://docs.gunicorn.org/en/latest/2026-news.html
 */
const GREEN_SINCE_24 = { gevent: '24.10.1', eventlet: '0.40.3' } as const;

/** The first whose gevent worker imports packaging, and that brings it with its extra alone. src/knowledge/drift.json */
const WITHOUT_PACKAGING = '27';

/** The first gunicorn that cannot serve with the green worker of one of the services; undefined where each can. */
export function gunicornBelow(services: readonly Service[]): string | undefined {
  return services.flatMap((s) => unfitFrom(s) ?? []).sort(compareVersions)[0];
}

/** From what a command may install: `gunicorn>=23.0.0,<26`. */
export function gunicornWanted(services: readonly Service[]): string {
  const below = gunicornBelow(services);
  return `gunicorn>=23.0.0${below === undefined ? '' : `,<${below}`}`;
}

function unfitFrom(service: Service): string | undefined {
  const worker = greenWorker(service);
  if (worker === undefined) return undefined;
  const floor = GREEN_SINCE_24[worker];
  const version = versionOf(service, worker);
  const specifiers = specifiersOf(service, worker);
  const old = version
    ? compareVersions(version, floor) < 0
    : specifiers.length > 0 && specifiers.every((s) => s !== '' && !admitsFrom(s, floor));
  if (old) return '24';
  if (worker === 'eventlet') return WITHOUT_EVENTLET.slice(0, 2);
  return isAbsent(service, 'packaging') ? WITHOUT_PACKAGING : undefined;
}

/** Faults of a gunicorn command that lie in what is installed beside it. */
export function workerFaults(repo: Snapshot, service: Service, serving: Serving): Fault[] {
  if (!hasWorkerClass(serving.server)) return [];
  const out: string[] = [];
  const old = gunicornUnfit(service);
  if (old !== undefined) out.push(old);
  const worker = workerOf(repo, service, serving)?.name ?? '';
  const name = workerRow(worker)?.package;
  if (name !== undefined && isAbsent(service, name)) {
    out.push(say`the worker ${worker} needs ${name}, which is not installed`);
  }
  if (worker === 'eventlet' && eventletGone(service)) {
    out.push(say`gunicorn ${WITHOUT_EVENTLET.slice(0, 2)} has no eventlet worker: ask for gunicorn>=23.0.0,<26`);
  }
  if (worker === 'uvicorn.workers.UvicornWorker' && insistsOnUvloop(service)) {
    out.push(
      say`${worker} of uvicorn ${versionOf(service, 'uvicorn')} needs uvloop and httptools: UvicornH11Worker does not`,
    );
  }
  return out.map((reason) => ({ rule: 'needs', reason, at: serving.at }));
}

/** Why the gunicorn that is asked for cannot start on the Python that it gets; undefined when it can. */
export function gunicornUnfit(service: Service): string | undefined {
  const version = versionOf(service, 'gunicorn');
  const specifiers = specifiersOf(service, 'gunicorn');
  const old = version
    ? compareVersions(version, WITHOUT_PKG_RESOURCES) < 0
    : specifiers.length > 0 && specifiers.every((s) => !admitsFrom(s, WITHOUT_PKG_RESOURCES));
  if (!old || pythonBringsSetuptools(service)) return undefined;
  const setuptools = specifiersOf(service, 'setuptools');
  const kept = versionOf(service, 'setuptools');
  const fine = kept
    ? compareVersions(kept, SETUPTOOLS_WITHOUT) < 0
    : setuptools.length > 0 && setuptools.every((s) => !admitsFrom(s, SETUPTOOLS_WITHOUT));
  if (fine) return undefined;
  const which = version ?? specifiers[0];
  return say`gunicorn ${which} imports pkg_resources, which neither Python ${PYTHON_WITHOUT} and newer nor setuptools 82 brings`;
}

/** A version that is in use and below 3.12: its environments hold a setuptools that pip leaves alone. */
function pythonBringsSetuptools({ python }: Service): boolean {
  return python !== undefined && !python.bound && compareVersions(python.version, PYTHON_WITHOUT) < 0;
}

/** True where an install may take, or has locked, a gunicorn without the eventlet worker. */
export function eventletGone(service: Service): boolean {
  const version = versionOf(service, 'gunicorn');
  if (version) return compareVersions(version, WITHOUT_EVENTLET) >= 0;
  return specifiersOf(service, 'gunicorn').some((s) => admitsFrom(s, WITHOUT_EVENTLET));
}
