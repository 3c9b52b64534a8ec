/**
 * The part `settings` changes no value: the program of each fixture says the same before and after, with the variables
 * unset, set, empty and of a wrong type.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

const FIXTURES = path.join(import.meta.dirname, '..', '..', 'fixtures', 'settings');
const names = readdirSync(FIXTURES).filter((name) => existsSync(path.join(FIXTURES, name, 'after', 'app')));
const libraries = new Map<string, string>();
let top = '';

/** Asks twice: the answer must not hang on what was read first. */
const PROGRAM = `
import json
import app.mail
print(json.dumps([app.mail.sender(), app.mail.sender()]))
`;

beforeAll(() => {
  top = temporaryFolder('settings-live');
  for (const [major, wanted] of [
    ['1', ['pydantic==1.10.24']],
    ['2', ['pydantic-settings==2.6.0']],
  ] as const) {
    const target = path.join(top, `pydantic-${major}`);
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, ...wanted], { stdio: 'ignore' });
    libraries.set(major, target);
  }
}, 600_000);

/** What the program prints, or the kind of its error. */
function said(folder: string, major: string, env: Readonly<Record<string, string>>): string {
  const clean = { PATH: process.env.PATH ?? '', PYTHONPATH: libraries.get(major) ?? '', PYTHONDONTWRITEBYTECODE: '1' };
  try {
    return execFileSync('python3', ['-c', PROGRAM], {
      ...{ cwd: folder, env: { ...clean, ...env } },
      ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    });
  } catch (error) {
    const { stderr } = error as { stderr: string };
    return /^(\w+):/.exec(stderr.trim().split('\n').at(-1) ?? '')?.[1] ?? stderr;
  }
}

describe.each(names)('%s', (name) => {
  const folder = path.join(FIXTURES, name);
  const major = name.startsWith('pydantic-1') ? '1' : '2';
  const variables = [
    ...new Set(
      readdirSync(path.join(folder, 'before'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.py'))
        .flatMap((file) => [
          ...readFileSync(path.join(folder, 'before', file), 'utf8').matchAll(
            /(?:getenv|environ\.get)\(["'](\w+)["']/g,
          ),
        ])
        .map((match) => match[1] ?? ''),
    ),
  ];

  it.each([
    ['unset', undefined],
    ['set', '2525'],
    ['empty', ''],
    ['of a wrong type', 'yes 5.0 é'],
    ['what pydantic would take for another type', '5.0'],
    ['JSON', '["a"]'],
  ])('%s', (_, value) => {
    expect(variables.length).toBeGreaterThan(0);
    const env = value === undefined ? {} : Object.fromEntries(variables.map((variable) => [variable, value]));
    const after = path.join(top, `${name}-after`);
    mkdirSync(after, { recursive: true });
    cpSync(path.join(folder, 'before'), after, { recursive: true });
    cpSync(path.join(folder, 'after'), after, { recursive: true });
    const before = said(path.join(folder, 'before'), major, env);
    expect(said(after, major, env)).toBe(before);
    if (value === undefined) expect(before).not.toMatch(/Error|Traceback/);
  });
});
