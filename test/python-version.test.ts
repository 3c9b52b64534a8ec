import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServiceSeed } from '../src/model/facts.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { survey } from '../src/survey/index.ts';
import { findPythonVersion } from '../src/survey/python-version.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(loadPython);

function seed(root = ''): ServiceSeed {
  const path = root === '' ? 'app/main.py' : `${root}/app/main.py`;
  const at = { path, line: 1 };
  return {
    root,
    name: 's',
    entry: { module: 'app.main', attr: 'app', factory: false, interface: 'asgi', framework: 'fastapi', path, at },
  };
}

function found(files: Record<string, string>, root = '') {
  const version = findPythonVersion(memorySnapshot(files), seed(root));
  return version && [version.version, version.bound === true, `${version.at.path}:${version.at.line}`];
}

describe('findPythonVersion', () => {
  it.each([
    [{ '.python-version': '# pin\n3.12\n' }, ['3.12', false, '.python-version:2']],
    [{ 'runtime.txt': 'python-3.11.9\n' }, ['3.11.9', false, 'runtime.txt:1']],
    [{ '.tool-versions': 'nodejs 20\npython 3.10.4\n' }, ['3.10.4', false, '.tool-versions:2']],
    [{ Pipfile: '[packages]\n[requires]\npython_version = "3.9"\n' }, ['3.9', false, 'Pipfile:3']],
    [{ Dockerfile: 'ARG V=3.12\nFROM python:$V-slim\n' }, ['3.12', false, 'Dockerfile:2']],
    [
      { 'pyproject.toml': '[project]\nname="x"\nrequires-python = ">=3.11,<3.12"\n' },
      ['3.11', false, 'pyproject.toml:3'],
    ],
    [{ 'pyproject.toml': '[project]\nname="x"\nrequires-python = ">=3.9, <4"\n' }, ['3.9', true, 'pyproject.toml:3']],
    [{ 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n' }, ['3.11', true, 'pyproject.toml:2']],
    [{ 'setup.cfg': '[options]\npython_requires = >=3.8\n' }, ['3.8', true, 'setup.cfg:2']],
    [{ 'setup.cfg': '[options]\npython_requires: >=3.11,<3.12\n' }, ['3.11', false, 'setup.cfg:2']],
    [{ 'environment.yml': 'dependencies:\n  - gdal\n  - python=3.11\n' }, ['3.11', false, 'environment.yml:3']],
    [{ 'environment.yaml': 'dependencies:\n  - conda-forge::python>=3.10\n' }, ['3.10', true, 'environment.yaml:2']],
    [{ 'environment.yml': 'dependencies:\n  - python=3.12.4=h1a2_cpython\n' }, ['3.12.4', false, 'environment.yml:2']],
    [{ 'environment.yml': 'dependencies:\n  - python\n  - python-dateutil=2.9\n' }, undefined],
    [{ 'setup.cfg': '[tool]\npython_requires = >=3.8\n' }, undefined],
    [
      { 'render.yaml': 'services:\n  - envVars:\n      - {key: PYTHON_VERSION, value: "3.11.9"}\n' },
      ['3.11.9', false, 'render.yaml:3'],
    ],
    [
      { 'render.yaml': 'services:\n  - envVars:\n      - key: PYTHON_VERSION # kept\n\n        value: 3.10\n' },
      ['3.10', false, 'render.yaml:5'],
    ],
    [
      { 'render.yaml': 'services:\n  - envVars:\n      - key: PYTHON_VERSION\n        value: 3.11.4\n' },
      ['3.11.4', false, 'render.yaml:4'],
    ],
    [
      { '.github/workflows/ci.yml': '      - with:\n          python-version: "3.10"\n' },
      ['3.10', false, '.github/workflows/ci.yml:2'],
    ],
  ])('%j', (files, wanted) => {
    expect(found(files as unknown as Record<string, string>)).toEqual(wanted);
  });

  it('takes the file nearest to the service', () => {
    const files = { '.python-version': '3.9', 'backend/runtime.txt': 'python-3.12.1', 'backend/app/main.py': '' };
    expect(found(files, 'backend')?.[0]).toBe('3.12.1');
  });

  it('takes the image that starts this very entry before a version file', () => {
    const files = {
      '.python-version': '3.11.1',
      'docker/Dockerfile.api':
        'FROM python:3.13.5-alpine as base\nFROM base as final\nCMD ["gunicorn", "app.main:app"]\n',
      'docker/Dockerfile.dev': 'FROM python:3.8\nCMD ["uvicorn", "app.main:app"]\n',
    };
    expect(found(files)).toEqual(['3.13.5', false, 'docker/Dockerfile.api:1']);
  });

  it('leaves the image of another service alone', () => {
    const files = { 'worker/Dockerfile': 'FROM python:3.8\nCOPY . .\n', 'backend/app/main.py': '', 'worker/x.py': '' };
    expect(found(files, 'backend')).toBeUndefined();
  });

  it.each([
    { '.python-version': 'my-virtualenv\n' },
    { Dockerfile: 'FROM python:slim\n' },
    { Dockerfile: 'FROM node:20\nRUN apt install python3\n' },
    { '.github/workflows/ci.yml': '          python-version: ["3.10", "3.12"]\n' },
    { 'pyproject.toml': '[tool.black]\nline-length = 100\n' },
    { 'pyproject.toml': 'broken = [' },
  ])('says nothing for %j', (files) => {
    expect(found(files as unknown as Record<string, string>)).toBeUndefined();
  });
});

describe('a version file in another encoding', () => {
  const said = (bytes: Buffer): readonly string[] => {
    const folder = temporaryFolder('python');
    writeFileSync(path.join(folder, '.python-version'), bytes);
    writeFileSync(path.join(folder, 'main.py'), 'from flask import Flask\napp = Flask(__name__)\n');
    return survey(readSnapshot(folder)).services[0]?.notes.map((n) => n.text) ?? [];
  };

  it('is read with its mark, and said', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('3.12.4\r\n', 'utf16le')]);
    expect(said(utf16).join()).toContain('.python-version is not plain UTF-8 (utf-16le)');
  });

  it('is said where it cannot be read', () => {
    expect(said(Buffer.from([0x80, 0x81, 0x0a])).join()).toContain('.python-version is no text in UTF-8.');
  });

  it('is not said of plain text', () => {
    expect(said(Buffer.from('3.12.4\n')).join()).not.toContain('UTF-8');
  });
});
