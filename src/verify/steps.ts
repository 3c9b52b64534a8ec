/** What was tried, with its time and outcome; and the clock that all of it runs under. */
import { NayekError } from '../system/errors.ts';

/**
 * - `ok`: tried, and it holds
 * - `failed`: tried, and it does not hold
 * - `warning`: does not hold, and the recipe asked for it so
 * - `blocked`: could not be tried: something is missing on this machine
 * - `skipped`: does not apply here, or rests on a step that failed
 */
export type Status = 'ok' | 'failed' | 'warning' | 'blocked' | 'skipped';

export interface Step {
  readonly name: string;
  /** Name of the service; absent for what all services share. */
  readonly service?: string;
  /** Where the command came from: 'render.yaml', 'Procfile'. */
  readonly origin?: string;
  readonly status: Status;
  /** False for `failed` and `blocked`. */
  readonly ok: boolean;
  readonly ms: number;
  /** One sentence. */
  readonly detail: string;
  /** Last lines of the output, where the step failed. */
  readonly log: readonly string[];
  /** What is wrong, as far as the output says it; one sentence. */
  readonly cause?: string;
  /** What the plan had said of that cause before anything ran. */
  readonly foreseen?: string;
  /** Shell command to try it by hand, in the root of the patched repository. */
  readonly reproduce?: string;
}

/** Lines of a failing log that a step keeps: its cause may stand further up. */
const KEPT = 20;

export interface Outcome {
  readonly status: Status;
  readonly detail: string;
  readonly log?: readonly string[];
  readonly reproduce?: string;
}

export type Labels = Pick<Step, 'service' | 'origin'>;

export interface Recorder {
  readonly steps: readonly Step[];
  /** Runs and records; what it throws is a failure, unless it was interrupted. True when the status is ok or warning. */
  run(name: string, labels: Labels, work: () => Promise<Outcome>): Promise<boolean>;
}

/** `begin` and `end` are told of each step; `signal` ends everything with the error `interrupted`; `explain` reads a failure's output and what failed. */
export function recorder(
  begin: (name: string, labels: Labels) => void,
  end: (step: Step) => void,
  signal: AbortSignal,
  explain: (log: readonly string[], detail: string) => Pick<Step, 'cause' | 'foreseen'> = () => ({}),
): Recorder {
  const steps: Step[] = [];
  return {
    steps,
    async run(name, labels, work) {
      assertGoing(signal);
      begin(name, labels);
      const start = performance.now();
      let outcome: Outcome;
      try {
        outcome = await work();
      } catch (error) {
        assertGoing(signal);
        outcome = { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
      }
      assertGoing(signal);
      const { status, detail, log = [], reproduce } = outcome;
      const step: Step = {
        name,
        ...labels,
        status,
        ok: status !== 'failed' && status !== 'blocked',
        ms: Math.round(performance.now() - start),
        detail,
        log: log.slice(-KEPT),
        ...(status === 'failed' ? explain(log, detail) : {}),
        ...(reproduce === undefined ? {} : { reproduce }),
      };
      steps.push(step);
      end(step);
      return status === 'ok' || status === 'warning';
    },
  };
}

/** 0 when all holds, 1 when something does not, 2 when something could not be tried. */
export function exitCodeOf(steps: readonly Step[]): 0 | 1 | 2 {
  if (steps.some((s) => s.status === 'failed')) return 1;
  return steps.some((s) => s.status === 'blocked') || steps.length === 0 ? 2 : 0;
}

/** @throws NayekError `interrupted` */
export function assertGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new NayekError('interrupted', '');
}

/** Waits; ends at once when `signal` is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Asks again every 50 to 250 ms until there is an answer; undefined when `ms` have passed or `signal` is aborted. */
export async function poll<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  ms: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const until = performance.now() + ms;
  for (let wait = 50; ; wait = Math.min(wait * 1.5, 250)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (signal?.aborted || performance.now() + wait > until) return undefined;
    await pause(wait, signal);
  }
}
