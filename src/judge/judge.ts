/**
 * The one judge of start commands: of ours and of those that a repository has. It says what a platform would see: where
 * the server listens, whether it can serve this application, whether what it needs is installed.
 */

import type { Command } from '../commands/command.ts';
import { migrates } from '../commands/migrates.ts';
import { hasOption } from '../commands/options.ts';
import { programOf } from '../commands/program.ts';
import type { Server } from '../knowledge/server-row.ts';
import { hasWorkerClass, SERVERS, workerRow } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { installed } from '../survey/dependencies/installed.ts';
import { say } from '../system/say.ts';
import { type Address, addressOf, isLoopback } from './address.ts';
import { connectionFaults } from './connections.ts';
import type { Fault, Rule } from './fault.ts';
import { mended } from './mend.ts';
import { workerFaults } from './needs.ts';
import { type Serving, servingOf, type Written } from './serving.ts';
import { applicationOf, type Target } from './target.ts';
import { workerOf } from './worker.ts';

/** What the deployment says beside the command. */
export interface Setting {
  /** `platform` hands over PORT and comes in on any interface; `proxy` is nginx on the same machine. */
  readonly behind: 'platform' | 'proxy';
  /** Variables that it sets. */
  readonly given?: ReadonlySet<string>;
  /** PORT, where the deployment sets it. */
  readonly port?: number;
  /** The commands of its build, as text: what they name is installed. */
  readonly build?: string;
  /** Words that no shell reads: `CMD ["uvicorn", …]`. */
  readonly execForm?: boolean;
}

export interface Judgement {
  /** Absent for an empty command and for a script that starts one server or another. */
  readonly serving?: Serving;
  /** Absent for a command that names no application. */
  readonly target?: Target;
  /** Each is certain: with it the deployed service does not answer. */
  readonly faults: readonly Fault[];
  /** What holds, in a few words: 'gunicorn serves app:app on 0.0.0.0:$PORT'; what was not checked, where that is so. */
  readonly proof: string;
  /** True when it certainly listens where PORT says. */
  readonly followsPort: boolean;
  /** True when the line brings the schema up to date. */
  readonly migrates: boolean;
  readonly warnings: readonly string[];
  /** The whole line without its faults, where a change of options mends them all. */
  readonly mended?: Command;
}

/** Judges one start command of a service. */
export function judge(repo: Snapshot, service: Service, written: Written, setting: Setting): Judgement {
  const serving = ofFramework(servingOf(repo, written), service);
  if (!serving) {
    const proof = say`which server it starts is decided by the script`;
    return { faults: [], proof, followsPort: /\$\{?PORT\b/.test(written.command.text), migrates: false, warnings: [] };
  }
  const given = setting.given ?? new Set<string>();
  const address = addressOf(repo, service, serving, given);
  const target = applicationOf(repo, service, serving, given);
  const faults = [
    ...addressFaults(serving, address, setting),
    ...(setting.execForm ? quotingFaults(serving) : []),
    ...(target?.missing === undefined ? [] : [fault('module', serving, `${shown(serving)}: ${target.missing}`)]),
    ...interfaceFaults(repo, service, serving, target),
    ...installedFaults(service, serving, setting),
    ...workerFaults(repo, service, serving),
    ...connectionFaults(repo, service, serving),
  ];
  const line = mended(repo, service, written, serving, faults);
  return {
    serving,
    ...(target ? { target } : {}),
    faults,
    proof: proofOf(repo, service, serving, address, target),
    followsPort: address ? address.port === 'PORT' : /\$(?:PORT\b|\{PORT\b)/.test(written.command.text),
    migrates: serving.programs.some(migrates),
    warnings: [...warningsOf(serving), ...passedOver(written.command)],
    ...(line === undefined ? {} : { mended: line }),
  };
}

/** `manage.py runserver` of another framework (Flask-Script) listens where its own code says. */
function ofFramework(serving: Serving | undefined, { entry }: Service): Serving | undefined {
  if (serving?.server !== 'runserver' || entry.framework === 'django') return serving;
  return { ...serving, server: undefined };
}

function fault(rule: Rule, serving: Serving, reason: string): Fault {
  return { rule, reason, at: serving.at };
}

function shown({ text, program }: Serving): string {
  return text.length > 60 ? `\`${program.name} …\`` : `\`${text}\``;
}

/** A platform sends requests to PORT, from outside the machine. https://render.com/docs/web-services#port-binding */
function addressFaults(serving: Serving, address: Address | undefined, setting: Setting): Fault[] {
  if (!address || setting.behind === 'proxy') return [];
  const out: Fault[] = [];
  const { host, port, byDefault } = address;
  const because = (default_: boolean): string => (default_ ? say`, ${serving.server}'s default` : '');
  if (isLoopback(host)) {
    const reason = say`${shown(serving)} listens on ${host}${because(byDefault.host)}: nothing reaches it from outside`;
    out.push(fault('host', serving, reason));
  }
  if (typeof port === 'number' && port !== setting.port) {
    const reason = say`${shown(serving)} listens on port ${port}${because(byDefault.port)}, whatever PORT says`;
    out.push(fault('port', serving, reason));
  }
  return out;
}

/** https://docs.docker.com/reference/dockerfile/#shell-and-exec-form */
function quotingFaults(serving: Serving): Fault[] {
  const word = serving.program.args.find((arg) => /\$\w|\$\{/.test(arg));
  if (word === undefined || serving.range === undefined) return [];
  return [fault('quoting', serving, say`no shell reads the exec form: the server gets the text ${word} itself`)];
}

function interfaceFaults(repo: Snapshot, service: Service, serving: Serving, target: Target | undefined): Fault[] {
  const protocol = target?.protocol;
  if (protocol === undefined || serving.server === undefined) return [];
  const name = `${target?.module}:${target?.attr}`;
  const speaks = protocol === 'aiohttp' ? say`speaks aiohttp's own protocol` : say`is ${protocol.toUpperCase()}`;
  const { serves, workerClass, told }: Server = SERVERS[serving.server];
  const { args } = serving.program;
  if (workerClass) {
    const worker = workerOf(repo, service, serving);
    const row = worker && workerRow(worker.name);
    if (!worker || !row || row.serves === protocol) return [];
    const which = worker.byDefault ? say`${serving.server}'s default worker` : say`the worker ${worker.name}`;
    return [
      fault('interface', serving, say`${which} cannot serve ${name}, which ${speaks}: every request answers 500`),
    ];
  }
  if (told) {
    if (hasOption(args, [told.by])) return [];
    const reason = say`${serving.server} takes ${name} for ${told.without} without ${told.by} ${protocol}`;
    return [fault('interface', serving, reason)];
  }
  if (!serves || serves.includes(protocol) || hasOption(args, ['--interface'])) return [];
  return [fault('interface', serving, say`${serving.server} cannot serve ${name}, which ${speaks}`)];
}

function installedFaults(service: Service, serving: Serving, { build }: Setting): Fault[] {
  if (!serving.server) return [];
  const { package: name }: Server = SERVERS[serving.server];
  const found = installed(service, name);
  if (found === 'yes' || found === 'unknown') return [];
  if (build !== undefined && buildBrings(build, service, name)) return [];
  const { path = '' } = service.dependencies ?? {};
  const how = found === 'no' ? say`is not listed in ${path}` : say`stands in ${path} only for development`;
  const reason = say`${serving.server} is not installed: ${name} ${how}`;
  return [{ ...fault('installed', serving, reason), distribution: name }];
}

/** The build installs it by name, or from another file than the one that was read. */
function buildBrings(build: string, { dependencies }: Service, name: string): boolean {
  if (new RegExp(`\\b${name}\\b`, 'i').test(build)) return true;
  const files = [...build.matchAll(/(?:-r|--requirement)[ =]*(\S+)/g)].map((m) => m[1] ?? '');
  const known = new Set((dependencies?.requirements ?? []).map((r) => r.at.path));
  return files.some((file) => ![...known, dependencies?.path ?? ''].some((p) => p === file || p.endsWith(`/${file}`)));
}

function proofOf(
  repo: Snapshot,
  service: Service,
  serving: Serving,
  address: Address | undefined,
  target: Target | undefined,
): string {
  if (!serving.server) return say`what ${shown(serving)} listens on was not checked`;
  const worker = hasWorkerClass(serving.server) ? workerOf(repo, service, serving) : undefined;
  const server = worker && !worker.byDefault ? `${serving.server} (${worker.name})` : serving.server;
  const port = address?.port === 'PORT' ? '$PORT' : address?.port;
  const where = address?.host === undefined || port === undefined ? undefined : `${address.host}:${port}`;
  if (!target?.module) return where === undefined ? say`${server} runs` : say`${server} runs on ${where}`;
  const what = `${target.module}${target.attr ? `:${target.attr}` : ''}`;
  return where === undefined ? say`${server} serves ${what}` : say`${server} serves ${what} on ${where}`;
}

/** `alembic upgrade head; gunicorn …`, `… || true`: the server starts whatever became of the migration. */
function passedOver({ text: line, commands }: Command): string[] {
  const strict = commands.some(({ words }) => words[0] === 'set' && words.some((w) => /^-\w*e/.test(w)));
  const found = commands.find(
    ({ words, operator }, i) =>
      i < commands.length - 1 && (operator === '||' || (operator === ';' && !strict)) && migrates(programOf(words)),
  );
  if (!found) return [];
  const text = line.slice(found.start, found.end);
  return [
    say`\`${text}\` may fail and the server starts all the same, on a schema that is out of date: join them by &&`,
  ];
}

function warningsOf(serving: Serving): string[] {
  const out: string[] = [];
  if (!serving.server) return out;
  const { development }: Server = SERVERS[serving.server];
  if (development) out.push(say`${serving.server} is a development server: one process, no limits, no restarts`);
  if (hasOption(serving.program.args, ['--reload']))
    out.push(say`--reload watches the files: it is for development only`);
  return out;
}
