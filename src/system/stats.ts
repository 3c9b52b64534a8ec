/** Where the time of a run goes, for `--stats`. Off, it costs a comparison at each phase. */

/** `start` is what node and the command take before the first folder is read; `other` what no phase claims. */
export type Phase =
  | 'start'
  | 'walk'
  | 'read'
  | 'prefilter'
  | 'grammar'
  | 'parse'
  | 'facts'
  | 'plan'
  | 'verify'
  | 'write'
  | 'report'
  | 'other';

/** What a run has done so far. Milliseconds, bytes and counts. */
export interface Stats {
  /** In the order in which they were first met; a phase inside another counts for itself only. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** From the start of the process. */
  readonly wall: number;
  /** User and system time of this process. */
  readonly cpu: number;
  readonly filesListed: number;
  readonly filesRead: number;
  readonly filesParsed: number;
  readonly bytesRead: number;
  /** Bytes of memory at the peak. */
  readonly peakMemory: number;
}

/** Counted whether or not somebody asks. */
export const counters = { filesListed: 0, filesRead: 0, filesParsed: 0, bytesRead: 0 };

let phases: Map<Phase, number> | undefined;
let current: Phase = 'start';
let since = 0;

/** From now on phases are timed; all time before is `start`. */
export function startStats(): void {
  phases = new Map();
  since = 0;
  enter('other');
}

/** Runs `work`, its time charged to `phase` instead of the phase around it; `verify` keeps all that it takes. */
export function timed<T>(phase: Phase, work: () => T): T {
  if (!phases || phase === current || current === 'verify') return work();
  const outer = enter(phase);
  try {
    return work();
  } finally {
    enter(outer);
  }
}

/** As `timed`, for what goes on until a promise settles. */
export async function timedAsync<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
  if (!phases) return work();
  const outer = enter(phase);
  try {
    return await work();
  } finally {
    enter(outer);
  }
}

function enter(phase: Phase): Phase {
  const now = performance.now();
  phases?.set(current, (phases.get(current) ?? 0) + now - since);
  since = now;
  const outer = current;
  current = phase;
  return outer;
}

/** What was done up to now. */
export function stats(): Stats {
  enter(current);
  const { user, system } = process.cpuUsage();
  return {
    phases: Object.fromEntries(phases ?? []),
    wall: performance.now(),
    cpu: (user + system) / 1000,
    ...counters,
    // Kibibytes on every system. https://nodejs.org/api/process.html#processresourceusage
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}

/** For people: a line per phase, longest first, then the counts. */
export function statsTable(found: Stats): string {
  const lines = Object.entries(found.phases)
    .sort(([, a], [, b]) => b - a)
    .map(([phase, ms]) => `  ${phase.padEnd(10)} ${ms.toFixed(1).padStart(10)} ms`);
  const { wall, cpu, filesListed, filesRead, filesParsed, bytesRead, peakMemory } = found;
  return [
    `stats: ${wall.toFixed(0)} ms, ${cpu.toFixed(0)} ms of CPU, ${mib(peakMemory)} at the peak`,
    ...lines,
    `  ${filesListed} files listed, ${filesRead} read (${mib(bytesRead)}), ${filesParsed} parsed`,
    '',
  ].join('\n');
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
