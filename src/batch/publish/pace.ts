/**
 * How fast changes go to one git host: at most so many in any hour, and a second between two.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */

/** Milliseconds. */
const HOUR = 3_600_000;
const GAP = 1000;

export interface Pace {
  /** Resolves when the next change may go out, and counts it. */
  turn(): Promise<void>;
  /** The last turn was not used: it does not count. */
  giveBack(): void;
}

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** `before`: times (ms) of changes of earlier runs. Undefined `perHour` is no limit. */
export function createPace(perHour: number | undefined, before: readonly number[], clock: Clock): Pace {
  let times = [...before].sort((a, b) => a - b);
  return {
    async turn() {
      const now = clock.now();
      times = times.filter((time) => time > now - HOUR);
      const full = perHour !== undefined && times.length >= perHour ? times[times.length - perHour] : undefined;
      const last = times.at(-1);
      const at = Math.max(now, last === undefined ? 0 : last + GAP, full === undefined ? 0 : full + HOUR);
      times.push(at);
      if (at > now) await clock.sleep(at - now);
    },
    giveBack() {
      times.pop();
    },
  };
}
