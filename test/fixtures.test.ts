/**
 * Runs every folder of fixtures/<part>/<case>/before and asserts what holds for all parts: the result parses, a second
 * run changes nothing (makePlan proves it), only declared files change, CRLF stays CRLF, and `after/` is what comes out.
 * A case named skip-… must change nothing. `case.yaml` may set: parts, options, unsafe, root, verdict, says.
 *
 * A `facts.json` beside `before/` holds all that the survey finds there. fixtures/facts/<case> has that alone, without a
 * part. `npx vitest run test/fixtures.test.ts -u` writes every facts.json again: read the difference before you commit
 * it. An empty facts.json is filled that way.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { memorySnapshot, type Snapshot } from '../src/repo/snapshot.ts';
import { encode } from '../src/repo/source.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { writtenFacts } from './written-facts.ts';

interface Case {
  /** Parts to run; default the folder's. */
  readonly parts?: readonly string[];
  /** Options by part. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly unsafe?: boolean;
  /** Name of the repository's folder; default 'app'. */
  readonly root?: string;
  /** Verdict kinds expected from the folder's part, in order. */
  readonly verdict?: string | readonly string[];
  /** Text that some reason, warning, snippet or command of that part must hold. */
  readonly says?: string | readonly string[];
}

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
      check(part.id, path.join(folder, name), name);
      await checkFacts(path.join(folder, name));
    });
  });
}

describe('facts', () => {
  const folder = path.join(home, 'facts');
  it.each(readdirSync(folder).sort())('%s', (name) => checkFacts(path.join(folder, name)));

  it('stand beside at least 40 cases', () => {
    const held = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((p) => p.endsWith('facts.json'));
    expect(held.length).toBeGreaterThanOrEqual(40);
  });

  it('belong to a case of a part, or of fixtures/facts', () => {
    const known = new Set([...parts.map((p) => p.id), 'facts', 'ready', 'recipes']);
    expect(readdirSync(home).filter((name) => !known.has(name))).toEqual([]);
  });
});

function specOf(folder: string): Case {
  const file = path.join(folder, 'case.yaml');
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
}

function snapshotOf(folder: string, spec: Case): { before: Record<string, Buffer>; repo: Snapshot } {
  const before = readTree(path.join(folder, 'before'));
  return { before, repo: memorySnapshot(before, `/${spec.root ?? 'app'}`) };
}

/** The survey finds what `facts.json` says, where there is one. */
async function checkFacts(folder: string): Promise<void> {
  const file = path.join(folder, 'facts.json');
  if (!existsSync(file)) return;
  const { repo } = snapshotOf(folder, specOf(folder));
  await expect(writtenFacts(survey(repo))).toMatchFileSnapshot(file);
}

function check(id: string, folder: string, name: string): void {
  const spec = specOf(folder);
  const { before, repo } = snapshotOf(folder, spec);
  const steps = (spec.parts ?? [id]).map((wanted) => {
    const part = parts.find((p) => p.id === wanted);
    if (!part) throw new Error(`no part ${wanted}`);
    const defaults = Object.fromEntries(Object.entries(part.options).map(([k, o]) => [k, o.default]));
    return { part, options: { ...defaults, ...spec.options?.[wanted] } };
  });
  const plan = makePlan(repo, steps, { recipe: 'fixture', unsafe: spec.unsafe === true });
  const mine = plan.verdicts.filter((v) => v.part === id);

  const result: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(before)) result[file] = bytes.toString('latin1');
  for (const change of plan.changes) {
    if (change.before !== null) expect(repo.has(change.path)).toBe(true);
    result[change.path] = encode(change.after, change).toString('latin1');
    if (change.before?.includes('\r\n') && !/[^\r]\n/.test(change.before)) {
      expect(change.after, `${change.path} keeps CRLF`).not.toMatch(/[^\r]\n/);
    }
    expect(plan.verdicts.some((v) => v.kind === 'applied' && v.files.includes(change.path))).toBe(true);
  }
  expect(plan.verdicts.filter((v) => v.kind === 'failed')).toEqual([]);
  if (spec.verdict !== undefined) expect(mine.map((v) => v.kind)).toEqual([spec.verdict].flat());
  for (const said of spec.says === undefined ? [] : [spec.says].flat()) {
    const heard = mine.flatMap((v) => [v.reason, ...v.warnings, ...v.commands, v.snippet ?? '']).join('\n');
    expect(heard).toContain(said);
  }
  if (name.startsWith('skip-')) {
    expect(plan.changes.map((c) => c.path)).toEqual([]);
    expect(existsSync(path.join(folder, 'after'))).toBe(false);
    return;
  }
  const after = readTree(path.join(folder, 'after'));
  const wanted: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(before)) wanted[file] = bytes.toString('latin1');
  for (const [file, bytes] of Object.entries(after)) wanted[file] = bytes.toString('latin1');
  expect(result).toEqual(wanted);
}

/** Path → bytes. */
function readTree(folder: string): Record<string, Buffer> {
  const out: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    out[path.relative(folder, full).replaceAll('\\', '/')] = readFileSync(full);
  }
  return out;
}
