/** Nothing strays into the project: no path of somebody's machine, no file at the top that nobody explains. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { home } from './built.ts';
import { git } from './sample.ts';

/** Tracked files; none where this is no checkout, such as in a package. */
const tracked = ((): readonly string[] => {
  try {
    return git(home, 'ls-files', '-z').split('\0').filter(Boolean);
  } catch {
    return [];
  }
})();

/** Made up, for examples. */
const NOBODY = ['deploy', 'me', 'user'];
const HOME = /(?<![\w.~-])(?:\/(?:home|Users)\/|[A-Za-z]:[\\/]+Users[\\/]+)([A-Za-z][\w.-]*)/g;
const TEMPORARY =
  /(?<![\w.~-])(?:\/private\/tmp\/|\/var\/folders\/|\/tmp\/(?!nayek-victim)[a-z][\w-]*\/|\/root\/[\w.])/;
/** https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03.html */
const STANDARD = [
  'bin',
  'boot',
  'dev',
  'etc',
  'home',
  'lib',
  'media',
  'mnt',
  'opt',
  'proc',
  'root',
  'run',
  'sbin',
  'srv',
  'sys',
  'tmp',
  'usr',
  'var',
  'Users',
  'private',
];

/** Folders that only this machine has: where the project lies, and the home folder. */
function placesHere(project: string, user: string): readonly string[] {
  const [first = '', second = ''] = project.split(path.sep).slice(1);
  const top = STANDARD.includes(first) ? `/${first}/${second}/` : `/${first}/`;
  return [top, ...(user === '/' || user === '/root' ? [] : [`${user}/`])];
}

/** Why a text betrays a machine; undefined when it does not. */
function betrays(text: string, here: readonly string[]): string | undefined {
  for (const [found, user = ''] of text.matchAll(HOME)) if (!NOBODY.includes(user)) return found;
  return (
    TEMPORARY.exec(text)?.[0] ??
    here.find((place) => new RegExp(`(?<![\\w.~*/-])${place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(text))
  );
}

describe.skipIf(tracked.length === 0)('tracked files', () => {
  it('hold no path of somebody’s machine', () => {
    const here = placesHere(home, os.homedir());
    const found = tracked.flatMap((name) => {
      const why = betrays(readFileSync(path.join(home, name), 'latin1'), here);
      return why === undefined ? [] : [`${name}: ${why}`];
    });
    expect(found).toEqual([]);
  });

  it('at the top have a line in CONTRIBUTING.md', () => {
    const rows = readFileSync(path.join(home, 'CONTRIBUTING.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const told = new Set(rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((m) => m[1])));
    const top = new Set(tracked.map((name) => (name.includes('/') ? `${name.split('/')[0]}/` : name)));
    expect([...top].filter((name) => !told.has(name))).toEqual([]);
  });
});

describe('what betrays a machine', () => {
  const here = placesHere('/projects/team/nayek', ['', 'home', 'ann'].join('/'));
  const bad = [
    `in ${['', 'home', 'ann', 'o3.txt'].join('/')}`,
    ['', 'Users', 'bob', 'x'].join('/'),
    ['C:', 'Users', 'Bob', 'x'].join('\\'),
    `"${['', 'projects', 'other', 'x.py'].join('/')}"`,
    ['', 'tmp', 'scratch', 'x'].join('/'),
    ['', 'root', '.npm'].join('/'),
  ];
  it.each(bad)('%s', (text) => expect(betrays(text, here)).toBeDefined());
  it.each(['/home/deploy/shop', '/srv/shop', 'src/projects/x', 'https://example.org/home/ann', '/tmp', '~/x'])(
    'not %s',
    (text) => expect(betrays(text, here)).toBeUndefined(),
  );
});

it('every fault that the tests are tried with stands in the sources once', () => {
  const faults = JSON.parse(readFileSync(path.join(home, 'bench/tests/faults.json'), 'utf8')) as {
    file: string;
    from: string;
  }[];
  const times = ({ file, from }: (typeof faults)[number]): number =>
    readFileSync(path.join(home, file), 'utf8').split(from).length - 1;
  expect(faults.filter((fault) => times(fault) !== 1).map(({ file, from }) => `${file}: ${from}`)).toEqual([]);
});
