/** Build back ends: a row each with where they look for the files of a package that nothing names. */

export interface BuildBackend {
  /** Keys of pyproject.toml below which the files are named: then nothing is looked for. */
  readonly told: readonly (readonly string[])[];
  /** Where it looks: `{n}` is the project's name with underscores, a closing slash any folder with files. One is enough. */
  readonly places: readonly string[];
  /** With a boolean false here it builds nothing at all. */
  readonly off?: readonly string[];
  readonly source: string;
}

/** By the name in `[build-system]`. setuptools looks at all that is there, and has code of its own. */
export const BUILD_BACKENDS: Readonly<Record<string, BuildBackend>> = {
  'hatchling.build': {
    told: [
      ...['packages', 'include', 'only-include', 'force-include', 'bypass-selection', 'hooks'].map((key) => [
        'tool',
        'hatch',
        'build',
        'targets',
        'wheel',
        key,
      ]),
      ...['packages', 'include', 'only-include', 'force-include', 'hooks'].map((key) => [
        'tool',
        'hatch',
        'build',
        key,
      ]),
    ],
    places: ['{n}/__init__.py', 'src/{n}/__init__.py', '{n}.py', '*/{n}/__init__.py'],
    source: 'https://hatch.pypa.io/latest/plugins/builder/wheel/#default-file-selection',
  },
  'poetry.core.masonry.api': {
    told: [['tool', 'poetry', 'packages']],
    places: ['{n}/', '{n}.py', 'src/{n}/', 'src/{n}.py'],
    off: ['tool', 'poetry', 'package-mode'],
    source: 'https://python-poetry.org/docs/pyproject/#packages',
  },
  'flit_core.buildapi': {
    told: [['tool', 'flit', 'module']],
    places: ['{n}/', '{n}.py', 'src/{n}/', 'src/{n}.py'],
    source: 'https://flit.pypa.io/en/stable/pyproject_toml.html',
  },
  uv_build: {
    told: ['module-name', 'module-root', 'namespace'].map((key) => ['tool', 'uv', 'build-backend', key]),
    places: ['src/{n}/__init__.py'],
    source: 'https://docs.astral.sh/uv/concepts/build-backend/#modules',
  },
};

/**
 * What takes the version of a project from git's tags, as packaging files name it.
 * https://packaging.python.org/en/latest/discussions/single-source-version/
 */
export const VERSION_OF_GIT =
  /setuptools[_-]scm|hatch-vcs|setuptools-git-versioning|versioningit|versioneer|dynamic-versioning|\bpbr\b/;
