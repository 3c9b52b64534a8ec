import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { counters, startStats, stats, statsTable, timed, timedAsync } from '../src/system/stats.ts';
import { temporaryFolder } from './temporary.ts';

let folder: string;
beforeAll(() => {
  folder = temporaryFolder('stats');
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const busy = (milliseconds: number): unknown => vi.advanceTimersByTime(milliseconds);

test('a phase inside another counts for itself only, and verify keeps what it takes', async () => {
  startStats();
  timed('facts', () => {
    busy(10);
    timed('parse', () => busy(40));
  });
  await timedAsync('verify', async () => {
    timed('parse', () => busy(30));
  });
  const { facts = 0, parse = 0, verify = 0 } = stats().phases;
  expect({ facts, parse, verify }).toEqual({ facts: 10, parse: 40, verify: 30 });
  expect(statsTable(stats())).toContain('files listed');
});

test('a phase ends when its work throws', () => {
  startStats();
  expect(() =>
    timed('facts', () => {
      throw new Error('odd');
    }),
  ).toThrow('odd');
  busy(10);
  expect(stats().phases).toMatchObject({ facts: 0, other: 10 });
});

test('a file is read once, however many patterns and readers ask for it', () => {
  for (const name of ['a.py', 'b.py', 'c.py']) writeFileSync(path.join(folder, name), `import ${name[0]}\n`);
  const repo = readSnapshot(folder);
  const before = counters.filesRead;
  expect(repo.matching(repo.paths, /import a/)).toEqual(['a.py']);
  expect(repo.matching(repo.paths, /import/)).toEqual(['a.py', 'b.py', 'c.py']);
  expect(repo.matching(repo.paths, /import b/i)).toEqual(['b.py']);
  expect(repo.read('a.py')?.text).toBe('import a\n');
  expect(repo.matching(repo.paths, /import c/)).toEqual(['c.py']);
  expect(counters.filesRead - before).toBe(3);
});

test('what is laid over a snapshot is searched anew, the rest is not', () => {
  const repo = memorySnapshot({ 'a.py': 'one', 'b.py': 'two' });
  expect(repo.matching(repo.paths, /one/)).toEqual(['a.py']);
  const over = repo.with(new Map([['a.py', 'three'], ['c.py', 'one'], ['b.py', null]])); // biome-ignore format: pairs
  expect(over.matching(['a.py', 'c.py'], /one/)).toEqual(['c.py']);
  expect(over.with(new Map([['a.py', 'one']])).matching(['a.py', 'c.py'], /one/)).toEqual(['a.py', 'c.py']);
  expect(repo.matching(repo.paths, /one/)).toEqual(['a.py']);
});

test('a file too large to parse is skipped with the reason', () => {
  const large = temporaryFolder('stats');
  writeFileSync(path.join(large, 'large.py'), `# ${'x'.repeat(8 * 1024 * 1024)}\n`);
  writeFileSync(path.join(large, 'small.py'), 'x = 1\n');
  const repo = readSnapshot(large);
  expect(repo.matching(repo.paths, /x/)).toEqual(['small.py']);
  expect(repo.read('large.py')).toBeUndefined();
  expect(repo.skipped).toEqual([{ path: 'large.py', reason: 'is larger than 8 MiB' }]);
});

test('patterns that differ by their flags alone are two', () => {
  const repo = memorySnapshot({ 'a.py': 'ONE' });
  expect(repo.matching(repo.paths, /one/)).toEqual([]);
  expect(repo.matching(repo.paths, /one/i)).toEqual(['a.py']);
});
