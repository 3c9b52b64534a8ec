/** Folders and processes that a run of ours has left behind because it was killed: the next run takes them away. */
import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { namesIn } from '../system/plain-file.ts';
import { send } from './family.ts';

const OWNER = '.nayek-owner';
const OURS = /^nayek-(?:verify|redis|postgres)-[A-Za-z0-9]{6}$/;

/** Says whose a temporary folder is, so that a later run may remove it once this process has ended. */
export function claim(folder: string): void {
  writeFileSync(path.join(folder, OWNER), `${process.pid} ${startOf(process.pid) ?? ''}\n`, { mode: 0o600 });
}

/** The folder is kept: nobody removes it. */
export function disclaim(folder: string): void {
  rmSync(path.join(folder, OWNER), { force: true });
}

/**
 * Ends the processes that still run in our folders below `temporary` whose owner has ended, and removes the folders.
 * Only what is provably ours: of this user, no link, with a mark that this program has written.
 */
export function removeLeftovers(temporary: string): string[] {
  const removed: string[] = [];
  for (const name of namesIn(temporary).filter((n) => OURS.test(n))) {
    const folder = path.join(temporary, name);
    try {
      const stat = lstatSync(folder);
      if (!stat.isDirectory() || stat.uid !== process.getuid?.()) continue;
      const mark = lstatSync(path.join(folder, OWNER));
      if (!mark.isFile() || mark.uid !== stat.uid) continue;
      const [, pid, start] = /^(\d+) (\d+)\n$/.exec(readFileSync(path.join(folder, OWNER), 'utf8')) ?? [];
      if (pid === undefined || startOf(Number(pid)) === start) continue;
      for (const left of runningIn(folder)) send(left, 'SIGKILL');
      removeTree(folder);
      removed.push(folder);
    } catch {
      // Not ours, or somebody else removes it.
    }
  }
  return removed;
}

/** Processes whose working folder or command line lies below `folder`. Empty where there is no /proc. */
export function runningIn(folder: string): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const cwd = readlinkSync(`/proc/${name}/cwd`).replace(/ \(deleted\)$/, '');
        if (cwd === folder || cwd.startsWith(`${folder}/`)) return true;
        return readFileSync(`/proc/${name}/cmdline`, 'latin1')
          .split('\0')
          .some((word) => word.startsWith(`${folder}/`));
      } catch {
        return false;
      }
    })
    .map(Number);
}

/**
 * Removes a folder with all that is in it, also where a folder of it was made unreadable.
 * @throws NodeJS.ErrnoException
 */
export function removeTree(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    opened(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function opened(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) opened(path.join(folder, entry.name));
  }
}

/** When a process has started, in clock ticks since boot; undefined when it has ended. proc_pid_stat(5), field 22 */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
