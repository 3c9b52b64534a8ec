/**
 * The built command as a function. One process serves all runs, as most of a run's time is the start of Node
 * and of the grammar. What is about the process itself (signals, pipes, several at once) starts one of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { threadId } from 'node:worker_threads';
import { beforeAll, inject } from 'vitest';
import { buildOnce, command } from './built.ts';
import { SERVED } from './temporary.ts';

/** What a run has said. */
export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What a process of its own answers. */
export function spawnedCommand(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  encoding: BufferEncoding = 'utf8',
): Answer {
  // It could wait for what never comes.
  const options = { cwd, env, encoding, timeout: 600_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

export type RunCommand = (cwd: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Answer;

/** Runs the command. To be called outside of the tests of a file. */
export function servedCommand(encoding: BufferEncoding = 'utf8'): RunCommand {
  beforeAll(buildOnce);
  return (cwd, args, env = process.env) => {
    const { ask, answers } = serve();
    writeSync(ask, `${JSON.stringify({ cwd, args, env, umask: process.umask() })}\n`);
    const { code, out, err } = JSON.parse(lineOf(answers));
    const text = (base64: string): string => Buffer.from(base64, 'base64').toString(encoding);
    return { code, out: text(out), err: text(err) };
  };
}

interface Served {
  /** File descriptors. */
  readonly ask: number;
  readonly answers: number;
}

let served: Served | undefined;

/** One for all files of a worker: it is warm. It ends with the worker, when nobody holds its input any more. */
function serve(): Served {
  if (served) return served;
  // Pipes with names, as those of Node can only be waited for by leaving the test.
  const folder = path.join(inject('run'), SERVED);
  mkdirSync(folder, { recursive: true });
  const [ask, tell] = ['ask', 'tell'].map((name) => path.join(folder, `${name}-${process.pid}-${threadId}`)) as [
    string,
    string,
  ];
  spawnSync('mkfifo', [ask, tell]);
  const server = path.join(import.meta.dirname, 'setup', 'command-server.cjs');
  const script = 'exec "$0" "$1" "$2" <"$3" >"$4"';
  const args = [process.execPath, server, path.join(path.dirname(command), 'command.cjs'), ask, tell];
  const child = spawn('sh', ['-c', script, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: '/',
    // It is no process of the test that happens to be the first.
    env: { ...process.env, TMPDIR: folder },
  });
  child.unref();
  served = { ask: openSync(ask, 'w'), answers: openSync(tell, 'r') };
  return served;
}

/** Waits for a whole line. */
function lineOf(fd: number): string {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(1 << 16);
    const length = readSync(fd, chunk);
    if (length === 0) throw new Error('the command has died');
    chunks.push(chunk.subarray(0, length));
    if (chunk[length - 1] === 10) return Buffer.concat(chunks).toString('utf8');
  }
}
