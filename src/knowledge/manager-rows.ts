/**
 * Dependency managers: a row each. Whatever else knows of one asks a question of managers.ts; a new one is a row here and
 * its fixtures.
 */
import { pipfileContent, poetryContent } from './lock-content.ts';
import type { Manager, RequirementList } from './manager.ts';

const main = (style: RequirementList['style'], ...key: string[]): RequirementList => ({ style, key, part: 'main' });
const extra = (...key: string[]): RequirementList => ({ style: 'strings', key, part: 'extra' });
const group = (style: RequirementList['style'], ...key: string[]): RequirementList => ({ style, key, part: 'group' });
const each = (option: string, names: readonly string[]): string => names.map((n) => ` ${option} ${n}`).join('');

/** https://packaging.python.org/en/latest/specifications/pyproject-toml/ */
const PROJECT_TABLE: readonly RequirementList[] = [
  main('strings', 'project', 'dependencies'),
  extra('project', 'optional-dependencies', '*'),
  group('strings', 'dependency-groups', '*'),
  group('table', 'tool', 'poetry', 'group', '*', 'dependencies'),
];
const REQUIRES_PYTHON = { says: 'specifier', keys: [['project', 'requires-python']] } as const;
const pipInstall: Manager['install'] = ({ folder, file, extras, groups, alone }) => {
  const own = extras.length === 0 ? folder : `'${folder}[${extras.join(',')}]'`;
  if (groups.length === 0) return `pip install ${own}`;
  // Python 3.13.3 and older bring a pip that knows no groups. https://pip.pypa.io/en/stable/news/#v25-1
  const named = groups.map((group) => (file === 'pyproject.toml' ? group : `${file}:${group}`));
  return `pip install 'pip>=25.1' && pip install${alone ? '' : ` ${own}`}${each('--group', named)}`;
};

/** Rows in the order in which locks beside each other count. */
export const MANAGERS = {
  /** https://docs.astral.sh/uv/concepts/projects/sync/ https://docs.astral.sh/uv/reference/cli/ */
  uv: {
    projects: {},
    deploys: true,
    header: 'uv',
    // Without a lock --frozen stops at once.
    install: ({ locked, member, extras, groups }) =>
      `uv sync${locked ? ' --frozen' : ''}${member ? ` --package ${member}` : ''}${each('--extra', extras)}${each('--group', groups)}`,
    compile: (source, target, hashes) => `uv pip compile${hashes ? ' --generate-hashes' : ''} ${source} -o ${target}`,
    tool: {
      lock: { file: 'uv.lock', grammar: 'toml', workspace: ['tool', 'uv', 'workspace', 'members'], renew: 'uv lock' },
      sources: ['tool', 'uv', 'sources'],
      installs: ['sync'],
      run: 'uv run',
      valued: ['--with', '--extra', '--group', '--package', '--python', '-p', '--env-file', '--directory', '--project'],
      add: ({ packages, group }) => `uv add${group ? ` --optional ${group}` : ''} ${packages}`,
      locks: ['add', 'lock', 'pip compile'],
      export: (target) => `uv export --format requirements-txt --output-file ${target}`,
      // https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path
      beside: 'UV_PYTHON_INSTALL_DIR=/opt/python ',
      active: '',
      own: 'uv run --no-sync ',
      debian: undefined,
      variables: 'UV_',
    },
  },
  /** https://python-poetry.org/docs/cli/ */
  poetry: {
    projects: {
      poetry: {
        grammar: 'toml',
        names: ['pyproject.toml'],
        lists: [
          main('table', 'tool', 'poetry', 'dependencies'),
          group('table', 'tool', 'poetry', 'group', '*', 'dependencies'),
          { ...group('table', 'tool', 'poetry', 'dev-dependencies'), group: 'dev' },
        ],
        scripts: ['tool', 'poetry', 'scripts'],
        python: { says: 'specifier', keys: [['tool', 'poetry', 'dependencies', 'python']] },
      },
    },
    deploys: true,
    header: 'poetry',
    install: ({ groups, extras }) =>
      `poetry install --no-root --only ${['main', ...groups].join(',')}${each('--extras', extras)}`,
    tool: {
      lock: {
        file: 'poetry.lock',
        grammar: 'toml',
        renew: 'poetry lock',
        hash: { key: ['metadata', 'content-hash'], of: poetryContent, blanks: true },
        stopsWhenOld: true,
      },
      installs: ['install', 'sync'],
      run: 'poetry run',
      valued: ['-C', '--directory', '-P', '--project'],
      add: ({ packages, group }) => `poetry add${group ? ` --group ${group}` : ''} ${packages}`,
      locks: ['add', 'lock'],
      export: (target) => `poetry export -f requirements.txt --output ${target}`,
      beside: 'POETRY_VIRTUALENVS_IN_PROJECT=true ',
      active: '',
      own: undefined,
      debian: 'python3-poetry',
      variables: 'POETRY_',
    },
  },
  /** https://pdm-project.org/latest/reference/cli/ */
  pdm: {
    projects: {
      pdm: {
        grammar: 'toml',
        names: ['pyproject.toml'],
        mark: ['tool', 'pdm'],
        lists: PROJECT_TABLE,
        python: REQUIRES_PYTHON,
      },
    },
    deploys: true,
    header: 'pdm',
    install: ({ locked, extras }) => (locked ? `pdm sync --prod${each('-G', extras)}` : 'pdm install --prod'),
    tool: {
      lock: { file: 'pdm.lock', grammar: 'toml', renew: 'pdm lock' },
      installs: ['sync', 'install'],
      run: 'pdm run',
      valued: ['-p', '--project'],
      add: ({ packages }) => `pdm add ${packages}`,
      locks: ['add', 'lock'],
      export: (target) => `pdm export -f requirements.txt --output ${target}`,
      beside: 'PDM_VENV_IN_PROJECT=true ',
      active: '',
      own: undefined,
      debian: undefined,
      variables: 'PDM_',
    },
  },
  /** https://pipenv.pypa.io/en/latest/cli.html https://github.com/pypa/pipfile */
  pipenv: {
    projects: {
      pipenv: {
        grammar: 'toml',
        names: ['Pipfile'],
        lists: [
          main('table', 'packages'),
          { ...group('table', 'dev-packages'), group: 'dev' },
          // https://pipenv.pypa.io/en/latest/pipfile.html#package-categories
          {
            ...group('table', '*'),
            besides: ['packages', 'dev-packages', 'source', 'requires', 'scripts', 'pipenv', 'pipfile'],
          },
        ],
        python: {
          says: 'version',
          keys: [
            ['requires', 'python_full_version'],
            ['requires', 'python_version'],
          ],
        },
      },
    },
    deploys: true,
    header: 'pipenv',
    install: ({ locked, groups }) =>
      `pipenv install${locked ? ' --deploy' : ''}${groups.length > 0 ? ` --categories "${['packages', ...groups].join(' ')}"` : ''}`,
    tool: {
      lock: {
        file: 'Pipfile.lock',
        of: 'Pipfile',
        grammar: 'json',
        renew: 'pipenv lock',
        hash: { key: ['_meta', 'hash', 'sha256'], of: pipfileContent, blanks: false },
        stopsWhenOld: true,
      },
      installs: ['sync', 'install'],
      run: 'pipenv run',
      valued: [],
      add: ({ packages }) => `pipenv install ${packages}`,
      locks: ['install', 'lock'],
      export: (target) => `pipenv requirements > ${target}`,
      beside: 'PIPENV_VENV_IN_PROJECT=1 ',
      active: '',
      own: undefined,
      debian: 'pipenv',
      variables: undefined,
    },
  },
  /** https://hatch.pypa.io/latest/config/environment/overview/ */
  hatch: {
    projects: {
      hatch: {
        grammar: 'toml',
        names: ['pyproject.toml'],
        lists: [main('strings', 'tool', 'hatch', 'envs', 'default', 'dependencies')],
        python: { says: 'version', keys: [['tool', 'hatch', 'envs', 'default', 'python']] },
      },
    },
    deploys: true,
    // `hatch env create` leaves an environment that exists as it is; a command that runs in it brings it up to date.
    install: () => 'hatch run python -V',
    tool: {
      installs: ['env create'],
      run: 'hatch run',
      valued: ['-e', '--env'],
      add: undefined,
      locks: [],
      export: undefined,
      // https://hatch.pypa.io/latest/plugins/environment/virtual/#options
      beside: 'HATCH_ENV_TYPE_VIRTUAL_PATH=.venv ',
      active: 'HATCH_ENV_TYPE_VIRTUAL_PATH=$VIRTUAL_ENV ',
      own: undefined,
      debian: undefined,
      variables: 'HATCH_',
    },
  },
  /** Packages of conda's channels and of PyPI. https://pixi.sh/latest/reference/pixi_manifest/ */
  pixi: {
    projects: {
      pixi: {
        grammar: 'toml',
        names: ['pixi.toml'],
        lists: [main('table', 'pypi-dependencies'), group('table', 'dependencies')],
        python: { says: 'specifier', keys: [['dependencies', 'python']] },
      },
    },
    // Neither PyPI nor Debian has the program.
    deploys: false,
    install: () => 'pixi install --locked',
    tool: {
      installs: ['install'],
      run: 'pixi run',
      valued: ['-e', '--environment', '--manifest-path'],
      add: ({ packages }) => `pixi add --pypi ${packages}`,
      locks: ['add', 'lock', 'update'],
      export: undefined,
      beside: '',
      active: '',
      own: undefined,
      debian: undefined,
      variables: 'PIXI_',
    },
  },
  /** pip-tools. https://pip-tools.readthedocs.io/ */
  'pip-compile': {
    projects: {},
    deploys: true,
    header: 'pip-tools',
    install: pipInstall,
    compile: (source, target, hashes) =>
      `pip-compile${hashes ? ' --generate-hashes' : ''} --output-file=${target} ${source}`,
  },
  /** https://pip.pypa.io/en/stable/cli/pip_install/ */
  pip: {
    projects: {
      requirements: { grammar: 'requirements', names: ['requirements.txt', 'requirements.in'] },
      pep621: {
        grammar: 'toml',
        names: ['pyproject.toml'],
        lists: PROJECT_TABLE,
        files: [
          ['tool', 'setuptools', 'dynamic', 'dependencies', 'file'],
          ['tool', 'hatch', 'metadata', 'hooks', 'requirements_txt', 'files'],
        ],
        scripts: ['project', 'scripts'],
        python: REQUIRES_PYTHON,
      },
      /** Groups without a project. https://packaging.python.org/en/latest/specifications/dependency-groups/ */
      groups: {
        grammar: 'toml',
        names: ['pyproject.toml'],
        last: true,
        lists: [main('strings', 'dependency-groups', '*')],
        python: REQUIRES_PYTHON,
      },
      'setup.cfg': { grammar: 'setup.cfg', names: ['setup.cfg'] },
      'setup.py': { grammar: 'setup.py', names: ['setup.py'] },
    },
    deploys: true,
    install: pipInstall,
  },
  /** https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html */
  conda: {
    projects: { conda: { grammar: 'conda', names: ['environment.yml', 'environment.yaml'] } },
    deploys: false,
    install: ({ file }) => `conda env update --file ${file}`,
  },
} as const satisfies Readonly<Record<string, Manager>>;
