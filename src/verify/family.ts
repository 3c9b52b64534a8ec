/** The processes that a command has left behind or still runs, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** A line as in /proc/<pid>/stat; undefined for another form. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function parseStat(line: string): ProcessStat | undefined {
  // The name in parentheses may hold anything, parentheses too.
  const close = line.lastIndexOf(')');
  const pid = Number.parseInt(line, 10);
  const [state, parent, group, session] = line
    .slice(close + 1)
    .trim()
    .split(' ');
  if (close === -1 || !Number.isInteger(pid) || state === undefined || session === undefined) return undefined;
  return { pid, state, parent: Number(parent), group: Number(group), session: Number(session) };
}

/**
 * Living processes of a session, or whose environment holds `mark`: a daemon leaves its session, its environment stays;
 * and those of which `stranger` says that they belong to it all the same.
 * Where there is no /proc, the leader of the session alone, while its process group lives.
 */
export function family(
  session: number,
  mark: string,
  stranger: (stat: ProcessStat, environ: string) => boolean = () => false,
): ProcessStat[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return groupLives(session) ? [{ pid: session, state: 'S', parent: 0, group: session, session }] : [];
  }
  return names.flatMap((name) => {
    try {
      const stat = parseStat(readFileSync(`/proc/${name}/stat`, 'latin1'));
      if (!stat || stat.state === 'Z' || stat.state === 'X') return [];
      if (stat.session === session) return [stat];
      const environ = readFileSync(`/proc/${name}/environ`, 'latin1');
      return environ.includes(mark) || stranger(stat, environ) ? [stat] : [];
    } catch {
      // Ended meanwhile, or somebody else's.
      return [];
    }
  });
}

function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends a signal by process id; one that has ended is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Ended already.
  }
}
