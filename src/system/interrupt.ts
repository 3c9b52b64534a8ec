/** Work that Ctrl-C, or a terminal that is closed, may stop. */
import vm from 'node:vm';
import { NayekError } from './errors.ts';
import { say } from './say.ts';

/** Runs `work`; one of the `signals` meanwhile aborts its signal instead of ending the process. */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'],
): Promise<T> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  for (const name of signals) process.on(name, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}

/** From now on Ctrl-C is heard by `said` alone, as long as nobody else listens; it ends the process. Returns the end of that. */
export function onInterrupt(said: () => number): () => void {
  const end = (): void => {
    if (process.listenerCount('SIGINT') === 1) process.exit(said());
  };
  process.on('SIGINT', end);
  return () => void process.off('SIGINT', end);
}

const WORK = Symbol.for('nayek.work');

/**
 * Runs `work`, which never waits, so that Ctrl-C stops it in the middle: a handler of signals would be heard at its end.
 * https://nodejs.org/api/vm.html#scriptruninthiscontextoptions
 * @throws NayekError `interrupted`
 */
export async function breakable<T>(work: () => T): Promise<T> {
  // What came before is heard first: node sets the listeners aside meanwhile, and what waits for them.
  await new Promise((resolve) => setImmediate(resolve));
  const holder = globalThis as unknown as Record<symbol, unknown>;
  holder[WORK] = work;
  try {
    return vm.runInThisContext("globalThis[Symbol.for('nayek.work')]()", { breakOnSigint: true }) as T;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED' ? nothingWritten() : error;
  } finally {
    delete holder[WORK];
  }
}

/** Runs `work`, which waits now and then; Ctrl-C meanwhile answers at once. @throws NayekError `interrupted` */
export async function untilInterrupted<T>(work: () => Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(nothingWritten());
  });
  process.on('SIGINT', stop);
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    process.off('SIGINT', stop);
  }
}

/** What is to be told of a run that has written nothing. */
export function nothingWritten(): NayekError {
  return new NayekError('interrupted', '', { hint: say`nothing was written` });
}
