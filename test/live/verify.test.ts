/** `nayek verify --live` on small applications of our own: unpatched they fail, patched they hold. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Step } from '../../src/verify/steps.ts';
import { temporaryFolder } from '../temporary.ts';

const root = path.join(import.meta.dirname, '..', '..');
const apps = path.join(import.meta.dirname, 'apps');
const command = path.join(root, 'dist', 'nayek.cjs');
let home = '';
let temp = '';

beforeAll(() => {
  home = temporaryFolder('live');
  temp = path.join(home, 'tmp');
  mkdirSync(temp);
  // PostgreSQL runs as another user when we are root.
  for (const folder of [home, temp]) chmodSync(folder, 0o755);
});

/** One environment for each set of requirements: what an application needs unpatched names it. */
function environmentOf(app: string): string {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((f) => /requirements\.txt$/.test(f));
  const text = files.map((f) => readFileSync(path.join(app, f), 'utf8').replace(/^gunicorn.*\n/gm, '')).join('\n');
  return path.join(home, `env-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
}

interface Answer {
  readonly exit: number | null;
  readonly steps: readonly Step[];
  readonly out: SpawnSyncReturns<string>;
}

function verify(app: string, ...args: string[]): Answer {
  const before = hashOf(app);
  const env = { ...process.env, TMPDIR: temp };
  const out = spawnSync(
    process.execPath,
    [command, 'verify', '--live', '--yes', '--format', 'json', '--reuse-env', environmentOf(app), ...args, app],
    { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 },
  );
  expect(hashOf(app)).toBe(before);
  expect(left(app)).toEqual([]);
  // Of a failed run the log stays.
  expect(readdirSync(temp).filter((name) => !name.endsWith('.log'))).toEqual([]);
  const report = out.stdout.startsWith('{') ? (JSON.parse(out.stdout) as { steps: Step[] }) : { steps: [] };
  return { exit: out.status, steps: report.steps, out };
}

/** Names and bytes of all files. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(folder, name);
    hash.update(`${name}\0`);
    if (statSync(file).isFile()) hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Command lines of living processes that were started in the application's environment. */
function left(app: string): string[] {
  const mark = `VIRTUAL_ENV=${environmentOf(app)}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}

const namesOf = (steps: readonly Step[], status: Step['status']): string[] =>
  steps.filter((s) => s.status === status).map((s) => [s.origin, s.name].filter(Boolean).join(': '));

/** What a launch shows; `release` where the Procfile has one. */
const launch = (origin: string): string[] =>
  ['start', 'all interfaces', 'two workers', 'stop'].map((name) => `${origin}: ${name}`);
const both = [...launch('render.yaml'), ...launch('Procfile')];
const passwords = ['render.yaml: wrong password', 'Procfile: wrong password'];

describe.each([
  {
    name: 'konan-backend',
    what: "the document's repository",
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
  },
  {
    name: 'flask-notes',
    what: 'Flask with Flask-Migrate',
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
  },
  {
    name: 'django-polls',
    what: 'Django',
    broken: ['start', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'migrations', 'gunicorn'],
  },
  {
    name: 'async-books',
    what: 'async SQLAlchemy with asyncpg',
    broken: ['start', 'run as a program', 'migrations', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
  },
  {
    name: 'factory-shop',
    what: 'a factory, with SQLite',
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [...both, 'run as a program', 'gunicorn'],
  },
  {
    name: 'monorepo',
    what: 'a service of a monorepo',
    broken: ['start', 'run as a program', 'migrations', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
    args: ['--service', 'backend'],
  },
  {
    name: 'celery-mailer',
    what: 'Redis and a Celery worker',
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [
      ...both,
      ...['render.yaml: celery-mailer-worker', 'render.yaml: stop celery-mailer-worker'],
      ...['Procfile: worker', 'Procfile: stop worker', 'Redis', 'run as a program', 'gunicorn'],
    ],
  },
])('$what', ({ name, broken, holds, args = [] }) => {
  const app = path.join(apps, name);

  // First, as the environment has no gunicorn yet.
  it('falls short as it is', () => {
    const { exit, steps, out } = verify(app, '--unpatched', ...args);
    expect(namesOf(steps, 'failed'), out.stderr).toEqual(broken);
    expect(exit).toBe(1);
  });

  it('boots once patched', () => {
    const { exit, steps, out } = verify(app, ...args);
    expect(
      steps.filter((s) => !s.ok),
      out.stderr,
    ).toEqual([]);
    expect(namesOf(steps, 'ok')).toEqual(expect.arrayContaining(holds));
    expect(namesOf(steps, 'warning')).toEqual([]);
    expect(exit).toBe(0);
  });
});

describe('the recipe fi9-nayek', () => {
  const app = path.join(apps, 'konan-backend');

  it('boots, and what is unsafe in it is reported', () => {
    const { exit, steps, out } = verify(app, '--recipe', 'fi9-nayek');
    expect(
      steps.filter((s) => !s.ok),
      out.stderr,
    ).toEqual([]);
    expect(namesOf(steps, 'warning')).toEqual(passwords);
    expect(steps.find((s) => s.origin === 'Procfile' && s.name === 'wrong password')?.detail).toContain(
      'looks healthy',
    );
    expect(exit).toBe(0);
  });

  it('falls short where the recipe does not ask for it', () => {
    const copy = path.join(home, 'konan-backend');
    cpSync(app, copy, { recursive: true });
    expect(spawnSync(process.execPath, [command, 'patch', '--recipe', 'fi9-nayek', copy]).status).toBe(0);
    const { exit, steps } = verify(copy);
    expect(namesOf(steps, 'failed')).toEqual(passwords);
    expect(exit).toBe(1);
  });
});

describe('a start that is wrong', () => {
  it('is found: one interface, one worker, an orphan', () => {
    const app = path.join(home, 'flask-notes');
    cpSync(path.join(apps, 'flask-notes'), app, { recursive: true });
    appendFileSync(path.join(app, 'requirements.txt'), 'gunicorn==23.0.0\n');
    const web = 'flask db upgrade; WEB_CONCURRENCY=1 gunicorn app:app --bind 127.0.0.1:$PORT & wait';
    writeFileSync(path.join(app, 'Procfile'), `web: ${web}\n`);
    const { exit, steps } = verify(app, '--unpatched');
    expect(namesOf(steps, 'failed')).toEqual([
      ...['Procfile: all interfaces', 'Procfile: two workers', 'Procfile: stop'],
    ]);
    const details = steps.filter((s) => s.origin === 'Procfile' && s.status === 'failed').map((s) => s.detail);
    expect(details[0]).toBe('listens on 127.0.0.1 only');
    expect(details[1]).toBe('1 of 1 workers answer');
    expect(details[2]).toMatch(/left behind as orphans/);
    expect(exit).toBe(1);
  });
});

describe('the command', () => {
  const app = path.join(apps, 'factory-shop');

  it('hides generated passwords and says how to do it by hand', () => {
    const { steps, out } = verify(path.join(apps, 'flask-notes'), '--unpatched', '--no-install');
    const failed = steps.find((s) => s.name === 'run as a program');
    expect(failed?.status).toBe('failed');
    expect(failed?.reproduce).toMatch(
      /^env HOST=0\.0\.0\.0 PORT=\d+ SECRET_KEY=\*\*\* DATABASE_URL=postgresql:\/\/\w+:\*\*\*@/,
    );
    expect(out.stdout).not.toMatch(/:[0-9a-f]{36}@/);
  });

  it('runs nothing without a terminal and without --yes', () => {
    const out = spawnSync(process.execPath, [command, 'verify', '--live', app], { encoding: 'utf8', input: 'y\n' });
    expect(out.status).toBe(2);
    expect(out.stderr).toContain('runs the code of');
    expect(out.stderr).toContain('pass --yes');
    expect(out.stdout).toBe('');
  });

  it('takes everything back on Ctrl-C', async () => {
    const env = { ...process.env, TMPDIR: temp };
    const args = ['verify', '--live', '--yes', '--reuse-env', environmentOf(app), app];
    const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('render.yaml: start')) resolve();
      });
      child.on('exit', () => resolve());
    });
    expect(left(app).length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(left(app)).toEqual([]);
    expect(readdirSync(temp).filter((name) => !name.endsWith('.log'))).toEqual([]);
  });

  it('stops at what this machine lacks', () => {
    const missing = path.join(home, 'nothing-here');
    const { exit, steps } = verify(app, '--no-install', '--reuse-env', missing);
    expect(namesOf(steps, 'blocked')).toEqual(['environment']);
    expect(exit).toBe(2);
    expect(existsSync(missing)).toBe(false);
  });
});
