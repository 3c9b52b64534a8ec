/** Whether names are bound is asked of each statement of a long module, and must not grow with all of them each time. */
import { beforeAll, expect, test } from 'vitest';
import type { Service } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { undefinedName } from '../src/survey/notes/undefined-names.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { cpuSeconds } from './cpu.ts';

beforeAll(loadPython);

test('a module of 10,000 functions', () => {
  const functions = Array.from(
    { length: 10_000 },
    (_, i) => `def f${i}(a: int, b: str = "x y") -> int:\n    from os import path\n    return a\n`,
  );
  const repo = memorySnapshot({ 'main.py': functions.join('') });
  const modules = createModuleGraph(repo, new Set());
  const started = (modules.module('main.py')?.body ?? []).map((stmt) => ({
    path: 'main.py',
    stmt,
    when: 'service' as const,
  }));
  const service = { entry: { module: 'main' } } as unknown as Service;
  const seconds = cpuSeconds(() => {
    expect(undefinedName(modules, service, started)).toBeUndefined();
  });
  expect(seconds).toBeLessThan(2);
});
