/** The rules that come with nayek: each against its fixtures, with what holds for every codemod. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Part } from '../src/model/transform.ts';
import { readRules, shelf } from '../src/rules/rule-file.ts';
import { partOf } from '../src/rules/rule-part.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { checkFixture, readFixture } from '../src/testing/fixture.ts';

const home = path.join(import.meta.dirname, 'shelf');
const files = readdirSync(shelf()).sort();
beforeAll(loadPython);

describe.each(files)('%s', (file) => {
  const id = file.replace(/\.yml$/, '');
  const parts: Part[] = readRules(path.join(shelf(), file)).rules.map(partOf);
  const names = existsSync(path.join(home, id)) ? readdirSync(path.join(home, id)).sort() : [];
  beforeAll(async () => {
    for (const part of parts) await part.prepare?.();
  });

  test('is found by its name, and has ten cases, some of which stay as they are', () => {
    expect(readRules(`nayek:${id}`).rules.map((r) => r.id)).toEqual(parts.map((p) => p.id));
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect(names.filter((n) => n.startsWith('skip-')).length).toBeGreaterThanOrEqual(4);
  });

  test.each(names)('%s', (name) => {
    const fixture = readFixture(id, path.join(home, id, name));
    const spec = { parts: parts.map((p) => p.id), ...fixture.spec };
    expect(checkFixture({ ...fixture, spec }, parts).problems).toEqual([]);
  });
});

test('another name is an error that lists them', () => {
  expect(() => readRules('nayek:nope')).toThrow('there is no rule nayek:nope');
});
