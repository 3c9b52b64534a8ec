/** The forms that machines read: each against what its reader documents, and against texts that could break out of it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { FORMS } from '../src/cli/product.ts';
import { servicesOf } from '../src/engine/overview.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { openRepository, planRepository } from '../src/engine/run.ts';
import type { Plan } from '../src/model/plan.ts';
import { findingsOf } from '../src/report/findings.ts';
import { githubAnnotations } from '../src/report/github.ts';
import { gitlabReport } from '../src/report/gitlab.ts';
import { planReport, savedPlan } from '../src/report/json.ts';
import { junitXml } from '../src/report/junit.ts';
import planForm from '../src/report/plan.schema.json';
import reportForm from '../src/report/report.schema.json';
import { sarifLog } from '../src/report/sarif.ts';
import { applyEdits } from '../src/syntax/edit.ts';
import { buildOnce } from './built.ts';
import { servedCommand } from './command.ts';
import { JUNIT, SARIF } from './published-forms.ts';
import { repositoryOf, SAMPLE } from './sample.ts';

/** A name that means something to every reader. */
const ODD = 'odd %0A,name::=<b>&"x\u202e.py';

let plan: Plan;

beforeAll(async () => {
  buildOnce();
  const root = repositoryOf({ ...SAMPLE, [ODD]: 'x = 1\n' });
  const { name, steps } = loadRecipe('render', parts);
  plan = await planRepository(await openRepository(root), steps, { recipe: name });
});

/** The plan with a verdict and a warning in a file of an odd name. */
function odd(): Plan {
  const text = 'line one\nline two ]]> 100% \u001b[31m';
  const [first] = plan.verdicts;
  const verdict = {
    ...first,
    kind: 'manual',
    reason: text,
    // The same place again, as two facts may be seen at one line.
    at: [ODD, ODD, 'b', 'b'].map((path) => ({ path, line: 0 })),
    files: [],
  } as Plan['verdicts'][0];
  const stops = [{ text, at: { path: ODD, line: 3 } }];
  const skipped = { ...verdict, kind: 'skipped', at: [] } as const;
  return { ...plan, verdicts: [...plan.verdicts, skipped, verdict, verdict], warnings: [`${text} (${ODD}:3)`], stops };
}

describe('JSON', () => {
  it("has the published form, with each hunk's verdicts and the services", () => {
    const ajv = new Ajv({ allowUnionTypes: true }).addSchema(planForm);
    const fits = ajv.compile(reportForm);
    const report = planReport(plan, false, servicesOf(plan));
    expect(fits(JSON.parse(JSON.stringify(report))), JSON.stringify(fits.errors)).toBe(true);
    expect(fits(JSON.parse(JSON.stringify({ ...report, recipe: 1 })))).toBe(false);
    const saved = ajv.getSchema('plan.schema.json');
    expect(saved?.(JSON.parse(JSON.stringify(savedPlan(plan, servicesOf(plan)))))).toBe(true);
    for (const { path, diff, hunks, by } of report.changes) {
      expect(hunks).toHaveLength(diff.match(/^@@ /gm)?.length ?? 0);
      const whose = hunks?.flatMap((h) => h.verdicts.map((v) => report.verdicts[v]));
      expect([...new Set(whose?.map((v) => v?.part))].sort(), path).toEqual([...by].sort());
      expect(whose?.every((v) => v?.kind === 'applied' && v.files.includes(path))).toBe(true);
    }
    expect(report.services).toMatchObject([
      { entry: { name: 'app.main:app' }, routes: [{ name: '/health' }], health: { name: '/health' }, environment: [] },
    ]);
  });
});

describe('published forms', () => {
  const fits = (schema: object, value: unknown): void => {
    const ajv = new Ajv({ allErrors: true, strictTuples: false });
    const valid = ajv.validate(schema, JSON.parse(JSON.stringify(value)));
    expect(ajv.errors ?? [], ajv.errorsText()).toEqual([]);
    expect(valid).toBe(true);
  };

  it.each([false, true])('SARIF 2.1.0, written: %s', (written) => {
    fits(SARIF, sarifLog(plan, parts, 'back', written));
    fits(SARIF, sarifLog(odd(), parts, 'b ack/é', written));
  });

  it.each([false, true])('JUnit XML, written: %s', (written) => {
    for (const one of [plan, odd()]) {
      const input = junitXml(one, written, '2026-01-02T03:04:05.678Z');
      const read = execFileSync('python3', [path.join(import.meta.dirname, 'junit.py')], { input, encoding: 'utf8' });
      fits(JUNIT, JSON.parse(read));
      const names = [...input.matchAll(/<testcase (name=".*?" classname=".*?")/g)].map(([, name]) => name);
      expect(new Set(names).size, 'a name is there twice').toBe(names.length);
    }
  });
});

describe('SARIF', () => {
  it('fixes of a verdict give the text that its edits give', () => {
    const log = sarifLog(plan, parts, 'back', false) as { runs: [{ results: Result[] }] };
    const fixed = log.runs[0].results.filter((r) => r.fixes);
    expect(fixed.map((r) => r.ruleId).sort()).toEqual(['bind', 'gunicorn']);
    for (const { fixes } of fixed) {
      for (const { artifactLocation, replacements } of fixes?.[0]?.artifactChanges ?? []) {
        const change = plan.changes.find((c) => `back/${c.path}` === artifactLocation.uri);
        const before = change?.before ?? '';
        const starts = [0, ...[...before.matchAll(/\n/g)].map((m) => m.index + 1)];
        const offset = (line: number, column: number): number => (starts[line - 1] ?? Number.NaN) + column - 1;
        const edits = replacements.map(({ deletedRegion: r, insertedContent }) => ({
          start: offset(r.startLine, r.startColumn),
          end: offset(r.endLine, r.endColumn),
          text: insertedContent?.text ?? '',
        }));
        expect(applyEdits(before, edits)).toBe(change?.after);
      }
    }
    const written = sarifLog(plan, parts, '', true) as typeof log;
    expect(written.runs[0].results.some((r) => r.fixes)).toBe(false);
  });

  it('no fix holds a credential, and none that creates a file is said by halves', () => {
    const secret = {
      ...plan,
      changes: plan.changes.map((c) => ({
        ...c,
        claims: c.claims?.map((claim) => ({
          ...claim,
          edits: claim.edits.map((e) => ({ ...e, text: `${e.text}\nPASSWORD = "hunter2hunter2"\n` })),
        })),
      })),
    };
    expect(JSON.stringify(sarifLog(secret, parts, '', false))).not.toContain('hunter2');
  });
});

interface Result {
  readonly ruleId: string;
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly {
        readonly deletedRegion: Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>;
        readonly insertedContent?: { readonly text: string };
      }[];
    }[];
  }[];
}

describe('GitHub annotations', () => {
  it('are one command a line, whatever the text holds', () => {
    const lines = githubAnnotations(findingsOf(odd(), '', false))
      .trimEnd()
      .split('\n');
    const form = /^::(?:error|warning|notice) (?:file=[^,:\r\n]+,line=[1-9]\d*,)?title=[^,:\r\n]+::[^\r\n]+$/;
    for (const line of lines) expect(line).toMatch(form);
    expect(lines.at(-1)).toContain(
      'file=odd %250A%2Cname%3A%3A=<b>&"x\\u{202e}.py,line=3,title=nayek works::line one line two ]]> 100%25 \\x1b',
    );
    expect(lines.filter((l) => l.startsWith('::warning'))).toHaveLength(6);
  });

  it('say nothing of what is written', () => {
    const done = { ...plan, verdicts: plan.verdicts.filter((v) => v.kind !== 'manual'), warnings: [] };
    expect(githubAnnotations(findingsOf(done, '', true))).toBe('');
  });
});

it('GitLab: the documented fields, fingerprints unique and the same from run to run', () => {
  const report = gitlabReport(findingsOf(odd(), 'back', false)) as Record<string, unknown>[];
  const form = {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        description: { type: 'string', minLength: 1 },
        check_name: { type: 'string' },
        fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', pattern: '^back/' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  };
  const fits = new Ajv().compile(form);
  expect(fits(report), JSON.stringify(fits.errors)).toBe(true);
  expect(new Set(report.map((r) => r.fingerprint)).size).toBe(report.length);
  expect(gitlabReport(findingsOf(odd(), 'back', false))).toEqual(report);
});

it('JUnit: well-formed, counts that are true, order as the schema has it', () => {
  const read = [
    'import sys, json, xml.etree.ElementTree as T',
    'root = T.fromstring(sys.stdin.buffer.read())',
    'suite = root[0]',
    'print(json.dumps({"root": root.tag, "suite": suite.attrib, "cases": [[c.attrib["classname"], c.attrib["name"], [(k.tag, k.get("message"), k.text) for k in c]] for c in suite]}))',
  ].join('\n');
  const xml = junitXml(odd(), false, '2026-01-02T03:04:05.678Z');
  const out = JSON.parse(execFileSync('python3', ['-c', read], { input: xml, encoding: 'utf8' }));
  const tags = (out.cases as [string, string, [string, string, string][]][]).map(
    ([, , kids]) => kids[0]?.[0] ?? 'passes',
  );
  const count = (tag: string): string => String(tags.filter((t) => t === tag).length);
  expect(out.suite).toMatchObject({
    ...{ tests: String(tags.length), failures: count('failure'), errors: count('error'), skipped: count('skipped') },
    timestamp: '2026-01-02T03:04:05',
  });
  expect(count('skipped')).not.toBe('0');
  expect(out.cases.at(-1)).toEqual([
    'nayek.works',
    'odd %0A,name::=<b>&"x\\u{202e}.py:3',
    [['failure', 'line one line two ]]> 100% \\x1b[31m', 'line one\nline two ]]> 100% \\x1b[31m']],
  ]);
  expect(junitXml({ ...plan, verdicts: [] }, true, '2026-01-02T03:04:05.678Z')).toContain('tests="0"');
});

const nayek = servedCommand();

it('the command: a form that is asked for writes nothing, --output-file tells what was written, a bad one is known before', () => {
  const root = repositoryOf(SAMPLE);
  const before = readFileSync(path.join(root, 'app/main.py'), 'utf8');
  const run = (...args: readonly string[]) => nayek(root, ['patch', ...args]);
  for (const form of FORMS.filter((f) => f !== 'summary')) {
    const { code, out } = run('--format', form);
    expect([form, code, out.length > 100]).toEqual([form, 0, true]);
  }
  const file = (name: string): string => path.join(root, '..', `${path.basename(root)}-${name}`);
  expect(run('--output-file', 'htm=x').err).toContain('known: diff, summary, json, html');
  expect(run('--output-file', `json=${root}`).code).toBe(2);
  expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(before);
  const { code, out } = run('--output-file', `json=${file('a.json')}`, '--output-file', `html=${file('b.html')}`);
  expect([code, out.includes('applied    bind')]).toEqual([0, true]);
  expect(JSON.parse(readFileSync(file('a.json'), 'utf8'))).toMatchObject({ written: true });
  expect(readFileSync(file('b.html'), 'utf8')).toMatch(
    /^<!doctype html>\n<html lang="en">[\s\S]*Content-Security-Policy/,
  );
  for (const name of ['a.json', 'b.html']) rmSync(file(name));
});
