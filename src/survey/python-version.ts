/** Which Python the deployed service runs on. */

import { forms } from '../knowledge/managers.ts';
import type { Evidence, PythonVersion, ServiceSeed } from '../model/facts.ts';
import { dirname, foldersUp, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { iniOf, yamlOf } from '../syntax/documents.ts';
import { iniEntry } from '../syntax/ini.ts';
import { field, listField, textField, type YamlNode } from '../syntax/yaml.ts';
import { findDockerfiles, pythonImage } from './dependencies/dockerfiles.ts';
import { FIXING, pythonKey } from './python-version/version-files.ts';

/** Project files that say which versions they admit. */
const PROJECTS = [...new Set(forms.flatMap(({ names, python }) => (python?.says === 'specifier' ? names : [])))];
const CONDA = ['environment.yml', 'environment.yaml'];

/**
 * The version and where it is written: a version file beside the service or above it, nearest first; the service's own
 * Dockerfile (before them all when its command starts this very entry); what the project's metadata admits; render.yaml;
 * CI. `bound` says that only a lower bound is known.
 * https://render.com/docs/python-version https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python
 */
export function findPythonVersion(repo: Snapshot, seed: ServiceSeed): PythonVersion | undefined {
  const docker = findDockerfiles(repo, seed)
    .map((file) => ({ file, image: pythonImage(file.instructions) }))
    .find((d) => d.image !== undefined);
  const image: PythonVersion | undefined = docker?.image && {
    version: docker.image.version,
    at: { path: docker.file.path, line: docker.image.line },
  };
  if (image && docker?.file.starts) return image;
  const folders = [...new Set([...foldersUp(seed.root), ...foldersUp(dirname(seed.entry.path))])];
  for (const folder of folders) {
    for (const [name, read] of FIXING) {
      const { version, at } = (repo.has(join(folder, name)) && read(repo, join(folder, name))) || {};
      if (version !== undefined && at) return { version, at };
    }
    if (image && dirname(image.at.path) === folder) return image;
  }
  const said = image ?? first(folders, (folder) => admittedIn(repo, folder));
  return said ?? renderYaml(repo) ?? workflow(repo);
}

/** What the project files of a folder admit. */
function admittedIn(repo: Snapshot, folder: string): PythonVersion | undefined {
  return (
    first(PROJECTS, (name) => admitted(repo, join(folder, name))) ??
    setupCfg(repo, join(folder, 'setup.cfg')) ??
    first(CONDA, (name) => condaEnvironment(repo, join(folder, name)))
  );
}

function admitted(repo: Snapshot, path: string): PythonVersion | undefined {
  const found = pythonKey(repo, path, 'specifier');
  return found && fromSpecifier(found.value, found.at);
}

/** https://setuptools.pypa.io/en/latest/userguide/declarative_config.html: a dialect of configparser, `=` or `:`. */
function setupCfg(repo: Snapshot, path: string): PythonVersion | undefined {
  const ini = iniOf(repo, path);
  const entry = ini && iniEntry(ini, 'options', 'python_requires');
  return entry && fromSpecifier(entry.value, { path, line: entry.line });
}

/** `python=3.11` among the packages. https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html#package-match-specifications */
function condaEnvironment(repo: Snapshot, path: string): PythonVersion | undefined {
  const parsed = repo.has(path) ? yamlOf(repo, path) : undefined;
  return first(parsed?.ok ? listField(parsed.root, 'dependencies') : [], (item) => {
    const text = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '';
    const asked = /^(?:[\w/-]+::)?python\s*(?=[\d<>=!~])(\S.*)$/.exec(text)?.[1];
    return asked === undefined ? undefined : fromSpecifier(asked.replace(/^=?(?=\d)/, '=='), { path, line: item.line });
  });
}

/** `>=3.11,<3.12` and `==3.11.*` name one minor version; `>=3.9` and `^3.11` are only bounds. */
function fromSpecifier(specifier: string, at: Evidence): PythonVersion | undefined {
  const match = /(?:^|,)\s*(>=|===?|~=|\^|~|>)?\s*(3\.\d+)(\.\d+)?/.exec(specifier);
  if (!match?.[2]) return undefined;
  const version = match[2] + (match[3] ?? '');
  const below = /<\s*3\.(\d+)(?![\d.]*[1-9])/.exec(specifier)?.[1];
  const minor = Number(match[2].slice(2));
  const operator = match[1] ?? '==';
  const one =
    operator === '==' ||
    operator === '===' ||
    operator === '~' ||
    (operator === '~=' && match[3] !== undefined) ||
    (below !== undefined && Number(below) === minor + 1);
  return one ? { version, at } : { version, bound: true, at };
}

/** The value of PYTHON_VERSION in the blueprint: of a service, or of a group of variables. */
function renderYaml(repo: Snapshot): PythonVersion | undefined {
  const path = ['render.yaml', 'render.yml'].find((p) => repo.has(p));
  const text = path && repo.read(path)?.text;
  if (!path || !text?.includes('PYTHON_VERSION')) return undefined;
  const parsed = yamlOf(repo, path);
  return parsed?.ok ? variableIn(parsed.root, path) : undefined;
}

function variableIn(node: YamlNode | undefined, path: string): PythonVersion | undefined {
  if (node?.kind === 'list') return first(node.items, (item) => variableIn(item, path));
  if (node?.kind !== 'map') return undefined;
  if (textField(node, 'key') !== 'PYTHON_VERSION') return first(node.entries, (e) => variableIn(e.value, path));
  const value = field(node, 'value');
  // `value: 3.10` is the number 3.1 to YAML, and Render: what counts is what is written.
  const written = value?.kind === 'scalar' ? value.source : '';
  const version = /^["']?(3\.\d+(?:\.\d+)?)/.exec(written)?.[1];
  return version === undefined || !value ? undefined : { version, at: { path, line: value.line } };
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The one version that the workflows set up; several (a test matrix) say nothing. */
function workflow(repo: Snapshot): PythonVersion | undefined {
  const found: PythonVersion[] = [];
  for (const path of repo.matching(
    repo.paths.filter((p) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(p)),
    /python-version/,
  )) {
    const lines = (repo.read(path)?.text ?? '').split(/\r?\n/);
    lines.forEach((line, index) => {
      const value = /^\s*-?\s*python-version:\s*(\S.*)$/.exec(line)?.[1];
      if (value === undefined || value.includes('${{')) return;
      for (const [, version] of value.replace(/\s#.*$/, '').matchAll(/(3\.\d+(?:\.\d+)?)/g)) {
        if (version) found.push({ version, at: { path, line: index + 1 } });
      }
    });
  }
  const versions = new Set(found.map((f) => f.version));
  return versions.size === 1 ? found[0] : undefined;
}
