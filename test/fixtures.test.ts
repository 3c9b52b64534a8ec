/**
 * Runs every folder of fixtures/<part>/<case> through the harness that `nayek test` gives to everybody:
 * src/testing/fixture.ts tells what a case holds and what is asserted.
 *
 * A `facts.json` beside `before/` holds all that the survey finds there. fixtures/facts/<case> has that alone, without a
 * part. `npx vitest run test/fixtures.test.ts -u` writes every facts.json again: read the difference before you commit
 * it. In fixtures/facts it is made where it is missing; elsewhere an empty one is filled.
 */

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parts } from '../src/engine/parts.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { checkFixture, readFixture, snapshotOf } from '../src/testing/fixture.ts';
import { writtenFacts } from './written-facts.ts';

const home = path.join(import.meta.dirname, '..', 'fixtures');
beforeAll(loadPython);

for (const part of parts) {
  const folder = path.join(home, part.id);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  describe(part.id, () => {
    it('has at least 12 cases, about half of them without a change', () => {
      expect(names.length).toBeGreaterThanOrEqual(12);
      expect(names.filter((n) => n.startsWith('skip-')).length).toBeGreaterThanOrEqual(5);
    });
    it.each(names)('%s', async (name) => {
      expect(checkFixture(readFixture(part.id, path.join(folder, name)), parts).problems).toEqual([]);
      await checkFacts(path.join(folder, name));
    });
  });
}

describe('facts', () => {
  const folder = path.join(home, 'facts');
  it.each(readdirSync(folder).sort())('%s', async (name) => {
    const file = path.join(folder, name, 'facts.json');
    await expect(factsOf(path.dirname(file))).toMatchFileSnapshot(file);
  });

  it('stand beside at least 40 cases', () => {
    const held = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((p) => p.endsWith('facts.json'));
    expect(held.length).toBeGreaterThanOrEqual(40);
  });

  it('belong to a case of a part, or of fixtures/facts', () => {
    const known = new Set([...parts.map((p) => p.id), 'facts', 'ready', 'recipes']);
    expect(readdirSync(home).filter((name) => !known.has(name))).toEqual([]);
  });
});

/** The survey finds what `facts.json` says, where there is one. */
async function checkFacts(folder: string): Promise<void> {
  const file = path.join(folder, 'facts.json');
  if (!existsSync(file)) return;
  await expect(factsOf(folder)).toMatchFileSnapshot(file);
}

function factsOf(folder: string): string {
  return writtenFacts(survey(snapshotOf(readFixture('facts', folder))));
}
