/** What a pull request says: the report in Markdown, whole where it fits, and never more than a host takes. */
import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../src/batch/job.ts';
import { bodyOf, isOurs, marker } from '../src/batch/publish/body.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { openRepository, planRepository } from '../src/engine/run.ts';
import type { Verdict } from '../src/model/plan.ts';
import { type PlanReport, planReport } from '../src/report/json.ts';
import { useLanguage } from '../src/report/words/local.ts';
import { repositoryOf, SAMPLE } from './sample.ts';

const KEY = 'a'.repeat(64);
const record = { tool: '0.1.0', recipe: 'render', baseSha: 'b'.repeat(40), inputKey: KEY } as unknown as JobRecord;
const BRANCH = 'nayek/deploy-ready';

async function reportOf(files: Readonly<Record<string, string>>): Promise<PlanReport> {
  const { steps, name } = loadRecipe('render', parts);
  return planReport(await planRepository(await openRepository(repositoryOf(files)), steps, { recipe: name }), false);
}

const MANUAL: Verdict = {
  part: 'bind',
  kind: 'manual',
  reason: 'the host comes from <script>@everyone</script> `os.system("x")` #1',
  at: [{ path: 'app/`x`|y.py', line: 3 }],
  files: [],
  warnings: ['mind | this'],
  commands: ['uv lock'],
  snippet: 'a = """\n```\n"""',
};

describe('the body', () => {
  it('has each hunk under its reason with its warnings, what is left by hand, and what to do with it', async () => {
    const report = await reportOf(SAMPLE);
    const body = bodyOf(record, { ...report, verdicts: [...report.verdicts, MANUAL] }, BRANCH);
    const [, bind = ''] = /### `app\/main\.py`\n([\s\S]*?)\n### /.exec(body) ?? [];
    expect(bind).toMatch(
      /^\n- \*\*bind\*\*: uvicorn.*\(`app\/main\.py:15`\)\n\n```diff\n@@ [\s\S]*```\n\n- \*\*bind\*\*: as above\n/,
    );
    expect(body).toContain('### `Procfile` (new)');
    expect(body).toMatch(/render\\-yaml\*\*.*\n {2}- ⚠️ no Python version/);
    expect(body).toMatch(/## Left to do by hand[\s\S]*\n {2}````\n {2}a = """\n {2}```\n/);
    expect(body).not.toMatch(/<script|[^\\]@everyone|[^\\]#1/);
    expect(body).toContain(`git switch ${BRANCH}`);
    expect([body.trimEnd().endsWith(marker(KEY)), isOurs(body)]).toEqual([true, true]);
  });

  it('is in the language of the run', async () => {
    const report = await reportOf(SAMPLE);
    await useLanguage('fr');
    try {
      const body = bodyOf(record, report, BRANCH);
      expect(body).toMatch(/## Ce qui change, et pourquoi[\s\S]*ajout de gunicorn[\s\S]*## Qu'en faire/);
    } finally {
      await useLanguage('en');
    }
  });

  it('leaves long diffs to the host, and reasons only where these alone are too many', async () => {
    const long = Object.fromEntries([...Array(40).keys()].map((n) => [`app/a${n}.py`, `"""é ${'x\n'.repeat(900)}"""`]));
    const report = await reportOf(SAMPLE);
    const changes = Object.keys(long).map((path) => ({
      ...{ path, by: ['bind'], created: true, sha256: { before: null, after: '' } },
      diff: `@@ -0,0 +1,900 @@\n${'+é\n'.repeat(900)}`,
      hunks: [{ oldStart: 0, oldCount: 0, newStart: 1, newCount: 900, verdicts: [0] }],
    }));
    const body = bodyOf(record, { ...report, changes: [...report.changes, ...changes] }, BRANCH);
    expect(Buffer.byteLength(body)).toBeLessThan(65_536);
    expect(body).toContain('A diff of 901 lines stands under');
    for (const { path } of changes) expect(body).toContain(`### \`${path}\` (new)`);
    const warnings = [...Array(3000).keys()].map((n) => `warning number ${n} of very many`);
    const most = bodyOf(record, { ...report, warnings }, BRANCH);
    expect(Buffer.byteLength(most)).toBeLessThan(65_536);
    expect(most).toContain('The rest is left out');
    expect(isOurs(most)).toBe(true);
  });

  it('says where it is from when the report is gone', () => {
    expect(bodyOf(record, undefined, BRANCH)).toContain('Made by nayek 0.1.0');
  });
});
