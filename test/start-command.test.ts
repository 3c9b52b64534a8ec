import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../src/commands/command.ts';
import { shellWords } from '../src/commands/lexer.ts';
import { inOrder, stepOf } from '../src/commands/steps.ts';
import type { Deployment, Service } from '../src/model/facts.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { GUNICORN_DEFAULTS, migrateStep, startCommand, workerCommands } from '../templates/start-command.ts';
import { makeService } from './facts.ts';
import { temporaryFolder } from './temporary.ts';

const at = { path: 'Dockerfile', line: 9 };
const uvicornWorker = '--worker-class uvicorn.workers.UvicornWorker';

function withEntry(entry: Partial<Service['entry']>, more: Partial<Service> = {}): Service {
  const service = makeService(more);
  return { ...service, entry: { ...service.entry, ...entry } };
}

function withDeployment(deployment: Partial<Deployment>, more: Partial<Service> = {}): Service {
  return makeService({ ...more, deployment: { dockerfiles: [], commands: [], ...deployment } });
}

function withRequirements(names: readonly string[], more: Partial<Service> = {}): Service {
  const service = makeService(more);
  const requirements = names.map((name) => ({ name, extras: [], specifier: '', at }));
  return { ...service, ...(service.dependencies ? { dependencies: { ...service.dependencies, requirements } } : {}) };
}

function commandOf(service: Service, files: Readonly<Record<string, string>> = {}): string {
  return startCommand(memorySnapshot(files), service).command.text;
}

describe('start command', () => {
  it.each([
    ['ASGI', makeService(), `gunicorn app.main:app --bind 0.0.0.0:$PORT ${uvicornWorker}`],
    ['WSGI', withEntry({ interface: 'wsgi', framework: 'flask' }), 'gunicorn app.main:app --bind 0.0.0.0:$PORT'],
    [
      'a factory',
      withEntry({ attr: 'create_app', factory: true, interface: 'wsgi', framework: 'flask' }),
      "gunicorn 'app.main:create_app()' --bind 0.0.0.0:$PORT",
    ],
    [
      'a src layout',
      withEntry({ pythonPath: 'src' }),
      `gunicorn app.main:app --pythonpath src --bind 0.0.0.0:$PORT ${uvicornWorker}`,
    ],
    [
      'a package seen from inside',
      withEntry({ pythonPath: '..' }, { root: 'backend/app' }),
      `gunicorn app.main:app --pythonpath .. --bind 0.0.0.0:$PORT ${uvicornWorker}`,
    ],
  ])('%s', (_, service, expected) => expect(commandOf(service)).toBe(expected));

  it('leaves the number of workers to WEB_CONCURRENCY, and takes it from a recipe', () => {
    const options = { workers: 4, workerClass: 'uvicorn.workers.UvicornWorker', timeout: 120, logs: true };
    expect(startCommand(memorySnapshot({}), makeService(), GUNICORN_DEFAULTS).command.text).not.toContain('--workers');
    expect(startCommand(memorySnapshot({}), makeService(), options).command.text).toBe(
      `gunicorn app.main:app --bind 0.0.0.0:$PORT --workers 4 ${uvicornWorker} --timeout 120 --access-logfile - --error-logfile -`,
    );
  });

  it('never gives a WSGI application an ASGI worker, whatever the recipe says', () => {
    const flask = withEntry({ interface: 'wsgi', framework: 'flask' });
    const options = { ...GUNICORN_DEFAULTS, workerClass: 'uvicorn.workers.UvicornWorker' };
    expect(startCommand(memorySnapshot({}), flask, options).command).not.toContain('Uvicorn');
  });

  it('keeps one process for what lives in memory, unless the project says how many itself', () => {
    const notes = [{ text: 'sockets', at, oneProcess: true }] as const;
    expect(commandOf(makeService({ notes }))).toContain('--workers 1');
    const gunicornConf = { path: 'gunicorn.conf.py', at };
    expect(commandOf(withDeployment({ gunicornConf }, { notes }), { 'gunicorn.conf.py': '' })).not.toContain(
      '--workers',
    );
  });

  it('keeps one process for Flask-SocketIO, with the worker of its async mode', () => {
    const service = withRequirements(['flask', 'flask-socketio', 'gunicorn', 'gevent']);
    const flask: Service = { ...service, entry: { ...service.entry, interface: 'wsgi', framework: 'flask' } };
    expect(commandOf(flask)).toBe('gunicorn app.main:app --bind 0.0.0.0:$PORT --workers 1 --worker-class gevent');
    const bare = withRequirements(['flask-socketio', 'gunicorn']);
    const threaded: Service = { ...bare, entry: flask.entry };
    expect(commandOf(threaded)).toContain('--workers 1 --threads 100');
  });
});

describe('gunicorn configuration', () => {
  const conf = (more: object = {}) => ({ gunicornConf: { path: 'gunicorn.conf.py', at, ...more } });

  it('is not named when gunicorn finds it, and the command line beats its literal bind', () => {
    const service = withDeployment(conf({ bind: '0.0.0.0:8000', workerClass: 'uvicorn.workers.UvicornWorker' }));
    expect(commandOf(service, { 'gunicorn.conf.py': 'bind = "0.0.0.0:8000"\n' })).toBe(
      'gunicorn app.main:app --bind 0.0.0.0:$PORT',
    );
  });

  it('is left alone where its bind reads PORT', () => {
    const service = withDeployment(conf({ bind: '0.0.0.0:{PORT}', workerClass: 'gthread' }));
    expect(commandOf(service, { 'gunicorn.conf.py': 'import os\n' })).toBe('gunicorn app.main:app');
  });

  it('is named when it stands elsewhere', () => {
    const service = withDeployment({ gunicornConf: { path: 'deploy/gunicorn.py', at, workerClass: 'gthread' } });
    expect(commandOf(service, { 'deploy/gunicorn.py': 'workers = 2\n' })).toBe(
      'gunicorn app.main:app -c deploy/gunicorn.py --bind 0.0.0.0:$PORT',
    );
  });

  it('migrates where its hook does', () => {
    const service = withDeployment({ gunicornConf: { path: 'app/conf.py', at } });
    const hook = 'from app.db import migrate_db, migrate\n\n\ndef on_starting(server):\n    migrate()\n';
    expect(startCommand(memorySnapshot({ 'app/conf.py': hook }), service)).toMatchObject({ migrates: true });
    expect(startCommand(memorySnapshot({ 'app/conf.py': 'workers = 2\n' }), service)).toMatchObject({
      migrates: false,
    });
  });

  it('migrates by its hook in a start command of the project, too', () => {
    const service = withDeployment({ gunicornConf: { path: 'app/conf.py', at }, procfile: 'Procfile' });
    const started = (conf: string) =>
      startCommand(
        memorySnapshot({
          'app/conf.py': 'def on_starting(server):\n    migrate()\n',
          'app/main.py': '',
          Procfile: `web: gunicorn app.main:app -c ${conf} --bind 0.0.0.0:$PORT\n`,
        }),
        service,
      );
    expect(started('app/conf.py')).toMatchObject({ migrates: true, own: { path: 'Procfile' } });
    expect(started('other.py')).toMatchObject({ migrates: false, own: { path: 'Procfile' } });
  });

  it('is left out, with a warning, when it names a path of the image', () => {
    const service = withDeployment({ gunicornConf: { path: 'deploy/gunicorn.py', at } });
    const start = startCommand(memorySnapshot({ 'deploy/gunicorn.py': 'logconfig = "/src/log.ini"\n' }), service);
    expect(start.command.text).not.toContain('deploy/gunicorn.py');
    expect(start.warnings.join()).toContain('/src/log.ini');
  });
});

describe("the project's own start", () => {
  it('is taken from render.yaml for the same folder', () => {
    const text =
      'services:\n  - type: web\n    name: x\n    runtime: python\n    startCommand: uvicorn m:a --port $PORT\n';
    expect(commandOf(makeService(), { 'render.yaml': text })).toBe('uvicorn m:a --host 0.0.0.0 --port $PORT');
    expect(commandOf(makeService({ root: 'api' }), { 'render.yaml': text })).toContain('gunicorn');
  });

  it.each([
    ['web: uvicorn app.main:app --port 8000 --reload', 'uvicorn app.main:app --host 0.0.0.0 --port $PORT'],
    [
      'web: alembic upgrade head && hypercorn -b :80 app.main:app',
      'alembic upgrade head && hypercorn app.main:app --bind 0.0.0.0:$PORT',
    ],
    ['web: gunicorn app.main:app -w 2', `gunicorn app.main:app -w 2 ${uvicornWorker}`],
    ['web: python manage.py runserver 8000', `gunicorn app.main:app --bind 0.0.0.0:$PORT ${uvicornWorker}`],
    ['web: bash -c "uvicorn app.main:app"', `gunicorn app.main:app --bind 0.0.0.0:$PORT ${uvicornWorker}`],
  ])('is mended or ours where it would not do: %s', (line, expected) => {
    const service = withRequirements(['fastapi', 'uvicorn', 'hypercorn', 'gunicorn', 'django']);
    const pinned = { ...makeService(), ...service, dependencies: makeService().dependencies };
    const used = line.includes('hypercorn') ? service : (pinned as Service);
    expect(commandOf(used, { Procfile: `${line}\n`, 'app/main.py': '' })).toBe(expected);
  });

  it('is `fastapi run` of the image where gunicorn is not installed', () => {
    const commands = [{ command: 'fastapi run --workers 4 app/main.py --port 80', at }];
    const service = { ...withRequirements(['fastapi']), deployment: { dockerfiles: [], commands } };
    expect(commandOf(service, { 'app/main.py': '' })).toBe('fastapi run app/main.py --port $PORT');
    expect(commandOf(service, { 'main.py': '' }), 'another folder of the image').toContain('gunicorn');
    const withGunicorn = withDeployment({ commands });
    expect(commandOf(withGunicorn, { 'app/main.py': '' })).toContain('gunicorn');
  });

  it('is a console script of the project that takes a host and a port', () => {
    const command = "uv run wallet --port $WALLET_PORT --host $WALLET_HOST --forwarded-allow-ips='*'";
    const service = withDeployment({ commands: [{ command, at }] });
    const files = {
      'pyproject.toml': '[project]\nname = "wallet"\n[project.scripts]\nwallet = "wallet.server:main"\n',
    };
    expect(commandOf(service, files)).toBe("wallet --forwarded-allow-ips='*' --host 0.0.0.0 --port $PORT");
    expect(commandOf(service), 'no such script').toContain('gunicorn');
  });

  it('brings its own release command', () => {
    const files = { Procfile: 'web: gunicorn app.main:app\nrelease: python manage.py migrate\n' };
    expect(migrateStep(memorySnapshot(files), makeService())?.command.text).toBe('python manage.py migrate');
  });
});

describe('migrations and workers', () => {
  it('gives no command when the application migrates itself', () => {
    const migrations = { tool: 'alembic', command: 'alembic upgrade head', at } as const;
    expect(migrateStep(memorySnapshot({}), makeService({ migrations }))?.command.text).toBe('alembic upgrade head');
    const automatic = makeService({ migrations: { ...migrations, automatic: true } });
    expect(migrateStep(memorySnapshot({}), automatic)).toBeUndefined();
  });

  it('tells rq where Redis is', () => {
    const env = [{ name: 'QUEUE_URL', kind: 'redis', required: true, at }] as const;
    const commands = ['rq worker mails', 'rq worker -u redis://x mails', 'python work.py'];
    const workers = commands.map((command) => ({ tool: 'rq', process: 'worker', command, at }) as const);
    expect(workerCommands(makeService({ env, workers })).map((w) => w.command.text)).toEqual([
      'rq worker --url $QUEUE_URL mails',
      ...commands.slice(1),
    ]);
  });

  it('lets workers import what the web process imports', () => {
    const workers = [{ tool: 'celery', process: 'worker', command: 'celery -A app.jobs worker', at }] as const;
    const [worker] = workerCommands(withEntry({ pythonPath: 'src' }, { workers }));
    expect(worker?.command.text).toBe('PYTHONPATH=src celery -A app.jobs worker');
  });
});

describe('what is not installed', () => {
  it('is said, with the command of the lock', () => {
    const service = withRequirements(['fastapi', 'uvicorn-worker']);
    const locked: Service = {
      ...service,
      ...(service.dependencies
        ? {
            dependencies: {
              ...service.dependencies,
              path: 'api/pyproject.toml',
              locks: ['api/uv.lock'],
              lockTool: 'uv',
            },
          }
        : {}),
    };
    const start = startCommand(memorySnapshot({}), locked);
    expect(start.commands.join()).toMatch(/^cd api && uv add gunicorn/);
    expect(start.command.text).toContain('gunicorn app.main:app');
  });
});

describe('shell', () => {
  it.each(["it's", 'a b', '$HOME', '{{ name }}/x', 'm:create_app()', 'plain/path.py', '*'])('quotes %s', (text) => {
    expect(shellWords(shellWord(text))).toEqual([text]);
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  });

  it.each(['a; b', 'a && b', 'a | b', 'a > b', '$(a)', 'a "b', 'a\nb', '`a`'])(
    'takes %s for more than one command',
    (text) => {
      expect(shellWords(text)).toBeUndefined();
    },
  );

  it('changes the folder only where it must', () => {
    const steps = [stepOf('src', 'cd .. && alembic upgrade head'), stepOf('src', 'gunicorn main:app')];
    expect(inOrder('', steps)).toBe('alembic upgrade head && cd src && exec gunicorn main:app');
    expect(inOrder('', [stepOf('-old', 'x')])).toBe('cd ./-old && exec x');
    expect(inOrder('src', steps)).toBe('cd .. && alembic upgrade head && cd src && exec gunicorn main:app');
    expect(stepOf('', 'cd ../other && x')).toMatchObject({ folder: '', command: { text: 'cd ../other && x' } });
  });

  it('runs in order, stops at a failed migration, and hands its place to the server', () => {
    const folder = temporaryFolder('start');
    const steps = ['./migrate', './serve $PORT'].map((command) => stepOf('', command));
    const line = inOrder('', steps);
    expect(line).toBe('./migrate && exec ./serve $PORT');
    const program = (name: string, body: string) => {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`);
      chmodSync(path.join(folder, name), 0o755);
    };
    program('serve', 'echo "served $1 as $$"');
    program('migrate', 'exit 0');
    const run = () =>
      spawnSync('sh', ['-c', `echo "shell $$"; ${line}`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, PORT: '81' },
      });
    const [, shell] = /shell (\d+)/.exec(run().stdout) ?? [];
    expect(shell).toBeDefined();
    const good = run();
    expect(good.stdout).toMatch(/^shell (\d+)\nserved 81 as \1\n$/);
    program('migrate', 'exit 3');
    expect(run()).toMatchObject({ status: 3, stdout: expect.not.stringContaining('served') });
  });
});
