/** Folders of other people's code that were checked in: nothing in them is a service, and nothing of them is written. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { leftOut, listFiles } from '../src/repo/listing.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { repositoryOf } from './sample.ts';

beforeAll(loadPython);

const APP = 'from flask import Flask\napp = Flask(__name__)\n';
const OWN = { 'requirements.txt': 'flask\n', 'app.py': APP };

const FOREIGN: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    'a virtual environment without its pyvenv.cfg',
    { 'env/bin/activate': '', 'env/lib/x/app.py': APP },
    'env/lib/x/app.py',
  ],
  ['the same of Windows', { 'py/Scripts/activate': '', 'py/Lib/x/app.py': APP }, 'py/Lib/x/app.py'],
  ['site-packages', { 'lib/site-packages/x/app.py': APP }, 'lib/site-packages/x/app.py'],
  [
    'what PyInstaller makes',
    { 'prog/_internal/base_library.zip': '', 'prog/_internal/x/app.py': APP },
    'prog/_internal/x/app.py',
  ],
  ['the same of before', { 'prog/base_library.zip': '', 'prog/x/app.py': APP }, 'prog/x/app.py'],
];

const OURS: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['a package of that name', { 'shop/_internal/app.py': APP }, 'shop/_internal/app.py'],
  ['scripts beside', { 'shop/bin/run': '', 'shop/app.py': APP }, 'shop/app.py'],
  ['a folder of that name', { 'shop/bin/activate/x': '', 'shop/app.py': APP }, 'shop/app.py'],
];

describe('a folder of other people’s code', () => {
  it.each(FOREIGN)('is %s', (_what, files, inside) => {
    const root = repositoryOf({ ...OWN, ...files }, { git: false });
    expect(listFiles(root, [])).toEqual(Object.keys(OWN).sort());
    expect(leftOut(root, inside)).toMatch(/lies in/);
    expect(survey(readSnapshot(root)).services.map((s) => s.entry.path)).toEqual(['app.py']);
  });

  it.each(OURS)('is not %s', (_what, files, inside) => {
    const root = repositoryOf({ ...OWN, ...files }, { git: false });
    expect(listFiles(root, [])).toContain(inside);
    expect(leftOut(root, inside)).toBeUndefined();
  });
});
