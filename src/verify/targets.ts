/** What there is to boot: each service with its start commands, as the deployment files of the patched tree declare them. */

import { readCommand } from '../commands/command.ts';
import { commandMigrates } from '../commands/migrates.ts';
import { programOf, scriptFile } from '../commands/program.ts';
import { RENDER_PYTHON } from '../knowledge/pythons.ts';
import type { Facts, Service } from '../model/facts.ts';
import { dirname, join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { blueprintServices, rootDirOf, runtimeOf, webServiceOf } from '../survey/blueprint.ts';
import { FIXING } from '../survey/python-version/version-files.ts';
import { procfileOf, yamlOf } from '../syntax/documents.ts';
import { commandOf } from '../syntax/procfile.ts';
import { textField, type YamlNode } from '../syntax/yaml.ts';
import { type Declared, declaredByCode, declaredIn } from './declared.ts';

/** A command and the folder, relative to the repository's root, that it runs in. */
export interface Command {
  readonly folder: string;
  readonly command: string;
}

export interface Launch {
  /** 'render.yaml', 'Procfile'. */
  readonly origin: string;
  /** Render sets more variables than others do. */
  readonly platform: 'render' | 'other';
  /** Runs to its end before the start. */
  readonly release?: Command;
  readonly start: Command;
  /** Background processes, by name. */
  readonly workers: readonly (Command & { readonly name: string; readonly declared: readonly Declared[] })[];
  readonly declared: readonly Declared[];
  /** Path that must answer 2xx or 3xx; absent where only the port counts. */
  readonly health?: string;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly grace: number;
}

export interface Target {
  readonly service: Service;
  /** Name of the service in render.yaml, else its own. */
  readonly name: string;
  readonly build?: Command;
  /** Variables for commands of no launch. */
  readonly declared: readonly Declared[];
  readonly launches: readonly Launch[];
}

/** Render's and Heroku's default. Seconds. https://render.com/docs/deploys#graceful-shutdown */
const GRACE = 30;

/** One target for each service of the repository. Never throws. */
export function targetsOf(repo: Snapshot, facts: Facts): Target[] {
  const path = ['render.yaml', 'render.yml'].find((name) => repo.has(name));
  const parsed = path === undefined ? undefined : yamlOf(repo, path);
  const root = parsed?.ok ? parsed.root : undefined;
  const onPython = blueprintServices(root).filter((s) => runtimeOf(s) === 'python');
  return facts.services.map((service) => {
    const web = webServiceOf(onPython, service);
    const declared = web ? declaredIn(root, web, service) : declaredByCode(service);
    const launches: Launch[] = [];
    if (web && path) {
      const launch = fromBlueprint(root, web, service, declared);
      if (launch) launches.push({ ...launch, origin: path });
    }
    const procfile = fromProcfile(repo, facts, service, declared);
    if (procfile) launches.push(procfile);
    const build = buildOf(web, service);
    const all = build && buildMigrates(repo, build) ? launches.map((l) => migratedFirst(service, l)) : launches;
    return {
      service,
      name: textField(web, 'name') ?? service.name,
      declared,
      launches: all,
      ...(build ? { build } : {}),
    };
  });
}

function fromBlueprint(
  root: YamlNode | undefined,
  web: YamlNode,
  service: Service,
  declared: readonly Declared[],
): Omit<Launch, 'origin'> | undefined {
  const command = textField(web, 'startCommand');
  if (!command) return undefined;
  const folder = rootDirOf(web);
  const release = textField(web, 'preDeployCommand');
  const health = textField(web, 'healthCheckPath');
  const workers = blueprintServices(root).filter(
    (s) => textField(s, 'type') === 'worker' && runtimeOf(s) === 'python' && belongsTo(root, s, web),
  );
  return {
    platform: 'render',
    start: { folder, command },
    ...(release ? { release: { folder, command: release } } : {}),
    workers: workers.flatMap((worker) => {
      const line = textField(worker, 'startCommand');
      const name = textField(worker, 'name') ?? 'worker';
      const own = declaredIn(root, worker, service);
      return line ? [{ name, folder: rootDirOf(worker), command: line, declared: own }] : [];
    }),
    declared,
    ...(health ? { health } : {}),
    grace: Number(textField(web, 'maxShutdownDelaySeconds')) || GRACE,
  };
}

function belongsTo(root: YamlNode | undefined, worker: YamlNode, web: YamlNode): boolean {
  if (rootDirOf(worker) !== rootDirOf(web)) return false;
  const rivals = blueprintServices(root).filter(
    (s) => textField(s, 'type') === 'web' && rootDirOf(s) === rootDirOf(web) && s !== web,
  );
  return rivals.length === 0 || (textField(worker, 'name') ?? '').startsWith(`${textField(web, 'name')}-`);
}

function fromProcfile(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  declared: readonly Declared[],
): Launch | undefined {
  const own = join(service.root, 'Procfile');
  const path = [own, ...(facts.services.length === 1 ? ['Procfile'] : [])].find((p) => repo.has(p));
  if (path === undefined) return undefined;
  const procfile = procfileOf(repo, path);
  const web = procfile && commandOf(procfile, 'web');
  if (!web) return undefined;
  const folder = dirname(path);
  const release = commandOf(procfile, 'release');
  const others = procfile.lines.filter((l) => /^(?:worker|beat|scheduler)\d*$/.test(l.type));
  return {
    origin: path,
    platform: 'other',
    start: { folder, command: web.command },
    ...(release ? { release: { folder, command: release.command } } : {}),
    workers: others.map((l) => ({ name: l.type, folder, command: l.command, declared })),
    declared,
    ...(service.health ? { health: service.health.path } : {}),
    grace: GRACE,
  };
}

/** By itself, or by a script of the repository that it runs: https://render.com/docs/deploy-django */
function buildMigrates(repo: Snapshot, { folder, command }: Command): boolean {
  const lines = scriptsOf(repo, { folder, command }).flatMap((text) => text.split('\n'));
  return [command, ...lines].some((line) => commandMigrates(readCommand(line)));
}

/** Texts of the scripts of the repository that a command runs. */
export function scriptsOf(repo: Snapshot, { folder, command }: Command): string[] {
  return readCommand(command).commands.flatMap(({ words }) => {
    const file = scriptFile(programOf(words));
    const at = file === undefined ? undefined : resolve(folder, file);
    return at === undefined ? [] : [repo.read(at)?.text ?? ''];
  });
}

/** The build has migrated the deployment's database; here each launch has one of its own. */
function migratedFirst(service: Service, launch: Launch): Launch {
  const { migrations } = service;
  if (launch.release || !migrations || commandMigrates(readCommand(launch.start.command))) return launch;
  return { ...launch, release: { folder: service.root, command: migrations.command } };
}

function buildOf(web: YamlNode | undefined, service: Service): Command | undefined {
  const command = textField(web, 'buildCommand');
  if (web && command) return { folder: rootDirOf(web), command };
  const install = service.dependencies?.install;
  return install ? { folder: service.root, command: install } : undefined;
}

/** The lowest Python that the project takes, where that is all it says. */
export function atLeast({ service: { python } }: Target): string | undefined {
  return python?.bound ? python.version : undefined;
}

/**
 * PYTHON_VERSION as the deployment sets it, what Render takes where it sets none (the .python-version at the top of the
 * repository, else its own), else what the project says; undefined for a mere lower bound.
 * https://render.com/docs/python-version
 */
export function pythonOf(target: Target, repo: Snapshot): string | undefined {
  const set = target.declared.find((d) => d.name === 'PYTHON_VERSION');
  if (set?.from === 'value') return set.value;
  if (target.launches.some((l) => l.platform === 'render')) return stated(repo) ?? RENDER_PYTHON;
  const { python } = target.service;
  return python && !python.bound ? python.version : undefined;
}

function stated(repo: Snapshot): string | undefined {
  const file = '.python-version';
  const [, read] = FIXING.find(([name]) => name === file) ?? [];
  return repo.has(file) ? read?.(repo, file)?.version : undefined;
}
