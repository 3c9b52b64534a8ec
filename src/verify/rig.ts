/** What the steps of one service work with, and the processes that they start in it. */
import path from 'node:path';
import { shellWord } from '../commands/command.ts';
import type { Service } from '../model/facts.ts';
import type { Evidence } from '../repo/evidence.ts';
import type { Declared } from './declared.ts';
import { type Attached, environmentOf, type Generated, platformOf } from './environment.ts';
import type { Venv } from './install.ts';
import type { Asked } from './probe.ts';
import { type Running, type Shop, shell, start } from './process.ts';
import type { Recorder } from './steps.ts';
import type { Command, Launch, Target } from './targets.ts';

/** What the recipe asks for although it is not right, by the file that holds it: why, in a few words. */
export interface Tolerance {
  /** A failed migration does not stop the deploy. */
  readonly migrations: ReadonlyMap<string, string>;
  /** SIGTERM does not reach the server. */
  readonly orphans: ReadonlyMap<string, string>;
}

export interface Rig {
  readonly shop: Shop;
  readonly record: Recorder;
  /** Absolute path of the copy of the repository. */
  readonly copy: string;
  readonly venv: Venv;
  /** Databases, made for this run, and Redis. */
  attach(declared: readonly Declared[]): Promise<Attached>;
  /** From --env-file. */
  readonly given: Readonly<Record<string, string>>;
  readonly generated: Generated;
  /** How the repository takes a variable, as it is written. */
  readonly source: (name: string, at: Evidence | undefined) => string | undefined;
  /** How long a start may take. Milliseconds. */
  readonly patience: number;
  readonly tolerance: Tolerance;
}

/** The environment of one run: inherited, the platform's, and the declared variables over both. */
export interface Setting {
  readonly env: Readonly<Record<string, string>>;
  /** What a person would have to set, for the line that reproduces the step. */
  readonly shown: Readonly<Record<string, string>>;
  readonly standIns: readonly string[];
}

export function settingOf(
  rig: Rig,
  target: Target,
  declared: readonly Declared[],
  attached: Attached,
  platform: Readonly<Record<string, string>> = {},
): Setting {
  const made = environmentOf(declared, {
    service: target.name,
    host: hostOf(target),
    given: rig.given,
    generated: rig.generated,
    attached,
    source: rig.source,
  });
  for (const secret of made.secrets) rig.shop.log.hide(secret);
  return {
    env: { ...rig.venv.env, ...platform, ...made.values },
    shown: { ...(platform.PORT === undefined ? {} : { PORT: platform.PORT }), ...made.values },
    standIns: made.standIns,
  };
}

/** The number of workers that the code takes by itself, where it reads WEB_CONCURRENCY with a default. */
export function ownWorkers({ env }: Service): string | undefined {
  const own = env.find((e) => e.name === 'WEB_CONCURRENCY')?.default;
  return own !== undefined && /^[1-9]\d?$/.test(own) ? own : undefined;
}

/** What the platform sets for a launch on this port: two workers, but where the code has a number of its own. */
export function platformFor(launch: Launch, target: Target, port: number): Record<string, string> {
  const workers = ownWorkers(target.service) ?? '2';
  return launch.platform === 'render'
    ? platformOf(port, hostOf(target), workers)
    : { PORT: String(port), WEB_CONCURRENCY: workers, PYTHONUNBUFFERED: '1' };
}

/** The name that the service is asked by. */
export function hostOf(target: Target): string {
  return `${target.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}.onrender.com`;
}

export interface Started {
  readonly running: Running;
  readonly to: Asked;
  readonly reproduce: string;
}

/** Starts a command in the copy by the shell. */
export function startIn(rig: Rig, label: string, command: Command, setting: Setting): Running {
  const cwd = path.join(rig.copy, command.folder);
  return start(rig.shop, { label, command: command.command, cwd, env: setting.env });
}

/** A line that does by hand what a step did; secrets are masked when it is shown. */
export function byHand(command: Command, setting: Setting): string {
  const assigned = Object.entries(setting.shown).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = ['env', ...assigned, shell(), '-c', shellWord(command.command)].join(' ');
  return command.folder === '' ? words : `(cd ${shellWord(command.folder)} && ${words})`;
}
