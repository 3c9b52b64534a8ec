import { beforeAll, expect, test } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { loadPython } from '../src/index.ts';
import type { Outcome, Part } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import type { Edit } from '../src/syntax/edit.ts';

beforeAll(loadPython);

const TEXT = 'a = 1\nb = 2\nc = 3\n';
const SERVICE = {
  'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'requirements.txt': 'fastapi\nuvicorn\n',
  'values.py': TEXT,
};

/** Wants each of `edits` as an outcome of its own, until the first value has changed. */
function part(id: string, edits: readonly Edit[]): Part {
  const outcomes = edits.map(
    (edit): Outcome => ({ kind: 'edits', reason: 'test', at: [], edits: { 'values.py': [edit] } }),
  );
  return {
    id,
    summary: '',
    source: '',
    options: {},
    plan: (repo) => (repo.read('values.py')?.text === TEXT ? outcomes : []),
  };
}

function planned(...parts: readonly Part[]) {
  const repo = memorySnapshot(SERVICE);
  const steps = parts.map((p) => ({ part: p, options: {} }));
  const plan = makePlan(repo, steps, { recipe: 'test' });
  return {
    kinds: plan.verdicts.map((v) => v.kind),
    after: plan.changes[0]?.after,
    reasons: plan.verdicts.map((v) => v.reason),
  };
}

test('outcomes of a part that are fine together are all applied', () => {
  const { kinds, after } = planned(
    part('one', [
      { start: 4, end: 5, text: '10' },
      { start: 10, end: 11, text: '20' },
      { start: 16, end: 17, text: '30' },
    ]),
  );
  expect(kinds).toEqual(['applied', 'applied', 'applied']);
  expect(after).toBe('a = 10\nb = 20\nc = 30\n');
});

test('of outcomes that collide the first is applied, and those that do not', () => {
  const { kinds, after, reasons } = planned(
    part('one', [
      { start: 4, end: 5, text: '10' },
      { start: 3, end: 5, text: ' 11' },
      { start: 16, end: 17, text: '30' },
    ]),
  );
  expect(kinds).toEqual(['applied', 'failed', 'applied']);
  expect(reasons[1]).toContain('changes the same lines');
  expect(after).toBe('a = 10\nb = 2\nc = 30\n');
});

test('an outcome that breaks the syntax is left out alone', () => {
  const { kinds, after, reasons } = planned(
    part('one', [
      { start: 4, end: 5, text: '10' },
      { start: 10, end: 11, text: '(' },
    ]),
    part('two', [{ start: 16, end: 17, text: '30' }]),
  );
  expect(kinds).toEqual(['applied', 'failed', 'applied']);
  expect(reasons[1]).toContain('syntax error');
  expect(after).toBe('a = 10\nb = 2\nc = 30\n');
});

test('the same edit wanted twice is made once', () => {
  const insert = { start: 0, end: 0, text: 'import os\n' };
  const { kinds, after } = planned(part('one', [insert, insert]), part('two', [insert]));
  expect(kinds).toEqual(['applied', 'applied', 'applied']);
  expect(after).toBe(`import os\n${TEXT}`);
});
