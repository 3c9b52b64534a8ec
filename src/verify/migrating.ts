/** A start command that brings the schema up to date first takes as long as that takes, and the server's time begins behind it. */
import { readFileSync } from 'node:fs';
import { readCommand } from '../commands/command.ts';
import { commandMigrates, migrates } from '../commands/migrates.ts';
import { programOf } from '../commands/program.ts';
import { type Asked, type Waited, waitFor } from './probe.ts';
import type { Running } from './process.ts';

/** How long migrations may take: as long as a release command. Milliseconds. */
export const MIGRATING = 10 * 60_000;

/** In front of the script that the process is. */
const INTERPRETER = /(?:^|\/)(?:\w*sh|python[\d.]*)$/;

/**
 * `waitFor`, with `ms` for the server alone: while a process of the start still migrates, the waiting begins again, for
 * `MIGRATING` ms in all. Without /proc it is plain `waitFor`.
 */
export async function waitBehindMigrations(
  running: Running,
  command: string,
  to: Asked,
  good: (status: number | undefined) => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<Waited> {
  const began = performance.now();
  const first = commandMigrates(readCommand(command));
  for (;;) {
    const waited = await waitFor(running, to, good, ms, signal);
    const silent = waited.status === undefined && !waited.ended && waited.elsewhere === undefined;
    const open = first && silent && !signal.aborted && performance.now() - began < MIGRATING;
    if (!open || !running.family().some((p) => processMigrates(p.pid))) return waited;
  }
}

/** True for a process whose own command line is a migration. */
function processMigrates(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
    // The shell that was given the whole command names the migration too.
    if (words[1] === '-c') return false;
    const script = INTERPRETER.test(words[0] ?? '') && words[1]?.startsWith('-') === false;
    return migrates(programOf(script ? words.slice(1) : words));
  } catch {
    // Ended meanwhile.
    return false;
  }
}
