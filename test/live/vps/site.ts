/** nginx as a process of its own: a temporary prefix, loopback, ports of the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import path from 'node:path';

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function untilListening(port: number, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > end) throw new Error(`nothing listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A minimal nginx.conf around the sites: everything that nginx writes goes below `prefix`. */
export function configuration(prefix: string, sites: readonly string[]): string {
  mkdirSync(prefix, { recursive: true });
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const text = [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `pid ${prefix}/nginx.pid;`,
    'error_log stderr;',
    'events {}',
    'http {',
    '  access_log off;',
    ...temp.map((name) => `  ${name}_temp_path ${prefix}/${name};`),
    ...sites.map((site) => `  include ${site};`),
    '}',
  ].join('\n');
  const file = path.join(prefix, 'nginx.conf');
  writeFileSync(file, `${text}\n`);
  return file;
}

/** What `nginx -t` complains of, warnings too; '' when it does not. */
export function complaintsOfNginx(prefix: string, site: string): string {
  const conf = configuration(prefix, [site]);
  const run = spawnSync('nginx', ['-t', '-e', 'stderr', '-p', prefix, '-c', conf], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.status === 0 && !/\[(?:warn|emerg|alert)\]/.test(run.stderr) ? '' : run.stderr || `exit ${run.status}`;
}

/** Starts nginx with the site. */
export async function startNginx(prefix: string, site: string, port: number): Promise<ChildProcess> {
  const conf = configuration(prefix, [site]);
  const child = spawn('nginx', ['-e', 'stderr', '-p', prefix, '-c', conf, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (data) => {
    log += data;
  });
  await Promise.race([
    untilListening(port),
    once(child, 'exit').then(() => {
      throw new Error(`nginx ended: ${log}`);
    }),
  ]);
  return child;
}

/** Ends a process that the test started. */
export async function stop(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
