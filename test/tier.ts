/**
 * How much a law or a list is tried. The default tier takes a part, always the same; the tier `full` takes it whole:
 * `npm run test:full`, which runs every file that imports this one.
 */
import { inject, it } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    tier: 'default' | 'full' | 'live';
  }
}

/** Whether everything is tried. */
export const full = inject('tier') === 'full';

/** Runs of a law for fast-check's `numRuns`: all in `full`, else a tenth, `least` at least. */
export function runs(all: number, least = 30): number {
  return full ? all : Math.min(all, Math.max(least, Math.ceil(all / 10)));
}

/** Every n-th of the list, the last one too; all in `full`. */
export function sampled<T>(list: readonly T[], nth: number): readonly T[] {
  return full ? list : list.filter((_, at) => at % nth === 0 || at === list.length - 1);
}

/** A test for `full` alone: it starts many programs, and others of its file show the same in small. */
export const thorough = it.runIf(full);
