/** Host and port that a server listens on, as its options, its configuration and its defaults say. */
import { hasOption, optionValue, optionValues } from '../commands/options.ts';
import type { Server } from '../knowledge/server-row.ts';
import { SERVERS } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Serving } from './serving.ts';

export interface Address {
  /** Undefined where it cannot be told. */
  readonly host?: string;
  /** 'PORT' where it follows that variable; undefined where it cannot be told. */
  readonly port?: number | 'PORT';
  /** True where no option names it: the server's own default. */
  readonly byDefault: { readonly host: boolean; readonly port: boolean };
}

const UNKNOWN: Address = { byDefault: { host: false, port: false } };

/** `given`: variables that the deployment sets. Undefined for a program that is no known server. */
export function addressOf(
  repo: Snapshot,
  service: Service,
  serving: Serving,
  given: ReadonlySet<string>,
): Address | undefined {
  const { server: name, program } = serving;
  if (!name) return undefined;
  const server: Server = SERVERS[name];
  const { args } = program;
  if (hasOption(args, server.elsewhere ?? [])) return UNKNOWN;
  const isSet = (variable: string): boolean =>
    given.has(variable) || serving.sets.has(variable) || program.assigned.some(([key]) => key === variable);
  if ((server.variables ?? []).some(isSet)) return UNKNOWN;
  if (args.some((arg) => server.files?.test(arg))) return UNKNOWN;
  if (server.addressWord) return ofWord(server, args.slice(args.indexOf(name) + 1), isSet);
  const bound = optionValues(args, server.bind ?? []);
  if (bound.length > 0) {
    const all = bound.map((text) => parseBind(text, server, isSet));
    return all.find((a) => !isLoopback(a.host)) ?? all[0];
  }
  if (server.configuration) return ofConfiguration(repo, service, serving, server, isSet);
  if (server.otherwise.port === 0) return UNKNOWN;
  const host = optionValue(args, server.host ?? []);
  const port = optionValue(args, server.port ?? []);
  return {
    ...defined('host', host === undefined ? server.otherwise.host : literalOf(host, isSet)),
    ...defined('port', port === undefined ? server.otherwise.port : portOf(port, isSet)),
    byDefault: { host: host === undefined, port: port === undefined },
  };
}

/** Where no option says where it listens, its configuration may. */
function ofConfiguration(
  repo: Snapshot,
  service: Service,
  serving: Serving,
  server: Server,
  isSet: (name: string) => boolean,
): Address {
  const conf = confOf(repo, service, serving);
  if (conf === 'unknown') return UNKNOWN;
  if (conf?.bind !== undefined) return parseBind(conf.bind.replace(/\{PORT\}/, '$PORT'), server, isSet);
  const line = /^bind\s*=.*$/m.exec(conf?.text ?? '')?.[0];
  if (line !== undefined) return /\bPORT\b/.test(line) ? { ...UNKNOWN, port: 'PORT' } : UNKNOWN;
  return { ...server.otherwise, byDefault: { host: true, port: true } };
}

export interface GunicornConf {
  readonly path: string;
  readonly text: string;
  readonly bind?: string;
  readonly workerClass?: string;
}

/** The configuration that this command loads; 'unknown' where it names one that is not there or no Python file. */
export function confOf(repo: Snapshot, service: Service, serving: Serving): GunicornConf | undefined | 'unknown' {
  const named = optionValue(serving.program.args, SERVERS.gunicorn.configuration)?.replace(/^(?:file:)?(?:\.\/)?/, '');
  const known = service.deployment.gunicornConf;
  const text = known && repo.read(known.path)?.text;
  if (named !== undefined) {
    if (!known || text === undefined || !(known.path === named || known.path.endsWith(`/${named}`))) return 'unknown';
  } else if (!known || text === undefined || !/(?:^|\/)gunicorn\.conf\.py$/.test(known.path)) return undefined;
  const { path, bind, workerClass } = known;
  return { path, text, ...defined('bind', bind), ...defined('workerClass', workerClass) };
}

function ofWord(server: Server, behind: readonly string[], isSet: (name: string) => boolean): Address {
  const said = behind.find((arg) => !arg.startsWith('-'));
  if (said === undefined) return { ...server.otherwise, byDefault: { host: true, port: true } };
  if (!said.includes(':')) {
    const { host } = server.otherwise;
    return { host, ...defined('port', portOf(said, isSet)), byDefault: { host: true, port: false } };
  }
  return parseBind(said.replace(/^0:/, '0.0.0.0:'), server, isSet);
}

/** `0.0.0.0:$PORT`, `:8000`, `[::]:80`, `unix:/run/x.sock`. */
function parseBind(text: string, server: Server, isSet: (name: string) => boolean): Address {
  if (/^(?:unix:|fd:|\/)/.test(text)) return UNKNOWN;
  const [, host = text, port] = /^(.*?)(?::(\$\{[^}]*\}|[^:\]]*))?$/s.exec(text.replace(/^\w+:\/\//, '')) ?? [];
  const otherwise = server.bind ? 8000 : server.otherwise.port;
  return {
    ...defined('host', host === '' || host === '*' ? '0.0.0.0' : literalOf(host, isSet)),
    ...defined('port', port === undefined ? otherwise : portOf(port, isSet)),
    byDefault: { host: false, port: port === undefined },
  };
}

function portOf(text: string, isSet: (name: string) => boolean): number | 'PORT' | undefined {
  if (/\$(?:PORT\b|\{PORT\b)/.test(text)) return 'PORT';
  const value = literalOf(text, isSet);
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

/** The literal, or the default of `${NAME:-default}` where nothing sets NAME. */
function literalOf(text: string, isSet: (name: string) => boolean): string | undefined {
  const [, name, otherwise] = /^\$\{(\w+):?-([^}$]*)\}$/.exec(text) ?? [];
  if (name !== undefined && otherwise !== undefined) return isSet(name) ? undefined : otherwise;
  return text.includes('$') || text.includes('`') ? undefined : text;
}

/** True for a host that only the machine itself reaches. */
export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:127(?:\.\d+){0,3}|localhost|\[?::1\]?)$/i.test(host);
}

function defined<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
