/** Facts → the units of a service: the web server, its workers, and the migrations. */

import { appended, type Command, wordsOf } from '../../src/commands/command.ts';
import { type Step, stepOf } from '../../src/commands/steps.ts';
import type { Facts, Service } from '../../src/model/facts.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { applicationWordOf } from '../../src/survey/start-targets.ts';
import { say } from '../../src/system/say.ts';
import { unique } from '../render-yaml/names.ts';
import { type GunicornOptions, migrateStep, workerCommands } from '../start-command.ts';
import { execOf } from './exec.ts';
import { type ServerCommand, serverCommand } from './server-command.ts';
import type { Site } from './site.ts';
import type { Unit } from './unit.ts';
import { type Written, writtenBy } from './writes.ts';

export interface Processes {
  readonly server: ServerCommand;
  readonly web: Unit;
  readonly workers: readonly Unit[];
  /** Run before a new version starts; absent when nothing is to migrate or the start command does it. */
  readonly migrate?: Unit;
  readonly writes: readonly Written[];
  readonly warnings: readonly string[];
}

/** Between the server's own deadline and systemd's. Seconds. */
const MARGIN = 5;
/** For the job that a worker has begun. Seconds. */
const WORKER_STOP = 300;

export function processesOf(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  site: Site,
  options: GunicornOptions,
): Processes {
  const server = serverCommand(repo, service, options);
  const writes = writtenBy(repo, facts, service);
  const writable = writes.map((w) => join(site.checkout, w.path));
  const names = new Set([site.name]);
  const made = (kind: Unit['kind'], process: string, step: Step, more: Partial<Unit> = {}): Unit => {
    const folder = join(site.checkout, step.folder);
    return {
      name: kind === 'web' ? site.name : unique(`${site.name}-${process.replace(/[^\w-]/g, '-')}`, names),
      description: `${site.name}: ${process}`,
      folder,
      exec: execOf(step.command, folder, site.environment),
      kind,
      notifies: false,
      stop: WORKER_STOP,
      writes: writable,
      ...more,
    };
  };
  const serve: Step = { folder: service.root, command: server.command };
  const first = made('web', applicationWordOf(service), serve, { stop: server.graceful + MARGIN });
  // What a shell runs before gunicorn would count as its start, which has a time limit.
  const web = { ...first, notifies: server.server === 'gunicorn' && first.exec.direct && !first.exec.shell };
  const migration = server.migrates ? undefined : onServer(repo, service);
  return {
    server,
    web,
    workers: workerCommands(service).map(({ process, command }) =>
      made('worker', process, { folder: service.root, command: withSchedule(command, site) }),
    ),
    ...(migration ? { migrate: made('migrate', 'migrate', migration) } : {}),
    writes,
    warnings: [
      ...server.warnings,
      ...(server.loopback
        ? []
        : [
            say`the server may listen on every interface: close port ${site.port} in the firewall, nginx is the way in`,
          ]),
    ],
  };
}

/** The project's own release line unless it also collects static files, which belongs to the installation here. */
function onServer(repo: Snapshot, service: Service): Step | undefined {
  const step = migrateStep(repo, service);
  const { migrations, root } = service;
  if (step?.command.text.includes('collectstatic') && migrations) return stepOf(root, migrations.command);
  return step;
}

/** Celery's beat keeps its schedule in the folder that it runs in, which is read-only here. */
function withSchedule(command: Command, site: Site): Command {
  const words = wordsOf(command) ?? [];
  const beats = words.includes('celery') && words.some((w) => w === 'beat' || w === '-B' || w === '--beat');
  const told = words.some((w) => /^(?:-s|--schedule)(?:$|=)|^-s\S/.test(w)) || /DatabaseScheduler/.test(command.text);
  return beats && !told ? appended(command, `--schedule=${site.state}/celerybeat-schedule`) : command;
}
