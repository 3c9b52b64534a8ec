/** Real servers for the engine on loopback, each on a port of its own, that can be killed and started again. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export interface Server {
  readonly url: string;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** SIGKILL: nothing is flushed. */
  kill(): Promise<void>;
  /** Everything that it has stored, as text. */
  dump(): string;
}

export const SERVERS = ['redis', 'postgres'] as const;

/** `folder` is made for its data. */
export async function makeServer(kind: (typeof SERVERS)[number], folder: string): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  return kind === 'redis' ? redis(folder, port) : postgres(folder, port);
}

function redis(folder: string, port: number): Server {
  const program = found('redis-server');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const held = holder(() => spawn(program, [...args, ...durable], { stdio: 'ignore' }), port);
  const cli = (...command: string[]): string =>
    execFileSync(found('redis-cli'), ['-p', String(port), ...command], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return {
    url: `redis://127.0.0.1:${port}`,
    ...held,
    dump() {
      const keys = cli('--scan')
        .split('\n')
        .filter((key) => key !== '');
      return keys.map((key) => key + (cli('type', key).trim() === 'hash' ? cli('hgetall', key) : '')).join('\n');
    },
  };
}

function postgres(folder: string, port: number): Server {
  // It refuses to run as root.
  const id = (name: string, option: string): number =>
    Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const user = process.getuid?.() === 0 ? { uid: id('nobody', '-u'), gid: id('nobody', '-g') } : {};
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, 'data');
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  const init = ['-D', data, '-U', 'nayek', '--auth=trust', '--no-instructions', '-E', 'UTF8', '--no-locale'];
  execFileSync(found('initdb'), init, { ...options, stdio: 'ignore' });
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder];
  // In its folder, where a kill leaves nothing in /dev/shm.
  args.push('-c', 'dynamic_shared_memory_type=mmap');
  const held = holder(() => spawn(found('postgres'), args, { ...options, stdio: 'ignore' }), port);
  return {
    url: `postgres://nayek@127.0.0.1:${port}/postgres`,
    ...held,
    dump: () =>
      execFileSync(
        found('pg_dump'),
        ['-h', '127.0.0.1', '-p', String(port), '-U', 'nayek', '--data-only', 'postgres'],
        {
          ...options,
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        },
      ),
  };
}

function holder(spawned: () => ChildProcess, port: number): Pick<Server, 'start' | 'kill'> {
  let child: ChildProcess | undefined;
  return {
    async start() {
      // What a killed PostgreSQL has left takes the port and its lock for a moment.
      for (const end = Date.now() + 600_000; Date.now() < end; await pause(200)) {
        if (!child || child.exitCode !== null || child.signalCode !== null) child = spawned();
        await pause(300);
        if (child.exitCode === null && (await answers(port))) return;
      }
      throw new Error('the server does not start');
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child?.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Debian keeps PostgreSQL's own programs off PATH. */
function found(name: string): string {
  const debian = '/usr/lib/postgresql';
  let versions: string[] = [];
  try {
    versions = readdirSync(debian).map((version) => path.join(debian, version, 'bin'));
  } catch {
    // Elsewhere they are on PATH.
  }
  const folders = [...versions, ...(process.env.PATH ?? '').split(path.delimiter)];
  for (const folder of folders) {
    try {
      if (readdirSync(folder).includes(name)) return path.join(folder, name);
    } catch {
      // Not a folder.
    }
  }
  throw new Error(`${name} is needed: apt-get install redis-server postgresql`);
}
