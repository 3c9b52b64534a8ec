/** Deployment files that a repository has already, as far as they concern one service. */

import { readShell } from '../commands/lexer.ts';
import type { Deployment, Evidence, ServiceSeed } from '../model/facts.ts';
import { collect } from '../python/bindings.ts';
import { dirname, isWithin, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { stringValue } from '../syntax/python/walk.ts';
import { isDockerfile, type StartCommand, startCommands } from './commands.ts';
import { isCopy, isNotDeployed } from './deployed.ts';

/** What stands in the service root counts before what stands in the repository's root. */
export function findDeployment(repo: Snapshot, seed: ServiceSeed): Deployment {
  const here = (name: string): string | undefined =>
    [...new Set([join(seed.root, name), name])].find((path) => repo.has(path));
  const procfile = here('Procfile');
  const renderYaml = here('render.yaml') ?? here('render.yml');
  const commands = startCommands(repo).filter((c) => concerns(seed, c));
  const gunicornConf = findGunicornConf(repo, seed, commands);
  return {
    ...(procfile === undefined ? {} : { procfile }),
    ...(renderYaml === undefined ? {} : { renderYaml }),
    dockerfiles: repo.paths.filter(
      (p) => isDockerfile(p) && !isNotDeployed(p) && !isCopy(p) && isNear(seed, dirname(p)),
    ),
    ...(gunicornConf ? { gunicornConf } : {}),
    commands: commands.map(({ command, at }) => ({ command, at })),
  };
}

/** In the service's tree, or in a folder above it, or in a deployment folder beside it (docker/, deploy/). */
function isNear(seed: ServiceSeed, folder: string): boolean {
  const { root } = seed;
  if (isWithin(folder, root) || isWithin(root, folder)) return true;
  return /^(?:\.?docker|deploy(?:ment)?|infra|ops|scripts|bin|docker-compose)(?:\/|$)/i.test(folder);
}

/** README lines only show; a command that names another application belongs to another service. */
function concerns(seed: ServiceSeed, command: StartCommand): boolean {
  if (command.source === 'readme' || isNotDeployed(command.at.path) || isCopy(command.at.path)) return false;
  const { entry, root } = seed;
  const served = command.targets.filter((t) => t.module !== undefined && t.attr !== undefined);
  if (served.length > 0) {
    const mine = served.some((t) => entry.path === moduleFile(entry.path, t.module ?? '') || t.module === entry.module);
    return mine && (isNear(seed, dirname(command.at.path)) || isNear(seed, command.folder));
  }
  const folder = dirname(command.at.path);
  return root === '' || folder === '' ? isNear(seed, command.folder) : isWithin(folder, root);
}

/** `path` when it is the file of `module` seen from some folder above it. */
function moduleFile(path: string, module: string): string | undefined {
  const relative = module.replaceAll('.', '/');
  const ends = [`${relative}.py`, `${relative}/__init__.py`].some((s) => path === s || path.endsWith(`/${s}`));
  return ends ? path : undefined;
}

/**
 * The configuration that gunicorn would load: named by `-c` in a start command, else gunicorn.conf.py in the root.
 * https://docs.gunicorn.org/en/stable/configure.html#configuration-file
 */
function findGunicornConf(
  repo: Snapshot,
  seed: ServiceSeed,
  commands: readonly StartCommand[],
): Deployment['gunicornConf'] | undefined {
  const named = commands.flatMap((c) => configOption(c.command).map((name) => join(seed.root, name)));
  const path = [...named, join(seed.root, 'gunicorn.conf.py')].find((p) => repo.has(p));
  const text = path === undefined ? undefined : repo.read(path)?.text;
  if (path === undefined || text === undefined) return undefined;
  const bound = collect(parsePython(text).body);
  const literal = (name: string): { readonly value: string; readonly at: Evidence } | undefined => {
    const binding = bound.get(name)?.at(-1);
    const value = binding?.kind === 'assign' ? stringValue(binding.value) : undefined;
    return binding && value !== undefined ? { value, at: { path, line: binding.stmt.line } } : undefined;
  };
  const bind = literal('bind');
  const workerClass = literal('worker_class');
  return {
    path,
    ...(bind ? { bind: bind.value } : {}),
    ...(workerClass ? { workerClass: workerClass.value } : {}),
    at: bind?.at ?? { path, line: 1 },
  };
}

/** Value of gunicorn's `-c` / `--config`, `file:` and `./` removed. */
function configOption(command: string): string[] {
  return readShell(command).commands.flatMap(({ words }) => {
    const from = words.findIndex((w) => w.endsWith('gunicorn'));
    if (from === -1) return [];
    return words.slice(from).flatMap((word, i, all) => {
      const said = word === '-c' || word === '--config' ? all[i + 1] : /^--config=(.+)$/.exec(word)?.[1];
      return said && /\.py$/.test(said) ? [said.replace(/^file:/, '').replace(/^\.\//, '')] : [];
    });
  });
}
