/** Outages of an engine's server: a call is made again until it gets through. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { said } from './connect.ts';

/** Milliseconds. */
const PAUSE = 1000;
const LONGEST = 10 * 60_000;

/** @throws NayekError `engine` when the server stays away for ten minutes; what the signal ends rejects, too. */
export async function insist<T>(call: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const start = Date.now();
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof NayekError) throw error;
      if (signal?.aborted || Date.now() - start > LONGEST) {
        throw new NayekError('engine', say`the server does not answer: ${said(error as Error)}`, { cause: error });
      }
      await sleep(PAUSE, undefined, { ref: true });
    }
  }
}
