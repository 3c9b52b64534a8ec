/** Where a service's commands run on Render, and how they look from there. https://render.com/docs/monorepo-support */

import { type Command, readCommand, shellWord } from '../../src/commands/command.ts';
import { shellWords } from '../../src/commands/lexer.ts';
import { inFolder, inOrder, type Step } from '../../src/commands/steps.ts';
import { managerOf, toolOf, tools } from '../../src/knowledge/managers.ts';
import type { Facts, Service } from '../../src/model/facts.ts';
import { commonFolder, dirname, join, relative, resolve, within } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { environmentHome } from '../../src/survey/dependencies/locks.ts';
import { buildOfFrontEnd } from '../../src/survey/front-end.ts';
import { djangoSettings } from '../../src/survey/migrations/django-settings.ts';
import { applyEdits } from '../../src/syntax/edit.ts';

export interface Home {
  /** rootDir, '' for the repository's root. */
  readonly rootDir: string;
  /** Folder to change to from there, '' for none. */
  readonly inside: string;
  /** Puts a program's command into the environment that the build made. */
  run(command: Command): Command;
}

/**
 * The deepest folder that holds all a service needs: Render keeps what is outside rootDir from build and run time alike.
 */
export function homeOf(service: Service, facts: Facts, migrate: Step | undefined): Home {
  const { entry, dependencies, migrations, deployment } = service;
  const needed: (string | undefined)[] = [
    entry.pythonPath === undefined ? undefined : resolve(service.root, entry.pythonPath),
    deployment.gunicornConf && dirname(deployment.gunicornConf.path),
    migrate?.folder,
  ];
  if (service.frontEnd) needed.push(service.frontEnd.folder);
  if (migrations?.config) needed.push(...scriptFolders(migrations.config, facts));
  if (dependencies) {
    needed.push(dirname(dependencies.path), ...dependencies.locks.map(dirname));
    needed.push(...dependencies.requirements.map((r) => dirname(r.at.path)), ...(dependencies.alongside ?? []));
  }
  let rootDir = service.root;
  for (const folder of needed) if (folder !== undefined) rootDir = commonFolder(rootDir, folder);
  const prefix = ownEnvironment(service) ?? '';
  return {
    rootDir,
    inside: within(rootDir, service.root),
    run: (command) => (prefix === '' ? command : behindAssignments(command, prefix)),
  };
}

/** The build command, from the home: installs, and collects Django's static files. */
export function buildCommand(repo: Snapshot, service: Service, home: Home): string | undefined {
  const { dependencies } = service;
  if (!dependencies || !managerOf(dependencies.manager).deploys) return undefined;
  const tool = toolOf(dependencies.manager);
  const install = `${tool?.active ?? ''}${dependencies.install}`;
  const moved = tool ? undefined : pipFrom(home, service, install);
  const folder = tool ? dirname(dependencies.path) : moved ? home.rootDir : service.root;
  const first = inFolder(
    within(home.rootDir, folder),
    tool ? `pip install ${tool.id} && ${install}` : (moved ?? install),
  );
  const front = service.frontEnd ? [buildOfFrontEnd(service.frontEnd, (path) => shownFrom(folder, path))] : [];
  const collect = collectCommand(repo, service);
  const last = collect ? [inFolder(within(folder, service.root), home.run(collect).text)] : [];
  return [first, ...front, ...last].join(' && ');
}

function shownFrom(folder: string, path: string): string {
  const where = relative(folder, path);
  return where === '' || where === '.' ? '.' : shellWord(where);
}

/** The steps in one line, from rootDir. */
export function commandLine(home: Home, steps: readonly Step[]): string {
  return inOrder(
    home.rootDir,
    steps.map(({ folder, command }) => ({ folder, command: home.run(command) })),
  );
}

/**
 * The words before a command where the tool makes its environment beside its project file: only at the repository's root
 * is that the one that Render activates.
 */
function ownEnvironment({ dependencies }: Service): string | undefined {
  const own = toolOf(dependencies?.manager)?.own;
  return dependencies && own && environmentHome(dependencies) !== '' ? own : undefined;
}

const TOOLS: ReadonlySet<string> = new Set(tools.map((tool) => tool.id));

function behindAssignments(command: Command, prefix: string): Command {
  const { words = [], ranges = [] } = command.commands[0] ?? {};
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  const start = ranges[first]?.start ?? 0;
  if (TOOLS.has(words[first] ?? '')) return command;
  return readCommand(applyEdits(command.text, [{ start, end: start, text: prefix }]));
}

function scriptFolders(config: string, facts: Facts): string[] {
  const known = facts.alembic.find((a) => a.path === config);
  return [dirname(config), ...(known?.scripts === undefined ? [] : [known.scripts])];
}

/** Gathers Django's static files, in the service's root; undefined where they have no folder of their own. */
export function collectCommand(repo: Snapshot, service: Service): Command | undefined {
  const manage = join(service.root, 'manage.py');
  if (service.entry.framework !== 'django' || !repo.has(manage)) return undefined;
  const below = service.root === '' ? '' : `${service.root}/`;
  const settings = repo.paths.filter((p) => p.startsWith(below) && /settings[^/]*(?:\/[^/]+)?\.py$/.test(p));
  if (repo.matching(settings, /^STATIC_ROOT\s*=/m).length === 0) return undefined;
  return readCommand(`python manage.py collectstatic --no-input${djangoSettings(repo, service, manage)}`);
}

/** `pip install -r ../requirements.txt` of the service's folder as it is written in rootDir; undefined for other forms. */
function pipFrom(home: Home, service: Service, install: string): string | undefined {
  const words = shellWords(install);
  if (home.inside === '' || words?.[0] !== 'pip' || words[1] !== 'install') return undefined;
  const moved = words.slice(2).map((word, index, all) => {
    if (word === '-r') return word;
    const [, path = '', extras = ''] = /^([^[]*)(\[.*\])?$/.exec(word) ?? [];
    const file = all[index - 1] === '-r' || path.startsWith('.') ? resolve(service.root, path) : undefined;
    if (file === undefined) return undefined;
    const from = relative(home.rootDir, file);
    return shellWord(`${from === '.' || all[index - 1] === '-r' ? from : `./${from}`}${extras}`);
  });
  return moved.includes(undefined) ? undefined : ['pip install', ...moved].join(' ');
}
