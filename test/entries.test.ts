import { beforeAll, describe, expect, it } from 'vitest';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { findEntries } from '../src/survey/entries.ts';
import { findRefusal } from '../src/survey/refusal.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const FASTAPI = 'from fastapi import FastAPI\napp = FastAPI()\n';
const FACTORY = 'from fastapi import FastAPI\n\ndef create_app():\n    app = FastAPI()\n    return app\n';

/** 'root | module:attr | framework interface [pythonPath]' per service. */
function entries(files: Record<string, string>): string[] {
  const repo = memorySnapshot(files, '/shop');
  return findEntries(repo, createModuleGraph(repo)).map(({ root, entry: e }) => {
    const path = e.pythonPath === undefined ? '' : ` +${e.pythonPath}`;
    return `${root || '.'} | ${e.module}:${e.attr}${e.factory ? '()' : ''} | ${e.framework} ${e.interface}${path}`;
  });
}

describe('findEntries: what is served', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a module-level FastAPI', { 'main.py': FASTAPI }, '. | main:app | fastapi asgi'],
    ['a Flask object', { 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' }, '. | app:app | flask wsgi'],
    [
      'an instance made by a factory in another module',
      { 'core.py': FACTORY, 'main.py': 'from core import create_app\napp = create_app()\n' },
      '. | main:app | fastapi asgi',
    ],
    [
      'the factory where the instance is made behind the main guard',
      {
        'app.py':
          'from flask import Flask\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n\nif __name__ == "__main__":\n    app = create_app()\n    app.run()\n',
      },
      '. | app:create_app() | flask wsgi',
    ],
    [
      'the instance of the other branch of a main guard',
      {
        'app.py':
          'from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n\nif __name__ == "__main__":\n    create_app().run()\nelse:\n    application = create_app()\n',
      },
      '. | app:application | flask wsgi',
    ],
    [
      'the factory rather than a script that empties the database with it',
      {
        'app.py': 'from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n',
        'init_db.py': 'from app import create_app\napp = create_app()\napp.db.drop_all()\n',
        'README.md': 'python .\\init_db.py\npython .\\app.py\n',
      },
      '. | app:create_app() | flask wsgi',
    ],
    [
      'a function that hands each request to the application',
      {
        'wsgi.py':
          'from flask import Flask\n_app = Flask(__name__)\n\ndef application(environ, start_response):\n    environ["SCRIPT_NAME"] = "/shop"\n    return _app(environ, start_response)\n',
      },
      '. | wsgi:application | flask wsgi',
    ],
    [
      'a coroutine function that hands each request to the application',
      {
        'main.py':
          'from fastapi import FastAPI\napi = FastAPI()\n\nasync def app(scope, receive, send):\n    scope["root_path"] = "/shop"\n    await api(scope, receive, send)\n',
      },
      '. | main:app | fastapi asgi',
    ],
    [
      'the application, and no function that calls it with something else',
      {
        'main.py':
          'from flask import Flask\napp = Flask(__name__)\n\ndef run(environ, answer):\n    return app(dict(environ), answer)\n\ndef other(a, b, c):\n    return app(a, b)\n',
      },
      '. | main:app | flask wsgi',
    ],
    [
      'the one of two that a hosted workspace runs',
      {
        '.replit': '[deployment]\nrun = ["gunicorn", "--bind", "0.0.0.0:5000", "main:app"]\n',
        'main.py':
          'from fastapi import FastAPI\nfrom flask import Flask\napp = Flask(__name__)\nfastapi_app = FastAPI()\n',
        'run.py': 'import uvicorn\nuvicorn.run("main:fastapi_app", port=8000)\n',
      },
      '. | main:app | flask wsgi',
    ],
    [
      'the name that a factory is unpacked into',
      {
        'run.py': 'from shop import create_app\napp, socketio = create_app()\n',
        'shop/__init__.py':
          'from flask import Flask\nfrom flask_socketio import SocketIO\n\ndef create_app():\n    app = Flask(__name__)\n    return app, SocketIO(app)\n',
      },
      '. | run:app | flask wsgi',
    ],
    [
      'the server of a Dash application',
      { 'app.py': 'import dash\napp = dash.Dash(__name__)\nserver = app.server\n' },
      '. | app:server | flask wsgi',
    ],
    [
      'what a uWSGI file loads',
      {
        'etc/uwsgi.ini': '[uwsgi]\nhttp-socket = :$(PORT)\nwsgi-file = page.py\ncallable = web\n',
        'main.py': FASTAPI,
        'page.py': 'from flask import Flask\nweb = Flask(__name__)\n',
      },
      '. | page:web | flask wsgi',
    ],
    [
      'the wsgi.py that imports the application',
      {
        'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
        'wsgi.py': 'from app import app as application\n',
      },
      '. | wsgi:application | flask wsgi',
    ],
    [
      'a factory without an instance',
      { 'pkg/__init__.py': '', 'pkg/main.py': FACTORY },
      '. | pkg.main:create_app() | fastapi asgi',
    ],
    [
      'a wrapper around the application rather than the application',
      {
        'main.py': `import socketio\nfrom fastapi import FastAPI\napi = FastAPI()\nsio = socketio.AsyncServer()\napp = socketio.ASGIApp(sio, other_asgi_app=api)\n`,
      },
      '. | main:app | fastapi asgi',
    ],
    [
      'a name that is wrapped by itself',
      {
        'main.py': `from flask import Flask\nfrom asgiref.wsgi import WsgiToAsgi\napp = Flask('x')\napp = WsgiToAsgi(app)\n`,
      },
      '. | main:app | flask asgi',
    ],
    [
      'an attribute of an instance',
      {
        'core.py':
          'from fastapi import FastAPI\n\nclass Server:\n    def __init__(self):\n        self.api = FastAPI()\n',
        'main.py': 'from core import Server\nserver = Server()\napp = server.api\n',
      },
      '. | main:app | fastapi asgi',
    ],
    [
      'what a method of a builder returns',
      {
        'main.py':
          'from fastapi import FastAPI\n\nclass Builder:\n    def build(self) -> FastAPI:\n        app = FastAPI()\n        return app\n\napp = Builder().build()\n',
      },
      '. | main:app | fastapi asgi',
    ],
    [
      'a subclass of the framework',
      { 'main.py': 'from fastapi import FastAPI\n\nclass Shop(FastAPI):\n    pass\n\napp = Shop()\n' },
      '. | main:app | fastapi asgi',
    ],
    [
      'an application that a function hands back',
      {
        'main.py':
          'from fastapi import FastAPI\n\ndef traced(app):\n    return app\n\ndef get_app():\n    app = FastAPI()\n    app = traced(app)\n    return app\n',
      },
      '. | main:get_app() | fastapi asgi',
    ],
    [
      'Django, by wsgi.py',
      {
        'manage.py': '',
        'shop/settings.py': '',
        'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
        'shop/asgi.py': 'from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n',
      },
      '. | shop.wsgi:application | django wsgi',
    ],
    [
      'Django with Channels, by asgi.py',
      {
        'web/manage.py': '',
        'web/shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
        'web/shop/asgi.py':
          'from channels.routing import ProtocolTypeRouter\nfrom django.core.asgi import get_asgi_application\napplication = ProtocolTypeRouter({"http": get_asgi_application()})\n',
      },
      'web | shop.asgi:application | django asgi',
    ],
  ])('%s', (_, files, wanted) => expect(entries(files)).toEqual([wanted]));
});

describe('findEntries: where it starts', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'the folder from which the absolute imports resolve',
      {
        'requirements.txt': '',
        'server/app/main.py': `from app.db import x\n${FASTAPI}`,
        'server/app/db.py': 'x = 1\n',
      },
      'server | app.main:app | fastapi asgi',
    ],
    [
      'a flat folder',
      { 'requirements.txt': '', 'src/main.py': `from db import x\n${FASTAPI}`, 'src/db.py': 'x = 1\n' },
      'src | main:app | fastapi asgi',
    ],
    [
      'a src layout',
      {
        'pyproject.toml': '',
        'src/shop/__init__.py': '',
        'src/shop/main.py': `from shop.db import x\n${FASTAPI}`,
        'src/shop/db.py': 'x = 1\n',
      },
      '. | shop.main:app | fastapi asgi +src',
    ],
    [
      'imports that begin with src',
      { 'requirements.txt': '', 'src/main.py': `from src.db import x\n${FASTAPI}`, 'src/db.py': 'x = 1\n' },
      '. | src.main:app | fastapi asgi',
    ],
    [
      'outside of the package of relative imports',
      { 'api/main.py': `from .db import x\n${FASTAPI}`, 'api/db.py': 'x = 1\n' },
      '. | api.main:app | fastapi asgi',
    ],
    [
      'a launcher at the root, though a function of the package goes up too far',
      {
        'run.py': 'from app import make\napp = make()\n',
        'app/__init__.py': 'from flask import Flask\nfrom app import jobs\ndef make():\n    return Flask(__name__)\n',
        'app/jobs.py': 'def later():\n    from ..app import db\n',
      },
      '. | run:app | flask wsgi',
    ],
    [
      'a folder that a function of it allows, before one that it does not',
      {
        'pkg/main.py': `from pkg2 import x\n${FASTAPI}\ndef f():\n    from .db import y\n`,
        'pkg/pkg2.py': 'x = 1\n',
        'pkg/db.py': 'y = 1\n',
      },
      '. | pkg.main:app | fastapi asgi',
    ],
    [
      'inside the package where fastapi run starts it',
      {
        'api/Dockerfile': 'FROM python\nCMD ["fastapi", "run", "main.py"]\n',
        'api/app/main.py': `from .db import x\n${FASTAPI}`,
        'api/app/db.py': 'x = 1\n',
      },
      'api/app | app.main:app | fastapi asgi +..',
    ],
    [
      'the folder that the start command implies, where imports do not tell',
      { Procfile: 'web: uvicorn api.main:app --port $PORT\n', 'api/main.py': FASTAPI, 'api/requirements.txt': '' },
      '. | api.main:app | fastapi asgi',
    ],
  ])('%s', (_, files, wanted) => expect(entries(files)).toEqual([wanted]));
});

describe('findEntries: which one', () => {
  const other = 'from fastapi import FastAPI\nserver = FastAPI()\n';

  it('follows the start command against the usual names', () => {
    const files = { Procfile: 'web: gunicorn shop:server\n', 'shop.py': other, 'main.py': FASTAPI };
    expect(entries(files)[0]).toBe('. | shop:server | fastapi asgi');
  });

  it.each(['tests/app.py', 'docs_src/main.py', 'migrations/env.py', 'app_test.py', '{{cookiecutter.slug}}/main.py'])(
    'never takes %s',
    (path) => expect(entries({ [path]: FASTAPI })).toEqual([]),
  );

  it.each(['[REF] billing/main.py', 'old/main.py', 'examples/main.py', 'lambda_handlers/main.py', 'scripts/main.py'])(
    'prefers the service to %s',
    (path) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      const files = { [path]: FASTAPI, [`${folder}/requirements.txt`]: '', 'backend/core/web.py': FASTAPI };
      expect(entries(files)).toEqual(['backend/core | web:app | fastapi asgi']);
    },
  );

  it('leaves out applications that are mounted in another', () => {
    const files = {
      'main.py': 'from fastapi import FastAPI\napi = FastAPI()\nfront = FastAPI()\napi.mount("/front", front)\n',
    };
    expect(entries(files)).toEqual(['. | main:api | fastapi asgi']);
  });

  it('finds every service of a monorepo, not the helpers', () => {
    const files = {
      'billing/main.py': FASTAPI,
      'billing/requirements.txt': '',
      'orders/app/api.py': FASTAPI,
      'orders/pyproject.toml': '',
      'worker/model_host.py': FASTAPI,
      'worker/requirements.txt': '',
    };
    expect(entries(files).sort()).toEqual(['billing | main:app | fastapi asgi', 'orders | app.api:app | fastapi asgi']);
  });

  it('takes neither a test client factory with parameters nor a route that returns an application', () => {
    const files = {
      'helpers.py': 'from fastapi import FastAPI\n\ndef make(settings):\n    return FastAPI(title=settings)\n',
    };
    expect(entries(files)).toEqual([]);
  });

  it('gives unique names', () => {
    const files = {
      'a/api/main.py': FASTAPI,
      'a/api/Dockerfile': '',
      'b/api/main.py': FASTAPI,
      'b/api/Dockerfile': '',
    };
    const repo = memorySnapshot(files, '/My Shop');
    const names = findEntries(repo, createModuleGraph(repo)).map((s) => s.name);
    expect(new Set(names).size).toBe(2);
    const one = memorySnapshot({ 'main.py': FASTAPI }, '/My Shop');
    expect(findEntries(one, createModuleGraph(one))[0]?.name).toBe('my-shop');
  });
});

describe('findRefusal', () => {
  const refusal = (files: Record<string, string>): string | undefined => {
    const repo = memorySnapshot(files);
    const modules = createModuleGraph(repo);
    const seeds = findEntries(repo, modules);
    const services = seeds.map((s) => ({
      ...s,
      workers: [],
      env: [],
      deployment: { dockerfiles: [], commands: [] },
      needs: [],
      notes: [],
    }));
    return findRefusal(repo, modules, () => services)?.kind;
  };

  it.each<[string, Record<string, string>, string | undefined]>([
    ['an empty folder', {}, 'empty'],
    ['no Python', { 'index.js': '' }, 'no-python'],
    ['a library', { 'lib.py': 'x = 1\n' }, 'no-service'],
    [
      'a cookiecutter template',
      { 'cookiecutter.json': '{}', '{{cookiecutter.slug}}/main.py': FASTAPI, 'hooks/post.py': '' },
      'template',
    ],
    ['a copier template', { 'copier.yml': '', 'template/main.py.jinja': FASTAPI }, 'template'],
    [
      'a service that holds a template of something else',
      { 'main.py': FASTAPI, 'plugins/{{cookiecutter.slug}}/x.py': '' },
      undefined,
    ],
    ['a service with HTML templates', { 'main.py': FASTAPI, 'templates/index.html': '{{ title }}' }, undefined],
  ])('%s', (_, files, kind) => expect(refusal(files)).toBe(kind));
});
