/** The reports for people and for code hosts: their form, their languages, and what a repository may not do to them. */

import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import type { Language } from '../src/model/part-words.ts';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { languages, markdownReport } from '../src/report/markdown.ts';
import { sarifLog } from '../src/report/sarif.ts';
import { summary } from '../src/report/summary.ts';
import { en } from '../src/report/words/en.ts';
import { fr } from '../src/report/words/fr.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { localTestsOf } from '../src/verify/local-test-commands.ts';

const FILES = {
  'requirements.txt': 'fastapi==0.115.0\nuvicorn==0.32.0\n',
  'api/main.py':
    'import uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run("api.main:app", host="127.0.0.1", port=9000)\n',
  'api/__init__.py': '',
};

beforeAll(loadPython);

function planOf(files: Record<string, string>, recipe = 'render'): Plan {
  return makePlan(memorySnapshot(files, '/shop'), loadRecipe(recipe, parts).steps, { recipe });
}

function report(plan: Plan, files: Record<string, string>, language: Language, written = false): string {
  const repo = memorySnapshot(files, '/shop');
  const localTests = localTestsOf(repo, survey(repo));
  return markdownReport(plan, { language, date: '2026-01-02', written, target: 'x', parts, localTests });
}

describe('the summary', () => {
  it('names the files, as many as fit on a screen', () => {
    const plan = planOf(FILES);
    expect(summary(plan, { written: false })).toMatch(
      /\n2 files to change, 2 files to create: Procfile, api\/main\.py, /,
    );
    const [change] = plan.changes;
    const changes = Array.from({ length: 45 }, (_, i) => ({ ...change, path: `f${i}.py` })) as Plan['changes'];
    expect(summary({ ...plan, changes }, { written: false })).toMatch(/ f39\.py, and 5 more\n$/);
  });
});

describe('the Markdown report', () => {
  it.each(languages)('has the chapters of the document in their order (%s)', (language) => {
    const words = language === 'fr' ? fr : en;
    const text = report(planOf(FILES), FILES, language);
    const chapters = [...text.matchAll(/^## (?:✅ )?(.*)$/gm)].map((m) => m[1]);
    expect(chapters).toEqual([words.problems, words.patches, words.code, words.verification, words.summary]);
    const patches = [...text.matchAll(/^### PATCH (\d) ?: `([^`]+)`/gm)].map((m) => `${m[1]} ${m[2]}`);
    const files = ['1 api/main.py', '2 requirements.txt', '3 Procfile', '4 render.yaml'];
    expect(patches).toEqual([...files, ...files]);
    expect(text).toContain('HOST=0.0.0.0 PORT=8000 python -m api.main');
    expect(text).toContain('gunicorn api.main:app --bind 0.0.0.0:8000 --workers 2');
    expect(text).toContain('+    uvicorn.run("api.main:app", host=host, port=port)');
    expect(text).toContain(`**${words.notReady}** — `);
  });

  it('says what is left by hand, and marks what has been written', () => {
    const files = { ...FILES, 'render.yaml': 'services: [\n' };
    const plan = planOf(files);
    const text = report(plan, files, 'en', true);
    expect(text).toMatch(/- \[x\] `api\/main\.py`/);
    expect(text).toMatch(/- \[ \] `render\.yaml`/);
    expect(text).toContain(`${en.left}: no complete render.yaml`);
  });

  it('is not broken out of by a file name or by fences in a source', () => {
    const files = { ...FILES, 'api/main.py': `"""\n\`\`\`\n\`\`\`\`\n"""\n${FILES['api/main.py']}` };
    const text = report(planOf(files), files, 'en');
    const fences = text.split('\n').filter((line) => /^`{3,}/.test(line));
    expect(fences.length % 2).toBe(0);
    const plan = planOf(FILES);
    const [verdict] = plan.verdicts;
    if (!verdict) throw new Error('no verdict');
    const hostile = {
      ...verdict,
      reason: '<script>\u001b[2J [x](http://h)\n## HEADING',
      at: [{ path: 'a`b\n# c.py', line: 1 }],
    };
    const shown = report({ ...plan, verdicts: [hostile] }, FILES, 'en');
    expect(shown).not.toMatch(/^## HEADING|^# c\.py|<script>/m);
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toContain('[x](http');
  });

  it('says everything in both languages, for every part', () => {
    for (const { id, words, severity } of parts) {
      expect(Object.keys(words ?? {}), id).toEqual(['en', 'fr']);
      for (const saying of Object.values(words ?? {})) expect(Object.values(saying).every(Boolean), id).toBe(true);
      expect(severity, id).toBeDefined();
    }
  });
});

describe('SARIF', () => {
  interface Log {
    runs: {
      tool: { driver: { rules: { id: string }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        kind: string;
        level: string;
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      }[];
    }[];
  }

  it('has a result at the line for each verdict, below the prefix of the repository', () => {
    const log = sarifLog(planOf(FILES), parts, 'services/my api', false) as Log;
    const [run] = log.runs;
    const [bind] = run?.results ?? [];
    expect(bind).toMatchObject({ ruleId: 'bind', kind: 'fail', level: 'warning' });
    expect(bind?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'services/my%20api/api/main.py' },
      region: { startLine: 7 },
    });
    for (const result of run?.results ?? []) expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  });

  it('has no finding left once the patch is written', () => {
    const [run] = (sarifLog(planOf(FILES), parts, '', true) as Log).runs;
    expect(run?.results.filter((r) => r.kind === 'fail')).toEqual([]);
  });
});
