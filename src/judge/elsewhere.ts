/** Start commands that no part writes: those of images, compose files and files of other platforms. */
import { readCommand } from '../commands/command.ts';
import type { Evidence, Facts, Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { isCompose, isDockerfile, startCommands } from '../survey/commands.ts';
import { isCopy, isNotDeployed } from '../survey/deployed.ts';
import { say } from '../system/say.ts';
import { judgeImage, startOf } from './image.ts';
import { type Judgement, judge, type Setting } from './judge.ts';

export interface Found {
  /** One sentence. */
  readonly text: string;
  readonly at: Evidence;
}

const SETTING: Setting = { behind: 'platform' };
/** What runs on somebody's laptop. */
const DEVELOPMENT = /(?:^|[/._-])(?:dev|devel|develop|development|local|tests?|debug|override|ci)(?=[/._-]|$)/i;

/** What keeps the images and containers of the services from answering, each once. */
export function faultsElsewhere(repo: Snapshot, { services }: Facts): Found[] {
  const found = services.flatMap((service) => [
    ...service.deployment.dockerfiles.flatMap((path) => ofImage(repo, service, path, services.length === 1)),
    ...ofFiles(repo, service),
  ]);
  return [...new Map(found.map((f) => [`${f.text} ${f.at.path}:${f.at.line}`, f])).values()];
}

function ofImage(repo: Snapshot, service: Service, path: string, only: boolean): Found[] {
  if (!isDockerfile(path) || aside(path)) return [];
  const start = startOf(repo, path);
  if (!start) return [];
  const judged = judgeImage(repo, service, start, SETTING);
  return starts(judged, service, only) ? reasons(judged, say`${path} starts an image that does not answer`) : [];
}

/** Compose hands the words over without a shell, after it has put in the variables. */
function ofFiles(repo: Snapshot, service: Service): Found[] {
  return startCommands(repo).flatMap(({ source, command, folder, at }) => {
    if ((source !== 'compose' && source !== 'platform') || aside(at.path)) return [];
    // Containers that share a network reach one another's loopback interface.
    if (isCompose(at.path) && /\bnetwork_mode\b/.test(repo.read(at.path)?.text ?? '')) return [];
    const judged = judge(repo, service, { command: readCommand(command), folder, at }, SETTING);
    const certain = judged.faults.filter(({ rule }) => rule === 'host' || rule === 'interface');
    const what =
      source === 'compose' ? say`the container does not answer` : say`${at.path} starts what does not answer`;
    return starts(judged, service, false) ? reasons({ ...judged, faults: certain }, what) : [];
  });
}

function aside(path: string): boolean {
  return isNotDeployed(path) || isCopy(path) || DEVELOPMENT.test(path) || path.endsWith('.replit');
}

/** True where the command names this service's application; `only`: where there is no other that it could mean. */
function starts({ target, serving }: Judgement, { entry }: Service, only: boolean): boolean {
  if (!serving?.server) return false;
  return target?.module === undefined ? only : target.path === entry.path;
}

function reasons({ faults }: Judgement, what: string): Found[] {
  return faults.map(({ reason, at }) => ({ text: `${what}: ${reason}`, at }));
}
