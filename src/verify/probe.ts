/** Questions to a running server: does it answer, and where does it listen. */
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { say } from '../system/say.ts';
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
  /** Where it listens instead, when it has done so for a while and not on the port that was asked. */
  readonly elsewhere?: string;
  /** True when the first process has ended before there was a good answer. */
  readonly ended: boolean;
}

/** How long a server may listen elsewhere before it is taken at its word. Milliseconds. */
const ELSEWHERE = 5000;

/** How long a server may refuse (4xx) before it is taken at its word. Milliseconds. */
const REFUSING = 10_000;

/** Polls until `good` says so, the process ends, it listens elsewhere or refuses for good, or `ms` have passed. */
export async function waitFor(
  running: Running,
  to: Asked,
  good: (status: number | undefined) => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<Waited> {
  let status: number | undefined;
  const refusesLong = heldFor(REFUSING);
  const elsewhereLong = heldFor(ELSEWHERE);
  const answer = await poll<Waited>(
    async () => {
      if (running.exit) return { status: undefined, ended: true };
      const now = await ask(to);
      if (now !== undefined) status = now;
      const refuses = now !== undefined && now >= 400 && now < 500;
      if (good(now) || refusesLong(refuses)) return { status: now, ended: false };
      const elsewhere = now === undefined ? listensElsewhere(running, to.port) : undefined;
      const long = elsewhereLong(elsewhere !== undefined);
      return elsewhere !== undefined && long ? { status: undefined, ended: false, elsewhere } : undefined;
    },
    ms,
    signal,
  );
  return answer ?? { status, ended: running.exit !== undefined };
}

/** A watch: told each time whether something holds, it says whether that has been so for longer than `ms` without a break. */
function heldFor(ms: number): (holds: boolean) => boolean {
  let since: number | undefined;
  return (holds) => {
    since = holds ? (since ?? performance.now()) : undefined;
    return since !== undefined && performance.now() - since > ms;
  };
}

/** '127.0.0.1:5000' when processes of it listen, and none on `port`. */
function listensElsewhere(running: Running, port: number): string | undefined {
  const pids = running.family().map((p) => p.pid);
  const own = (listeners() ?? []).filter((l) => holders(pids, new Set([l.inode])).length > 0);
  if (own.length === 0 || own.some((l) => l.port === port)) return undefined;
  return [...new Set(own.map((l) => `${l.address}:${l.port}`))].join(', ');
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
  if (address === undefined) return say`cannot be told: this machine has one interface only`;
  return (await ask({ ...to, address })) === undefined ? say`does not answer on ${address}` : undefined;
}

function where(own: readonly Listener[]): string {
  return own.length === 0 ? say`nothing listens there` : say`listens on ${own.map((l) => l.address).join(', ')} only`;
}

/** An IPv4 address of this machine that is not loopback. */
export function otherAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find((a) => a.family === 'IPv4' && !a.internal)?.address;
}
