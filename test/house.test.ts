/**
 * The rooms of the house and the arrows between them: imports go down only, never in a circle. `npm run map` draws them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cycles, importGraph, mapOf, ROOMS, roomOf } from '../bench/house/graph.ts';

const graph = importGraph();

/** What does not keep the rules yet. It may only shrink. */
const LEFT = {
  up: [] as string[],
  cycles: [],
  parts: [] as string[],
};

describe('the house', () => {
  test('every file of src, transforms and templates lies in a room', () => {
    const strange = [...graph.keys()].filter((file) => !ROOMS.includes(roomOf(file)));
    expect(strange).toEqual([]);
  });

  test('imports go down only', () => {
    const up: string[] = [];
    for (const [file, targets] of graph) {
      for (const target of targets) {
        if (ROOMS.indexOf(roomOf(target)) > ROOMS.indexOf(roomOf(file))) up.push(`${file} -> ${target}`);
      }
    }
    expect(up).toEqual(LEFT.up);
  });

  test('no file imports itself, by whatever way round', () => {
    expect(cycles(graph)).toEqual(LEFT.cycles);
  });

  test('src knows the parts in one place', () => {
    const knows = [...graph].filter(
      ([file, targets]) => file.startsWith('src/') && targets.some((t) => !t.startsWith('src/')),
    );
    expect(knows.map(([file]) => file)).toEqual(['src/engine/parts.ts', ...LEFT.parts]);
  });

  test('docs/house.md shows the arrows as they are: `npm run map` draws them', () => {
    expect(readFileSync('docs/house.md', 'utf8')).toContain(mapOf(graph));
  });

  /** The length of functions and lines is held by biome itself. test/complexity.json may only shrink: never add to it. */
  test('no function is more complex than 20, but for those that were when this began, and these no more than then', () => {
    const left = JSON.parse(readFileSync('test/complexity.json', 'utf8')) as Record<string, number>;
    const found = complexFunctions();
    const more = Object.entries(found).filter(([name, value]) => value > (left[name] ?? 0));
    expect(Object.fromEntries(more)).toEqual({});
    const mended = Object.keys(left).filter((name) => found[name] === undefined);
    expect(mended, 'these can go from test/complexity.json').toEqual([]);
  });
});

/** `file function` → its cognitive complexity, where that is above the limit of biome.json. */
function complexFunctions(): Record<string, number> {
  const rule = '--only=complexity/noExcessiveCognitiveComplexity';
  const args = ['node_modules/@biomejs/biome/bin/biome', 'lint', rule, '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [...args, 'src', 'transforms', 'templates'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
  const out: Record<string, number> = {};
  for (const { message, location } of diagnostics) {
    const { path, start, end } = location;
    const line = readFileSync(path, 'utf8').split('\n')[start.line - 1] ?? '';
    const name = line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined).trim();
    // Of several without a name in a file, the worst counts.
    const key = `${path} ${name}`;
    out[key] = Math.max(out[key] ?? 0, Number(/\d+/.exec(message)?.[0]));
  }
  return out;
}

interface Diagnostic {
  readonly message: string;
  readonly location: { readonly path: string; readonly start: Point; readonly end: Point };
}

interface Point {
  readonly line: number;
  readonly column: number;
}
