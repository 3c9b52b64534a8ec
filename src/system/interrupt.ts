/** Work that Ctrl-C, or a terminal that is closed, may stop. */

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
