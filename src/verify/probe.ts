/** Questions to a running server: does it answer, and where does it listen. */
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { Running } from './process.ts';
import { holders, type Listener, listeners, onAllInterfaces } from './sockets.ts';
import { poll } from './steps.ts';

export interface Asked {
  readonly port: number;
  readonly path: string;
  /** Host header. */
  readonly host: string;
  readonly address?: string;
}

/** Status of one GET; undefined when there is no answer within `ms`. */
export function ask(to: Asked, ms = 5000): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request(
      {
        host: to.address ?? '127.0.0.1',
        port: to.port,
        path: to.path,
        // As behind a proxy that ends TLS; else an application that insists on https redirects for ever.
        headers: { Host: to.host, 'X-Forwarded-Proto': 'https', 'User-Agent': 'nayek-verify', Connection: 'close' },
        timeout: ms,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    const deadline = setTimeout(() => call.destroy(), ms);
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.on('close', () => {
      clearTimeout(deadline);
      resolve(undefined);
    });
    call.end();
  });
}

/** 2xx and 3xx are healthy. https://render.com/docs/health-checks */
export function healthy(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 400;
}

export interface Waited {
  readonly status: number | undefined;
  /** True when the first process has ended before there was a good answer. */
  readonly ended: boolean;
}

/** Polls until `good` says so, the process ends, or `ms` have passed. */
export async function waitFor(
  running: Running,
  to: Asked,
  good: (status: number | undefined) => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<Waited> {
  let status: number | undefined;
  const answer = await poll<Waited>(
    async () => {
      if (running.exit) return { status: undefined, ended: true };
      const now = await ask(to);
      if (now !== undefined) status = now;
      return good(now) ? { status: now, ended: false } : undefined;
    },
    ms,
    signal,
  );
  return answer ?? { status, ended: running.exit !== undefined };
}

/** Processes of a server that take its connections: holders of the listening socket without children that hold it too. */
export function serving(running: Running, port: number): number[] {
  const inodes = new Set((listeners() ?? []).filter((l) => l.port === port).map((l) => l.inode));
  const family = running.family();
  const holding = holders(
    family.map((p) => p.pid),
    inodes,
  );
  const parents = new Set(family.filter((p) => holding.includes(p.pid)).map((p) => p.parent));
  return holding.filter((pid) => !parents.has(pid));
}

/**
 * Undefined when the port is open on every interface; else where it is. Read from /proc, or where there is none asked by
 * the address of another interface.
 */
export async function narrowly(to: Asked): Promise<string | undefined> {
  const all = listeners();
  if (all) {
    const own = all.filter((l) => l.port === to.port);
    return own.some((l) => onAllInterfaces(l.address)) ? undefined : where(own);
  }
  const address = otherAddress();
  if (address === undefined) return 'cannot be told: this machine has one interface only';
  return (await ask({ ...to, address })) === undefined ? `does not answer on ${address}` : undefined;
}

function where(own: readonly Listener[]): string {
  return own.length === 0 ? 'nothing listens there' : `listens on ${own.map((l) => l.address).join(', ')} only`;
}

/** An IPv4 address of this machine that is not loopback. */
export function otherAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find((a) => a.family === 'IPv4' && !a.internal)?.address;
}
