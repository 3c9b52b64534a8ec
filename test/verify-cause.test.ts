/** What `verify` says of a failure: its cause, whether it was foreseen, and the values that it starts with. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { causeOf, foreseenIn } from '../src/verify/cause.ts';
import { declaredByCode } from '../src/verify/declared.ts';
import { environmentOf } from '../src/verify/environment.ts';
import { openLog } from '../src/verify/log.ts';
import { findPython } from '../src/verify/python.ts';
import { stepLines } from '../src/verify/report.ts';
import { sourceOf, standIn } from '../src/verify/stand-ins.ts';
import { recorder, type Step } from '../src/verify/steps.ts';
import { targetsOf } from '../src/verify/targets.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(loadPython);

const TRACEBACK = [
  '[2026-01-01 10:00:00 +0000] [7] [ERROR] Exception in worker process',
  'Traceback (most recent call last):',
  '  File "/var/work/nayek-verify-Ab3dE6/env-0/lib/python3.12/site-packages/gunicorn/util.py", line 371, in import_app',
  '    mod = importlib.import_module(module)',
  '  File "/var/work/nayek-verify-Ab3dE6/shop/app/main.py", line 3, in <module>',
  '    from app import db',
  '  File "/var/work/nayek-verify-Ab3dE6/shop/app/db.py", line 4, in <module>',
  '    import openpyxl',
  "ModuleNotFoundError: No module named 'openpyxl'",
  '[2026-01-01 10:00:00 +0000] [7] [INFO] Worker exiting (pid: 7)',
  '[2026-01-01 10:00:00 +0000] [1] [ERROR] Reason: Worker failed to boot.',
];

describe('the cause of a failed step', () => {
  it.each([
    [
      'the log of the program, and not a warning beside it',
      [
        '2026-01-01 10:00:00,369 ERROR:shop.web: secret_key is not changed',
        'ResourceWarning: Enable tracemalloc to get the object allocation traceback',
        '[2026-01-01 10:00:00 +0000] [7] [INFO] Worker exiting (pid: 7)',
      ],
      '2026-01-01 10:00:00,369 ERROR:shop.web: secret_key is not changed',
    ],
    [
      'a traceback, with the last place in the repository',
      TRACEBACK,
      "app/db.py:4: ModuleNotFoundError: No module named 'openpyxl'",
    ],
    [
      'an error with a dotted name, of a library',
      [
        'Traceback (most recent call last):',
        '  File "/usr/lib/x.py", line 1, in f',
        'sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "users" does not exist',
        '',
        '[SQL: ALTER TABLE users]',
      ],
      'sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "users" does not exist',
    ],
    [
      'an install, with the distribution that is named in a folder alone',
      [
        '      A full log can be found at /t/pip-install-wzh6fct8/pycairo_5c511d6b9e9640c68c550a1dc8aa8cfb/.mesonpy/log.txt',
        'error: metadata-generation-failed',
        '',
        '╰─> See above for output.',
      ],
      'error: metadata-generation-failed (pycairo)',
    ],
    [
      'an install, with the distribution that it began with last',
      [
        'Collecting msgpack==1.1.0 (from -r requirements.txt (line 103))',
        'Collecting mysqlclient==2.2.6 (from -r requirements.txt (line 104))',
        '  error: subprocess-exited-with-error',
        'error: subprocess-exited-with-error',
      ],
      'error: subprocess-exited-with-error (mysqlclient)',
    ],
    [
      'a place as an import path with a dot in it has it',
      [
        'Traceback (most recent call last):',
        '  File "/t/nayek-verify-a1B2c3/shop/server/./app/config.py", line 7, in load',
        'pydantic.ValidationError: 1 validation error for Settings',
      ],
      'server/app/config.py:7: pydantic.ValidationError: 1 validation error for Settings',
    ],
    [
      'a program that is missing',
      ['./build.sh: line 5: pipenv: command not found'],
      './build.sh: line 5: pipenv: command not found',
    ],
    [
      'an installer',
      ['ERROR: Could not build wheels for psycopg2', 'note: this error originates from a subprocess'],
      'ERROR: Could not build wheels for psycopg2',
    ],
  ])('%s', (_, lines, text) => expect(causeOf(lines)?.text).toBe(text));

  it.each([
    ['plain output', ['Listening on port 8000', 'INFO: Application startup complete.']],
    ['nothing', []],
  ])('is none of %s', (_, lines) => expect(causeOf(lines)).toBeUndefined());

  const plan = (stops: Plan['stops'], warnings: readonly string[] = []): Plan =>
    ({ stops, warnings, verdicts: [] }) as unknown as Plan;
  const cause = {
    text: "app/db.py:4: ModuleNotFoundError: No module named 'openpyxl'",
    at: { path: 'app/db.py', line: 4 },
  };

  it('was foreseen where the plan names the place or the name', () => {
    const at = { path: 'app/db.py', line: 4 };
    expect(foreseenIn(plan([{ text: 'something is imported', at }]), cause)).toBe(
      'something is imported (app/db.py:4)',
    );
    const other = { path: 'app/x.py', line: 1 };
    expect(foreseenIn(plan([{ text: 'nothing installs openpyxl', at: other }]), cause)).toContain('openpyxl');
  });

  it('was foreseen by the stop that names it rather than by a warning of the same line', () => {
    const raised = { text: 'ProgrammingError: type "vector" does not exist', at: { path: 'app/db.py', line: 4 } };
    const at = { path: 'app/models.py', line: 9 };
    const warnings = ['each worker makes the tables, and the second can end with "already exists" (app/db.py:4)'];
    expect(foreseenIn(plan([{ text: 'nothing makes the extension vector', at }], warnings), raised)).toContain(
      'vector',
    );
    const stops = [{ text: 'nothing installs openpyxl', at }];
    expect(foreseenIn(plan(stops, warnings), raised)).toBeUndefined();
    const second = { ...raised, text: 'ProgrammingError: relation "users" already exists' };
    expect(foreseenIn(plan(stops, warnings), second)).toBe(warnings[0]);
  });

  it('was foreseen of the command that failed, or of the file', () => {
    const at = { path: 'migrations/versions/2.py', line: 9 };
    const raised = { text: 'sqlalchemy.exc.InternalError: current transaction is aborted' };
    const stops = [{ text: 'on an empty database `flask db upgrade` stops there', at }];
    expect(
      foreseenIn(plan(stops), raised, 'FLASK_APP=x flask db upgrade && exec gunicorn x:app: exit code 1'),
    ).toContain('stops there');
    expect(foreseenIn(plan(stops), raised, 'gunicorn x:app: exit code 1')).toBeUndefined();
    const there = { text: 'IndentationError: unexpected indent', at: { ...at, line: 3 } };
    expect(foreseenIn(plan(stops), there)).toContain('stops there');
  });

  it.each([
    ['cd backend && alembic upgrade head', '(cd backend && alembic upgrade head): exit code 1', true],
    ['alembic -c app/alembic.ini upgrade head', 'cd app && alembic upgrade head: exit code 1', true],
    ['python manage.py migrate --no-input', 'release: yes "yes" | python manage.py migrate: exit code 1', true],
    ['python shop/manage.py migrate', 'cd shop && uv run --no-sync python manage.py migrate --no-input', true],
    ['python manage.py migrate', 'python manage.py collectstatic --no-input: exit code 1', false],
    ['alembic upgrade head', 'alembic downgrade base && echo upgrade head', false],
    ['gunicorn', 'gunicorn app:app', false],
  ])('was foreseen of %s in another folder: %s', (command, step, is) => {
    const raised = { text: 'sqlalchemy.exc.InternalError: current transaction is aborted' };
    const stops = [{ text: `\`${command}\` stops there`, at: { path: 'a.py', line: 1 } }];
    expect(foreseenIn(plan(stops), raised, step) !== undefined).toBe(is);
  });

  it('was foreseen where its own words are quoted, or its folder is named', () => {
    const at = { path: 'a.py', line: 1 };
    const quoted = [{ text: 'it lies in data/: "unable to open database file".', at }];
    const raised = { text: 'manage.py:17: sqlite3.OperationalError: unable to open database file' };
    expect(foreseenIn(plan(quoted), raised)).toContain('it lies in');
    expect(foreseenIn(plan(quoted), { text: 'sqlite3.OperationalError: no such table: x' })).toBeUndefined();
    const open = (file: string) => ({ text: `FileNotFoundError: [Errno 2] No such file or directory: '${file}'` });
    const logs = [{ text: 'it makes its file in logs/, which nothing makes', at }];
    expect(foreseenIn(plan(logs), open('/x/nayek-verify-abc123/shop/logs/app.log'))).toContain('logs/');
    expect(foreseenIn(plan(logs), open('/x/nayek-verify-abc123/shop/etc/app.log'))).toBeUndefined();
  });

  it('was foreseen where a setting is named, in a warning too', () => {
    const raised = {
      text: "DisallowedHost: Invalid HTTP_HOST header. You may need to add 'x.example' to ALLOWED_HOSTS.",
    };
    expect(foreseenIn(plan([], ['ALLOWED_HOSTS (empty) does not name the host']), raised)).toContain('does not name');
    expect(foreseenIn(plan([], ['SECRET_KEY is short']), raised)).toBeUndefined();
  });

  it.each([
    'ERROR: ERROR: Failed to build installable wheels for some pyproject.toml based projects (lxml, python-ldap)',
    'error: metadata-generation-failed (python_ldap)',
  ])('was foreseen where a warning names what could not be built: %s', (text) => {
    const warnings = ['python-ldap3 is old', 'python-ldap is compiled when it is installed'];
    expect(foreseenIn(plan([], warnings), { text })).toBe(warnings[1]);
    expect(foreseenIn(plan([], warnings.slice(0, 1)), { text })).toBeUndefined();
  });

  it('was not where only the class of the error is named', () => {
    const raised = { text: "IntegrityError: <class 'asyncpg.exceptions.UniqueViolationError'>: duplicate key" };
    const at = { path: 'app/x.py', line: 4 };
    expect(foreseenIn(plan([{ text: 'the driver needs postgresql+asyncpg://', at }]), raised)).toBeUndefined();
  });

  it('was not where it speaks of something else', () => {
    const at = { path: 'app/x.py', line: 4 };
    expect(
      foreseenIn(plan([{ text: 'another thing, openpyxl2', at }], ['x (app/db.py:41)'.replace('41', '5')]), cause),
    ).toBeUndefined();
  });

  it('ends the step, with what was said before', async () => {
    const steps: Step[] = [];
    const record = recorder(
      () => undefined,
      (step) => steps.push(step),
      new AbortController().signal,
      (log) => ({ cause: causeOf(log)?.text ?? '', foreseen: 'main.py imports openpyxl' }),
    );
    const log = [...TRACEBACK, ...Array.from({ length: 40 }, (_, i) => `line ${i}`)];
    await record.run('start', {}, async () => ({ status: 'failed', detail: 'no answer', log }));
    await record.run('stop', {}, async () => ({ status: 'ok', detail: 'ended' }));
    const masked = openLog('/dev/null').masked;
    const [failed, fine] = steps.map((s) => stepLines(s, masked, false));
    expect(failed).toContain("cause: app/db.py:4: ModuleNotFoundError: No module named 'openpyxl'");
    expect(failed).toContain('said before: main.py imports openpyxl');
    expect(steps[0]?.log).toHaveLength(20);
    expect(fine).not.toContain('cause');
  });
});

describe('values', () => {
  it('of what the code takes for empty by itself are not made up', () => {
    const yaml = `services:
  - type: web
    name: web
    runtime: python
    startCommand: gunicorn main:app
    envVars:
      - key: DOCS_PASSWORD
        sync: false
      - key: API_PASSWORD
        sync: false
`;
    const main =
      'import os\nfrom flask import Flask\nDOCS = os.getenv("DOCS_PASSWORD", "")\nAPI = os.environ["API_PASSWORD"]\napp = Flask(__name__)\n';
    const repo = memorySnapshot({ 'main.py': main, 'requirements.txt': 'flask\n', 'render.yaml': yaml }, '/app');
    const [target] = targetsOf(repo, survey(repo));
    const attached = { database: () => undefined, redis: undefined };
    const to = { service: 'web', host: 'web.example', given: {}, generated: new Map(), attached };
    expect(Object.keys(environmentOf(target?.declared ?? [], to).values)).toEqual(['API_PASSWORD']);
  });

  it('that another service of the blueprint declares are taken from there', () => {
    const yaml = `services:
  - type: web
    name: web
    runtime: python
    startCommand: gunicorn main:app
    envVars:
      - key: API_MODE
        fromService: {type: web, name: api, envVarKey: MODE}
      - key: API_DATABASE
        fromService: {type: web, name: api, envVarKey: DATABASE_URL}
      - key: API_TOKEN
        fromService: {type: web, name: api, envVarKey: TOKEN}
      - key: LOST
        fromService: {type: web, name: api, envVarKey: NOWHERE}
  - type: web
    name: api
    runtime: python
    rootDir: api
    startCommand: gunicorn main:app
    envVars:
      - key: MODE
        value: strict
      - key: TOKEN
        generateValue: true
      - key: DATABASE_URL
        fromDatabase: {name: db, property: connectionString}
`;
    const main = 'from flask import Flask\napp = Flask(__name__)\n';
    const repo = memorySnapshot({ 'main.py': main, 'requirements.txt': 'flask\n', 'render.yaml': yaml }, '/app');
    const [target] = targetsOf(repo, survey(repo));
    expect(target?.declared).toEqual([
      { name: 'API_MODE', from: 'value', value: 'strict' },
      { name: 'API_DATABASE', from: 'database', resource: 'db', property: 'connectionString' },
      { name: 'API_TOKEN', from: 'service', resource: 'api', variable: 'TOKEN' },
      { name: 'LOST', from: 'service', resource: 'api', variable: 'NOWHERE' },
    ]);
  });

  it.each([
    ['RETRIES', '    retries: int', '587'],
    ['RATIO', '    ratio: Annotated[float, Field(gt=0)]', '1.5'],
    ['STRICT', '    strict: Optional[bool]', 'false'],
    ['SITE', '    site: pydantic.HttpUrl', 'https://stand-in.example'],
    ['TAGS', '    tags: list[str] = Field(...)', '[]'],
    ['SIZE', 'size = int(os.environ["SIZE"])', '587'],
    ['NAME', '    name: str', 'stand-in'],
    ['TOKEN', '    token: SecretStr', 'stand-in'],
    ['CORS_ORIGINS', '    cors_origins: list[str]', '["https://stand-in.example"]'],
    ['ALLOWED_HOSTS', '    allowed_hosts: list[str] = Field(', '["api.onrender.com","localhost","127.0.0.1"]'],
    ['ALLOWED_HOSTS', 'h = os.environ["ALLOWED_HOSTS"].split(",")', 'api.onrender.com,localhost,127.0.0.1'],
    ['LOCK_KEY', 'key = int(\n    os.getenv("LOCK_KEY", "92")', '587'],
    ['CORS_ORIGINS', '    cors_origins: str', 'https://stand-in.example'],
    ['CORS_ORIGINS', 'o = env_list("CORS_ORIGINS", [])', 'https://stand-in.example'],
    ['CORS_ORIGINS', 'o = env.json("CORS_ORIGINS")', '["https://stand-in.example"]'],
    ['CORS_ORIGINS', 'o = os.environ["CORS_ORIGINS"].split(",")', 'https://stand-in.example'],
    ['BATCH', 'BATCH = config("BATCH", cast=int)', '587'],
    ['BATCH', 'BATCH = os.environ["BATCH"]\nbatch = int(BATCH) + 1', '587'],
    ['BATCH', 'batch = int(OTHER) + len(BATCH)', 'stand-in'],
    ['ACCOUNT', 'json.loads(os.getenv("ACCOUNT"))', '{}'],
    ['KIND', '    KIND: Literal["mysql", "postgresql"]', 'postgresql'],
    ['MODE', "    mode: typing.Literal['dev', 'prod'] | None", 'dev'],
    ['BLOB', 'key = base64.b64decode(settings.BLOB)', 'c3RhbmQtaW4='],
  ])('%s declared as "%s"', (name, line, value) => expect(standIn(name, 'api.onrender.com', { line })).toBe(value));

  it.each([
    ['CORS_ORIGINS', { like: 'http://localhost:5173,http://127.0.0.1:5173' }, 'https://stand-in.example'],
    ['CORS_ORIGINS', { like: '["http://localhost:5173"]' }, '["https://stand-in.example"]'],
    ['CELERY_LEVEL', { like: '3' }, '3'],
    ['LEVEL', { like: 'warn' }, 'stand-in'],
    ['QUEUE_URL', { like: 'amqp://guest@localhost:5672//' }, 'amqp://stand-in.example'],
    ['BROKER_URL', { line: '    BROKER_URL: str = "amqp://guest:guest@queue:5672//"' }, 'amqp://stand-in.example'],
    ['STORE_ENDPOINT', { line: '      STORE_ENDPOINT: minio:9000' }, 'stand-in.example:9000'],
    ['STORE_ENDPOINT', { line: '      - STORE_ENDPOINT=https://minio:9000' }, 'https://stand-in.example'],
    ['API_TOKEN', { make: 'echo made' }, 'made'],
    ['API_TOKEN', { make: 'no-such-program' }, 'stand-in'],
    ['LOGIN', { parts: { separator: ':', count: 3 } }, 'stand-in:stand-in:stand-in'],
    ['PAY_URL', { parts: { separator: '://', count: 2 } }, 'https://stand-in.example'],
    ['PAY_KEY', { line: 'if not cfg.PAY_KEY.startswith("sk_"):' }, 'sk_stand-in'],
    ['PAY_URL', { line: 'if cfg.PAY_URL.startswith(("http://", "https://")):' }, 'https://stand-in.example'],
  ])('%s with the hints %o', (name, hints, value) => expect(standIn(name, 'api.onrender.com', hints)).toBe(value));

  it('of a value that the code takes apart into the login of a database is that login', () => {
    const main =
      'import os\nfrom urllib.parse import quote\nfrom fastapi import FastAPI\nfrom sqlalchemy import create_engine\n' +
      'user, password = str(os.environ["LOGIN"]).split(":")\nquoted = quote(str(password))\n' +
      'engine = create_engine(f"postgresql://{user}:{quoted}@{os.environ[\'DB_HOST\']}:5432/shop")\napp = FastAPI()\n';
    const list = 'fastapi\nsqlalchemy\npsycopg2-binary\n';
    const [service] = survey(memorySnapshot({ 'main.py': main, 'requirements.txt': list }, '/app')).services;
    const declared = service ? declaredByCode(service) : [];
    const db = { scheme: 'postgresql', host: 'h', port: 1, user: 'u', password: 'p', database: 'd', query: '' };
    const attached = { database: () => db, redis: undefined };
    const made = environmentOf(declared, { service: 's', host: 'x', given: {}, generated: new Map(), attached });
    expect(made).toMatchObject({ values: { LOGIN: 'u:p', DB_HOST: 'h' }, standIns: [], secrets: ['u:p'] });
  });

  it('of a key whose form the code asks for is made by the command that the report tells', () => {
    const code = 'import os\nfrom cryptography.fernet import Fernet\nfrom flask import Flask\n';
    const main = `${code}app = Flask(__name__)\nbox = Fernet(os.environ["SECRET_KEY"])\n`;
    const repo = memorySnapshot({ 'main.py': main, 'requirements.txt': 'flask\n' }, '/app');
    const [service] = survey(repo).services;
    const declared = service ? declaredByCode(service) : [];
    expect(declared).toMatchObject([{ name: 'SECRET_KEY', from: 'supply', make: expect.stringContaining('openssl') }]);
  });

  it('begin as the code asks for it, wherever it does', () => {
    const check = 'if key and not config["PAY_KEY"].startswith("sk_"):\n    raise ValueError\n';
    const repo = memorySnapshot({ 'a.py': 'key = env("PAY_KEY")\n', 'b.py': check, 'test_b.py': check });
    const source = sourceOf(repo, 'PAY_KEY', { path: 'a.py', line: 1 });
    expect(source?.split('\n')).toEqual(['key = env("PAY_KEY")', check.split('\n')[0]]);
    expect(sourceOf(repo, 'PAY', undefined)).toBeUndefined();
  });

  it('of Python are none below the bound of the project', () => {
    expect(findPython(undefined, undefined, '/', '3.99')).toBeUndefined();
    const found = findPython(undefined, undefined, '/', '3.0');
    expect(found?.version).toBe(findPython(undefined, undefined, '/')?.version);
  });
});

describe('a Python that a version manager keeps', () => {
  const keep = (folder: string, version: string): void => {
    const bin = path.join(folder, version, 'bin');
    mkdirSync(bin, { recursive: true });
    const file = path.join(bin, 'python3.95');
    writeFileSync(file, `#!/bin/sh\necho ${/3\.95\.\d+/.exec(version)?.[0]}\n`);
    chmodSync(file, 0o755);
  };
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ['pyenv', 'versions', ['3.95.2', '3.95.10', '3.95-dev'], '3.95.10'],
    ['uv', '', ['cpython-3.95.1-linux-x86_64-gnu', 'cpython-3.9.5-linux-x86_64-gnu'], '3.95.1'],
  ])('%s: is found behind its shim, the newest first', (_, below, versions, found) => {
    const root = temporaryFolder();
    vi.stubEnv('PYENV_ROOT', root);
    vi.stubEnv('UV_PYTHON_INSTALL_DIR', root);
    for (const version of versions) keep(path.join(root, below), version);
    expect(findPython('3.95', undefined, '/work')?.version).toBe(found);
  });

  it('of another version, the nearest, is taken, and said', () => {
    const root = temporaryFolder();
    vi.stubEnv('PYENV_ROOT', root);
    keep(path.join(root, 'versions'), '3.95.2');
    expect(findPython('3.94', undefined, '/work')).toMatchObject({ version: '3.95.2', wanted: '3.94' });
    expect(findPython('3.14', undefined, '/work')?.version).not.toBe('3.95.2');
  });
});
