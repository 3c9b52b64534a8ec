/** `nayek verify --live`: the patched copy is installed, started, asked and stopped, service by service. */
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { say } from '../system/say.ts';
import { Backing } from './backing.ts';
import type { Connection } from './connection.ts';
import { copyPatched, giveVersion } from './copy.ts';
import { type Generated, inherited } from './environment.ts';
import { lockCommands, makeTools, makeVenv, runBuild, type Venv, venvAt } from './install.ts';
import { verifyLaunch } from './launch.ts';
import { claim, disclaim, removeLeftovers, removeTree } from './leftovers.ts';
import { localTests } from './local-tests.ts';
import type { Shop } from './process.ts';
import { findPython } from './python.ts';
import { platformFor, type Rig, settingOf, type Tolerance } from './rig.ts';
import { sourceOf } from './stand-ins.ts';
import type { Outcome, Recorder } from './steps.ts';
import { atLeast, type Command, pythonOf, scriptsOf, type Target, targetsOf } from './targets.ts';

export interface LiveOptions {
  /** False: the tree as it is. */
  readonly patched: boolean;
  /** Name or folder of the one service; absent for all. */
  readonly service?: string;
  readonly python?: string;
  /** Absolute path of a virtual environment to use and keep. */
  readonly reuseEnv?: string;
  readonly install: boolean;
  readonly databaseUrl?: Connection;
  readonly given: Readonly<Record<string, string>>;
  /** Milliseconds that a start may take. */
  readonly patience: number;
  /** The copy and its environment stay. */
  readonly keep: boolean;
  readonly tolerance: Tolerance;
}

export interface Subject {
  readonly plan: Plan;
  /** The tree that is booted: with the plan laid over it, or as it is. */
  readonly repo: Snapshot;
  readonly facts: Facts;
}

/** The services that are meant, or undefined with what there is when none is called so. */
export function chosenTargets(subject: Subject, service: string | undefined): Target[] {
  const all = targetsOf(subject.repo, subject.facts);
  if (service === undefined) return all;
  const root = service.replace(/^\.\//, '').replace(/\/$/, '');
  return all.filter((t) => t.name === service || t.service.name === service || t.service.root === root);
}

/** Runs all steps. Everything that it starts or makes goes with the shop's cleanup; returns the folder that is kept. */
export async function verifyLive(
  outer: Shop,
  record: Recorder,
  subject: Subject,
  targets: readonly Target[],
  options: LiveOptions,
): Promise<string | undefined> {
  const { plan, repo, facts } = subject;
  for (const left of removeLeftovers(tmpdir())) outer.log.line(`--- ${left} of a run that was killed: removed`);
  const home = mkdtempSync(path.join(tmpdir(), 'nayek-verify-'));
  claim(home);
  const shop: Shop = { ...outer, folder: home };
  const remove = (): void => {
    if (!options.keep) removeTree(home);
    else disclaim(home);
  };
  shop.cleanup.add({ later: remove, now: remove });
  const copy = path.join(home, path.basename(plan.root) || 'repository');
  mkdirSync(copy);
  const copied = await record.run(say`copy`, {}, async () => {
    copyPatched(plan.root, copy, options.patched ? plan.changes : []);
    const packaging = subject.repo.paths.filter((p) => /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg))$/.test(p));
    giveVersion(
      copy,
      packaging.map((p) => subject.repo.read(p)?.text ?? ''),
    );
    const files = options.patched ? plan.changes.map((c) => c.path) : [];
    return { status: 'ok', detail: files.length > 0 ? say`with ${files.join(', ')} patched` : say`as it is` };
  });
  if (!copied) return undefined;

  const backing = new Backing(shop, record, plan.root, options.databaseUrl);
  const generated: Generated = new Map();
  const rigOf = (venv: Venv): Rig => ({
    shop,
    record,
    copy,
    venv,
    attach: (asked) => backing.attach(asked),
    given: options.given,
    generated,
    source: (name, at) => sourceOf(repo, name, at),
    patience: options.patience,
    tolerance: options.tolerance,
  });
  const builds = new Map<string, Promise<Venv | undefined>>();
  for (const target of targets) {
    const declared = [target, ...target.launches.flatMap((l) => [l, ...l.workers])].flatMap((x) => x.declared);
    const wanted = declared.filter((d) => options.given[d.name] === undefined);
    if (!(await backing.prepare(wanted, target))) continue;
    const key = JSON.stringify(target.build ?? null);
    const known = builds.get(key);
    const number = builds.size;
    const made = known ?? environment({ shop, record, subject, options, home, copy, rigOf }, target, number);
    builds.set(key, made);
    const venv = await made;
    if (!venv) continue;
    const rig = rigOf(venv);
    if (target.launches.length === 0) await record.run(say`start`, { service: target.name }, async () => noStart(plan));
    for (const launch of target.launches) await verifyLaunch(rig, target, launch);
    await localTests(rig, repo, facts, target, options.patched);
  }
  return options.keep ? home : undefined;
}

function noStart(plan: Plan): Outcome {
  const why = plan.verdicts.find((v) => v.kind === 'manual' && ['procfile', 'render-yaml'].includes(v.part));
  const none = say`neither render.yaml nor a Procfile starts it`;
  return { status: 'failed', detail: why ? `${none}: ${why.reason}` : none };
}

interface Place {
  readonly shop: Shop;
  readonly record: Recorder;
  readonly subject: Subject;
  readonly options: LiveOptions;
  readonly home: string;
  readonly copy: string;
  readonly rigOf: (venv: Venv) => Rig;
}

/** A command with the text of the scripts of the repository that it runs. */
function withScripts(repo: Snapshot, command: Command): string {
  return [command.command, ...scriptsOf(repo, command)].join('\n');
}

/** What went wrong with the first that fails. */
async function runAll(
  shop: Shop,
  venv: Venv,
  copy: string,
  commands: readonly Command[],
): Promise<Outcome | undefined> {
  for (const command of commands) {
    const problem = await runBuild(shop, venv, copy, command);
    const line = command.folder === '' ? command.command : `(cd ${command.folder} && ${command.command})`;
    if (problem) return { status: 'failed', detail: `${line}: ${problem.why}`, log: problem.log, reproduce: line };
  }
  return undefined;
}

/** The virtual environment of a service with its build command run in it; undefined when that failed. */
async function environment(place: Place, target: Target, number: number): Promise<Venv | undefined> {
  const { shop, record, subject, options, home, copy } = place;
  const { plan } = subject;
  const labels = { service: target.name };
  const tools = path.join(home, 'tools');
  const fresh = path.join(home, `env-${number}`);
  const folder =
    options.reuseEnv === undefined ? fresh : number === 0 ? options.reuseEnv : `${options.reuseEnv}-${number}`;
  // Whatever the programs leave among temporary files, and the service in its home, goes with ours.
  const temporary = { TMPDIR: path.join(home, 'tmp') };
  const own = { ...temporary, HOME: path.join(home, 'home') };
  for (const made of Object.values(own)) mkdirSync(made, { recursive: true });
  const venv = venvAt(folder, tools, { ...inherited(process.env, true), ...temporary });
  const running = { ...venv, env: venvAt(folder, tools, { ...inherited(process.env), ...own }).env };
  if (!options.install) {
    const ready = await record.run(say`environment`, labels, async () =>
      existsSync(path.join(folder, 'bin', 'python'))
        ? { status: 'ok', detail: say`${folder} as it is` }
        : { status: 'blocked', detail: say`${folder} is no virtual environment` },
    );
    return ready ? running : undefined;
  }
  const { build } = target;
  const ok = await record.run(say`environment`, labels, async () => {
    if (!build) return { status: 'failed', detail: say`nothing says how it is installed` };
    const python = findPython(pythonOf(target, subject.repo), options.python, plan.root, atLeast(target));
    if (!python) {
      const detail = options.python ? say`no Python was found as ${options.python}` : say`no Python was found`;
      return { status: 'blocked', detail };
    }
    await makeVenv(shop, venv, python);
    const asked = plan.verdicts.filter((v) => v.service === undefined || v.service === target.service.root);
    const locks = options.patched
      ? lockCommands(asked.flatMap((v) => v.commands)).filter((c) => serves(c, target))
      : [];
    const commands: Command[] = [...locks.map((command) => ({ folder: '', command })), build];
    mkdirSync(tools, { recursive: true });
    const { VIRTUAL_ENV: _, ...plain } = venv.env;
    const installed = await makeTools(
      shop,
      commands.map((c) => withScripts(subject.repo, c)),
      { folder: tools, python, root: plan.root, env: plain },
    );
    // A build command sees the variables of its service: `collectstatic` reads the settings.
    const rig = place.rigOf(venv);
    const attached = await rig.attach(target.declared);
    const [launch] = target.launches;
    const { PORT: _port, ...platform } = launch ? platformFor(launch, target, 10_000) : {};
    const { env } = settingOf(rig, target, target.declared, attached, platform);
    const failed = await runAll(shop, { ...venv, env: { ...env } }, copy, commands);
    if (failed) return failed;
    const other = python.wanted === undefined ? '' : say` (there is no ${python.wanted} here)`;
    const extra = installed.length > 0 ? say`, with ${installed.join(', ')} from PyPI` : '';
    return {
      status: 'ok',
      detail: `Python ${python.version}${other}${extra}: ${commands.map((c) => c.command).join('; ')}`,
    };
  });
  return ok ? running : undefined;
}

/** False for a command that adds gunicorn to a service which another server starts: it boots as it is. */
function serves(command: string, { launches }: Target): boolean {
  return !/\bgunicorn\b/.test(command) || launches.some(({ start }) => /\bgunicorn\b/.test(start.command));
}
