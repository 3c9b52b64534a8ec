/** A throw-away PostgreSQL from the binaries of this machine. https://www.postgresql.org/docs/current/app-initdb.html */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { namesIn } from '../system/plain-file.ts';
import { findProgram } from '../system/program.ts';
import { say } from '../system/say.ts';
import { type Connection, connectionUrl } from './connection.ts';
import { send } from './family.ts';
import { claim, removeTree } from './leftovers.ts';
import { freePort } from './ports.ts';
import { describeExit, type Running, run, type Shop, start } from './process.ts';
import { poll } from './steps.ts';

export interface PostgresServer {
  /** '15.18' */
  readonly version: string;
  readonly port: number;
  /** An empty database of this name, made at its first use, with an owner who is no superuser. */
  database(name: string): Promise<Connection>;
}

/** Folder that holds `initdb` and `postgres`; undefined when they are not installed. Never below `root`. */
export function findPostgres(root: string): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = namesIn(debian).sort((a, b) => Number(b) - Number(a));
  for (const folder of versions.map((v) => path.join(debian, v, 'bin'))) {
    if (['initdb', 'postgres', 'psql'].every((name) => runs(path.join(folder, name)))) return folder;
  }
  const initdb = findProgram('initdb', root);
  const folder = initdb && path.dirname(initdb);
  return folder && ['postgres', 'psql'].every((name) => runs(path.join(folder, name))) ? folder : undefined;
}

const SECONDS = 1000;

/**
 * Starts a cluster in a temporary folder, on loopback at a random port, with passwords asked for. It goes with the
 * shop's cleanup. PostgreSQL refuses to run as root: then it runs as the user postgres or nobody.
 * @throws Error with the last lines of what failed.
 */
export async function startPostgres(shop: Shop, bin: string): Promise<PostgresServer> {
  const user = otherUser();
  const home = mkdtempSync(path.join(user ? openFolder() : tmpdir(), 'nayek-postgres-'));
  claim(home);
  const remove = (): void => removeTree(home);
  shop.cleanup.add({ later: remove, now: remove });
  const data = path.join(home, 'data');
  const passwords = path.join(home, 'password');
  const admin = secret(shop);
  writeFileSync(passwords, admin, { mode: 0o600 });
  if (user) for (const file of [home, passwords]) chownSync(file, user.uid, user.gid);
  const env = { PATH: bin, LC_ALL: 'C', TZ: 'UTC', HOME: home };
  const common = { cwd: home, env, ...(user ? { user } : {}) };

  await succeeds(
    shop,
    {
      ...common,
      label: 'initdb',
      command: [
        path.join(bin, 'initdb'),
        ...['-D', data, '-U', 'nayek', '-A', 'scram-sha-256', `--pwfile=${passwords}`],
        ...['-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      ],
    },
    120 * SECONDS,
  );

  const port = await freePort();
  const server = start(shop, {
    ...common,
    label: 'postgres',
    command: [
      path.join(bin, 'postgres'),
      ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', '', '-F'],
      ...['-c', 'max_connections=200', '-c', 'shared_buffers=32MB', '-c', 'full_page_writes=off'],
      // In its folder, where a kill leaves nothing in /dev/shm.
      ...['-c', 'dynamic_shared_memory_type=mmap'],
    ],
  });
  // Killed at once, it would leave its lock in the system's shared memory.
  // https://www.postgresql.org/docs/current/server-shutdown.html
  const quit = (): void => send(server.pid, 'SIGQUIT');
  const later = async (): Promise<void> => {
    quit();
    await poll(() => server.exit, 5 * SECONDS);
  };
  shop.cleanup.add({ later, now: quit });
  const ready = await poll(() => server.exit ?? (isReady(server) || undefined), 60 * SECONDS, shop.signal);
  if (ready !== true) throw new Error(say`postgres did not start: ${server.tail(3).join(' ')}`);

  const databases: Map<string, Promise<Connection>> = new Map();
  const cluster: Cluster = { shop, bin, home, port, admin, env, user };
  return {
    version: versionOf(bin),
    port,
    database(name) {
      const clean = name.replace(/\W/g, '_');
      const known = databases.get(clean) ?? createDatabase(cluster, clean);
      databases.set(clean, known);
      return known;
    },
  };
}

interface Cluster {
  readonly shop: Shop;
  readonly bin: string;
  readonly home: string;
  readonly port: number;
  /** Password of its superuser. */
  readonly admin: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: ReturnType<typeof otherUser>;
}

async function createDatabase(cluster: Cluster, name: string): Promise<Connection> {
  const { shop, bin, home, port, admin, env, user } = cluster;
  const where = { scheme: 'postgresql', host: '127.0.0.1', port, query: '' };
  const owner = { ...where, user: `${name}_user`, password: secret(shop), database: name };
  // The password must not show in the process table.
  const sql = [
    `CREATE ROLE "${owner.user}" LOGIN PASSWORD '${owner.password}';`,
    `CREATE DATABASE "${name}" OWNER "${owner.user}";`,
  ].join('\n');
  const all: Connection = { ...where, user: 'nayek', password: '', database: 'postgres' };
  await succeeds(
    shop,
    {
      label: 'psql',
      cwd: home,
      env: { ...env, PGPASSWORD: admin },
      command: [path.join(bin, 'psql'), '-X', '-q', '-v', 'ON_ERROR_STOP=1', connectionUrl(all)],
      input: `${sql}\n`,
      ...(user ? { user } : {}),
    },
    30 * SECONDS,
  );
  return owner;
}

/** @throws Error with the last lines of what failed. */
async function succeeds(shop: Shop, spec: Parameters<typeof run>[1], ms: number): Promise<void> {
  const { exit, tail } = await run(shop, spec, ms);
  if (exit?.code !== 0) throw new Error(`${spec.label}: ${describeExit(exit)}: ${tail.slice(-3).join(' ')}`);
}

function isReady(server: Running): boolean {
  return server.tail(50).some((line) => line.includes('database system is ready to accept connections'));
}

/** Letters that need no escaping in a URL, a shell or INI. */
function secret(shop: Shop): string {
  const text = randomBytes(18).toString('hex');
  shop.log.hide(text);
  return text;
}

/** As root: who else to run as. */
function otherUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    const [uid, gid] = ids.map((r) => (r.status === 0 ? Number(r.stdout) : Number.NaN));
    if (uid && gid) return { uid, gid };
  }
  return { uid: 65534, gid: 65534 };
}

/** The folder for temporary files, or /tmp where another user could not enter it. */
function openFolder(): string {
  for (let folder = tmpdir(); ; folder = path.dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return '/tmp';
    if (folder === path.dirname(folder)) return tmpdir();
  }
}

function versionOf(bin: string): string {
  const { stdout } = spawnSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return /\d+(?:\.\d+)*/.exec(stdout ?? '')?.[0] ?? '';
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
