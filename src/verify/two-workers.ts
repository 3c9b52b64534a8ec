/** Whether two workers answer: each is held back in turn, and the others must answer without it. */
import { send } from './family.ts';
import { type Asked, ask, serving } from './probe.ts';
import type { Running } from './process.ts';
import { poll } from './steps.ts';

export interface Answering {
  readonly pids: readonly number[];
  /** Those that answered while all the others were held back. */
  readonly alone: readonly number[];
}

/**
 * Workers that answer by themselves. SIGSTOP takes a process off its sockets without ending it; gunicorn's patience with
 * a silent worker (30 s) is far longer than this takes.
 */
export async function answeringWorkers(
  running: Running,
  to: Asked,
  wanted: number,
  signal: AbortSignal,
): Promise<Answering> {
  const enough = (): number[] | undefined => {
    const pids = serving(running, to.port);
    return pids.length >= wanted ? pids : undefined;
  };
  const pids = (await poll(enough, 15_000, signal)) ?? serving(running, to.port);
  const alone: number[] = [];
  for (const pid of pids.slice(0, wanted)) {
    const others = pids.filter((p) => p !== pid);
    try {
      for (const other of others) send(other, 'SIGSTOP');
      // A connection may have been given to one that sleeps now.
      const answer = await poll(() => ask(to, 2000), 8000, signal);
      if (answer !== undefined && answer < 500) alone.push(pid);
    } finally {
      for (const other of others) send(other, 'SIGCONT');
    }
  }
  return { pids, alone };
}
