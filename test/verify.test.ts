/** The pure pieces of `verify`; what it starts is tested in test/live. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FileChange } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { connectionUrl, propertyOf, readConnection } from '../src/verify/connection.ts';
import { askConsent } from '../src/verify/consent.ts';
import { copyPatched, giveVersion } from '../src/verify/copy.ts';
import type { Declared } from '../src/verify/declared.ts';
import { databasesOf, environmentOf, inherited } from '../src/verify/environment.ts';
import { parseStat } from '../src/verify/family.ts';
import { lockCommands } from '../src/verify/install.ts';
import { linesSince } from '../src/verify/launch.ts';
import { gunicornCommand, runCommand } from '../src/verify/local-tests.ts';
import { openLog } from '../src/verify/log.ts';
import { closing, stepLines } from '../src/verify/report.ts';
import { platformFor } from '../src/verify/rig.ts';
import { onAllInterfaces, parseListeners } from '../src/verify/sockets.ts';
import { standIn } from '../src/verify/stand-ins.ts';
import { exitCodeOf, pause, poll, recorder, type Step } from '../src/verify/steps.ts';
import { pythonOf, type Target, targetsOf } from '../src/verify/targets.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(loadPython);

describe('parseListeners', () => {
  const table = (...lines: string[]): string =>
    ['  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode', ...lines].join(
      '\n',
    );
  const rest = '00000000:00000000 00:00000000 00000000     0        0';

  it('reads addresses as the kernel writes them', () => {
    const four = table(
      `   0: 00000000:2710 00000000:0000 0A ${rest} 11 1 0000000000000000 100 0 0 10 0`,
      `   1: 0100007F:1538 00000000:0000 0A ${rest} 12 1 0000000000000000 100 0 0 10 0`,
      `   2: 8500A8C0:1F40 00000000:0000 0A ${rest} 13 1 0000000000000000 100 0 0 10 0`,
    );
    expect(parseListeners(four)).toEqual([
      { address: '0.0.0.0', port: 10000, inode: '11' },
      { address: '127.0.0.1', port: 5432, inode: '12' },
      { address: '192.168.0.133', port: 8000, inode: '13' },
    ]);
  });

  it('reads IPv6, and IPv4 inside of it', () => {
    const six = table(
      `   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A ${rest} 21`,
      `   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A ${rest} 22`,
      `   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A ${rest} 23`,
    );
    expect(parseListeners(six).map((l) => l.address)).toEqual(['::', '0:0:0:0:0:0:0:1', '127.0.0.1']);
  });

  it('passes over connections and what it does not know', () => {
    const other = table(
      `   0: 0100007F:1F40 0100007F:9C40 01 ${rest} 31 1`,
      `   1: 0100007F 0100007F:9C40 0A ${rest} 31 1`,
      `   2: XYZ:1F40 0100007F:9C40 0A ${rest} 31 1`,
      '',
    );
    expect(parseListeners(other)).toEqual([]);
    expect(parseListeners('')).toEqual([]);
  });

  it('knows which addresses are all interfaces', () => {
    expect(['0.0.0.0', '::', '127.0.0.1', '192.168.0.133', '0:0:0:0:0:0:0:1'].map(onAllInterfaces)).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});

describe('parseStat', () => {
  it('reads past a name that holds anything', () => {
    expect(parseStat('42 (a) b) S (c)) S 7 8 9 0 -1 4194560 0')).toEqual({
      ...{ pid: 42, state: 'S', parent: 7, group: 8, session: 9 },
    });
  });

  it('answers undefined for another form', () => {
    expect(parseStat('')).toBeUndefined();
    expect(parseStat('42 name S 7 8 9')).toBeUndefined();
    expect(parseStat('42 (name) S 7')).toBeUndefined();
  });
});

describe('connections', () => {
  it('reads a URL and writes it back, the password escaped', () => {
    const url = 'postgresql+asyncpg://me:p%40ss%25@db.example:6432/shop?ssl=require';
    const to = readConnection(url);
    expect(to).toMatchObject({ user: 'me', password: 'p@ss%', port: 6432, database: 'shop', query: '?ssl=require' });
    expect(to && connectionUrl(to)).toBe(url);
    expect(to && propertyOf(to, 'hostport')).toBe('db.example:6432');
    expect(to && propertyOf(to, 'nonsense')).toBeUndefined();
  });

  it('knows the usual ports and refuses what has no host', () => {
    expect(readConnection('redis://cache')?.port).toBe(6379);
    expect(readConnection('mysql+pymysql://u:p@h/d')?.port).toBe(3306);
    expect(['sqlite:///x.db', 'nothing', 'postgresql://'].map(readConnection)).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });
});

describe('environmentOf', () => {
  const database = readConnection('postgresql://owner:secret@127.0.0.1:5433/app');
  const redis = readConnection('redis://127.0.0.1:6380');
  const to = {
    service: 'api',
    host: 'api.onrender.com',
    given: { OPENAI_API_KEY: 'from-file', EXTRA: '1' },
    generated: new Map<string, string>(),
    attached: { database: () => database, redis },
  };

  it('gives each variable in its own way', () => {
    const declared: Declared[] = [
      { name: 'LOG_LEVEL', from: 'value', value: 'INFO' },
      { name: 'DATABASE_URL', from: 'database', resource: 'db', property: 'connectionString' },
      { name: 'ASYNC_URL', from: 'database', resource: 'db', property: 'url', scheme: 'postgresql+asyncpg' },
      { name: 'PGPASSWORD', from: 'database', resource: 'db', property: 'password' },
      { name: 'REDIS_URL', from: 'redis', property: 'connectionString' },
      { name: 'OPENAI_API_KEY', from: 'supply' },
      { name: 'CORS_ORIGINS', from: 'supply' },
    ];
    const { values, standIns } = environmentOf(declared, to);
    expect(values).toEqual({
      LOG_LEVEL: 'INFO',
      DATABASE_URL: 'postgresql://owner:secret@127.0.0.1:5433/app',
      ASYNC_URL: 'postgresql+asyncpg://owner:secret@127.0.0.1:5433/app',
      PGPASSWORD: 'secret',
      REDIS_URL: 'redis://127.0.0.1:6380',
      OPENAI_API_KEY: 'from-file',
      CORS_ORIGINS: '["https://stand-in.example"]',
      EXTRA: '1',
    });
    expect(standIns).toEqual(['CORS_ORIGINS']);
    expect(databasesOf(declared)).toEqual(['db']);
  });

  it('generates a secret once, and shares it with the worker', () => {
    const web = environmentOf([{ name: 'SECRET_KEY', from: 'generate' }], to);
    const again = environmentOf([{ name: 'SECRET_KEY', from: 'generate' }], to);
    const worker = environmentOf([{ name: 'SECRET_KEY', from: 'service', resource: 'api', variable: 'SECRET_KEY' }], {
      ...to,
      service: 'worker',
    });
    expect(web.values.SECRET_KEY).toMatch(/^[\w+/]{43}=$/);
    expect(again.values.SECRET_KEY).toBe(web.values.SECRET_KEY);
    expect(worker.values.SECRET_KEY).toBe(web.values.SECRET_KEY);
    expect(web.secrets).toEqual([web.values.SECRET_KEY]);
  });

  it('hands on nothing of the user but what programs need', () => {
    const mine = { PATH: '/bin', HOME: '/home/me', DATABASE_URL: 'x', AWS_SECRET_ACCESS_KEY: 'y', PIP_INDEX_URL: 'z' };
    expect(inherited(mine)).toEqual({ PATH: '/bin', HOME: '/home/me' });
    expect(inherited(mine, true)).toEqual({ PATH: '/bin', HOME: '/home/me', PIP_INDEX_URL: 'z' });
  });

  it('makes stand-ins of the shape that the name asks for', () => {
    expect(standIn('ALLOWED_HOSTS', 'a.onrender.com')).toBe('a.onrender.com,localhost,127.0.0.1');
    expect(Buffer.from(standIn('FERNET_KEY', ''), 'base64url')).toHaveLength(32);
    expect(standIn('SENTRY_DSN', '')).toBe('');
    expect(standIn('SERVER_NAME', 'a.onrender.com')).toBe('a.onrender.com');
    expect(standIn('FRONTEND_URL', '')).toBe('https://stand-in.example');
    expect(standIn('ADMIN_EMAIL', '')).toBe('stand-in@stand-in.example');
    expect(standIn('STRIPE_API_KEY', '')).toBe('stand-in');
  });
});

describe('what a log holds since a moment', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], []],
    [['a', 'b'], ['a', 'b', 'c'], ['c']],
    // The oldest lines have gone meanwhile.
    [
      ['a', 'b', 'c'],
      ['c', 'd', 'e'],
      ['d', 'e'],
    ],
    [
      ['a', 'b'],
      ['x', 'y'],
      ['x', 'y'],
    ],
    [[], ['x'], ['x']],
  ])('%j, then %j: %j', (before, after, since) => expect(linesSince(before, after)).toEqual(since));
});

describe('what a platform sets', () => {
  const launch = { platform: 'heroku' } as unknown as Parameters<typeof platformFor>[0];
  const workers = (source: string): string | undefined => {
    const facts = survey(memorySnapshot({ 'main.py': source, 'requirements.txt': 'flask==3.0.3\n' }, '/shop'));
    const [service] = facts.services;
    return platformFor(launch, { service, name: 'shop' } as unknown as Target, 8000).WEB_CONCURRENCY;
  };
  const app = 'import os\nfrom flask import Flask\napp = Flask(__name__)\n';

  it('is two workers, or the number that the code takes by itself', () => {
    expect(workers(app)).toBe('2');
    expect(workers(`${app}N = int(os.environ.get("WEB_CONCURRENCY", "1"))\n`)).toBe('1');
    expect(workers(`${app}N = int(os.environ["WEB_CONCURRENCY"])\n`)).toBe('2');
  });
});

const APP = {
  'requirements.txt':
    'fastapi==0.115.0\nuvicorn==0.32.0\ngunicorn==23.0.0\nsqlalchemy==2.0.36\npsycopg2-binary==2.9.9\n',
  'app/__init__.py': '',
  'app/main.py': [
    'import os',
    'import uvicorn',
    'from fastapi import FastAPI',
    'from sqlalchemy import create_engine',
    'engine = create_engine(os.environ["DATABASE_URL"])',
    'SECRET_KEY = os.environ["SECRET_KEY"]',
    'app = FastAPI()',
    '@app.get("/health")',
    'def health():',
    '    return {}',
    'if __name__ == "__main__":',
    '    uvicorn.run(app, host="0.0.0.0", port=int(os.getenv("PORT", "8000")))',
    '',
  ].join('\n'),
};

const RENDER = `
services:
  - type: web
    name: api
    runtime: python
    buildCommand: pip install -r requirements.txt
    preDeployCommand: alembic upgrade head
    startCommand: gunicorn app.main:app --bind 0.0.0.0:$PORT
    healthCheckPath: /health
    maxShutdownDelaySeconds: 60
    envVars:
      - key: PYTHON_VERSION
        value: 3.11.9
      - key: DATABASE_URL
        sync: false
      - key: SECRET_KEY
        generateValue: true
      - key: WORKERS
        value: 2
      - fromGroup: shared
  - type: worker
    name: api-worker
    runtime: python
    startCommand: celery -A app worker
    envVars:
      - key: SECRET_KEY
        fromService: {type: web, name: api, envVarKey: SECRET_KEY}
      - key: REDIS_URL
        fromService: {type: keyvalue, name: api-redis, property: connectionString}
envVarGroups:
  - name: shared
    envVars:
      - key: LOG_LEVEL
        value: INFO
`;

function targets(files: Record<string, string>): Target[] {
  const repo = memorySnapshot(files, '/shop');
  return targetsOf(repo, survey(repo));
}

describe('targetsOf', () => {
  it('knows the Python of a blueprint that sets none: .python-version, else the platform has its own', () => {
    const files = { ...APP, 'render.yaml': RENDER.replaceAll('PYTHON_VERSION', 'OTHER') };
    const repo = memorySnapshot({ ...files, '.python-version': '3.10.4\n' }, '/shop');
    const [target] = targetsOf(repo, survey(repo));
    expect(target && pythonOf(target, repo)).toBe('3.10.4');
    expect(target && pythonOf(target, memorySnapshot(files, '/shop'))).toMatch(/^3\.14/);
  });

  it('takes commands and variables from render.yaml', () => {
    const [target] = targets({ ...APP, 'render.yaml': RENDER });
    expect(target?.name).toBe('api');
    expect(target?.build).toEqual({ folder: '', command: 'pip install -r requirements.txt' });
    expect(target && pythonOf(target, memorySnapshot({}, '/shop'))).toBe('3.11.9');
    const [launch, other] = target?.launches ?? [];
    expect(other).toBeUndefined();
    expect(launch).toMatchObject({
      origin: 'render.yaml',
      release: { folder: '', command: 'alembic upgrade head' },
      start: { folder: '', command: 'gunicorn app.main:app --bind 0.0.0.0:$PORT' },
      health: '/health',
      grace: 60,
    });
    // What is supplied in the Dashboard is what the code takes it for.
    expect(launch?.declared).toEqual([
      { name: 'PYTHON_VERSION', from: 'value', value: '3.11.9' },
      { name: 'DATABASE_URL', from: 'database', resource: 'nayek_app', property: 'url' },
      { name: 'SECRET_KEY', from: 'generate' },
      { name: 'WORKERS', from: 'value', value: '2' },
      { name: 'LOG_LEVEL', from: 'value', value: 'INFO' },
    ]);
    expect(launch?.workers).toEqual([
      {
        ...{ name: 'api-worker', folder: '', command: 'celery -A app worker' },
        declared: [
          { name: 'SECRET_KEY', from: 'service', resource: 'api', variable: 'SECRET_KEY' },
          { name: 'REDIS_URL', from: 'redis', property: 'connectionString' },
        ],
      },
    ]);
  });

  it('takes commands from a Procfile, and variables from the code where there is no blueprint', () => {
    const procfile =
      'web: gunicorn app.main:app --bind 0.0.0.0:$PORT\nrelease: alembic upgrade head\nworker: celery -A app worker\n';
    const [target] = targets({ ...APP, Procfile: procfile });
    const [launch] = target?.launches ?? [];
    expect(launch).toMatchObject({
      origin: 'Procfile',
      platform: 'other',
      release: { command: 'alembic upgrade head' },
      health: '/health',
      grace: 30,
    });
    expect(launch?.workers.map((w) => w.command)).toEqual(['celery -A app worker']);
    expect(target?.declared.map((d) => [d.name, d.from])).toEqual([
      ['DATABASE_URL', 'database'],
      ['SECRET_KEY', 'generate'],
    ]);
  });

  it('has nothing to start where no file says how', () => {
    const [target] = targets(APP);
    expect(target?.launches).toEqual([]);
    expect(target?.build?.command).toBe('pip install -r requirements.txt');
    expect(targets({ ...APP, 'render.yaml': 'services: [' })[0]?.launches).toEqual([]);
  });

  it('finds a service of a monorepo by its folder', () => {
    const moved = Object.fromEntries(Object.entries(APP).map(([name, text]) => [`backend/${name}`, text]));
    const render = RENDER.replace('    name: api\n', '    name: api\n    rootDir: backend\n');
    const [target] = targets({ ...moved, 'render.yaml': render });
    expect(target?.service.root).toBe('backend');
    expect(target?.launches[0]?.start.folder).toBe('backend');
  });
});

describe("the document's commands", () => {
  it('run the module, and gunicorn with two workers of the right class', () => {
    const repo = memorySnapshot(APP, '/shop');
    const facts = survey(repo);
    const [target] = targetsOf(repo, facts);
    expect(target && runCommand(repo, facts, target)).toEqual({ folder: '', command: 'python -m app.main' });
    expect(target && gunicornCommand(target, 8000, 2)).toBe(
      'gunicorn app.main:app --bind 0.0.0.0:8000 --workers 2 --worker-class uvicorn.workers.UvicornWorker',
    );
  });

  it('find no module where none starts a server', () => {
    const files = { ...APP, 'app/main.py': APP['app/main.py'].replace(/if __name__[\s\S]*/, '') };
    const repo = memorySnapshot(files, '/shop');
    const facts = survey(repo);
    const [target] = targetsOf(repo, facts);
    expect(target).toBeDefined();
    expect(target && runCommand(repo, facts, target)).toBeUndefined();
  });
});

describe('lockCommands', () => {
  it('lets those through that bring a lock up to date, and nothing else', () => {
    const known = [
      'uv lock',
      'cd backend && uv add gunicorn',
      'poetry add gunicorn==23.0.0',
      'pipenv install gunicorn',
    ];
    expect(lockCommands([...known, 'uv lock'])).toEqual(known);
    const others = [
      'uv run x',
      'uv lock; rm -rf /',
      'uv lock && x',
      'curl x',
      'uv add $(x)',
      'git mv a b',
      'uv lock > x',
    ];
    expect(lockCommands(others)).toEqual([]);
  });
});

describe('steps', () => {
  const never = new AbortController().signal;

  it('are recorded with their outcome; what they throw is a failure', async () => {
    const record = recorder(
      () => undefined,
      () => undefined,
      never,
    );
    expect(await record.run('a', {}, async () => ({ status: 'ok', detail: 'fine' }))).toBe(true);
    expect(await record.run('b', { service: 'x' }, () => Promise.reject(new Error('no')))).toBe(false);
    expect(record.steps.map((s) => [s.name, s.status, s.ok, s.detail])).toEqual([
      ['a', 'ok', true, 'fine'],
      ['b', 'failed', false, 'no'],
    ]);
  });

  it('end with the interruption', async () => {
    const abort = new AbortController();
    const record = recorder(
      () => undefined,
      () => undefined,
      abort.signal,
    );
    const work = record.run('a', {}, async () => {
      abort.abort();
      return { status: 'ok', detail: '' };
    });
    await expect(work).rejects.toMatchObject({ kind: 'interrupted', exitCode: 130 });
    expect(record.steps).toEqual([]);
    const days = 20 * 24 * 3600 * 1000;
    await pause(days, abort.signal);
    expect(await poll(() => undefined, days, abort.signal)).toBeUndefined();
  });

  const step = (status: Step['status'], detail = 'x'): Step => ({
    ...{
      name: 'start',
      service: 'api',
      status,
      ok: status !== 'failed',
      ms: 1234,
      detail,
      log: ['one', 'PASSWORD=abcdefgh'],
    },
    reproduce: "env TOKEN='abcdefgh' x",
  });

  it('decide on the exit code', () => {
    expect(exitCodeOf([])).toBe(2);
    expect(exitCodeOf([step('ok'), step('skipped'), step('warning')])).toBe(0);
    expect(exitCodeOf([step('ok'), step('blocked')])).toBe(2);
    expect(exitCodeOf([step('blocked'), step('failed')])).toBe(1);
  });

  it('are printed with log and command where they failed, secrets masked, control characters spelt out', () => {
    const file = path.join(temporaryFolder('log'), 'log');
    const log = openLog(file);
    log.hide('top-secret');
    log.line('with top-secret in it');
    log.close();
    expect(readFileSync(file, 'utf8')).toBe('with *** in it\n');
    const text = stepLines(step('failed', 'a\x1b[31m top-secret'), log.masked, false);
    expect(text).toContain('start: a\\x1b[31m ***');
    expect(text).toContain('| PASSWORD=***');
    expect(text).toContain("by hand: env TOKEN='***' x");
    expect(stepLines(step('ok'), log.masked, false)).toBe('ok         1.2 s  start: x');
    expect(closing([step('ok'), step('failed'), step('warning'), step('warning')])).toBe(
      '1 ok, 1 failed, 2 warnings (4.9 s)',
    );
  });
});

describe('copyPatched', () => {
  it('copies what a platform checks out, with the changes', () => {
    const from = temporaryFolder('copy');
    const to = temporaryFolder('copy');
    const write = (name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(from, name)), { recursive: true });
      writeFileSync(path.join(from, name), text);
    };
    write('.gitignore', '.env\n');
    write('.env', 'SECRET=1');
    write('app/main.py', 'before\n');
    write('static/vendor/x.js', 'x');
    write('run.sh', '#!/bin/sh\n');
    write('.venv/pyvenv.cfg', '');
    write('.git/HEAD', '');
    chmodSync(path.join(from, 'run.sh'), 0o755);
    symlinkSync('app/main.py', path.join(from, 'inside'));
    symlinkSync('/etc/hostname', path.join(from, 'outside'));
    const change = (name: string, before: string | null): FileChange => ({
      ...{ path: name, before, after: 'after\n', edits: [], encoding: 'utf-8', bom: false, sha256: null, by: [] },
    });
    copyPatched(from, to, [
      change('app/main.py', 'before\n'),
      change('Procfile', null),
      change('run.sh', '#!/bin/sh\n'),
    ]);
    const read = (name: string): string | undefined => {
      try {
        return readFileSync(path.join(to, name), 'utf8');
      } catch {
        return undefined;
      }
    };
    expect(read('app/main.py')).toBe('after\n');
    expect(read('Procfile')).toBe('after\n');
    expect(read('static/vendor/x.js')).toBe('x');
    expect(readlinkSync(path.join(to, 'inside'))).toBe('app/main.py');
    for (const name of ['.env', 'outside', '.venv/pyvenv.cfg', '.git/HEAD']) expect(read(name)).toBeUndefined();
    expect(readFileSync(path.join(from, 'app/main.py'), 'utf8')).toBe('before\n');
  });
});

describe('giveVersion', () => {
  const described = (folder: string): string =>
    spawnSync('git', ['-C', folder, 'describe', '--tags'], { encoding: 'utf8', env: { PATH: process.env.PATH } })
      .stdout;

  it('tags a copy whose version comes from git, and no other', () => {
    const [tagged, plain] = [temporaryFolder('copy'), temporaryFolder('copy')];
    giveVersion(tagged, ['[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n']);
    giveVersion(plain, ['[build-system]\nrequires = ["hatchling"]\n']);
    expect(described(tagged)).toBe('v0.0.1\n');
    expect(existsSync(path.join(plain, '.git'))).toBe(false);
  });
});

describe('askConsent', () => {
  it('asks nobody where there is no terminal', async () => {
    const { signal } = new AbortController();
    expect(await askConsent('Run it?', true, signal)).toBe(true);
    await expect(askConsent('Run it?', false, signal)).rejects.toMatchObject({ kind: 'usage', hint: 'pass --yes' });
  });
});
