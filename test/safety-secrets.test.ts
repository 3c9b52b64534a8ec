/** Credentials planted in every place where repositories keep them; every output of every command is searched for them. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from './built.ts';
import { servedCommand } from './command.ts';
import { git, repositoryOf } from './sample.ts';
import { full, sampled } from './tier.ts';

/** Each place has a credential of its own, so that a leak names where it comes from. */
const PLANTED = {
  ini: 'iNiPass81kq',
  commentedIni: 'oLdIni92xy',
  env: 'eNvFile77zz',
  envToken: 'eNvTok55ab',
  settings: 'sEtDef33cd',
  settingsUrl: 'sEtUrl44ef',
  getenv: 'gEtEnv66gh',
  envPy: 'eNvPy88ij',
  mainKey: 'mAinKey99kl',
  issued: 'ghp_0123456789abcdefghijklmnopqrstuvwxyz',
  index: 'iDxPass11mn',
  compose: 'cOmpose22op',
  render: 'rEnder12qr',
  docker: 'dOcker13st',
  comment: 'cOmment14uv',
  mailer: 'mAiler15wx',
  aws: 'AKIAIOSFODNN7EXAMPLE',
} as const;

const FILES: Readonly<Record<string, string>> = {
  'alembic.ini': [
    '[alembic]',
    'script_location = migrations',
    `# sqlalchemy.url = postgresql://old:${PLANTED.commentedIni}@localhost/old`,
    `sqlalchemy.url = postgresql://app:${PLANTED.ini}@localhost:5432/shop`,
    '',
    '[loggers]',
    'keys = root',
    '',
  ].join('\n'),
  'migrations/env.py': [
    'from alembic import context',
    'from sqlalchemy import create_engine',
    '',
    'from shop.db import Base',
    '',
    'config = context.config',
    `FALLBACK_URL = "postgresql://me:${PLANTED.envPy}@db/shop"`,
    'target_metadata = Base.metadata',
    '',
    '',
    'def run_migrations_online():',
    '    connectable = create_engine(config.get_main_option("sqlalchemy.url"))',
    '    with connectable.connect() as connection:',
    '        context.configure(connection=connection, target_metadata=target_metadata)',
    '        with context.begin_transaction():',
    '            context.run_migrations()',
    '',
    '',
    'run_migrations_online()',
    '',
  ].join('\n'),
  'shop/__init__.py': '',
  'shop/db.py': [
    'import os',
    '',
    'from sqlalchemy.orm import declarative_base',
    '',
    `DATABASE_URL = os.getenv("DATABASE_URL", "postgresql://me:${PLANTED.getenv}@localhost/shop")`,
    'Base = declarative_base()',
    '',
  ].join('\n'),
  'shop/settings.py': [
    'from pydantic_settings import BaseSettings',
    '',
    '',
    'class Settings(BaseSettings):',
    `    secret_key: str = "${PLANTED.settings}"`,
    `    redis_url: str = "redis://:${PLANTED.settingsUrl}@cache:6379/0"`,
    `    mail_password: str = "${PLANTED.mailer}"`,
    '    debug: bool = False',
    '',
    '',
    'settings = Settings()',
    '',
  ].join('\n'),
  'shop/main.py': [
    'import os',
    'from fastapi import FastAPI',
    '',
    'from shop.settings import settings',
    'from shop import db',
    '',
    `API_KEY = "${PLANTED.mainKey}"`,
    `GITHUB = os.environ.get("GITHUB_PAT", "${PLANTED.issued}")`,
    `AWS = "${PLANTED.aws}"`,
    'app = FastAPI()',
    '',
    '',
    '@app.get("/health")',
    'def health():',
    '    return {"ok": True}',
    '',
    '',
    'if __name__ == "__main__":',
    '    import uvicorn',
    '',
    `    # password: ${PLANTED.comment}`,
    `    uvicorn.run("shop.main:app", host="127.0.0.1", port=8000)`,
    '',
  ].join('\n'),
  '.env': `DATABASE_URL=postgresql://me:${PLANTED.env}@h/shop\nAPI_TOKEN=${PLANTED.envToken}\n`,
  'requirements.txt': `--extra-index-url https://me:${PLANTED.index}@pypi.example.org/simple\nfastapi\nuvicorn\nsqlalchemy\nalembic\npydantic-settings\npsycopg2-binary\n`,
  'docker-compose.yml': `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${PLANTED.compose}\n`,
  Dockerfile: `FROM python:3.12-slim\nENV SECRET_KEY=${PLANTED.docker}\nCMD ["uvicorn", "shop.main:app"]\n`,
};

const RENDER = `services:\n  - type: web\n    name: shop\n    runtime: python\n    startCommand: uvicorn shop.main:app\n    envVars:\n      - key: JWT_SECRET\n        value: ${PLANTED.render}\n`;

const run = servedCommand();

function nayek(cwd: string, ...args: string[]): string {
  const { out, err } = run(cwd, args);
  return out + err;
}

/** On a pseudo-terminal, as a person sees it. */
function onTerminal(cwd: string, ...args: string[]): string {
  const line = [process.execPath, command, ...args].map((a) => `'${a}'`).join(' ');
  const { stdout } = spawnSync('script', ['-qec', line, '/dev/null'], { cwd, encoding: 'utf8' });
  return stdout;
}

function leaks(text: string): string[] {
  return Object.entries(PLANTED).flatMap(([place, secret]) => {
    const line = text.split('\n').find((l) => l.includes(secret));
    return line === undefined ? [] : [`${place}: ${line}`];
  });
}

const withTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe.each([
  ['a repository', FILES],
  ['one with a render.yaml', { ...FILES, 'render.yaml': RENDER, Procfile: 'web: uvicorn shop.main:app\n' }],
])('%s', (_, files) => {
  it('the planted credentials are really there, and the exact diff shows that they could leak', () => {
    const root = repositoryOf(files);
    const text = Object.values(files).join('');
    expect(leaks(text).length).toBeGreaterThanOrEqual(Object.keys(PLANTED).length - 1);
    expect(leaks(nayek(root, 'patch', '--dry-run')).length).toBeGreaterThan(0);
  });

  it.skipIf(!withTerminal || (!full && 'render.yaml' in files))('not in a diff on a terminal', () => {
    const root = repositoryOf(files);
    for (const recipe of sampled(['render', 'fi9-nayek'], 2)) {
      const shown = onTerminal(root, 'patch', '--dry-run', '--unsafe', '--recipe', recipe);
      expect(shown).toContain('@@');
      expect(leaks(shown)).toEqual([]);
    }
    expect(leaks(onTerminal(root, 'check'))).toEqual([]);
    expect(leaks(onTerminal(root, 'patch', '--format', 'diff'))).toEqual([]);
  });

  it('not in a summary, a JSON report, a checklist, an explanation, a message', () => {
    const root = repositoryOf(files);
    const plan = path.join(root, '../plan.json');
    const commands = [
      ['patch', '--dry-run', '--format', 'summary'],
      ['patch', '--dry-run', '--format', 'json'],
      ['patch', '--dry-run', '--format', 'markdown', '--lang', 'fr', '--unsafe', '--recipe', 'fi9-nayek'],
      ['patch', '--dry-run', '--format', 'sarif', '--unsafe', '--recipe', 'vps'],
      ['patch', '--dry-run', '--format', 'json', '--unsafe', '--recipe', 'fi9-nayek'],
      ['check'],
      ['check', '--format', 'json'],
      ['check', '--recipe', 'fi9-nayek', '--format', 'json'],
      ['verify'],
      ['verify', '--format', 'json'],
      ['explain', 'alembic-url'],
      ['patch', '--dry-run', '--format', 'json', '-o', plan],
      ['patch', '--debug'],
      ['patch', '--allow-dirty', '--format', 'json'],
      ['apply', plan, '--debug'],
      ['undo'],
    ];
    for (const args of [...sampled(commands.slice(0, 11), 3), ...commands.slice(11)])
      expect(leaks(nayek(root, ...args)), args.join(' ')).toEqual([]);
    expect(statSync(plan).mode & 0o777).toBe(0o600);
  });

  it.skipIf('render.yaml' in files)('not in a message on broken input', () => {
    const root = repositoryOf(files);
    const broken: Readonly<Record<string, string>> = {
      'alembic.ini': `[alembic]\nno option postgresql://me:${PLANTED.ini}@h/x\nsqlalchemy.url = %(x)s:${PLANTED.ini}@`,
      'render.yaml': `a: [\nvalue: postgresql://me:${PLANTED.render}@h/x\na: b\n  c`,
      'pyproject.toml': `[project\npassword = "${PLANTED.comment}"\n`,
      'docker-compose.yml': `a: "\nPOSTGRES_PASSWORD: ${PLANTED.compose}\n`,
      'migrations/env.py': `def f(:\nPASSWORD = "${PLANTED.envPy}"\n`,
      '.env': `DB_PASSWORD="${PLANTED.env}\n`,
      'requirements.txt': `-r https://me:${PLANTED.index}@example.org/r.txt\n===\n`,
    };
    for (const [name, text] of sampled(Object.entries(broken), 2)) {
      writeFileSync(path.join(root, name), text);
      for (const args of [['patch', '--dry-run', '--debug', '--format', 'summary']]) {
        expect(leaks(nayek(root, ...args)), name).toEqual([]);
      }
      git(root, 'checkout', '-q', '.');
    }
    const url = `postgresql://me:${PLANTED.ini}@h/x`;
    writeFileSync(path.join(root, 'r.yaml'), `name: x\nparts: [\n  "${url}"`);
    writeFileSync(path.join(root, 'p.json'), `{"url": "${url}`);
    writeFileSync(path.join(root, 'q.json'), JSON.stringify({ schema: url }));
    for (const args of [
      ['patch', '--recipe', './r.yaml'],
      ['patch', '--recipe', url],
      ['patch', '--only', url],
      ['patch', '--set', `bind.x=${url}`],
      ['patch', '--set', `nope.x=${url}`],
      ['patch', `--${url}`],
      ['patch', url],
      ['apply', 'p.json'],
      ['apply', 'q.json'],
      ['apply', url],
      ['undo', url],
      ['explain', url],
    ]) {
      expect(leaks(nayek(root, ...args, '--debug')), args.join(' ')).toEqual([]);
    }
  });

  it('not in a generated file, and in no changed one more often than before', () => {
    for (const recipe of sampled(['render', 'fi9-nayek', 'procfile', 'vps'], 3)) {
      const root = repositoryOf(files);
      nayek(root, 'patch', '--unsafe', '--recipe', recipe);
      for (const name of git(root, 'ls-files', '--others', '--exclude-standard').split('\n').filter(Boolean)) {
        expect(leaks(readFileSync(path.join(root, name), 'utf8')), name).toEqual([]);
      }
      for (const name of git(root, 'diff', '--name-only').split('\n').filter(Boolean)) {
        const [before = '', after] = [files[name], readFileSync(path.join(root, name), 'utf8')];
        for (const secret of Object.values(PLANTED)) {
          expect(after.split(secret).length, name).toBeLessThanOrEqual(before.split(secret).length);
        }
      }
    }
  });
});

describe('a batch', () => {
  it('shows no credential: not on a screen, not on the page, in no file but the stored patches', () => {
    const root = repositoryOf(FILES);
    const state = path.join(root, '../batch');
    const planned = nayek(root, 'batch', 'plan', root, '--state', state);
    expect(planned).toContain('changed');
    const page = path.join(root, '../review.html');
    const shown = [
      planned,
      nayek(root, 'batch', 'status', '--state', state),
      nayek(root, 'batch', 'status', '--state', state, '--format', 'json'),
      nayek(root, 'batch', 'review', '--state', state, '--format', 'markdown'),
      nayek(root, 'batch', 'review', '--state', state, '-o', page),
      readFileSync(page, 'utf8'),
    ];
    expect(shown.at(-1)).toContain('alembic.ini');
    for (const text of shown) expect(leaks(text)).toEqual([]);
    const names = readdirSync(state, { recursive: true }) as string[];
    const files = names.filter((name) => statSync(path.join(state, name)).isFile());
    const leaking = files.filter((name) => leaks(readFileSync(path.join(state, name), 'utf8')).length > 0);
    expect(leaking.length).toBeGreaterThan(0);
    for (const name of leaking) {
      expect(name).toMatch(/^patches/);
      expect((statSync(path.join(state, name)).mode & 0o077).toString(8), name).toBe('0');
    }
  });
});

describe('the journal', () => {
  it('names no credential and is readable by its owner only, whatever the mask', () => {
    for (const options of [{}, { git: false }]) {
      const root = repositoryOf(FILES, options);
      const before = process.umask(0);
      try {
        nayek(root, 'patch');
      } finally {
        process.umask(before);
      }
      const state = path.join(root, options.git === false ? '.nayek' : '.git/nayek');
      expect(statSync(state).mode & 0o777).toBe(0o700);
      const names = readdirSync(state, { recursive: true }) as string[];
      expect(names.length).toBeGreaterThan(4);
      expect(leaks(names.join('\n'))).toEqual([]);
      for (const name of names) {
        const stat = statSync(path.join(state, name));
        expect((stat.mode & 0o077).toString(8), name).toBe('0');
        if (name.endsWith('step.json')) expect(leaks(readFileSync(path.join(state, name), 'utf8'))).toEqual([]);
      }
    }
  });

  it('is refused where somebody has put a folder that others can read', () => {
    const root = repositoryOf(FILES);
    mkdirSync(path.join(root, '.git/nayek'), { mode: 0o755 });
    mkdirSync(path.join(root, '.git/nayek/steps'), { mode: 0o755 });
    nayek(root, 'patch');
    expect(statSync(path.join(root, '.git/nayek/steps/0001')).mode & 0o777).toBe(0o700);
  });
});
