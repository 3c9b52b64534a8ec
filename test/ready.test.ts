/**
 * Whole repositories in one text: every file of fixtures/ready/ is a kind of failure, with cases that must be foreseen and
 * `skip-` cases that look alike and must stay silent. The recipe is planned as a user would plan it, proofs included.
 *
 *     about: 'WebSocket'            # no `skip-` case may say what this expression matches
 *     files: {requirements.txt: |…} # of every case that does not have its own; null: that case has none
 *     cases:
 *       - name: fastapi
 *         recipe: vps               # default: render
 *         skip: [gunicorn]          # parts that are left out, as --skip
 *         files: {main.py: |…}
 *         stops: text               # some stop says it
 *         says: [text, …]           # some reason, warning, snippet or command says it
 *         silent: [text, …]         # nothing says it
 *         verdicts: {gunicorn: manual}
 *         holds: {render.yaml: [text, …]}   # of the tree with the plan in it
 *         lacks: {Procfile: [text, …]}
 *         unchanged: [main.py]
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { chooseSteps, loadRecipe } from '../src/engine/recipe.ts';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { checklist, decisions } from '../src/report/checklist.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

type Texts = string | readonly string[] | undefined;

type Files = Readonly<Record<string, string | null>>;

interface Kind {
  readonly about: string;
  readonly files?: Files;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly recipe?: string;
  readonly skip?: readonly string[];
  readonly files?: Files;
  readonly stops?: Texts;
  readonly says?: Texts;
  readonly silent?: Texts;
  readonly verdicts?: Readonly<Record<string, string>>;
  readonly holds?: Readonly<Record<string, Texts>>;
  readonly lacks?: Readonly<Record<string, Texts>>;
  readonly unchanged?: Texts;
}

const home = path.join(import.meta.dirname, '..', 'fixtures', 'ready');
beforeAll(loadPython);

for (const file of readdirSync(home).sort()) {
  const { about, files, cases } = parse(readFileSync(path.join(home, file), 'utf8'), { merge: true }) as Kind;
  describe(path.basename(file, '.yaml'), () => {
    it('has cases that must stay silent', () => {
      const skips = cases.filter((c) => c.name.startsWith('skip-')).length;
      expect(skips).toBeGreaterThanOrEqual(Math.floor(cases.length / 2));
      expect(new Set(cases.map((c) => c.name)).size).toBe(cases.length);
    });
    it.each(cases.map((c) => [c.name, c] as const))('%s', (_name, spec) =>
      check(spec, { ...files, ...spec.files }, new RegExp(about)),
    );
  });
}

function check(spec: Case, files: Files, about: RegExp): void {
  const recipe = loadRecipe(spec.recipe ?? 'render', parts);
  const there = Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  const repo = memorySnapshot(Object.fromEntries(there), '/app');
  const plan = makePlan(repo, chooseSteps(recipe, parts, spec.skip ? { skip: spec.skip } : {}), {
    recipe: recipe.name,
  });
  expect(plan.verdicts.filter((v) => v.kind === 'failed')).toEqual([]);
  const said = saidBy(plan);
  for (const text of list(spec.says)) expect(said).toContain(text);
  for (const text of list(spec.silent)) expect(said).not.toContain(text);
  const stops = (plan.stops ?? []).map(({ text, at }) => `${at.path}:${at.line} ${text}`).join('\n');
  for (const text of list(spec.stops)) expect(stops).toContain(text);
  for (const [part, kind] of Object.entries(spec.verdicts ?? {})) {
    expect([part, plan.verdicts.find((v) => v.part === part)?.kind]).toEqual([part, kind]);
  }
  const points = checklist(plan, parts).filter((p) => p.part === 'works');
  expect(points.map((p) => p.mark)).toEqual((plan.stops ?? []).map(() => 'short'));
  for (const { text } of plan.stops ?? []) expect(decisions(plan).join('\n')).not.toContain(text);
  const after = repo.with(new Map(plan.changes.map((c) => [c.path, c.after])));
  const text = (name: string): string => after.read(name)?.text ?? '';
  for (const [name, wanted] of Object.entries(spec.holds ?? {})) {
    for (const part of list(wanted)) expect(text(name)).toContain(part);
  }
  for (const [name, wanted] of Object.entries(spec.lacks ?? {})) {
    for (const part of list(wanted)) expect(text(name)).not.toContain(part);
  }
  for (const name of list(spec.unchanged)) expect(plan.changes.map((c) => c.path)).not.toContain(name);
  if (spec.name.startsWith('skip-')) expect(said).not.toMatch(about);
}

function saidBy(plan: Plan): string {
  if (plan.refusal) return plan.refusal.reason;
  const ofParts = plan.verdicts.flatMap((v) => [v.reason, ...v.warnings, ...v.commands, v.snippet ?? '']);
  return [...ofParts, ...plan.warnings].join('\n');
}

function list(texts: Texts): readonly string[] {
  return texts === undefined ? [] : [texts].flat();
}

describe('what is said and stops nothing', () => {
  it('is left for a person to decide, warnings of parts as well as of the survey', () => {
    const main = 'import sqlite3\nfrom flask import Flask\napp = Flask(__name__)\ndb = sqlite3.connect("shop.db")\n';
    const recipe = loadRecipe('render', parts);
    const repo = memorySnapshot({ 'main.py': main, 'requirements.txt': 'flask==3.0.3\n' }, '/app');
    const plan = makePlan(repo, chooseSteps(recipe, parts, {}), { recipe: 'render' });
    expect(plan.stops).toEqual([]);
    expect(decisions(plan).join('\n')).toMatch(/SQLite is a file.*\(main\.py:\d+\)\n(?:.*\n)*render-yaml: /);
  });
});
