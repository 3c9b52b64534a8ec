/** How the time grows with each dimension of the input: 1×, 4×, 16×. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { largeFile, plant } from './corpora.ts';
import { madeService, type Tree } from './made-service.ts';
import { measure, median } from './measure.ts';

export interface Grown {
  readonly dimension: string;
  /** What 1× is. */
  readonly unit: string;
  /** User and system seconds at 1×, 4× and 16×. */
  readonly cpu: readonly number[];
  /** Time for a unit at 16× by that at `reference`, without what a minimal repository takes. */
  readonly growth: number;
  /** The least size that takes notably longer than a minimal repository; NaN when none does. */
  readonly reference: number;
  /** MiB at 16×. */
  readonly rss: number;
}

interface Dimension {
  readonly name: string;
  readonly unit: string;
  /** Several repositories instead of one. */
  readonly many?: true;
  make(factor: number): Tree;
}

const small = (): Tree => madeService({ seed: 9, files: 20, moduleBytes: 1_000 });

const DIMENSIONS: readonly Dimension[] = [
  { name: 'files', unit: '200 files', make: (n) => madeService({ seed: 8, files: 200 * n, moduleBytes: 2_000 }) },
  {
    name: 'repositories',
    unit: '10 repositories',
    many: true,
    make: (n) =>
      Object.fromEntries(
        Array.from({ length: 10 * n }, (_, i) => Object.entries(small()).map(([f, t]) => [`r${i}/${f}`, t])).flat(),
      ),
  },
  { name: 'bytes', unit: '250 kB in one file', make: (n) => largeFile(250_000 * n) },
  { name: 'edits in a file', unit: '25 run calls', make: (n) => ({ ...small(), 'app/main.py': runCalls(25 * n) }) },
  { name: 'nested expressions', unit: 'depth 20', make: (n) => main(nestedCalls(20 * n)) },
  { name: 'nested blocks', unit: 'depth 4', make: (n) => main(nestedBlocks(4 * n)) },
  {
    name: 'environment variables',
    unit: '50 variables in 150 files',
    make: (n) => madeService({ seed: 7, files: 150, moduleBytes: 1_000, variables: 50 * n }),
  },
];

/** Least of `rounds` rounds, as noise only adds, each over a minimal repository and all sizes of one dimension. */
export function growth(cache: string, dist: string, rounds: number, sizes: readonly number[]): Grown[] {
  const folder = path.join(cache, 'growth');
  return DIMENSIONS.map((dimension) => {
    const [base, ...measured] = run(folder, dist, dimension, sizes, rounds);
    const start = Math.min(...(base?.cpu ?? []));
    const cpu = measured.map((m) => Math.min(...m.cpu));
    const per = cpu.map((value, i) => (value - start) / (sizes[i] ?? 1));
    // What hardly differs from the minimal repository says nothing about a unit.
    const reference = cpu.findIndex((value) => value - start > start / 4);
    process.stderr.write(`${dimension.name}: ${[start, ...cpu].map((c) => c.toFixed(2)).join(' ')}\n`);
    return {
      dimension: dimension.name,
      unit: dimension.unit,
      cpu,
      growth: (per.at(-1) ?? Number.NaN) / (per[reference] ?? Number.NaN),
      reference: sizes[reference] ?? Number.NaN,
      rss: median(measured.at(-1)?.rss ?? []),
    };
  });
}

function run(folder: string, dist: string, dimension: Dimension, sizes: readonly number[], rounds: number) {
  const minimal = (): Tree => (dimension.many ? named(small()) : small());
  const api = path.join(import.meta.dirname, '..', 'bench', 'speed', 'each_repository.mjs');
  const trees = [minimal, ...sizes.map((size) => () => dimension.make(size))].map((make, i) => {
    const at = path.join(folder, String(i));
    rmSync(at, { recursive: true, force: true });
    mkdirSync(at, { recursive: true });
    plant(at, make());
    const command = dimension.many
      ? [process.execPath, api, path.join(dist, 'index.js'), at]
      : [process.execPath, path.join(dist, 'nayek.cjs'), 'patch', '--dry-run', at];
    return { command, cpu: [] as number[], rss: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { command, cpu, rss } of trees) {
      const cost = measure(command);
      cpu.push(cost.cpu);
      rss.push(cost.rss);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return trees;
}

function named(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, text]) => [`r0/${name}`, text]));
}

/** A service whose main module holds `text`, too. */
function main(text: string): Tree {
  const tree = small();
  const [before = '', after = ''] = (tree['app/main.py'] ?? '').split('if __name__');
  return { ...tree, 'app/main.py': `${before}${text}\n\nif __name__${after}` };
}

function runCalls(count: number): string {
  const calls = Array.from(
    { length: count },
    (_, i) => `    if len(sys.argv) == ${i}:\n        uvicorn.run("app.main:app", host="127.0.0.1", port=8000)\n`,
  );
  const text =
    'import sys\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\nif __name__ == "__main__":\n    import uvicorn\n\n';
  return text + calls.join('');
}

/** 200 lines, so that the time is in the depth. */
function nestedCalls(depth: number): string {
  return Array.from({ length: 200 }, (_, i) => `value_${i} = ${'str('.repeat(depth)}${i}${')'.repeat(depth)}\n`).join(
    '',
  );
}

/** 100 functions; every line is as long as any other, so that the bytes grow with the depth and not with its square. */
function nestedBlocks(depth: number): string {
  return Array.from({ length: 100 }, (_, i) => {
    const lines = Array.from({ length: depth }, (_, d) => `${' '.repeat(d + 1)}if ${'x'.repeat(90 - d)}:\n`);
    return `def nested_${i}(${'x'.repeat(90)}=0):\n${lines.join('')}${' '.repeat(depth + 1)}return ${i}\n\n\n`;
  }).join('');
}
