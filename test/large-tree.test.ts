/** What a snapshot answers of a tree that is larger than what it keeps of files: the same, in whatever order it is asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';

const FILES = 30;
const NAMES = Array.from({ length: FILES }, (_, i) => `f${String(i).padStart(2, '0')}.py`);
let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nayek-large-'));
  // 30 MB: more than is kept.
  for (const [i, name] of NAMES.entries()) {
    writeFileSync(
      path.join(root, name),
      `number = ${i}\nword_${i % 7} = 1\n${'# filler\n'.repeat(111_000)}last = ${i}\n`,
    );
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The same names in another order, made out of a seed. */
function shuffled(names: readonly string[], seed: number): string[] {
  const weight = (name: string): number => (Number(name.slice(1, 3)) * 7919 + seed * 104_729) % 1009;
  return [...names].sort((a, b) => weight(a) - weight(b));
}

test.each([1, 2, 3])('order %i', (seed) => {
  const repo = readSnapshot(root);
  const order = shuffled(NAMES, seed);
  expect(order).not.toEqual(NAMES);
  const read = (name: string): string | undefined => repo.read(name)?.text.slice(-12).trim().split('\n').at(-1);
  // Some are decoded before the rest is searched, and some are kept as bytes until the tree proves large.
  for (const name of order.slice(0, 2)) expect(read(name)).toBe(`last = ${Number(name.slice(1, 3))}`);
  for (const word of [0, 3, 6]) {
    const wanted = order.filter((name) => Number(name.slice(1, 3)) % 7 === word);
    expect(repo.matching(order, new RegExp(`\\bword_${word}\\b`))).toEqual(wanted);
    expect(repo.matching(order, new RegExp(`\\bword_${word}\\b`))).toEqual(wanted);
  }
  for (const name of order) expect(read(name)).toBe(`last = ${Number(name.slice(1, 3))}`);
  expect(repo.skipped).toEqual([]);
});
