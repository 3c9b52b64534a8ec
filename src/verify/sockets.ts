/** Who listens where, from Linux's /proc. https://docs.kernel.org/networking/proc_net_tcp.html */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  /** '0.0.0.0', '127.0.0.1', '::', … */
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

const LISTEN = '0A';

/** The listening sockets of a table as in /proc/net/tcp or tcp6; lines of another form are passed over. */
export function parseListeners(table: string): Listener[] {
  const out: Listener[] = [];
  for (const line of table.split('\n')) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [hex = '', port = ''] = local.split(':');
    if (state !== LISTEN || !/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/i.test(hex) || !/^[0-9A-F]{4}$/i.test(port)) continue;
    out.push({ address: addressOf(hex), port: Number.parseInt(port, 16), inode });
  }
  return out;
}

/** The kernel writes each 32-bit word in the byte order of the machine: little-endian wherever we run. */
function addressOf(hex: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
  }
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.slice(12).join('.');
  if (bytes.every((b) => b === 0)) return '::';
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return groups.join(':');
}

/** True for an address that stands for every interface; '::' takes IPv4 as well where Linux is set as usual. */
export function onAllInterfaces(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** All listening TCP sockets; undefined where there is no /proc. */
export function listeners(): Listener[] | undefined {
  let out: Listener[] | undefined;
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      out = [...(out ?? []), ...parseListeners(readFileSync(file, 'utf8'))];
    } catch {
      // No such table here.
    }
  }
  return out;
}

/** Those of `pids` that hold one of the sockets. */
export function holders(pids: readonly number[], inodes: ReadonlySet<string>): number[] {
  return pids.filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)));
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1];
      return inode === undefined ? [] : [inode];
    } catch {
      return [];
    }
  });
}
