/** Commands run as a platform runs them: by a shell, in a session of their own, with an environment made for them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { findProgram } from '../system/program.ts';
import { say } from '../system/say.ts';
import type { Cleanup } from './cleanup.ts';
import { family, type ProcessStat, send } from './family.ts';
import { runningIn } from './leftovers.ts';
import type { Log } from './log.ts';
import { poll } from './steps.ts';

export interface Spec {
  /** What the log calls it. */
  readonly label: string;
  /** For the shell; or the program with its arguments. */
  readonly command: string | readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Another user to run as, when we are root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly pid: number;
  /** Set when the process that was started itself has ended. */
  readonly exit: Exit | undefined;
  readonly ended: Promise<Exit>;
  /** The last lines of both streams, masked. */
  tail(count?: number): string[];
  /** All living processes of it, however far they have gone. */
  family(): ProcessStat[];
  /** SIGTERM to the first process only, as platforms do; undefined when it has not ended after `ms`. */
  terminate(ms: number): Promise<Exit | undefined>;
  /** SIGKILL to all of it. */
  kill(): Promise<void>;
}

export interface Shop {
  readonly log: Log;
  readonly cleanup: Cleanup;
  readonly signal: AbortSignal;
  /** The temporary folder of the run: what works in it belongs to the run. */
  readonly folder?: string;
}

/** Platforms start processes by bash, which a simple command replaces; where there is none, by sh. */
export function shell(): string {
  return findProgram('bash') === undefined ? 'sh' : 'bash';
}

const KEPT_LINES = 200;
const MARK = 'NAYEK_VERIFY';

/** Sessions of commands of this run: what is in one of them belongs to that command. */
const SESSIONS = new Set<number>();

/** Which processes in the folder of the run belong to no command by session or mark: daemons that have dropped both. */
function strangersIn(folder: string | undefined): (stat: ProcessStat, environ: string) => boolean {
  if (folder === undefined) return () => false;
  const inside = new Set(runningIn(folder));
  return (stat, environ) => inside.has(stat.pid) && !SESSIONS.has(stat.session) && !environ.includes(`${MARK}=`);
}

let prefix: string[] | undefined;

/** Words that let a command be killed with us, where util-linux has them: a killed verify leaves no server. */
function diesWithUs(): string[] {
  if (prefix) return prefix;
  const program = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  const words = program === undefined ? [] : [program, '--pdeathsig', 'KILL', '--'];
  const works = words[0] !== undefined && spawnSync(words[0], [...words.slice(1), 'true'], { cwd: '/' }).status === 0;
  prefix = works ? words : [];
  return prefix;
}

/** Starts a command. Errors of starting it show as exit code 127. */
export function start(shop: Shop, spec: Spec): Running {
  const mark = `${MARK}=${randomUUID()}`;
  const command = typeof spec.command === 'string' ? [shell(), '-c', spec.command] : spec.command;
  const [program, ...args] = [...diesWithUs(), ...command];
  const child = spawn(program ?? 'sh', args, {
    cwd: spec.cwd,
    env: { ...spec.env, [MARK]: mark.slice(MARK.length + 1) },
    detached: true,
    stdio: [spec.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...spec.user,
  });
  const lines: string[] = [];
  shop.log.line(`--- ${spec.label}: ${typeof spec.command === 'string' ? spec.command : spec.command.join(' ')}`);
  const take = (line: string): void => {
    const masked = shop.log.masked(line);
    lines.push(masked);
    if (lines.length > KEPT_LINES) lines.shift();
    shop.log.line(masked);
  };
  for (const stream of [child.stdout, child.stderr]) stream && byLine(stream, take);
  child.stdin?.on('error', () => undefined).end(spec.input);

  let exit: Exit | undefined;
  const ended = new Promise<Exit>((resolve) => {
    const finish = (end: Exit): void => {
      exit ??= end;
      resolve(exit);
    };
    child.on('error', (error) => {
      take(error.message);
      finish({ code: 127, signal: null });
    });
    // An orphan may keep the pipes open: 'close' would wait for it.
    child.on('exit', (code, signal) => setTimeout(() => finish({ code, signal }), 50));
  });
  const pid = child.pid ?? 0;
  if (pid !== 0) SESSIONS.add(pid);
  const members = (): ProcessStat[] => (pid === 0 ? [] : family(pid, mark, strangersIn(shop.folder)));
  const killNow = (): void => {
    for (const member of members()) send(member.pid, 'SIGKILL');
  };
  const running: Running = {
    pid,
    get exit() {
      return exit;
    },
    ended,
    tail: (count = 200) => lines.slice(-count),
    family: members,
    async terminate(ms) {
      if (pid !== 0 && !exit) send(pid, 'SIGTERM');
      return poll(() => exit, ms, shop.signal);
    },
    async kill() {
      await poll(() => (members().length === 0 ? true : void killNow()), 5000);
      release(child);
    },
  };
  shop.cleanup.add({ later: () => running.kill(), now: killNow });
  return running;
}

/** Runs a command to its end; after `ms`, or when interrupted, it is killed and the exit is undefined. */
export async function run(
  shop: Shop,
  spec: Spec,
  ms: number,
): Promise<{ readonly exit: Exit | undefined; readonly tail: string[] }> {
  const running = start(shop, spec);
  const exit = await poll(() => running.exit, ms, shop.signal);
  await running.kill();
  return { exit, tail: running.tail() };
}

/** 'exit code 3', 'SIGTERM'. */
export function describeExit(exit: Exit | undefined): string {
  if (!exit) return say`no end within the time`;
  return exit.signal ?? say`exit code ${exit.code ?? ''}`;
}

function byLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + decoder.write(chunk)).split(/\r?\n/);
    rest = parts.pop() ?? '';
    // A progress bar has no line end.
    if (rest.length > 10_000) rest = '';
    for (const part of parts) take(part);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

function release(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}
