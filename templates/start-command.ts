/** The one place where the commands of a service's processes are made, so that Procfile and render.yaml cannot disagree. */

import { type Command, type Expanded, newCommand, readCommand, shellWord, wordsOf } from '../src/commands/command.ts';
import { type Step, stepOf } from '../src/commands/steps.ts';
import { gunicornWanted } from '../src/judge/needs.ts';
import { ownRelease, ownStart } from '../src/judge/own-start.ts';
import {
  asksForGunicorn,
  type GunicornWish,
  installedServer,
  listedServer,
  oneProcessWords,
  serverWords,
  standIn,
} from '../src/judge/server-choice.ts';
import { type Script, scriptOf } from '../src/knowledge/frameworks.ts';
import { sourceMigrates } from '../src/knowledge/migrations.ts';
import { type WorkerTool, workerTool } from '../src/knowledge/workers.ts';
import { commandFor } from '../src/lists/commands.ts';
import type { Evidence, Service } from '../src/model/facts.ts';
import type { Chosen } from '../src/model/transform.ts';
import { join, relative } from '../src/repo/path.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { canAdd, isAbsent, requirementsOf } from '../src/survey/dependencies/installed.ts';
import { whyNoDependencies } from '../src/survey/dependencies/missing.ts';
import { applicationWordOf } from '../src/survey/start-targets.ts';
import { workerClass } from '../src/survey/worker-class.ts';
import { applyEdits } from '../src/syntax/edit.ts';
import { say } from '../src/system/say.ts';

export interface GunicornOptions extends GunicornWish {
  /** Access and error log on the standard streams. */
  readonly logs: boolean;
  /** False where no part of the plan adds gunicorn. */
  readonly adds?: boolean;
}

export const GUNICORN_DEFAULTS: GunicornOptions = {
  workers: 0,
  workerClass: 'auto',
  timeout: 0,
  logs: false,
};

/** Whether the part `gunicorn` is among those of the plan. */
export function addsGunicorn(chosen: Chosen | undefined): boolean {
  return chosen?.has('gunicorn') ?? true;
}

export interface Start {
  /** To be run in the service root. */
  readonly command: Command;
  /** Where the project starts itself in this way; absent when the command is ours. */
  readonly own?: Evidence;
  /** True when the command brings the schema up to date by itself. */
  readonly migrates: boolean;
  readonly warnings: readonly string[];
  /** Commands that a person must run first, such as `uv add gunicorn`. */
  readonly commands: readonly string[];
  /** Why the command cannot be written down as it is: its server is not installed, and nothing adds it. */
  readonly unready?: string;
}

/**
 * How the web process of a service starts, in its root: as the project starts itself where that follows PORT, else by
 * gunicorn, with the worker class that ASGI needs. Ours listens on `host`.
 * https://docs.gunicorn.org/en/stable/settings.html
 */
export function startCommand(
  repo: Snapshot,
  service: Service,
  options: GunicornOptions = GUNICORN_DEFAULTS,
  host = '0.0.0.0',
): Start {
  const literal = asksForGunicorn(options);
  const own = literal ? undefined : ownStart(repo, service);
  const conf = configuration(repo, service);
  if (own) {
    const hooks = conf.migrates && reads(own.command, conf);
    return { command: own.command, own: own.at, migrates: own.migrates || hooks, warnings: [], commands: [] };
  }
  const run = programStart(service, host);
  if (run) return run;
  const single = socketIo(service) || service.notes.some((n) => n.oneProcess);
  const other = literal ? undefined : otherServer(service, options, host, single);
  if (other) return { command: other, migrates: false, warnings: [], commands: [] };
  const missing = missingGunicorn(repo, service);
  const left = options.adds === false && isAbsent(service, 'gunicorn');
  return {
    command: gunicornCommand(service, options, conf, host, single),
    migrates: conf.migrates,
    warnings: [...conf.warnings, ...(missing ? [missing.warning] : [])],
    commands: missing?.command ? [missing.command] : [],
    ...(left
      ? { unready: say`its start command needs gunicorn, which is not installed, and the part gunicorn is left out` }
      : {}),
  };
}

/** `single`: more than one process would serve it wrongly. */
function gunicornCommand(
  service: Service,
  options: GunicornOptions,
  conf: Configuration,
  host: string,
  single: boolean,
): Command {
  const words: (string | Expanded)[] = [
    'gunicorn',
    applicationWordOf(service),
    ...(conf.named ? ['-c', conf.named] : []),
  ];
  if (service.entry.pythonPath) words.push('--pythonpath', service.entry.pythonPath);
  if (!conf.bindsPort) words.push('--bind', { sh: `${host}:$PORT` });
  const workers = options.workers > 0 ? options.workers : Number(single && conf.path === undefined);
  if (workers > 0) words.push('--workers', String(workers));
  if (!conf.hasWorkerClass) words.push(...workerArguments(service, options));
  if (options.timeout > 0) words.push('--timeout', String(options.timeout));
  if (options.logs) words.push('--access-logfile', '-', '--error-logfile', '-');
  return newCommand(...words);
}

/** The program that starts the server itself, where no server can be given an object. */
function programStart(service: Service, host: string): Start | undefined {
  const { program, framework, attr, path } = service.entry;
  if (program === undefined) return undefined;
  const rest = { migrates: false, commands: [] };
  const script = scriptOf(framework);
  if (script && attr === '') {
    return { command: scriptCommand(script, program, host), warnings: developmentOf(service, script), ...rest };
  }
  const why =
    attr === ''
      ? say`the application is made in a function, where no server finds it`
      : say`no server can import ${path} by its name`;
  const warning = say`${why}, so the program itself is started: one process, and the server that it chooses`;
  return { command: newCommand('python', program), warnings: [warning], ...rest };
}

/** The framework's own program with the file, or the file by itself: then the call in it takes host and port. */
function scriptCommand({ words }: Script, program: string, host: string): Command {
  if (!words) return newCommand('python', program);
  const written = words.map((word) => {
    if (word === '{file}') return program;
    if (word === '{host}') return host;
    return word === '$PORT' ? { sh: word } : word;
  });
  return newCommand(...written);
}

function developmentOf({ entry }: Service, { instead }: Script): string[] {
  if (instead === undefined) return [];
  return [
    say`${entry.path} starts ${entry.framework}'s development server: with \`${instead}\` in it gunicorn can serve it`,
  ];
}

/** A server that the project has chosen by listing it, or that is there where nothing adds gunicorn or can. */
function otherServer(service: Service, options: GunicornOptions, host: string, single: boolean): Command | undefined {
  const listed = requirementsOf(service, 'gunicorn').length > 0;
  const instead = options.adds === false && !listed ? installedServer(service) : standIn(service);
  const server = listedServer(service) ?? instead;
  const words = server && serverWords(service, server, host);
  return words && newCommand(...words, ...(single ? oneProcessWords(server) : []));
}

/**
 * What brings the schema up to date: the project's own release line before ours;
 * undefined when the application does it itself.
 */
export function migrateStep(repo: Snapshot, service: Service): Step | undefined {
  const { migrations, root } = service;
  if (migrations?.automatic) return undefined;
  return ownRelease(repo, service) ?? (migrations && stepOf(root, migrations.command));
}

/** The other processes: `worker`, `beat`; commands to be run in the service root. */
export function workerCommands(service: Service): { readonly process: string; readonly command: Command }[] {
  const { pythonPath } = service.entry;
  const prefix = pythonPath ? `PYTHONPATH=${shellWord(pythonPath)} ` : '';
  return service.workers.map(({ process, tool, command }) => {
    const started = withRedis(service, workerTool(tool), readCommand(command));
    const set = started.commands[0]?.words[0]?.startsWith('PYTHONPATH=');
    return { process, command: set || prefix === '' ? started : readCommand(`${prefix}${started.text}`) };
  });
}

/** Tells a worker that would look for Redis on its own machine where it is. */
function withRedis(service: Service, { server }: WorkerTool, command: Command): Command {
  const url = service.env.find((e) => e.kind === 'redis' && (e.property ?? 'url') === 'url')?.name;
  const words = wordsOf(command);
  if (!server || !url || !words || words.some((word) => server.told.test(word))) return command;
  const program = server.command.split(' ');
  const at = command.commands[0]?.ranges[program.length - 1]?.end;
  if (at === undefined || program.some((word, i) => words[i] !== word)) return command;
  return readCommand(applyEdits(command.text, [{ start: at, end: at, text: ` ${server.option} $${url}` }]));
}

function workerArguments(service: Service, options: GunicornOptions): string[] {
  const found = workerClass(service)?.name;
  const asked = service.entry.interface === 'asgi' && options.workerClass !== 'auto' ? options.workerClass : found;
  if (asked) return ['--worker-class', asked];
  if (!socketIo(service) && !holdsThreads(service)) return [];
  const green = ['eventlet', 'gevent'].find((name) => requirementsOf(service, name).length > 0);
  return green ? ['--worker-class', green] : ['--threads', '100'];
}

/** Its clients must come back to the one process that knows them. https://flask-socketio.readthedocs.io/en/latest/deployment.html */
function socketIo(service: Service): boolean {
  return service.entry.interface === 'wsgi' && requirementsOf(service, 'flask-socketio').length > 0;
}

/** Each open connection takes a thread of its own. https://flask-sock.readthedocs.io/en/latest/web_servers.html#gunicorn */
function holdsThreads(service: Service): boolean {
  if (service.entry.interface !== 'wsgi') return false;
  return requirementsOf(service, 'flask-sock').length > 0 || service.notes.some((n) => n.threads);
}

interface Configuration {
  /** Absent when there is none that the command uses. */
  readonly path?: string;
  /** For `-c`; absent when there is none or gunicorn finds it by itself. */
  readonly named?: string;
  readonly bindsPort: boolean;
  readonly hasWorkerClass: boolean;
  /** Its hooks bring the schema up to date before the first worker starts. */
  readonly migrates: boolean;
  readonly warnings: readonly string[];
}

/** True for a gunicorn command that takes this configuration: by `-c`, or because gunicorn finds it. */
function reads(command: Command, conf: Configuration): boolean {
  const words = wordsOf(command) ?? [];
  return words.includes('gunicorn') && (conf.named === undefined || words.includes(conf.named));
}

/** gunicorn reads ./gunicorn.conf.py without being told; options of the command line win over it. */
function configuration(repo: Snapshot, service: Service): Configuration {
  const conf = service.deployment.gunicornConf;
  const text = conf && repo.read(conf.path)?.text;
  const none = { bindsPort: false, hasWorkerClass: false, migrates: false };
  if (!conf || text === undefined) return { ...none, warnings: [] };
  const automatic = conf.path === join(service.root, 'gunicorn.conf.py');
  const absolute = /["'](\/(?:app|src|code|srv|home|root|workspace|usr\/src|var\/log|opt)\/[^"']*)["']/.exec(text)?.[1];
  const warnings = absolute
    ? [
        say`${conf.path} names ${absolute}, a path of an image: ${automatic ? say`check it` : say`it is left out of the command`}`,
      ]
    : [];
  if (absolute && !automatic) return { ...none, warnings };
  return {
    path: conf.path,
    ...(automatic ? {} : { named: relative(service.root, conf.path) }),
    bindsPort: /\bPORT\b/.test(conf.bind ?? ''),
    hasWorkerClass: conf.workerClass !== undefined,
    migrates: /^def (?:on_starting|when_ready)\b/m.test(text) && sourceMigrates(text),
    warnings,
  };
}

/** What a person must do where the `gunicorn` part cannot: a lock would go stale, or there is no file to write it to. */
function missingGunicorn(
  repo: Snapshot,
  service: Service,
): { readonly warning: string; readonly command?: string } | undefined {
  const { dependencies } = service;
  if (!dependencies) {
    const why = whyNoDependencies(repo, service.root);
    return { warning: say`${why}: gunicorn must be installed for this start command` };
  }
  if (canAdd(dependencies) || requirementsOf(service, 'gunicorn').length > 0) return undefined;
  const needs = workerClass(service)?.needs;
  const { command, reason } = commandFor(repo, dependencies, [gunicornWanted([service]), ...(needs ? [needs] : [])]);
  const how = command ?? reason;
  return {
    warning: say`the start command needs gunicorn, which is not installed yet: ${how}`,
    ...(command ? { command } : {}),
  };
}
