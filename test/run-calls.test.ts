import { beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { findEntries } from '../src/survey/entries.ts';
import { findRunCalls } from '../src/survey/run-calls.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const APP = 'from fastapi import FastAPI\nimport uvicorn\napp = FastAPI()\n';
const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';

/** 'path:line callee server service-root|-' per call. */
function runCalls(files: Record<string, string>): string[] {
  const repo = memorySnapshot(files);
  const modules = createModuleGraph(repo);
  const services: Service[] = findEntries(repo, modules).map((s) => ({
    ...s,
    workers: [],
    env: [],
    deployment: { dockerfiles: [], commands: [] },
    needs: [],
    notes: [],
  }));
  return findRunCalls(repo, modules, services).map((c) => {
    expect(c.why).toMatch(/^[A-Z_a-z].*\.$/);
    return `${c.at.path}:${c.at.line} ${c.callee} ${c.server} ${c.service ? c.service.root || '.' : '-'}`;
  });
}

describe('findRunCalls: starts the service', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'behind the guard',
      { 'main.py': `${APP}if __name__ == "__main__":\n    uvicorn.run(app, port=8000)\n` },
      'main.py:5 uvicorn.run uvicorn .',
    ],
    [
      'with an import string, from a launcher',
      {
        'app/main.py': APP,
        'app/__main__.py': 'import uvicorn\nuvicorn.run("app.main:app", port=1)\n',
        'requirements.txt': '',
      },
      'app/__main__.py:2 uvicorn.run uvicorn .',
    ],
    [
      'as a Config of a Server',
      { 'main.py': `${APP}if __name__ == "__main__":\n    uvicorn.Server(uvicorn.Config("main:app", port=1)).run()\n` },
      'main.py:5 uvicorn.Config uvicorn .',
    ],
    [
      'by another name',
      { 'main.py': `${APP}from uvicorn import run as start\nif __name__ == "__main__":\n    start(app, port=1)\n` },
      'main.py:6 start uvicorn .',
    ],
    [
      'through functions and asyncio.run',
      {
        'main.py': `${APP}import asyncio\n\nasync def serve():\n    await uvicorn.Server(uvicorn.Config(app)).serve()\n\ndef main():\n    asyncio.run(serve())\n\nif __name__ == "__main__":\n    main()\n`,
      },
      'main.py:7 uvicorn.Config uvicorn .',
    ],
    [
      'through a console script',
      {
        'pyproject.toml': '[project.scripts]\nshop = "shop.main:start"\n',
        'shop/__init__.py': '',
        'shop/main.py': `${APP}\ndef start():\n    uvicorn.run("shop.main:app", port=1)\n`,
      },
      'shop/main.py:6 uvicorn.run uvicorn .',
    ],
    [
      'with a factory string',
      {
        'main.py':
          'import uvicorn\nfrom fastapi import FastAPI\n\ndef create_app():\n    return FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run("main:create_app", factory=True)\n',
      },
      'main.py:8 uvicorn.run uvicorn .',
    ],
    [
      'as a Flask application',
      { 'app.py': `${FLASK}if __name__ == "__main__":\n    app.run(port=5000)\n` },
      'app.py:4 app.run flask .',
    ],
    [
      'as a Flask debug server that nothing else replaces',
      {
        'README.md': 'In production: `gunicorn app:app`\n',
        'app.py': `${FLASK}if __name__ == "__main__":\n    app.run(debug=True)\n`,
      },
      'app.py:4 app.run flask .',
    ],
    [
      'as a Flask debug server beside the gunicorn of another service',
      {
        Procfile: 'web: gunicorn shop.main:app\n',
        'app.py': `${FLASK}if __name__ == "__main__":\n    app.run(debug=True)\n`,
      },
      'app.py:4 app.run flask .',
    ],
    [
      'with Flask-SocketIO',
      {
        'app.py': `${FLASK}from flask_socketio import SocketIO\nsocketio = SocketIO(app)\nif __name__ == "__main__":\n    socketio.run(app, port=5000)\n`,
      },
      'app.py:6 socketio.run socketio .',
    ],
    [
      'with waitress',
      { 'app.py': `${FLASK}from waitress import serve\nif __name__ == "__main__":\n    serve(app, port=5000)\n` },
      'app.py:5 serve waitress .',
    ],
  ])('%s', (_, files, wanted) => expect(runCalls(files)).toEqual([wanted]));
});

describe('findRunCalls: does not', () => {
  const launcher = { 'main.py': APP };
  it.each<[string, Record<string, string>, string]>([
    [
      'a login callback with an application of its own',
      {
        ...launcher,
        'cli.py':
          'import uvicorn\nfrom fastapi import FastAPI\n\ndef login():\n    app = FastAPI()\n    uvicorn.run(app, host="127.0.0.1", port=8085)\n\nlogin()\n',
      },
      'cli.py:6 uvicorn.run uvicorn -',
    ],
    [
      'a stale launcher',
      { ...launcher, 'start.py': 'import uvicorn\nuvicorn.run("server.main:app", port=1)\n' },
      'start.py:2 uvicorn.run uvicorn -',
    ],
    [
      'a reference copy',
      { ...launcher, 'requirements.txt': '', '[REF] old/main.py': `${APP}uvicorn.run(app)\n` },
      '[REF] old/main.py:4 uvicorn.run uvicorn -',
    ],
    [
      'a development command',
      {
        'cli.py':
          'import click\nimport uvicorn\n\n@click.command("develop")\ndef run_develop():\n    uvicorn.run("main:app", reload=True)\n',
        ...launcher,
      },
      'cli.py:6 uvicorn.run uvicorn -',
    ],
    [
      'a function that nothing calls',
      { 'main.py': `${APP}\ndef start():\n    uvicorn.run(app)\n` },
      'main.py:6 uvicorn.run uvicorn -',
    ],
    [
      'a helper script',
      { 'bin/go.py': 'import uvicorn\nuvicorn.run("main:app")\n', ...launcher },
      'bin/go.py:2 uvicorn.run uvicorn -',
    ],
    [
      'a Flask debug server where uWSGI is configured',
      {
        'uwsgi.ini': '[uwsgi]\nmodule = app:app\n',
        'app.py': `${FLASK}if __name__ == "__main__":\n    app.run(debug=True)\n`,
      },
      'app.py:4 app.run flask -',
    ],
    [
      'a Flask debug server where gunicorn is deployed',
      {
        Procfile: 'web: gunicorn app:app\n',
        'app.py': `${FLASK}if __name__ == "__main__":\n    app.run(debug=True, host="0.0.0.0")\n`,
      },
      'app.py:4 app.run flask -',
    ],
    [
      'a Flask debug server told so by position',
      {
        Procfile: 'web: gunicorn app:app\n',
        'app.py': `${FLASK}if __name__ == "__main__":\n    app.run("0.0.0.0", 8080, True)\n`,
      },
      'app.py:4 app.run flask -',
    ],
  ])('%s', (_, files, wanted) => expect(runCalls(files)).toEqual([wanted]));

  it('lists nothing for tests and for other things called run', () => {
    const files = {
      ...launcher,
      'tests/test_main.py': `${APP}uvicorn.run(app)\n`,
      'jobs.py': 'import asyncio, subprocess\nsubprocess.run(["ls"])\nasyncio.run(None)\n',
    };
    expect(runCalls(files)).toEqual([]);
  });
});
