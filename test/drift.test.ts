/**
 * Every row of src/knowledge/drift.json, in a repository made of its proof: what the row installs is listed, what it runs
 * is the code. The survey must see the break; mended as the proof mends it, it must be silent.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { chooseSteps, loadRecipe } from '../src/engine/recipe.ts';
import type { DriftRow } from '../src/knowledge/drift.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

interface Proof {
  readonly python: string;
  readonly install: readonly string[];
  readonly run: string;
  readonly fails: string;
  readonly mended: readonly string[];
  readonly mendedPython?: string;
  readonly mendedRun?: string;
}

const rows = JSON.parse(readFileSync('src/knowledge/drift.json', 'utf8')) as (DriftRow & { readonly proof: Proof })[];
const table = readFileSync('docs/drift.md', 'utf8');
beforeAll(loadPython);

/** A repository in which the row's program runs at start: as the module that is served, or as a migration of Django. */
function repositoryWith(install: readonly string[], code: string, python: string, when: DriftRow['when'] = {}) {
  if (when.schema !== undefined) return djangoWith(install, code, python);
  const [, worker] = /^(gevent|eventlet)-worker$/.exec(when.state ?? '') ?? [];
  if (worker !== undefined) return flaskWith(install, worker, python);
  const own = ['fastapi', 'uvicorn', 'gunicorn'].filter((name) => !install.some((one) => one.startsWith(name)));
  const files = {
    'requirements.txt': [...own, ...install, ''].join('\n'),
    '.python-version': `${python}\n`,
    'main.py': `from fastapi import FastAPI\n${code}\n\napp = FastAPI()\n`,
  };
  return memorySnapshot(files, '/app');
}

function djangoWith(install: readonly string[], code: string, python: string) {
  const files = {
    'requirements.txt': ['gunicorn==23.0.0', ...install, ''].join('\n'),
    '.python-version': `${python}\n`,
    'manage.py': "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n",
    'site1/__init__.py': '',
    'site1/settings.py': "INSTALLED_APPS = ['shop']\nROOT_URLCONF = 'site1.urls'\n",
    'site1/urls.py': 'urlpatterns = []\n',
    'site1/wsgi.py': [
      'import os',
      'from django.core.wsgi import get_wsgi_application',
      "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')",
      'application = get_wsgi_application()',
      '',
    ].join('\n'),
    'shop/__init__.py': '',
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_initial.py': `${code}\n`,
  };
  return memorySnapshot(files, '/app');
}

function flaskWith(install: readonly string[], worker: string, python: string) {
  const files = {
    'requirements.txt': [...install, ''].join('\n'),
    '.python-version': `${python}\n`,
    'main.py': 'from flask import Flask\napp = Flask(__name__)\n',
    Procfile: `web: gunicorn main:app --bind 0.0.0.0:$PORT -k ${worker}\n`,
  };
  return memorySnapshot(files, '/app');
}

function textsOf(repo: ReturnType<typeof repositoryWith>): string[] {
  return survey(repo).services.flatMap((s) => s.needs.map((n) => n.text));
}

describe('known breaks between versions', () => {
  it('have a name of their own, a source, a day and a line in docs/drift.md', () => {
    expect(rows.length).toBeGreaterThanOrEqual(30);
    expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length);
    for (const { id, source, proved, ask, say } of rows) {
      expect([id, /^https:\/\//.test(source), /^\d{4}-\d\d-\d\d$/.test(proved)]).toEqual([id, true, true]);
      expect([id, (ask === undefined) !== (say === undefined)]).toEqual([id, true]);
      expect(table).toContain(`[${id}](${source})`);
    }
  });

  it.each(rows.map((row) => [row.id, row] as const))('%s', (_id, { what, when, ask, proof }) => {
    const repo = repositoryWith(proof.install, proof.run, proof.python, when);
    expect(textsOf(repo).some((text) => text.startsWith(what))).toBe(true);
    const mended = repositoryWith(proof.mended, proof.mendedRun ?? proof.run, proof.mendedPython ?? proof.python, when);
    expect(textsOf(mended).filter((text) => text.startsWith(what))).toEqual([]);
    if (ask === undefined) return;
    const recipe = loadRecipe('render', parts);
    const plan = makePlan(repo, chooseSteps(recipe, parts, { only: ['requirements'] }), { recipe: 'render' });
    const after = plan.changes.find((c) => c.path === 'requirements.txt')?.after ?? '';
    expect(after).toContain(ask);
    expect(plan.stops?.filter(({ text }) => text.startsWith(what))).toEqual([]);
  });
});

describe('where a break is looked for', () => {
  const FILES = {
    'requirements.txt': 'fastapi\nuvicorn\nmarshmallow\n',
    'main.py': 'from fastapi import FastAPI\nimport first\nimport second\napp = FastAPI()\n',
    'first.py': 'from marshmallow import Schema, fields\nclass A(Schema):\n    name = fields.Str()\n',
    'second.py':
      'from marshmallow import Schema, fields\nclass B(Schema):\n    on = fields.Bool(required=False, default=True)\n',
  };
  const places = (files: Record<string, string>): string[] =>
    survey(memorySnapshot(files, '/app')).services.flatMap((s) =>
      s.needs.filter((n) => n.name === 'marshmallow').map((n) => n.at.path),
    );

  it('is in every module that imports the name, not in the first alone', () => {
    expect(places(FILES)).toEqual(['second.py']);
    expect(places({ ...FILES, 'second.py': FILES['first.py'] })).toEqual([]);
  });

  it('is also the module of a worker whose object is named by a dot', () => {
    const jobs = "import os\nfrom celery import Celery\nqueue = Celery('shop', broker=os.environ['REDIS_URL'])\n";
    const files = {
      'requirements.txt': 'fastapi\nuvicorn\ncelery==5.4.0\nredis==5.0.8\n',
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef go():\n    from jobs import queue\n',
      'jobs.py': jobs,
      Procfile: 'worker: celery -A jobs.queue worker\n',
    };
    const needs = survey(memorySnapshot(files, '/app')).services.flatMap((s) => s.needs.map((n) => n.name));
    expect(needs).toContain('kombu');
  });
});
