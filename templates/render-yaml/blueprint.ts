/** Facts → the services and databases of a blueprint, with what a person must know about them. */

import type { Step } from '../../src/commands/steps.ts';
import type { Evidence, Facts, Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { undeployable, whyNoDependencies } from '../../src/survey/dependencies/missing.ts';
import { say } from '../../src/system/say.ts';
import { migrateStep, startCommand, workerCommands } from '../start-command.ts';
import { databaseOf, keyvalueOf, type Resource } from './attached.ts';
import { DISK_FOLDER } from './database.ts';
import { type Block, type Field, scalar } from './document.ts';
import { block, environment } from './fields.ts';
import { buildCommand, commandLine, type Home, homeOf } from './home.ts';
import { slug, unique } from './names.ts';
import { type BlueprintOptions, freePlan } from './options.ts';
import type { Variable } from './variable.ts';
import { type Attached, ofWorker, variablesOf } from './variables.ts';

export interface Blueprint {
  readonly services: readonly Block[];
  readonly databases: readonly Block[];
  readonly at: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
  /** True when some value must be given by a person. */
  readonly asks: boolean;
  /** Services that cannot be built, and why. */
  readonly missing: readonly string[];
}

/** One web service for each service of the repository, its workers, and the database and Key Value that they share. */
export function blueprint(repo: Snapshot, facts: Facts, options: BlueprintOptions): Blueprint {
  const names = new Set<string>();
  const databases = new Map<string, Block>();
  const out = { services: [] as Block[], at: [] as Evidence[], warnings: [] as string[], commands: [] as string[] };
  const missing: string[] = [];
  let asks = false;
  for (const service of facts.services) {
    const made = describe(repo, facts, service, options, names);
    if (typeof made === 'string') {
      missing.push(made);
      continue;
    }
    out.services.push(...made.services);
    asks ||= made.asks;
    if (made.database) databases.set(made.database.name, made.database.block);
    const several = facts.services.length > 1 ? `${slug(service.name)}: ` : '';
    out.warnings.push(...made.warnings.map((w) => several + w));
    out.commands.push(...made.commands);
    out.at.push(...made.at);
  }
  if (databases.size > 1 && options.databasePlan === 'free') {
    out.warnings.push(say`a workspace of Render has one free database: give the others a plan`);
  }
  return { ...out, databases: [...databases.values()], asks, missing };
}

interface Described {
  readonly services: readonly Block[];
  readonly database?: Resource;
  readonly asks: boolean;
  readonly at: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
}

function describe(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  options: BlueprintOptions,
  names: Set<string>,
): Described | string {
  const start = startCommand(repo, service, options);
  const migrate = start.migrates ? undefined : migrateStep(repo, service);
  const home = homeOf(service, facts, migrate);
  const build = buildCommand(repo, service, home);
  const label = service.root === '' ? service.name : service.root;
  if (build === undefined) return `${label}: ${whyNoBuild(repo, service)}`;
  if (start.unready !== undefined) return `${label}: ${start.unready}`;
  const warnings = [...start.warnings];
  const name = unique(slug(service.name), names);
  const database = databaseOf(service, options, warnings);
  const keyvalue = keyvalueOf(service, name, names, options, warnings);
  const attached: Attached = {
    ...(database ? { database: database.name } : {}),
    ...(keyvalue ? { keyvalue: keyvalue.name } : {}),
  };
  const variables = variablesOf(service, attached, options);
  warnings.push(...variables.warnings);

  const where = migratesIn(service, options, migrate?.command.text, warnings);
  const serve: Step = { folder: service.root, command: start.command };
  const { list } = variables;
  const shape: Shape = { name, home, build, options, warnings };
  if (options.plan === 'omit') warnings.push(say`the web service has no \`plan\`, and Render takes a paid one then`);
  const web = block(
    [
      ['type', 'web'],
      ['name', name],
      ['runtime', 'python'],
      ...(options.plan === 'omit' ? [] : [['plan', options.plan] as const]),
      ...placed(shape),
      ...(where === 'pre-deploy' && migrate ? [['preDeployCommand', commandLine(home, [migrate])] as const] : []),
      ['startCommand', commandLine(home, where === 'start' && migrate ? [migrate, serve] : [serve])],
    ],
    [
      ...environment(list, options),
      ...(service.health ? [{ key: 'healthCheckPath', value: scalar(service.health.path) }] : []),
      ...extras(name, options, warnings),
      deployment(options),
    ],
  );
  const workers = workerBlocks(service, shape, list, names);
  if (workers.length > 0 && service.database?.kind === 'sqlite') {
    warnings.push(say`the workers have a file system of their own: they never see the web service's SQLite file`);
  }
  if (!service.health) warnings.push(say`no health route was found: Render only checks that the port is open`);
  return {
    services: [web, ...workers, ...(keyvalue ? [keyvalue.block] : [])],
    ...(database ? { database } : {}),
    asks: list.some((v) => v.from.kind === 'ask'),
    at: [service.entry.at, ...(start.own ? [start.own] : [])],
    warnings,
    commands: start.commands,
  };
}

function whyNoBuild(repo: Snapshot, { dependencies, root }: Service): string {
  const alone = undeployable(dependencies);
  if (alone !== undefined) return alone;
  const why = whyNoDependencies(repo, root);
  return why.startsWith('no ') ? say`no dependency file that Render could install from was found` : why;
}

/** What the blocks of a service and its workers share. */
interface Shape {
  readonly name: string;
  readonly home: Home;
  readonly build: string;
  readonly options: BlueprintOptions;
  /** Takes further ones. */
  readonly warnings: string[];
}

/** Where a block runs, and what it is built with. */
function placed({ home, build, options }: Shape): (readonly [string, string])[] {
  return [
    ...(options.region === '' ? [] : [['region', options.region] as const]),
    ...(home.rootDir === '' ? [] : [['rootDir', home.rootDir] as const]),
    ['buildCommand', build],
  ];
}

function workerBlocks(service: Service, shape: Shape, list: readonly Variable[], names: Set<string>): Block[] {
  const { name, home, options, warnings } = shape;
  const plan = freePlan(options) ? 'starter' : options.plan;
  return workerCommands(service).map(({ process, command }) => {
    if (freePlan(options)) warnings.push(say`${process} needs a paid plan: Render has no free workers`);
    const variables = ofWorker(service, list, name);
    return block(
      [
        ['type', 'worker'],
        ['name', unique(`${name}-${slug(process)}`, names)],
        ['runtime', 'python'],
        ['plan', plan],
        ...placed(shape),
        ['startCommand', commandLine(home, [{ folder: service.root, command }])],
      ],
      [...environment(variables, options), deployment(options)],
    );
  });
}

/** Where the migration runs, and a warning where nothing runs it. */
function migratesIn(
  service: Service,
  options: BlueprintOptions,
  migrate: string | undefined,
  warnings: string[],
): 'start' | 'pre-deploy' | 'never' {
  if (migrate === undefined) return 'never';
  if (options.migrate === 'never') {
    warnings.push(say`nothing runs \`${migrate}\` on Render, which does not read a Procfile`);
    return 'never';
  }
  // The pre-deploy command runs on an instance of its own, without the disk of the service.
  if (options.migrate === 'start' || service.database?.kind === 'sqlite' || freePlan(options)) return 'start';
  return 'pre-deploy';
}

function extras(name: string, options: BlueprintOptions, warnings: string[]): Field[] {
  const out: Field[] = [];
  if (options.disk > 0) {
    if (freePlan(options)) warnings.push(say`a disk needs a paid plan: set render-yaml.plan to starter`);
    const disk = block([
      ['name', `${name}-data`],
      ['mountPath', DISK_FOLDER],
    ]);
    const size: Field = { key: 'sizeGB', value: scalar(options.disk) };
    out.push({ key: 'disk', value: { ...disk, fields: [...disk.fields, size] } });
  }
  if (options.maxInstances > 1) {
    warnings.push(say`scaling needs a Pro workspace and excludes a disk`);
    const numbers = { minInstances: 1, maxInstances: options.maxInstances, targetCPUPercent: 70 };
    const fields = Object.entries(numbers).map(([key, value]) => ({ key, value: scalar(value) }));
    out.push({ key: 'scaling', value: { kind: 'block', fields } });
  }
  return out;
}

function deployment({ autoDeploy }: BlueprintOptions): Field {
  return autoDeploy === 'true'
    ? { key: 'autoDeploy', value: scalar(true) }
    : { key: 'autoDeployTrigger', value: scalar(autoDeploy, { quoted: autoDeploy === 'off' }) };
}
