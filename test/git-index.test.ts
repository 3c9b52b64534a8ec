/** What git tracks belongs to the repository, whatever a .gitignore says. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { trackedBelow } from '../src/repo/git-index.ts';
import { leftOut, listFiles } from '../src/repo/listing.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { repositoryOf } from './sample.ts';

beforeAll(loadPython);

const FILES = {
  '.gitignore': 'requirements.txt\ndata/\n*.log\nbuild/\n',
  'main.py': '',
  'requirements.txt': 'flask\n',
  'data/words.txt': '',
  'data/own.txt': '',
  'build/x.py': '',
  'a.log': '',
  'pkg/name-that-is-longer-than-others.py': '',
};
const FORCED = ['requirements.txt', 'data/words.txt'];

function repository(args: readonly string[] = []): string {
  const root = repositoryOf(FILES, { git: false });
  const git = (...more: string[]): Buffer => execFileSync('git', ['-C', root, ...more], { stdio: 'pipe' });
  git('init', '-q', ...args);
  git('add', '.');
  git('add', '-f', ...FORCED);
  return root;
}

const LISTED = [
  '.gitignore',
  'data/words.txt',
  'main.py',
  'pkg/name-that-is-longer-than-others.py',
  'requirements.txt',
];

describe('the index of git', () => {
  it('says what belongs to the repository; what is ignored and not tracked does not', () => {
    const root = repository();
    expect(listFiles(root, [])).toEqual(LISTED);
    expect(FORCED.map((name) => leftOut(root, name))).toEqual([undefined, undefined]);
    expect(leftOut(root, 'data/own.txt')).toMatch('ignored');
    expect(listFiles(path.join(root, 'data'), [])).toEqual(['own.txt', 'words.txt']);
  });

  it.each([['2'], ['3'], ['4']])('in version %s', (version) => {
    const root = repository();
    execFileSync('git', ['-C', root, 'update-index', '--index-version', version]);
    // A flag that only the later versions can hold.
    if (version !== '2') execFileSync('git', ['-C', root, 'update-index', '--skip-worktree', 'main.py']);
    const tracked = trackedBelow(root);
    expect(LISTED.filter((name) => !tracked.has(name))).toEqual([]);
    expect(tracked.has('data/own.txt')).toBe(false);
    expect([tracked.below('data/'), tracked.below('build/')]).toEqual([true, false]);
    expect(trackedBelow(path.join(root, 'pkg')).has('name-that-is-longer-than-others.py')).toBe(true);
  });

  it('with the longer hashes', () => {
    expect(trackedBelow(repository(['--object-format=sha256'])).has('data/words.txt')).toBe(true);
  });

  it('counts for nothing where it is damaged, cut short or not there', () => {
    const root = repository();
    const index = path.join(root, '.git', 'index');
    const bytes = readFileSync(index);
    for (let size = 0; size < 400; size += 13) {
      writeFileSync(index, bytes.subarray(0, size));
      expect(trackedBelow(root).has('data/words.txt')).toBe(false);
    }
    writeFileSync(index, 'DIRC');
    appendFileSync(index, Buffer.alloc(500, 255));
    expect(listFiles(root, [])).not.toContain('requirements.txt');
    expect(trackedBelow(repositoryOf(FILES, { git: false })).has('main.py')).toBe(false);
  });
});

describe('a script that is not executable', () => {
  const APP = { 'requirements.txt': 'flask\ngunicorn\n', 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' };
  const BUILD = 'services:\n  - type: web\n    name: shop\n    runtime: python\n    buildCommand: ./build.sh\n';
  const yaml = (build = BUILD) => ({
    'render.yaml': `${build}    startCommand: gunicorn app:app\n`,
    'build.sh': 'true\n',
  });

  function stops(files: Record<string, string>, ...marks: string[]): string[] {
    const root = repositoryOf({ ...APP, ...files }, { git: false });
    const git = (...more: string[]): Buffer => execFileSync('git', ['-C', root, ...more], { stdio: 'pipe' });
    git('init', '-q');
    git('add', '.');
    if (marks.length > 0) git('update-index', '--chmod=+x', ...marks);
    const [service] = survey(readSnapshot(root)).services;
    const found = service?.notes.filter((n) => n.stops && /not executable/.test(n.text)) ?? [];
    return found.map(({ at, text }) => `${at.path}:${at.line} ${text.split(':')[0]}`);
  }

  it.each<[string, Record<string, string>, string[], string[]]>([
    ['the build of render.yaml', yaml(), [], ['render.yaml:5 build.sh is not executable in git']],
    [
      'a release line, beside one that is',
      { Procfile: 'web: ./run.sh\nrelease: exec scripts/release\n', 'run.sh': '', 'scripts/release': '' },
      ['run.sh'],
      ['Procfile:2 scripts/release is not executable in git'],
    ],
    ['skip-executable', yaml(), ['build.sh'], []],
    ['skip-made so first', yaml(BUILD.replace('./build', 'chmod a+x build.sh && ./build')), [], []],
    ['skip-read by a shell', yaml(BUILD.replace('./build', 'bash ./build')), [], []],
    ['skip-a program of an environment', { Procfile: 'web: .venv/bin/gunicorn app:app\n' }, [], []],
  ])('%s', (_, files, marks, found) => expect(stops(files, ...marks)).toEqual(found));
});
