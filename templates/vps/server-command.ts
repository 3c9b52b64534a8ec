/** The web command on a server behind nginx: on the loopback interface only, and with the times that it keeps. */

import { shellWords } from '../../src/commands/lexer.ts';
import { replacing } from '../../src/commands/steps.ts';
import type { Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { programWords } from '../own-start.ts';
import { type GunicornOptions, startCommand } from '../start-command.ts';

export interface ServerCommand {
  /** For sh, in the service root; `$PORT` is the port. */
  readonly command: string;
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
}

/** Both are 30 s. https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout */
const GUNICORN_SECONDS = 30;

/** The start command of Procfile and render.yaml, bound to 127.0.0.1: nginx is to be the only way in. */
export function serverCommand(repo: Snapshot, service: Service, options: GunicornOptions): ServerCommand {
  const start = startCommand(repo, service, options);
  const steps = lastReplaces(withoutCollectstatic(start.command));
  const told = steps
    .replace(/(?:0\.0\.0\.0|\[::\])(?=:\$(?:PORT\b|\{PORT\b))/g, '127.0.0.1')
    .replace(/(--bind[ =]|-b ?)(?=:\$)/g, '$1127.0.0.1')
    .replace(/(--host[ =]|-H )(["']?)(?:0\.0\.0\.0|::)\2(?=\s|$)/g, '$1127.0.0.1');
  const words = programWords(shellWords(lastStep(told)) ?? []);
  const [program = ''] = words;
  const has = (...names: string[]) => words.some((w) => names.some((n) => w === n || w.startsWith(`${n}=`)));
  const number = (...names: string[]) => numberAfter(words, names);
  const base = { migrates: start.migrates, warnings: start.warnings, commands: start.commands };
  if (program === 'gunicorn') {
    const bound = has('--bind', '-b') || words.some((w) => /^-b\S/.test(w));
    const text = service.deployment.gunicornConf && repo.read(service.deployment.gunicornConf.path)?.text;
    const inFile = (name: string) => fileNumber(text ?? '', name);
    return {
      ...base,
      command: bound ? told : `${told} --bind 127.0.0.1:$PORT`,
      server: 'gunicorn',
      loopback: !bound || /127\.0\.0\.1:\$|unix:/.test(told),
      scales: !has('--workers', '-w') && inFile('workers') === undefined,
      timeout: number('--timeout', '-t') ?? inFile('timeout') ?? GUNICORN_SECONDS,
      graceful: number('--graceful-timeout') ?? inFile('graceful_timeout') ?? GUNICORN_SECONDS,
    };
  }
  const fastapi = program === 'fastapi' && words[1] === 'run';
  const uvicorn = program === 'uvicorn';
  const command = fastapi && !has('--host') ? `${told} --host 127.0.0.1` : told;
  const hosted = fastapi || uvicorn ? !has('--host') || /--host[ =]127\.0\.0\.1/.test(command) : false;
  return {
    ...base,
    command,
    ...(fastapi || uvicorn ? { server: 'uvicorn' as const } : program === '' ? {} : { server: 'other' as const }),
    loopback: hosted || /--host[ =]127\.0\.0\.1|--bind[ =]127\.0\.0\.1/.test(command),
    scales: (fastapi || uvicorn) && !has('--workers'),
    timeout: 0,
    graceful: number('--timeout-graceful-shutdown') ?? GUNICORN_SECONDS,
  };
}

/** Seconds that nginx waits for an answer: longer than the server, so that the server decides. */
export function readTimeout({ timeout, server }: ServerCommand): number {
  if (server === 'gunicorn' && timeout === 0) return 3600;
  return Math.max(60, timeout + 5);
}

/** `a && exec b` and `a; exec b`, where b is one simple command: the shell would keep SIGTERM from it. */
function lastReplaces(command: string): string {
  const [, before = '', last = ''] = /^(.*(?:&&|;))[ \t]*([^;&]+)$/s.exec(command) ?? [];
  return last !== '' && shellWords(last) ? `${before} ${replacing(last.trim())}` : command;
}

/** Static files are collected when the code is installed, by an account that may write them. */
function withoutCollectstatic(command: string): string {
  return command.replace(/python3? +(?:\.\/)?manage\.py +collectstatic(?: +--?[\w=.-]+)* *(?:&&|;) */g, '');
}

function lastStep(command: string): string {
  return (
    command
      .split(/;|&&|\|\|/)
      .at(-1)
      ?.trim() ?? ''
  );
}

function numberAfter(words: readonly string[], names: readonly string[]): number | undefined {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      const value = word === name ? words[index + 1] : word.startsWith(`${name}=`) ? word.slice(name.length + 1) : '';
      if (value !== undefined && /^\d{1,6}$/.test(value)) return Number(value);
    }
  }
  return undefined;
}

/** A number that gunicorn.conf.py sets literally. */
function fileNumber(text: string, name: string): number | undefined {
  for (const line of text.split('\n')) {
    const [, key, value] = /^(\w+) *= *(\d{1,6})\b/.exec(line) ?? [];
    if (key === name) return Number(value);
  }
  return undefined;
}
