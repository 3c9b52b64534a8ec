/** What went wrong inside of a part and became a verdict: kept for `--debug`, which shows where it came from. */

const kept = new Map<string, Error>();

/** A run begins. */
export function forgetTrouble(): void {
  kept.clear();
}

/** Once for each stack, as a plan is made more than once. */
export function rememberTrouble(error: unknown): void {
  if (error instanceof Error) kept.set(error.stack ?? error.message, error);
}

/** In the order in which it came. */
export function troubleSoFar(): readonly Error[] {
  return [...kept.values()];
}
