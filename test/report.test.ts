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
import { localPlan, useLanguage } from '../src/report/words/local.ts';
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

describe('the French report beside the document', () => {
  const files = {
    'requirements.txt':
      'fastapi==0.115.0\nuvicorn[standard]==0.32.0\npydantic-settings==2.4.0\nsqlalchemy==2.0.36\nalembic==1.13.3\npsycopg2-binary==2.9.9\n',
    'alembic.ini':
      '[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql+psycopg2://postgres:pass123@localhost:5432/konan_db\n',
    'alembic/env.py':
      'import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\nfrom app.db.base import Base\nfrom app import models\n\nconfig = context.config\ndatabase_url = os.getenv("DATABASE_URL")\nif database_url:\n    config.set_main_option("sqlalchemy.url", database_url)\ntarget_metadata = Base.metadata\n\n\ndef run_migrations_offline():\n    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata)\n    with context.begin_transaction():\n        context.run_migrations()\n\n\ndef run_migrations_online():\n    with create_engine(config.get_main_option("sqlalchemy.url")).connect() as connection:\n        context.configure(connection=connection, target_metadata=target_metadata)\n        with context.begin_transaction():\n            context.run_migrations()\n\n\nif context.is_offline_mode():\n    run_migrations_offline()\nelse:\n    run_migrations_online()\n',
    'app/__init__.py': '',
    'app/database.py': 'from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n',
    'app/db/__init__.py': '',
    'app/db/base.py': 'from app.database import Base\n',
    'app/models.py':
      'from sqlalchemy import Column, Integer\nfrom app.database import Base\n\n\nclass User(Base):\n    __tablename__ = "users"\n    id = Column(Integer, primary_key=True)\n',
    'app/config.py':
      'from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    openai_api_key: str = ""\n\n\nsettings = Settings()\n',
    'app/main.py':
      'import os\nfrom fastapi import FastAPI\nfrom app.config import settings\n\napp = FastAPI()\nKEY = os.getenv("OPENAI_API_KEY", "")\n\n\n@app.get("/health")\ndef health():\n    return {"key": bool(KEY)}\n\n\nif __name__ == "__main__":\n    import uvicorn\n    uvicorn.run("app.main:app", host="192.168.0.133", port=8000)\n',
  };
  const own = loadRecipe('settings', parts).steps.filter((s) => s.part.id === 'settings');
  const steps = [...loadRecipe('fi9-nayek', parts).steps, ...own];

  it('has its eight problems, its sections, the resulting code, and nothing English', async () => {
    await useLanguage('fr');
    try {
      const plan = makePlan(memorySnapshot(files, '/konan-backend'), steps, { recipe: 'fi9-nayek' });
      const text = report(localPlan(plan), files, 'fr');
      const numbered = [...text.matchAll(/^(\d)\. \*\*(.+?)\*\* : `(.+?):/gm)].map(
        ([, n, problem, file]) => `${n} ${problem}: ${file}`,
      );
      expect(numbered.slice(0, 8)).toEqual([
        '1 Host ou port fixe: app/main.py',
        '2 Base importée par un réexport: alembic/env.py',
        '3 URL de base de données fixe dans alembic.ini: alembic.ini',
        '4 Pas de serveur de production: requirements.txt',
        '5 Port non configurable: app/main.py',
        '6 Pas de Procfile complet: app/main.py',
        '7 Pas de render.yaml complet: app/main.py',
        expect.stringMatching(/^8 .*: app\/main\.py$/),
      ]);
      expect(text).toContain('```python\n');
      expect(text).toContain('\n    host = os.getenv("HOST", "0.0.0.0")\n    port = int(os.getenv("PORT", "8000"))\n');
      expect(text).toContain('\n# sqlalchemy.url = postgresql+psycopg2://postgres:***@localhost:5432/konan_db\n');
      const prose = text.replace(/^( *)```[\s\S]*?^\1```$/gm, '').replace(/`[^`]*`|https?:\S+/g, '');
      expect(prose.match(/^.*\b(?:the|which|with|from|does|not|is|are|has|this|without|must)\b.*$/gm) ?? []).toEqual(
        [],
      );
    } finally {
      await useLanguage('en');
    }
  });
});
