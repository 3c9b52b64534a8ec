/** The rules that come with nayek change nothing that a program says: each fixture is run before and after. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

const home = path.join(import.meta.dirname, '..', 'shelf');
const cases = readdirSync(home).flatMap((rule) =>
  readdirSync(path.join(home, rule))
    .filter((name) => existsSync(path.join(home, rule, name, 'after')))
    // That module went in SQLAlchemy 1.4: nothing to compare with.
    .filter((name) => !(rule === 'declarative-base' && name === 'api'))
    .map((name) => path.join(home, rule, name)),
);
let libraries = '';

beforeAll(() => {
  libraries = temporaryFolder('shelf-live');
  const wanted = ['sqlalchemy==2.0.36', 'setuptools==75.8.0'];
  execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', libraries, ...wanted], { stdio: 'ignore' });
}, 600_000);

function said(folder: string): string {
  const env = { PATH: process.env.PATH ?? '', PYTHONPATH: libraries, PYTHONWARNINGS: 'ignore' };
  return execFileSync('python3', ['app.py'], { cwd: folder, env, encoding: 'utf8' });
}

it.each(cases)('%s', (folder) => {
  const before = said(path.join(folder, 'before'));
  expect(said(path.join(folder, 'after'))).toBe(before);
});
