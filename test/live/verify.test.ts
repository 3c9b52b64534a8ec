/** `nayek verify --live` on small applications of our own: unpatched they fail, patched they hold. */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  apps,
  both,
  command,
  environmentOf,
  holdOncePatched,
  home,
  left,
  namesOf,
  passwords,
  temp,
  verify,
} from './verifying.ts';

holdOncePatched([
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
    name: 'factory-shop',
    what: 'a factory, with SQLite',
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [...both, 'run as a program', 'gunicorn'],
  },
]);

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
