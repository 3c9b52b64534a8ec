/** Environment variables of a service → where Render gets each from. https://render.com/docs/blueprint-spec#environment-variables */
import type { EnvVar, Service } from '../../src/model/facts.ts';
import { isCredential } from '../../src/secrets/credential.ts';
import { say } from '../../src/system/say.ts';
import { databaseVariables } from './database.ts';
import type { BlueprintOptions } from './options.ts';
import { pythonVersion } from './python-version.ts';
import { ask, type Variable, type Variables } from './variable.ts';

/** Names of the attached services; absent when the service has none. */
export interface Attached {
  readonly database?: string;
  readonly keyvalue?: string;
}

/** Set by Render or by nayek's own lines. */
const RESERVED = /^(?:PORT|RENDER(?:_\w+)?|WEB_CONCURRENCY|PYTHON_VERSION|GUNICORN_CMD_ARGS|IS_PULL_REQUEST)$/;
const TEST_ONLY = /(?:^|_)(?:TEST|TESTING|PYTEST)(?:_|$)/;
const LOCAL = /(?:^|[/@"'\s,[])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)(?=$|[:/"'\s,\]])/i;
export const STAGE = /^(?:\w+_)?(?:ENV|ENVIRONMENT|STAGE|MODE)$|^(?:FLASK|APP)_(?:CONFIG|SETTINGS)$/;
const DEVELOPMENT = /^(?:dev|develop|development|local|debug|default|(?:\w+\.)+Dev(?:elopment)?(?:Config)?)$/i;
/** An address whose host has no dot is a container's name: nothing answers to it elsewhere. */
const CONTAINER = /^(?:https?|wss?|amqps?|nats|mongodb|tcp|grpc):\/\/(?:[^/@\s]*@)?[A-Za-z][\w-]*(?::\d+)?(?:\/|$)/;
/** Settings without which a library fails late, when the first request needs it. */
const NEEDED = /(?:^|_)(?:ALGORITHM|ALG)$/;
/** What a run call listens on; the start command says that already. */
const BIND = /^(?:APP|SERVER|UVICORN|GUNICORN|FASTAPI|FLASK|FLASK_RUN|WEB|BIND|LISTEN)_(HOST|PORT)$/;

/** More than this many of a kind that the program can do without are not worth writing out. */
const MANY = 40;
/** And more than this many not worth asking for. */
const MANY_ASKED = 25;

/** Variables in the order in which they stand in the blueprint: attached, generated, supplied, then as in the code. */
export function variablesOf(service: Service, attached: Attached, options: BlueprintOptions): Variables {
  const warnings: string[] = [];
  const env = service.env.filter(
    (e) => e.kind !== 'platform' && !RESERVED.test(e.name) && (e.required || (!TEST_ONLY.test(e.name) && !binds(e))),
  );
  const python = pythonVersion(service.fitting ?? service.python, (service.dependencies?.locks.length ?? 0) > 0);
  const list: Variable[] = [];
  if ('version' in python) list.push({ key: 'PYTHON_VERSION', from: { kind: 'value', value: python.version } });
  if (python.warning !== undefined) warnings.push(python.warning);

  const database = databaseVariables(service, env, attached.database, options);
  list.push(...database.list);
  warnings.push(...database.warnings);
  list.push(...env.filter((e) => e.kind === 'redis').flatMap((e) => redisVariable(e, attached.keyvalue, options)));
  for (const e of env) if (e.kind === 'secret-generate') list.push({ key: e.name, from: { kind: 'generate' } });
  list.push(...asked(env, 'secret-supply', options, warnings));
  const few = wanted(env, 'plain', warnings);
  const supplied = new Set(wanted(env, 'supply', warnings));
  const silent = env.filter((e) => e.kind === 'plain' && !e.required && e.default === undefined && NEEDED.test(e.name));
  if (silent.length > 0) {
    const names = silent.map((e) => e.name).join(', ');
    warnings.push(
      say`the code has no default for ${names}: set ${silent.length === 1 ? 'it' : 'them'} in the Dashboard`,
    );
  }
  for (const e of env) {
    if (supplied.has(e)) list.push(ask(e, options));
    else if (few.includes(e)) list.push(...plainVariable(e, options, warnings));
  }
  return { list, warnings };
}

/**
 * The variables of a worker beside the web service of this name. Render sets PORT for web services alone: where the
 * program does not start without it, a worker is told one. https://render.com/docs/environment-variables#all-runtimes
 */
export function ofWorker(service: Service, list: readonly Variable[], web: string): Variable[] {
  const port = service.env.some((e) => e.name.toUpperCase() === 'PORT' && e.required);
  const own: Variable[] = port ? [{ key: 'PORT', from: { kind: 'value', value: '10000' } }] : [];
  return [...own, ...list.map((v) => shared(v, web))];
}

/** The variable as a second service of the same program has it: asked for and generated only once. */
function shared(variable: Variable, service: string): Variable {
  const { kind } = variable.from;
  return kind === 'generate' || kind === 'ask' ? { key: variable.key, from: { kind: 'same', service } } : variable;
}

function asked(
  env: readonly EnvVar[],
  kind: EnvVar['kind'],
  options: BlueprintOptions,
  warnings: string[],
): Variable[] {
  return wanted(env, kind, warnings).map((e) => ask(e, options));
}

/** What somebody who reads the report calls them. */
const KINDS: Readonly<Partial<Record<EnvVar['kind'], string>>> = {
  plain: say`settings`,
  supply: say`values that only you know`,
  'secret-supply': say`credentials`,
};

/** Those of a kind; only the required ones when there are too many to go through. */
function wanted(env: readonly EnvVar[], kind: EnvVar['kind'], warnings: string[]): readonly EnvVar[] {
  const all = env.filter((e) => e.kind === kind);
  const emitted = kind === 'plain' ? all.filter((e) => e.required || e.default !== undefined) : all;
  if (emitted.length <= (kind === 'plain' ? MANY : MANY_ASKED)) return emitted;
  const needed = emitted.filter((e) => e.required || decides(e));
  const left = emitted.length - needed.length;
  if (left > 0) warnings.push(say`${left} variables that the program can do without are left out (${KINDS[kind]})`);
  return needed;
}

/** A stage or a debug switch: what it is by default is seldom meant for production. */
function decides(variable: EnvVar): boolean {
  return STAGE.test(variable.name) || switchedOff(variable, variable.default ?? '') !== undefined;
}

function binds({ name, default: value = '' }: EnvVar): boolean {
  const part = BIND.exec(name.toUpperCase())?.[1];
  if (part === 'HOST') return /^(?:0\.0\.0\.0|127\.0\.0\.1|localhost|)$/.test(value);
  return part === 'PORT' && /^\d*$/.test(value);
}

function redisVariable(variable: EnvVar, keyvalue: string | undefined, options: BlueprintOptions): Variable[] {
  const { name: key, property = 'url', required } = variable;
  if (property === 'database') return [{ key, from: { kind: 'value', value: variable.default || '0' } }];
  if (keyvalue === undefined) return required ? [ask(variable, options)] : [];
  if (property === 'url' || property === 'host' || property === 'port') {
    const of = property === 'url' ? 'connectionString' : property;
    return [{ key, from: { kind: 'keyvalue', name: keyvalue, property: of } }];
  }
  // Inside Render's private network Key Value has no user and no password.
  return required ? [ask(variable, options)] : [];
}

function plainVariable(variable: EnvVar, options: BlueprintOptions, warnings: string[]): Variable[] {
  const { name: key, default: value, required } = variable;
  if (value === undefined || value === '' || /[\n\r]/.test(value)) return required ? [ask(variable, options)] : [];
  if (isCredential(key, value)) return [ask(variable, options)];
  const listens = key.toUpperCase() === 'HOST' && value === '0.0.0.0';
  if (!listens && (LOCAL.test(value) || CONTAINER.test(value)))
    return [ask(variable, options, `the code's default is ${oneLine(value)}`)];
  if (STAGE.test(key) && DEVELOPMENT.test(value)) {
    warnings.push(say`${key} stays '${value}', the code's default: set what the project calls production`);
  }
  const off = switchedOff(variable, value);
  if (off !== undefined) warnings.push(say`${key} is ${value} by default in the code: switched off in render.yaml`);
  return [{ key, from: { kind: 'value', value: off ?? value } }];
}

/** A debug switch that the code turns on by default, in the same spelling turned off. */
function switchedOff({ name, anyText }: EnvVar, value: string): string | undefined {
  if (!/^(?:\w+_)?(?:DEBUG|RELOAD)$/i.test(name)) return undefined;
  if (anyText) return '';
  const off: Readonly<Record<string, string>> = { true: 'false', True: 'False', '1': '0', yes: 'no', on: 'off' };
  return off[value];
}

function oneLine(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
