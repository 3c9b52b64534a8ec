/**
 * The rooms of the house and the arrows between them: imports go down only, never in a circle. `npm run map` draws them.
 */
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
});
