/** A throw-away Redis or Valkey from the binaries of this machine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../system/program.ts';
import { say } from '../system/say.ts';
import type { Connection } from './connection.ts';
import { claim, removeTree } from './leftovers.ts';
import { freePort } from './ports.ts';
import { type Shop, start } from './process.ts';
import { poll } from './steps.ts';

/** Absolute path of the server's program; undefined when neither is installed. Never below `root`. */
export function findRedis(root: string): string | undefined {
  return findProgram('valkey-server', root) ?? findProgram('redis-server', root);
}

/**
 * Starts it in memory only, on loopback at a random port; it goes with the shop's cleanup.
 * @throws Error with its last lines when it does not start.
 */
export async function startRedis(shop: Shop, program: string): Promise<Connection> {
  const home = mkdtempSync(path.join(tmpdir(), 'nayek-redis-'));
  claim(home);
  const remove = (): void => removeTree(home);
  shop.cleanup.add({ later: remove, now: remove });
  const port = await freePort();
  const server = start(shop, {
    label: path.basename(program),
    cwd: home,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: home },
    command: [
      program,
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', home],
      ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    ],
  });
  const isReady = (): true | undefined => (server.tail(50).some((l) => /ready to accept/i.test(l)) ? true : undefined);
  const ready = await poll(() => server.exit ?? isReady(), 20_000, shop.signal);
  if (ready !== true) throw new Error(say`${path.basename(program)} did not start: ${server.tail(3).join(' ')}`);
  return { scheme: 'redis', host: '127.0.0.1', port, user: '', password: '', database: '', query: '' };
}
