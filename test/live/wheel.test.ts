/** The wheel, installed by pip from PyPI's Node, where no Node is on PATH. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildOnce, home } from '../built.ts';
import { git, repositoryOf, SAMPLE } from '../sample.ts';
import { temporaryFolder } from '../temporary.ts';

beforeAll(buildOnce);

it('runs without Node on PATH: what is here, a check, a patch, and undo', () => {
  const folder = temporaryFolder('wheel');
  const wheel = execFileSync('python3', ['bin/packaging/wheel.py', folder], { cwd: home, encoding: 'utf8' }).trim();
  const venv = path.join(folder, 'venv');
  execFileSync('python3', ['-m', 'venv', venv]);
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-cache-dir', wheel];
  const installed = spawnSync(path.join(venv, 'bin', 'pip'), pip, { encoding: 'utf8' });
  expect(installed.stderr).toBe('');
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);
  const env = { PATH: empty, HOME: folder };
  const root = repositoryOf(SAMPLE);
  const nayek = (...args: string[]) =>
    spawnSync(path.join(venv, 'bin', 'nayek'), args, { cwd: root, env, encoding: 'utf8' });
  expect(nayek()).toMatchObject({ status: 0, stdout: expect.stringContaining('shop: fastapi app.main:app') });
  expect(nayek('patch', '--check')).toMatchObject({ status: 1, stdout: expect.stringContaining('pending') });
  // There is no git on this PATH either.
  expect(nayek('patch', '--allow-dirty')).toMatchObject({ status: 0 });
  expect(git(root, 'status', '--porcelain')).toContain('render.yaml');
  expect(nayek('undo')).toMatchObject({ status: 0 });
  expect(git(root, 'status', '--porcelain')).toBe('');
  const module = spawnSync(path.join(venv, 'bin', 'python'), ['-m', 'nayek', 'ptach'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(module).toMatchObject({ status: 2, stderr: expect.stringContaining('Did you mean patch?') });
});
