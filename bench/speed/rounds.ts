/** Runs the contenders in turn, so that what disturbs the machine disturbs all of them. */
import type { Contender, Contest } from './contests.ts';
import { type Cost, measure, median } from './measure.ts';

export interface Result {
  readonly tool: string;
  /** Medians. */
  readonly cost: Cost;
  readonly rounds: readonly Cost[];
}

export interface Outcome {
  readonly id: string;
  readonly title: string;
  readonly results: readonly Result[];
  readonly demands: readonly Demand[];
}

export interface Demand {
  readonly text: string;
  /** What was measured, in the unit of the demand. */
  readonly value: number;
  readonly met: boolean;
}

/** What takes longer than this many seconds runs three times at most, its first run included. */
const LONG = 10;

/** Every contender in `rounds` rounds (or its own number), after one that warms the disk's cache and is not counted. */
export function run(contest: Contest, rounds: number): Outcome {
  const entered = contest.contenders.map((contender) => ({ ...contender, costs: [] as Cost[] }));
  const step = (contender: Contender): Cost => {
    contender.prepare?.();
    return measure(contender.command);
  };
  process.stderr.write(`${contest.id}: `);
  for (const contender of entered) {
    if (contender.rounds !== undefined) continue;
    const first = step(contender);
    if (first.wall <= LONG) continue;
    contender.costs.push(first);
    contender.rounds = Math.min(rounds, 3) - 1;
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of entered) {
      if (round < (contender.rounds ?? rounds)) contender.costs.push(step(contender));
    }
    process.stderr.write(round === rounds - 1 ? '.\n' : '.');
  }
  const costs = new Map(entered.map((c) => [c.tool, c.costs]));
  const results = entered.map(({ tool, costs }) => ({ tool, cost: medians(costs), rounds: costs }));
  return {
    id: contest.id,
    title: contest.title,
    results,
    demands: [...speed(contest, costs), memory(contest, results)],
  };
}

function medians(costs: readonly Cost[]): Cost {
  const of = (key: keyof Cost): number => median(costs.map((c) => c[key]));
  return { wall: of('wall'), cpu: of('cpu'), user: of('user'), rss: of('rss') };
}

/** The median of the ratios within each round. */
export function ratio(costs: readonly Cost[], base: readonly Cost[]): number {
  const rounds = Math.min(costs.length, base.length);
  return median(
    Array.from({ length: rounds }, (_, i) => (costs[i]?.wall ?? Number.NaN) / (base[i]?.wall ?? Number.NaN)),
  );
}

function speed(contest: Contest, costs: ReadonlyMap<string, readonly Cost[]>): Demand[] {
  return contest.demands.flatMap(({ tool, factor, than }) => {
    const [own, base] = [costs.get(tool), costs.get(than)];
    if (!own || !base) return [];
    const value = ratio(own, base);
    return [{ text: `${tool} ≤ ${factor} × ${than}`, value, met: value <= factor }];
  });
}

function memory(contest: Contest, results: readonly Result[]): Demand {
  const value = Math.max(...results.filter((r) => r.tool.startsWith('nayek')).map((r) => r.cost.rss));
  return { text: `peak RSS ≤ ${contest.memory} MiB`, value, met: value <= contest.memory };
}
