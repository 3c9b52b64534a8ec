/** The command that installs a service's dependencies, to be run in the service root. */

import { shellWord } from '../../commands/command.ts';
import { formOf, managerOf } from '../../knowledge/managers.ts';
import { WITH_GUNICORN } from '../../knowledge/servers.ts';
import type { ManagerId, Requirement } from '../../model/facts.ts';
import { dirname, relative } from '../../repo/path.ts';
import { isDevGroup } from './dev-group.ts';
import { dependenciesAlone } from './discovery.ts';
import type { SaidInstall } from './installs.ts';
import type { Project } from './project-files.ts';

/** `pip install -r requirements.txt`, with paths as seen from `root`. */
export function pipRequirements(root: string, files: readonly string[]): string {
  return ['pip install', ...files.map((file) => `-r ${shellWord(relative(root, file))}`)].join(' ');
}

/** The command that installs a project, and whose it is. */
export interface Install {
  readonly install: string;
  readonly manager: ManagerId;
}

/**
 * Installs a project, or where it does not build (`builds`) what it depends on: by the tool of its lock or of the repository's own build, else by the usual one of its form.
 * Extras and groups that hold the web server come with it.
 */
export function projectCommand(
  root: string,
  project: Project,
  lockTool: ManagerId | undefined,
  said: Partial<SaidInstall> | undefined,
  member: string | undefined,
  builds: boolean,
): Install {
  const wanted = serverGroups(project.requirements);
  const asked = (said?.extras ?? []).filter((extra) => !isDevGroup(extra));
  const extras = [...new Set([...asked, ...wanted.filter((g) => project.extras.includes(g))])];
  const inGroups = wanted.filter((g) => !project.extras.includes(g) && g !== 'optional');
  const tool = said?.extras ? undefined : (lockTool ?? said?.tool);
  const manager = tool ?? formOf(project.form).manager;
  // pip leaves groups out unless it is told; one for development is not asked for.
  const usual = manager === 'pip' ? inGroups.filter((g) => !isDevGroup(g)) : inGroups;
  const groups = project.form === 'groups' ? (said?.groups ?? []) : usual;
  if (manager === 'pip' && project.form === 'pep621' && !builds) {
    return { install: dependenciesAlone(shellWord(relative(root, project.path)), extras), manager };
  }
  const install = managerOf(manager).install({
    folder: shellWord(relative(root, dirname(project.path))),
    file: shellWord(relative(root, project.path)),
    locked: tool !== undefined && tool === lockTool,
    extras,
    groups,
    alone: project.form === 'groups',
    ...(member === undefined ? {} : { member }),
  });
  return { install, manager };
}

/** Groups that are needed because gunicorn or uvicorn stand only there. */
function serverGroups(requirements: readonly Requirement[]): string[] {
  const out = new Set<string>();
  for (const name of WITH_GUNICORN) {
    const found = requirements.filter((r) => r.name === name);
    const [first] = found;
    if (first && found.every((r) => r.group !== undefined)) {
      const best = found.find((r) => !isDevGroup(r.group)) ?? first;
      if (best.group) out.add(best.group);
    }
  }
  return [...out];
}
