import { beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { findDeployment } from '../src/survey/deployment.ts';
import { findEntries } from '../src/survey/entries.ts';
import { startTargets } from '../src/survey/start-targets.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const APP = 'from fastapi import FastAPI\napp = FastAPI()\n';

function deployment(files: Record<string, string>, root = ''): Deployment {
  const repo = memorySnapshot(files);
  const seed = findEntries(repo, createModuleGraph(repo)).find((s) => s.root === root);
  if (!seed) throw new Error(`no service in '${root}'`);
  return findDeployment(repo, seed);
}

describe('startTargets', () => {
  it.each<[string, object | undefined]>([
    ['uvicorn app.main:app --host 0.0.0.0 --port $PORT', { server: 'uvicorn', module: 'app.main', attr: 'app' }],
    [
      "exec gunicorn 'shop:create_app()' -w 4",
      { server: 'gunicorn', module: 'shop', attr: 'create_app', factory: true },
    ],
    ['gunicorn --config gunicorn.conf.py shop.wsgi', { server: 'gunicorn', module: 'shop.wsgi', attr: 'application' }],
    ['gunicorn -w 4 -k uvicorn.workers.UvicornWorker main:app', { server: 'gunicorn', module: 'main', attr: 'app' }],
    ['poetry run uvicorn main:app --reload', { server: 'uvicorn', module: 'main', attr: 'app', development: true }],
    ['cd server && python -m uvicorn main:app', { server: 'uvicorn', module: 'main', attr: 'app', folder: 'server' }],
    ['bash -c "alembic upgrade head && uvicorn main:app"', { server: 'uvicorn', module: 'main', attr: 'app' }],
    [
      'uvicorn --app-dir src shop.main:make --factory',
      { server: 'uvicorn', module: 'shop.main', attr: 'make', folder: 'src', factory: true },
    ],
    ['FLASK_APP=shop.py flask run', { server: 'flask', module: 'shop' }],
    ['fastapi run app/main.py --port 80', { server: 'fastapi', script: 'app/main.py' }],
    ['python app/main.py', { server: 'python', script: 'app/main.py' }],
    ['python -m app', { server: 'python', module: 'app' }],
    ['celery -A tasks worker', undefined],
    ['# uvicorn main:app', undefined],
    ['pip install uvicorn gunicorn', undefined],
  ])('%s', (line, wanted) => expect(startTargets(line)).toEqual(wanted ? [wanted] : []));
});

describe('findDeployment', () => {
  it('finds the files of the service, its own before those of the repository', () => {
    const found = deployment(
      {
        Procfile: 'web: uvicorn api.main:app\nworker: celery -A tasks worker\n',
        'render.yaml': 'services:\n  - type: web\n    startCommand: uvicorn main:app\n    rootDir: api\n',
        'api/Procfile': 'web: uvicorn main:app --port $PORT\n',
        'api/Dockerfile': 'FROM python\nCMD ["uvicorn", "main:app", \\\n  "--port", "80"]\n',
        'web/Dockerfile': 'FROM node\nCMD ["vite"]\n',
        'api/main.py': `from db import x\n${APP}`,
        'api/db.py': 'x = 1\n',
      },
      'api',
    );
    expect(found.procfile).toBe('api/Procfile');
    expect(found.renderYaml).toBe('render.yaml');
    expect(found.dockerfiles).toEqual(['api/Dockerfile']);
    const said = found.commands.map((c) => `${c.at.path}:${c.at.line} ${c.command}`);
    expect(said).toContain('api/Dockerfile:2 uvicorn main:app --port 80');
    expect(said).toContain('render.yaml:3 uvicorn main:app');
    expect(said.join('\n')).not.toContain('vite');
  });

  it('reads literals of gunicorn.conf.py only', () => {
    const conf = 'import os\nworkers = 2\nbind = "0.0.0.0:8000"\nworker_class = os.environ["W"]\n';
    expect(deployment({ 'main.py': APP, 'gunicorn.conf.py': conf }).gunicornConf).toEqual({
      path: 'gunicorn.conf.py',
      bind: '0.0.0.0:8000',
      at: { path: 'gunicorn.conf.py', line: 3 },
    });
    const dynamic = {
      'main.py': APP,
      'conf/g.py': 'import os\nbind = f"[::]:{os.environ[1]}"\n',
      Procfile: 'web: gunicorn -c conf/g.py main:app\n',
    };
    expect(deployment(dynamic).gunicornConf).toEqual({ path: 'conf/g.py', at: { path: 'conf/g.py', line: 1 } });
  });

  it('keeps commands of workers, and leaves out README and other services', () => {
    const files = {
      'docker-compose.yml':
        'services:\n  jobs:\n    command: celery -A tasks worker\n  web:\n    command: ["uvicorn", "main:app"]\n  admin:\n    command: uvicorn admin:site\n',
      'README.md': '```\nuvicorn main:app --reload\n```\n',
      'main.py': APP,
    };
    expect(deployment(files).commands.map((c) => c.command)).toEqual(['celery -A tasks worker', 'uvicorn main:app']);
  });

  it('survives broken files', () => {
    const files = {
      'main.py': APP,
      'render.yaml': 'services: [\n  {',
      'docker-compose.yml': 'a: &a [*a, *a]\n\tb',
      Dockerfile: 'CMD ["uvicorn", "main:app"',
      'gunicorn.conf.py': 'bind = (((',
    };
    const found = deployment(files);
    expect(found.renderYaml).toBe('render.yaml');
    expect(found.gunicornConf?.bind).toBeUndefined();
  });
});
