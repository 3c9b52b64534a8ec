/** Every blueprint made here is held against Render's own schema, which lies beside the project. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaValidator } from '../bench/corpus/schema.ts';
import type { EnvVar, PythonVersion, Service } from '../src/model/facts.ts';
import type { Outcome } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { print, scalar } from '../templates/render-yaml/document.ts';
import { renderYaml } from '../templates/render-yaml.ts';
import { makeFacts, makeService, variable } from './facts.ts';

const schema = path.join(import.meta.dirname, '..', '..', 'shared', 'render.schema.json');
const missing = !existsSync(schema);
if (missing && process.env.CI === 'true') throw new Error(`Render's schema is missing: ${schema}`);
const faults = missing ? () => [] : schemaValidator(schema);

const at = { path: 'app/db.py', line: 3 };
const alembic = { tool: 'alembic', command: 'alembic upgrade head', at } as const;
const postgres = { kind: 'postgres', driver: 'psycopg2', name: 'shop_db', at } as const;
const url = variable('DATABASE_URL', 'database', { property: 'url', required: true });

interface Env {
  readonly key: string;
  readonly value?: unknown;
  readonly sync?: boolean;
  readonly generateValue?: boolean;
  readonly fromDatabase?: object;
  readonly fromService?: object;
}

interface Document {
  readonly services: readonly (Record<string, unknown> & { readonly envVars?: readonly Env[] })[];
  readonly databases?: readonly Record<string, unknown>[];
}

function plan(
  services: readonly Service[],
  options: object = {},
  files: Readonly<Record<string, string>> = {},
): Outcome {
  const defaults = Object.fromEntries(Object.entries(renderYaml.options).map(([k, o]) => [k, o.default]));
  const [outcome] = renderYaml.plan(memorySnapshot(files), makeFacts(services, files), { ...defaults, ...options });
  if (!outcome) throw new Error('no outcome');
  return outcome;
}

function made(services: readonly Service[], options: object = {}, files: Readonly<Record<string, string>> = {}) {
  const outcome = plan(services, options, files);
  const text = outcome.kind === 'edits' ? (outcome.creates?.['render.yaml'] ?? '') : '';
  expect(text, outcome.reason).not.toBe('');
  const document = parse(text) as Document;
  expect(faults(document), text).toEqual([]);
  return { text, document, warnings: (outcome.warnings ?? []).join('\n') };
}

function envOf(document: Document, service = 0): Readonly<Record<string, Env>> {
  return Object.fromEntries((document.services[service]?.envVars ?? []).map((e) => [e.key, e]));
}

it.skipIf(missing)('the schema can reject', () => {
  expect(faults({ services: [{ type: 'web', name: 'x', env: 'python' }] })).not.toEqual([]);
});

describe('a web service', () => {
  it('is free in writing, and migrates before it serves', () => {
    const { document } = made([makeService({ migrations: alembic, health: { path: '/health', at } })]);
    expect(document.services[0]).toMatchObject({
      type: 'web',
      name: 'shop',
      runtime: 'python',
      plan: 'free',
      buildCommand: 'pip install -r requirements.txt',
      startCommand:
        'alembic upgrade head && exec gunicorn app.main:app --bind 0.0.0.0:$PORT --worker-class uvicorn.workers.UvicornWorker',
      healthCheckPath: '/health',
      autoDeployTrigger: 'commit',
    });
  });

  it('migrates before the deploy on a paid plan, but never a SQLite file', () => {
    const paid = made([makeService({ migrations: alembic })], { plan: 'starter' }).document.services[0];
    expect(paid).toMatchObject({ preDeployCommand: 'alembic upgrade head' });
    expect(paid?.startCommand).not.toContain('alembic');
    const database = { kind: 'sqlite', at } as const;
    const file = made([makeService({ migrations: alembic, database })], { plan: 'starter' }).document.services[0];
    expect(file).not.toHaveProperty('preDeployCommand');
    expect(file?.startCommand).toContain('alembic upgrade head && exec');
  });

  it('warns of workers beside a SQLite file, of a development configuration and of a second blueprint', () => {
    const worker = { tool: 'celery', process: 'worker', command: 'celery -A app worker', at } as const;
    const service = makeService({
      workers: [worker],
      database: { kind: 'sqlite', at },
      env: [variable('FLASK_CONFIG', 'plain', { default: 'default' }), variable('ALLOWED_HOSTS', 'supply')],
    });
    const other = { 'infra/render.yaml': 'services:\n  - type: web\n    name: x\n' };
    const { text, warnings } = made([service], {}, other);
    expect(warnings).toContain('never see the web service');
    expect(warnings).toContain("FLASK_CONFIG stays 'default'");
    expect(warnings).toContain('infra/render.yaml is a blueprint too');
    expect(text).toContain("sync: false  # this service's own host name");
  });

  it('has no health check without a route', () => {
    const { document, warnings } = made([makeService()]);
    expect(document.services[0]).not.toHaveProperty('healthCheckPath');
    expect(warnings).toContain('no health route');
  });

  it('keeps everything that it needs below rootDir', () => {
    const service = makeService({ root: 'backend/app', name: 'backend' });
    const dependencies = service.dependencies && {
      ...service.dependencies,
      path: 'backend/requirements.txt',
      requirements: [],
      install: 'pip install -r ../requirements.txt',
    };
    const { document } = made([{ ...service, ...(dependencies ? { dependencies } : {}) }]);
    expect(document.services[0]).toMatchObject({
      rootDir: 'backend',
      buildCommand: 'pip install -r requirements.txt',
      startCommand: expect.stringMatching(/^cd app && exec gunicorn /),
    });
  });

  it('starts in the environment that uv made below the root', () => {
    const service = makeService({ root: 'api', migrations: alembic });
    const dependencies = service.dependencies && {
      ...service.dependencies,
      form: 'pep621' as const,
      path: 'api/pyproject.toml',
      requirements: [],
      locks: ['api/uv.lock'],
      lockTool: 'uv' as const,
      manager: 'uv' as const,
      install: 'uv sync --frozen',
    };
    const { document } = made([{ ...service, ...(dependencies ? { dependencies } : {}) }]);
    expect(document.services[0]).toMatchObject({
      rootDir: 'api',
      buildCommand: 'pip install uv && uv sync --frozen',
      startCommand: expect.stringMatching(/^uv run --no-sync alembic upgrade head && exec uv run --no-sync gunicorn /),
    });
  });

  it('collects the static files of Django', () => {
    const service = makeService();
    const django: Service = { ...service, entry: { ...service.entry, interface: 'wsgi', framework: 'django' } };
    const files = { 'manage.py': '', 'site/settings.py': 'STATIC_ROOT = "staticfiles"\n' };
    expect(made([django], {}, files).document.services[0]?.buildCommand).toBe(
      'pip install -r requirements.txt && python manage.py collectstatic --no-input',
    );
    expect(made([django], {}, { ...files, 'site/settings.py': '' }).document.services[0]?.buildCommand).not.toContain(
      'collectstatic',
    );
  });

  it('is not made without a dependency file', () => {
    const { dependencies: _, ...service } = makeService();
    expect(plan([service])).toMatchObject({ kind: 'manual' });
  });
});

describe('PYTHON_VERSION', () => {
  it.each([
    ['3.11.9', '3.11.9'],
    ['3.10', '3.10.20'],
  ])('%s is written as %s, quoted', (version, full) => {
    const { text } = made([makeService({ python: { version, at } })]);
    expect(text).toContain(`- key: PYTHON_VERSION\n        value: "${full}"\n`);
  });

  it.each([
    [{ version: '3.9', bound: true, at }, 'lower bound'],
    [{ version: '3.99', at }, 'no version that Render takes'],
  ])('is left out of %o with a warning', (python, why) => {
    const { document, warnings } = made([makeService({ python })]);
    expect(envOf(document)).not.toHaveProperty('PYTHON_VERSION');
    expect(warnings).toContain(why);
  });
});

describe('a lower bound', () => {
  it('is taken where it is current, or where a lock was made for it', () => {
    const version = (python: PythonVersion, locks: readonly string[]): unknown => {
      const service = makeService({ python });
      const dependencies = service.dependencies && { ...service.dependencies, locks };
      return envOf(made([{ ...service, ...(dependencies ? { dependencies } : {}) }]).document).PYTHON_VERSION;
    };
    expect(version({ version: '3.12', bound: true, at }, [])).toMatchObject({ value: '3.12.13' });
    expect(version({ version: '3.9', bound: true, at }, ['poetry.lock'])).toMatchObject({ value: '3.9.25' });
    expect(version({ version: '3.9', bound: true, at }, [])).toBeUndefined();
  });
});

describe('plain variables', () => {
  const emitted = (...env: readonly EnvVar[]): { readonly env: Record<string, unknown>; readonly warnings: string } => {
    const { document, warnings } = made([makeService({ env })]);
    return { env: envOf(document), warnings };
  };

  it('keep stages and debug switches when the others are too many', () => {
    const many = Array.from({ length: 60 }, (_, i) => variable(`N${i}`, 'plain', { default: 'x' }));
    const stage = variable('FLASK_ENV', 'plain', { default: 'development' });
    const { env, warnings } = emitted(...many, stage, variable('DEBUG', 'plain', { default: 'True' }));
    expect(Object.keys(env).filter((k) => !k.startsWith('PYTHON'))).toEqual(['FLASK_ENV', 'DEBUG']);
    expect(env.DEBUG).toMatchObject({ value: 'False' });
    expect(warnings).toContain("FLASK_ENV stays 'development'");
  });

  it('turn a switch off by no text where any text is true', () => {
    const { env } = emitted(variable('DEBUG', 'plain', { default: 'True', anyText: true }));
    expect(env.DEBUG).toMatchObject({ value: '' });
  });

  it('are asked for where the default is the name of a container, and left out where they only say where to listen', () => {
    const { env } = emitted(
      variable('AUTH_URL', 'plain', { default: 'http://auth:3567' }),
      variable('SITE', 'plain', { default: 'https://shop.example' }),
      variable('SECRETS', 'plain', { default: 'env://' }),
      variable('SERVER_HOST', 'plain', { default: '0.0.0.0' }),
      variable('SERVER_PORT', 'plain', { default: '8000' }),
      variable('APP_PORT', 'plain', { required: true }),
    );
    expect(env.AUTH_URL).toMatchObject({ sync: false });
    expect(env.SITE).toMatchObject({ value: 'https://shop.example' });
    expect(env.SECRETS).toMatchObject({ value: 'env://' });
    expect(Object.keys(env)).not.toContain('SERVER_HOST');
    expect(Object.keys(env)).not.toContain('SERVER_PORT');
    expect(env.APP_PORT).toMatchObject({ sync: false });
  });

  it('with neither default nor check are named where a library needs them', () => {
    expect(emitted(variable('TOKEN_ALGORITHM', 'plain'), variable('NOTE', 'plain')).warnings).toContain(
      'no default for TOKEN_ALGORITHM: set it',
    );
  });
});

describe('variables', () => {
  it('stand in order: attached, generated, supplied, then as in the code', () => {
    const env = [
      variable('LOG_LEVEL', 'plain', { default: 'INFO' }),
      variable('OPENAI_API_KEY', 'secret-supply'),
      variable('CORS_ORIGINS', 'supply'),
      variable('SECRET_KEY', 'secret-generate'),
      url,
    ];
    const { document } = made([makeService({ env, database: postgres, python: { version: '3.12.1', at } })]);
    expect(document.services[0]?.envVars?.map((e) => e.key)).toEqual([
      'PYTHON_VERSION',
      'DATABASE_URL',
      'SECRET_KEY',
      'OPENAI_API_KEY',
      'LOG_LEVEL',
      'CORS_ORIGINS',
    ]);
    expect(envOf(document)).toMatchObject({
      DATABASE_URL: { fromDatabase: { name: 'shop-db', property: 'connectionString' } },
      SECRET_KEY: { generateValue: true },
      OPENAI_API_KEY: { sync: false },
      CORS_ORIGINS: { sync: false },
      LOG_LEVEL: { value: 'INFO' },
    });
  });

  it.each([
    'true',
    'False',
    '0',
    '3.10',
    'null',
    '~',
    'no',
    '["*"]',
    '{a: b}',
    'a # b',
    'x: y',
    '"q"',
    '*',
    '&a',
    '%d',
  ])('keeps the text %s a string', (text) => {
    const env = [variable('SETTING', 'plain', { default: text })];
    for (const values of ['quoted', 'plain']) {
      expect(envOf(made([makeService({ env })], { values }).document).SETTING?.value).toBe(text);
    }
  });

  it('never copies a credential nor an address of this machine', () => {
    const env = [
      variable('BROKER', 'plain', { default: 'amqp://guest:guest@queue:5672' }),
      variable('TOKEN_X', 'plain', { default: 'ghp_0123456789abcdefghijABCDEFGHIJ012345' }),
      variable('MODEL_URL', 'plain', { default: 'http://localhost:11434' }),
    ];
    const { document, text } = made([makeService({ env })]);
    expect(text).not.toMatch(/guest:guest|ghp_/);
    expect(Object.values(envOf(document)).map((e) => e.sync)).toEqual([false, false, false]);
  });

  it('leaves out what the platform sets, what only tests read and what nobody needs', () => {
    const env = [
      variable('PORT', 'platform', { default: '8000' }),
      variable('WEB_CONCURRENCY', 'plain', { default: '4' }),
      variable('TEST_DATABASE_URL', 'database', { property: 'url' }),
      variable('OPTIONAL', 'plain'),
    ];
    expect(made([makeService({ env })]).document.services[0]).not.toHaveProperty('envVars');
  });

  it('asks for a required one without a default', () => {
    const env = [variable('TENANT', 'plain', { required: true })];
    expect(envOf(made([makeService({ env })]).document).TENANT).toMatchObject({ sync: false });
  });

  it('switches debugging off', () => {
    const env = [variable('DEBUG', 'plain', { default: 'True' }), variable('APP_RELOAD', 'plain', { default: '0' })];
    const { document, warnings } = made([makeService({ env })]);
    expect(envOf(document)).toMatchObject({ DEBUG: { value: 'False' }, APP_RELOAD: { value: '0' } });
    expect(warnings).toContain('DEBUG');
    expect(warnings).not.toContain('APP_RELOAD');
  });

  it('asks for the few that are needed when there are hundreds', () => {
    const many = Array.from({ length: 300 }, (_, i) => variable(`PROVIDER_${i}_API_KEY`, 'secret-supply'));
    const env = [...many, variable('LICENSE_KEY', 'secret-supply', { required: true })];
    const { document, warnings } = made([makeService({ env })]);
    expect(Object.keys(envOf(document))).toEqual(['LICENSE_KEY']);
    expect(warnings).toContain('300 variables');
  });
});

describe('the database', () => {
  it('is closed to the outside and free in writing', () => {
    const { document } = made([makeService({ env: [url], database: postgres })]);
    expect(document.databases).toEqual([{ name: 'shop-db', databaseName: 'shop_db', plan: 'free', ipAllowList: [] }]);
  });

  it('is handed over in parts', () => {
    const parts = (['host', 'port', 'user', 'password', 'database'] as const).map((property) =>
      variable(`PG_${property.toUpperCase()}`, 'database', { property }),
    );
    const { document } = made([makeService({ env: parts, database: { kind: 'postgres', driver: 'asyncpg', at } })]);
    expect(Object.values(envOf(document)).map((e) => (e.fromDatabase as { property: string }).property)).toEqual([
      'host',
      'port',
      'user',
      'password',
      'database',
    ]);
  });

  it('asks for the URL where the driver needs another scheme that the code does not make', () => {
    const database = { kind: 'postgres', driver: 'asyncpg', at } as const;
    const { document, text, warnings } = made([makeService({ env: [url], database })]);
    expect(envOf(document).DATABASE_URL).toEqual({ key: 'DATABASE_URL', sync: false });
    expect(text).toContain('postgresql+asyncpg://');
    expect(warnings).toContain('postgresql+asyncpg://');
    const normalised = made([makeService({ env: [url], database: { ...database, normalised: true } })]);
    expect(envOf(normalised.document).DATABASE_URL).toHaveProperty('fromDatabase');
  });

  it.each(['mysql', 'mongodb', 'other'] as const)('%s is not one of Render', (kind) => {
    const { document } = made([makeService({ env: [url], database: { kind, at } })]);
    expect(document).not.toHaveProperty('databases');
    expect(envOf(document).DATABASE_URL).toMatchObject({ sync: false });
  });

  it('is a file on a disk, where one is wanted', () => {
    const env = [variable('DATABASE_URL', 'database', { property: 'url', default: 'sqlite:////data/shop.db' })];
    const service = makeService({ env, database: { kind: 'sqlite', at } });
    expect(envOf(made([service]).document).DATABASE_URL).toMatchObject({ sync: false });
    const { document } = made([service], { disk: 1, plan: 'starter' });
    expect(envOf(document).DATABASE_URL?.value).toBe('sqlite:////opt/render/project/src/data/shop.db');
    expect(document.services[0]?.disk).toEqual({
      name: 'shop-data',
      mountPath: '/opt/render/project/src/data',
      sizeGB: 1,
    });
  });

  it('is not declared when nothing carries its address', () => {
    const { document, warnings } = made([makeService({ database: postgres })]);
    expect(document).not.toHaveProperty('databases');
    expect(warnings).toContain('app/db.py:3');
  });
});

describe('workers and Redis', () => {
  const env = [variable('CELERY_BROKER_URL', 'redis'), variable('SECRET_KEY', 'secret-generate'), url];
  const workers = [{ tool: 'celery', process: 'worker', command: 'celery -A app.jobs worker', at }] as const;

  it('share the secrets of the web service and one broker that drops nothing', () => {
    const { document, warnings } = made([makeService({ env, workers, redis: at, database: postgres })]);
    expect(document.services.map((s) => [s.type, s.name, s.plan])).toEqual([
      ['web', 'shop', 'free'],
      ['worker', 'shop-worker', 'starter'],
      ['keyvalue', 'shop-redis', 'free'],
    ]);
    expect(document.services[2]).toMatchObject({ ipAllowList: [], maxmemoryPolicy: 'noeviction' });
    expect(envOf(document, 1)).toMatchObject({
      SECRET_KEY: { fromService: { type: 'web', name: 'shop', envVarKey: 'SECRET_KEY' } },
      CELERY_BROKER_URL: { fromService: { type: 'keyvalue', name: 'shop-redis', property: 'connectionString' } },
      DATABASE_URL: { fromDatabase: { name: 'shop-db' } },
    });
    expect(warnings).toContain('no free workers');
  });

  it('makes no Redis that nothing can reach', () => {
    const { document, warnings } = made([makeService({ redis: at })]);
    expect(document.services).toHaveLength(1);
    expect(warnings).toContain('Redis');
  });
});

describe('several services', () => {
  it('get names of their own and share a database that the sources name', () => {
    const shared = { env: [url], database: postgres };
    const { document } = made([makeService({ root: 'a', ...shared }), makeService({ root: 'b', ...shared })]);
    expect(document.services.map((s) => [s.name, s.rootDir])).toEqual([
      ['shop', undefined],
      ['shop-2', undefined],
    ]);
    expect(document.databases).toHaveLength(1);
  });
});

describe('options', () => {
  it.each([
    { region: 'frankfurt' },
    { 'auto-deploy': 'off' },
    { 'auto-deploy': 'checksPass' },
    { 'auto-deploy': 'true' },
    { plan: 'starter', 'max-instances': 3 },
    { 'database-plan': 'basic-256mb', 'database-user': true },
  ])('%o', (options) => {
    made([makeService({ env: [url], database: postgres })], options);
  });

  it.each([
    [{ plan: 'omit' }, 'Render takes a paid one'],
    [{ 'ip-allow-list': 'omit' }, 'open to every address'],
    [{ 'database-url': 'supply' }, 'nothing connects the two'],
    [{ migrate: 'never' }, 'nothing runs `alembic upgrade head`'],
  ])('%o warns', (options, warning) => {
    const service = makeService({ env: [url], database: postgres, migrations: alembic });
    expect(made([service], options).warnings).toContain(warning);
    expect(made([service]).warnings).not.toContain(warning);
  });
});

it.each([{ plan: 'fre' }, { region: 'paris' }, { 'auto-deploy': 'yes' }, { 'database-plan': 'huge' }])(
  'refuses the option %o',
  (options) => {
    expect(plan([makeService()], options)).toMatchObject({
      kind: 'manual',
      reason: expect.stringContaining('no such value'),
    });
  },
);

it('never prints what does not read back', () => {
  expect(print([{ key: 'a', value: scalar('x: # y') }], [])).toBe('a: "x: # y"\n');
});
