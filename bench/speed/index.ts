/**
 * npm run bench -- [--quick] [--growth] [--only a,b,c,d,e] [--rounds n] [--json file] [--cache folder]
 * Measures the built command beside its peers; prints Markdown. --quick: small corpora, to see that it runs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contests } from './contests.ts';
import { FULL, QUICK } from './corpora.ts';
import { growth } from './growth.ts';
import { findPeers } from './peers.ts';
import { run } from './rounds.ts';
import { growthTable, machine, table } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    growth: { type: 'boolean' },
    only: { type: 'string', default: 'a,b,c,d,e' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    cache: { type: 'string', default: path.join(tmpdir(), 'nayek-bench') },
  },
});

const quick = values.quick === true;
const rounds = Number(values.rounds ?? (quick ? 1 : 7));
const dist = import.meta.dirname;
mkdirSync(values.cache, { recursive: true });
if (values.growth) {
  const grown = growth(values.cache, dist, Math.min(rounds, 3), quick ? [1, 2] : [1, 4, 16]);
  console.log(`${machine({})}\n\n${growthTable(grown)}`);
  keep(grown);
} else {
  const peers = findPeers(values.cache);
  const sizes = quick ? QUICK : FULL;
  const chosen = contests(values.only.split(','), { cache: values.cache, sizes, peers, dist });
  const outcomes = chosen.map((contest) => run(contest, rounds));
  console.log(`${machine(peers.versions)}\n\n${table(outcomes)}`);
  keep({ machine: machine(peers.versions), outcomes });
}

function keep(data: unknown): void {
  if (values.json) writeFileSync(values.json, `${JSON.stringify(data, null, 1)}\n`);
}
