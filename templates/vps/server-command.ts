/** The web command on a server behind nginx: on the loopback interface only, and with the times that it keeps. */

import { appended, type Command, edited, lastOf, lastReplaces } from '../../src/commands/command.ts';
import type { SimpleCommand } from '../../src/commands/lexer.ts';
import { hasOption, optionValue, optionValues } from '../../src/commands/options.ts';
import { programWords } from '../../src/judge/own-start.ts';
import type { Server } from '../../src/knowledge/server-row.ts';
import { SERVERS, serverNamed } from '../../src/knowledge/servers.ts';
import type { Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import type { Edit } from '../../src/syntax/edit.ts';
import { type GunicornOptions, startCommand } from '../start-command.ts';

export interface ServerCommand {
  /** For sh, in the service root; `$PORT` is the port. */
  readonly command: Command;
  /** The program that serves; undefined when the command is a script. */
  readonly server?: 'gunicorn' | 'uvicorn' | 'other';
  /** True when it certainly does not listen on other interfaces. */
  readonly loopback: boolean;
  readonly migrates: boolean;
  /** True where the number of processes is the environment's (WEB_CONCURRENCY). */
  readonly scales: boolean;
  /** Seconds that a worker may be busy before it is killed; 0 for no limit. */
  readonly timeout: number;
  /** Seconds that requests in flight get when it stops. */
  readonly graceful: number;
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
  readonly unready?: string;
}

const LOOPBACK = '127.0.0.1';
/** Both are 30 s. https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout */
const GUNICORN_SECONDS = 30;

/** The start command of Procfile and render.yaml, bound to 127.0.0.1: nginx is to be the only way in. */
export function serverCommand(repo: Snapshot, service: Service, options: GunicornOptions): ServerCommand {
  const { command: whole, own: _, ...base } = startCommand(repo, service, options, LOOPBACK);
  const told = edited(lastReplaces(withoutCollectstatic(whole)), onLoopback);
  const words = programWords(lastOf(told)?.words ?? []);
  const [program = ''] = words;
  const has = (...names: string[]) => hasOption(words, names);
  const number = (...names: string[]) => numberOf(optionValue(words, names));
  const named = serverNamed(program, words.slice(1));
  const row: Server | undefined = named && SERVERS[named];
  const hosts = optionValues(words, ['--host', '-H', '--bind', '-b', ...(row?.host ?? [])]);
  if (program === 'gunicorn') {
    const bound = has('--bind', '-b');
    const conf = service.deployment.gunicornConf;
    const text = conf && repo.read(conf.path)?.text;
    const inFile = (name: string) => fileNumber(text, name);
    return {
      ...base,
      command: bound ? told : appended(told, '--bind', { sh: `${LOOPBACK}:$PORT` }),
      server: 'gunicorn',
      loopback: !bound || hosts.some((host) => /^127\.0\.0\.1:\$|^unix:/.test(host)),
      scales: !has('--workers', '-w') && inFile('workers') === undefined,
      timeout: number('--timeout', '-t') ?? inFile('timeout') ?? GUNICORN_SECONDS,
      graceful: number('--graceful-timeout') ?? inFile('graceful_timeout') ?? GUNICORN_SECONDS,
    };
  }
  const fastapi = words.slice(0, 2).join(' ') === 'fastapi run';
  const server = fastapi || program === 'uvicorn' ? 'uvicorn' : 'other';
  const hosted = server === 'uvicorn' && !has('--host');
  return {
    ...base,
    command: fastapi && hosted ? appended(told, '--host', LOOPBACK) : told,
    ...(program === '' ? {} : { server }),
    loopback: hosted || hosts.some((host) => host.startsWith(LOOPBACK)),
    scales: server === 'uvicorn' && !has('--workers'),
    timeout: 0,
    graceful: number('--timeout-graceful-shutdown') ?? GUNICORN_SECONDS,
  };
}

/** Seconds that nginx waits for an answer: longer than the server, so that the server decides. */
export function readTimeout({ timeout, server }: ServerCommand): number {
  if (server === 'gunicorn' && timeout === 0) return 3600;
  return Math.max(60, timeout + 5);
}

/** Static files are collected when the code is installed, by an account that may write them. */
function withoutCollectstatic(command: Command): Command {
  return edited(command, ({ words, start, operator }, whole) => {
    const [python = '', manage = '', verb, ...options] = words;
    const collects = /^python3?$/.test(python) && /^(?:\.\/)?manage\.py$/.test(manage) && verb === 'collectstatic';
    if (!collects || !/^(?:&&|;)$/.test(operator) || options.some((o) => !o.startsWith('-'))) return [];
    const next = whole.commands.find((c) => c.start > start)?.start ?? whole.text.length;
    return [{ start, end: next, text: '' }];
  });
}

/** Where a server is told to listen on every interface: `--bind 0.0.0.0:$PORT`, `--bind :$PORT`, `--host=0.0.0.0`. */
function onLoopback({ words, ranges }: SimpleCommand, { text }: Command): Edit[] {
  return words.flatMap((word, i) => {
    const range = ranges[i];
    const option = /^(--bind|-b|--host|-H)(?:=|$)/.exec(word)?.[1] ?? words[i - 1] ?? '';
    if (!range) return [];
    const written = text.slice(range.start, range.end);
    let changed = written.replace(/(?:0\.0\.0\.0|\[::\])(?=:\$(?:PORT\b|\{PORT\b))/g, LOOPBACK);
    if (option === '--bind' || option === '-b' || /^-b:/.test(word))
      changed = changed.replace(/(^|=|-b)(?=:\$)/, `$1${LOOPBACK}`);
    if (option === '--host' || option === '-H')
      changed = changed.replace(/(^|=)(["']?)(?:0\.0\.0\.0|::)\2$/, `$1${LOOPBACK}`);
    return changed === written ? [] : [{ ...range, text: changed }];
  });
}

function numberOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

/** A number that gunicorn.conf.py sets literally. */
function fileNumber(text: string | undefined, name: string): number | undefined {
  for (const line of text?.split('\n') ?? []) {
    const [, key, value] = /^(\w+) *= *(\d{1,6})\b/.exec(line) ?? [];
    if (key === name) return Number(value);
  }
  return undefined;
}
