import { beforeAll, describe, expect, it } from 'vitest';
import type { Framework, Service, ServiceSeed } from '../src/model/facts.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { consoleScripts } from '../src/survey/console-scripts.ts';
import { admitsFrom, compareVersions } from '../src/survey/dependencies/versions.ts';
import { findDependencies } from '../src/survey/dependencies.ts';
import { lacksUvicorn, workerClass } from '../src/survey/worker-class.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

function seed(root = '', framework: Framework = 'fastapi'): ServiceSeed {
  const path = root === '' ? 'app/main.py' : `${root}/app/main.py`;
  const at = { path, line: 1 };
  const kind = framework === 'flask' || framework === 'django' ? 'wsgi' : 'asgi';
  return {
    root,
    name: 's',
    entry: { module: 'app.main', attr: 'app', factory: false, interface: kind, framework, path, at },
  };
}

function found(files: Record<string, string>, root = '', framework: Framework = 'fastapi') {
  return findDependencies(memorySnapshot(files), seed(root, framework));
}

const WEB = 'fastapi==0.110.0\nuvicorn==0.29.0\n';
const PROJECT = '[project]\nname = "svc"\ndependencies = ["fastapi>=0.110", "uvicorn>=0.29"]\n';
const POETRY =
  '[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.110"\nuvicorn = {extras = ["standard"], version = "^0.29"}\n';

describe('findDependencies: which file', () => {
  it('takes the nearest one going up', () => {
    const files = { 'requirements.txt': WEB, 'backend/requirements.txt': WEB };
    expect(found(files, 'backend/app')?.path).toBe('backend/requirements.txt');
    expect(found(files, 'backend/app')?.install).toBe('pip install -r ../requirements.txt');
  });

  it('passes over a nearer file without the framework, and tool settings', () => {
    const files = {
      'requirements.txt': WEB,
      'backend/requirements.txt': 'sphinx\n',
      'backend/pyproject.toml': '[tool.ruff]\n',
    };
    expect(found(files, 'backend')?.path).toBe('requirements.txt');
  });

  it('goes down to the entry when the root has none', () => {
    const repo = memorySnapshot({ 'backend/requirements.txt': WEB, 'backend/app/main.py': '' });
    const at = { path: 'backend/app/main.py', line: 1 };
    const entry = { ...seed().entry, module: 'backend.app.main', path: at.path, at };
    const dependencies = findDependencies(repo, { ...seed(), entry });
    expect([dependencies?.path, dependencies?.install]).toEqual([
      'backend/requirements.txt',
      'pip install -r backend/requirements.txt',
    ]);
  });

  it('takes the list beside a Procfile rather than the one of an image', () => {
    const files = {
      Procfile: 'web: gunicorn app.main:app\n',
      'requirements.txt': '-r requirements/heroku.txt\n',
      'requirements/heroku.txt': `${WEB}gunicorn\npsycopg2\n`,
      'requirements/docker.txt': `${WEB}pymysql\n`,
      Dockerfile: 'FROM python:3.12\nRUN pip install -r requirements/docker.txt\nCMD ["uvicorn", "app.main:app"]\n',
    };
    expect(found(files)?.path).toBe('requirements/heroku.txt');
    const { Procfile: _, ...rest } = files;
    expect(found(rest)?.path).toBe('requirements/docker.txt');
  });

  it('prefers production over development, and what the Dockerfile installs over both', () => {
    const files = { 'requirements/dev.txt': WEB, 'requirements/prod.txt': WEB, 'requirements/api.txt': WEB };
    expect(found(files)?.path).toBe('requirements/prod.txt');
    const Dockerfile =
      'FROM python:3.12\nCOPY requirements/api.txt /srv/requirements.txt\nRUN pip install \\\n  -r /srv/requirements.txt\n';
    expect(found({ ...files, Dockerfile })?.path).toBe('requirements/api.txt');
  });

  it('edits the included file that holds the server and installs the outer one', () => {
    const files = { 'requirements.txt': '-r deps/web.txt\nsentry-sdk\n', 'deps/web.txt': WEB };
    const dependencies = found(files);
    expect([dependencies?.path, dependencies?.install]).toEqual(['deps/web.txt', 'pip install -r requirements.txt']);
    expect(dependencies?.requirements.map((r) => r.name)).toEqual(['fastapi', 'uvicorn', 'sentry-sdk']);
  });

  it('installs a production list without the framework on top', () => {
    const dependencies = found({ 'requirements.txt': WEB, 'requirements-prod.txt': 'gunicorn==23.0.0\n' });
    expect(dependencies?.install).toBe('pip install -r requirements.txt -r requirements-prod.txt');
    expect(dependencies?.requirements.some((r) => r.name === 'gunicorn')).toBe(true);
  });

  it('survives cycles and files outside of the repository', () => {
    const files = {
      'requirements.txt': '-r a.txt\n-r ../../x.txt\n-r /etc/x.txt\n',
      'a.txt': `-r requirements.txt\n${WEB}`,
    };
    expect(found(files)?.requirements).toHaveLength(2);
  });

  it('is undefined without any', () => {
    expect(found({ 'app/main.py': '', 'package.json': '{}' })).toBeUndefined();
    expect(found({ 'requirements-dev.txt': 'pytest\n' })).toBeUndefined();
  });
});

describe('findDependencies: forms', () => {
  it('asks a tool that the image uses for its lock only where there is one', () => {
    const image = 'FROM python:3.12\nCOPY . .\nRUN uv sync --no-dev\nCMD ["uvicorn", "app.main:app"]\n';
    const files = { 'pyproject.toml': PROJECT, Dockerfile: image, 'app/main.py': '' };
    expect(found(files)?.install).toBe('uv sync');
    expect(found({ ...files, 'uv.lock': '' })?.install).toBe('uv sync --frozen');
  });

  it.each([
    ['pep621', { 'pyproject.toml': PROJECT }, 'pip install .', undefined, []],
    ['pep621', { 'pyproject.toml': PROJECT, 'uv.lock': '' }, 'uv sync --frozen', 'uv', ['uv.lock']],
    [
      'pep621',
      { 'pyproject.toml': PROJECT, 'poetry.lock': '' },
      'poetry install --no-root --only main',
      'poetry',
      ['poetry.lock'],
    ],
    ['pdm', { 'pyproject.toml': `${PROJECT}[tool.pdm]\n`, 'pdm.lock': '' }, 'pdm sync --prod', 'pdm', ['pdm.lock']],
    [
      'poetry',
      { 'pyproject.toml': POETRY, 'poetry.lock': '' },
      'poetry install --no-root --only main',
      'poetry',
      ['poetry.lock'],
    ],
    [
      'pipenv',
      { Pipfile: '[packages]\nfastapi = "*"\n', 'Pipfile.lock': '{}' },
      'pipenv install --deploy',
      'pipenv',
      ['Pipfile.lock'],
    ],
    ['setup.cfg', { 'setup.cfg': '[options]\ninstall_requires =\n  fastapi\n' }, 'pip install .', undefined, []],
    [
      'setup.py',
      { 'setup.py': 'from setuptools import setup\nreqs = ["fastapi"]\nsetup(install_requires=reqs)\n' },
      'pip install .',
      undefined,
      [],
    ],
    [
      'conda',
      { 'environment.yml': 'dependencies:\n  - fastapi=0.110\n' },
      'conda env update --file environment.yml',
      undefined,
      [],
    ],
  ])('%s %j', (form, files, install, tool, locks) => {
    const dependencies = found(files as unknown as Record<string, string>);
    expect([dependencies?.form, dependencies?.install, dependencies?.lockTool, dependencies?.locks]).toEqual([
      form,
      install,
      tool,
      locks,
    ]);
  });

  it('finds the lock of a uv workspace, and the versions in it', () => {
    const files = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["services/*"]\n',
      'uv.lock': '[[package]]\nname = "uvicorn"\nversion = "0.40.0"\n',
      'services/api/pyproject.toml': PROJECT,
    };
    const dependencies = found(files, 'services/api');
    expect([dependencies?.path, dependencies?.locks, dependencies?.locked]).toEqual([
      'services/api/pyproject.toml',
      ['uv.lock'],
      { uvicorn: '0.40.0' },
    ]);
    expect(
      found({ ...files, 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["other"]\n' }, 'services/api')?.locks,
    ).toEqual([]);
  });

  it('leads a compiled file back to its source', () => {
    const header = (by: string, command: string) =>
      `# This file was autogenerated by ${by} via the following command:\n#    ${command}\n`;
    const exported = found({
      'pyproject.toml': PROJECT,
      'uv.lock': '',
      'requirements.txt': header('uv', 'uv export -o requirements.txt') + WEB,
    });
    expect([exported?.path, exported?.locks]).toEqual(['pyproject.toml', ['uv.lock', 'requirements.txt']]);
    const compiled = found({
      'requirements.in': 'fastapi\nuvicorn\n',
      'requirements.txt': header('uv', 'uv pip compile requirements.in -o requirements.txt') + WEB,
    });
    expect([compiled?.path, compiled?.locks, compiled?.lockTool, compiled?.locked]).toEqual([
      'requirements.in',
      ['requirements.txt'],
      'uv',
      { uvicorn: '0.29.0' },
    ]);
    expect(compiled?.install).toBe('pip install -r requirements.txt');
  });

  it('takes the compiled list of a deployment, and not that of a development', () => {
    const header = (command: string) => `# This file is autogenerated by pip-compile\n#    ${command}\n`;
    const files = {
      'backend/pyproject.toml': PROJECT,
      'backend/requirements.txt': header('pip-compile --output-file=requirements.txt pyproject.toml') + WEB,
      'backend/requirements-dev.txt':
        header('pip-compile --extra=dev --output-file=requirements-dev.txt pyproject.toml') + WEB,
      'README.md': '```\npip install -r requirements-dev.txt\n```\n',
    };
    expect(found(files, 'backend')?.install).toBe('pip install -r requirements.txt');
    const image =
      'FROM python:3.12\nCOPY backend/requirements-prod.txt /app/requirements-prod.txt\nRUN pip install -r /app/requirements-prod.txt\n';
    const prod = header('pip-compile --output-file=requirements-prod.txt pyproject.toml') + WEB;
    const imaged = { ...files, 'backend/requirements-prod.txt': prod, 'docker/Dockerfile': image };
    expect(found(imaged, 'backend')?.install).toBe('pip install -r requirements-prod.txt');
  });

  it('installs the extra or group that holds the server', () => {
    const extra = found({ 'pyproject.toml': `${PROJECT}[project.optional-dependencies]\nprod = ["gunicorn"]\n` });
    expect(extra?.install).toBe("pip install '.[prod]'");
    const group = found({
      'pyproject.toml': `${POETRY}[tool.poetry.group.prod.dependencies]\ngunicorn = "*"\n`,
      'poetry.lock': '',
    });
    expect(group?.install).toBe('poetry install --no-root --only main,prod');
  });

  it('takes the extras that the Dockerfile installs', () => {
    const Dockerfile =
      'FROM python:3.12\nCOPY pyproject.toml ./\nRUN pip install --upgrade pip && pip install --verbose .[full]\n';
    expect(found({ 'pyproject.toml': PROJECT, Dockerfile })?.install).toBe("pip install '.[full]'");
  });

  it('reads dependencies that the metadata takes from a requirements file there', () => {
    const toml =
      '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["requirements.txt"]}\n';
    expect(found({ 'pyproject.toml': toml, 'requirements.txt': WEB })?.path).toBe('requirements.txt');
  });
});

describe('workerClass', () => {
  function service(requirements: string, more: Partial<Service> = {}, framework: Framework = 'fastapi'): Service {
    const dependencies = found({ 'requirements.txt': requirements }, '', framework);
    const base = {
      ...seed('', framework),
      workers: [],
      env: [],
      needs: [],
      notes: [],
      deployment: { dockerfiles: [], commands: [] },
    };
    return { ...base, ...(dependencies ? { dependencies } : {}), ...more };
  }
  const PACKAGE = { name: 'uvicorn_worker.UvicornWorker', needs: 'uvicorn-worker>=0.4.0' };
  const BUILT_IN = { name: 'uvicorn.workers.UvicornWorker' };

  it.each([
    ['fastapi\nuvicorn', PACKAGE],
    ['fastapi\nuvicorn==0.36.0', PACKAGE],
    ['fastapi\nuvicorn>=0.20', PACKAGE],
    ['fastapi\nuvicorn~=0.32', PACKAGE],
    ['fastapi[standard]', PACKAGE],
    ['fastapi\nuvicorn==0.35.0', BUILT_IN],
    ['fastapi\nuvicorn>=0.20,<0.30', BUILT_IN],
    ['fastapi\nuvicorn~=0.32.0', BUILT_IN],
    ['fastapi\nuvicorn\ngunicorn', BUILT_IN],
    ['fastapi\nuvicorn\ngunicorn\nuvicorn-worker', { name: 'uvicorn_worker.UvicornWorker' }],
  ])('%j', (requirements, wanted) => {
    expect(workerClass(service(requirements))).toEqual(wanted);
  });

  it('goes by the framework', () => {
    expect(workerClass(service('flask', {}, 'flask'))).toBeUndefined();
    expect(workerClass(service('aiohttp', {}, 'aiohttp'))).toEqual({ name: 'aiohttp.GunicornWebWorker' });
  });

  it('keeps what the repository starts with, and the old one on an old Python', () => {
    const at = { path: 'Procfile', line: 1 };
    const commands = [{ command: 'gunicorn -k uvicorn.workers.UvicornH11Worker app.main:app', at }];
    expect(
      workerClass(service('fastapi\nuvicorn\ngunicorn', { deployment: { dockerfiles: [], commands } }))?.name,
    ).toBe('uvicorn.workers.UvicornH11Worker');
    expect(workerClass(service('fastapi\nuvicorn', { python: { version: '3.8', at } }))).toEqual(BUILT_IN);
  });

  it('tells when nothing brings uvicorn', () => {
    expect(lacksUvicorn(service('fastapi'))).toBe(true);
    expect(lacksUvicorn(service('fastapi[all]'))).toBe(false);
    expect(lacksUvicorn(service('flask', {}, 'flask'))).toBe(false);
  });
});

describe('versions', () => {
  it.each([
    ['', true], ['>=20', true], ['==21.2.0', false], ['==23.*', true], ['==22.*', false], ['^22.0.0', false], ['^23.0', true], ['~22.1', false],
    ['~=22.0', false], ['~=23.0', true], ['<23', false], ['<=23.0.0', true], ['>=20,<24', true], ['22.0.0', false], ['*', true], ['^21 || ^23', true], ['(>=23.0.0,<24.0.0)', true],
  ])('%s admits 23.0.0 or newer: %s', (specifier, wanted) => {
    expect(admitsFrom(specifier, '23.0.0')).toBe(wanted);
  }); // biome-ignore format: a table

  it('compares by number', () => {
    expect(compareVersions('0.9', '0.10.1')).toBeLessThan(0);
    expect(compareVersions('1.0', '1')).toBe(0);
    expect(compareVersions('2.9.0.post0', '2.9')).toBe(0);
  });
});

describe('console scripts', () => {
  const shop = { name: 'shop', module: 'shop.cli', attr: 'main' };
  it.each<[string, string, object[]]>([
    ['pyproject.toml', '[project.scripts]\nshop = "shop.cli:main"\n\n[tool.x]\nno = "shop.cli:other"\n', [shop]],
    ['pyproject.toml', '[tool.poetry.scripts]\nshop = "shop.cli:main"\n', [shop]],
    ['pyproject.toml', '[project.scripts]\nshop = "shop.cli"\n', []],
    ['api/setup.cfg', '[options.entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n    # a = b:c\n', [shop]],
    ['setup.cfg', '[metadata]\nconsole_scripts = shop = shop.cli:main\n', []],
    ['setup.py', 'setup(entry_points={"console_scripts": ["shop=shop.cli:main"], "x": ["a=b:c"]})\n', [shop]],
    [
      'setup.py',
      'setuptools.setup(entry_points="""\n[x]\na = b:c\n[console_scripts]\nshop = shop.cli:main\n""")\n',
      [shop],
    ],
    ['setup.py', 'make(entry_points={"console_scripts": ["shop=shop.cli:main"]})\n', []],
  ])('%s: %j', (path, text, wanted) => {
    const found = consoleScripts(memorySnapshot({ [path]: text }));
    expect(found).toEqual(wanted.map((one) => ({ ...one, path })));
  });
});
