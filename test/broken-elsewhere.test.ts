import { spawnSync } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planRepository } from '../src/engine/run.ts';
import type { Part } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { emitters } from '../templates/index.ts';
import { transforms } from '../transforms/index.ts';
import { SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(loadPython);

const defaults = (part: Part) => Object.fromEntries(Object.entries(part.options).map(([k, o]) => [k, o.default]));
const steps = [...transforms, ...emitters].map((part) => ({ part, options: defaults(part) }));
const plan = (files: Readonly<Record<string, string>>) =>
  planRepository(memorySnapshot(files), steps, { recipe: 'all' });

const HELPER = '\n\ndef helper(a):\n    total = = a\n    return total\n';
const main = SAMPLE['app/main.py'] ?? '';
const brokenMain = main.replace('\n\nif __name__', `${HELPER}\n\nif __name__`);
const lineOf = (text: string): number => text.slice(0, text.indexOf('total = =')).split('\n').length;

const withPython = spawnSync('python3', ['-c', '']).status === 0;
const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

describe.each([
  ['with python3', true],
  ['without a Python', false],
])('a syntax error in a function that nobody looks at, %s', (_, python) => {
  const asked = async (files: Readonly<Record<string, string>>) => {
    if (!python) process.env.PATH = temporaryFolder('path');
    return plan(files);
  };

  it.skipIf(python && !withPython)('keeps a file from being changed, and is told with its line', async () => {
    const fine = await asked(SAMPLE);
    expect(fine.changes.map((c) => c.path)).toContain('app/main.py');
    expect(fine.skipped).toEqual([]);
    const found = await asked({ ...SAMPLE, 'app/main.py': brokenMain });
    expect(found.changes.map((c) => c.path)).not.toContain('app/main.py');
    expect(found.skipped).toEqual([{ path: 'app/main.py', reason: `does not parse (line ${lineOf(brokenMain)})` }]);
  });

  it.skipIf(python && !withPython)('is told of a served file that would not change', async () => {
    const served = `from fastapi import FastAPI\n\napp = FastAPI()\n${HELPER}`;
    // Without that, nothing here asks for the function.
    const module = parsePython(served);
    expect([module.body.length, module.seenErrors]).toEqual([3, false]);
    const found = await asked({ 'main.py': served, 'requirements.txt': 'fastapi\nuvicorn\n' });
    expect(found.changes.map((c) => c.path)).not.toContain('main.py');
    expect(found.skipped).toEqual([{ path: 'main.py', reason: `does not parse (line ${lineOf(served)})` }]);
  });

  it.skipIf(python && !withPython)('leaves the other files to be changed', async () => {
    const found = await asked({ ...SAMPLE, 'app/other.py': `x = 1\n${HELPER}` });
    expect(found.changes.map((c) => c.path)).toContain('app/main.py');
    expect(found.changes.map((c) => c.path)).not.toContain('app/other.py');
  });

  it.skipIf(python && !withPython)('is told when it is in the only function that makes the application', async () => {
    const text = 'from fastapi import FastAPI\n\ndef create():\n    total = = 1\n    return FastAPI()\n';
    const found = await asked({ 'main.py': text });
    expect(found.changes.map((c) => c.path)).not.toContain('main.py');
    expect(found.skipped).toEqual([{ path: 'main.py', reason: 'does not parse (line 4)' }]);
  });
});
