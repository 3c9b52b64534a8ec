/** Which Python the deployed service runs on. */
import type { Evidence, PythonVersion, ServiceSeed } from '../model/facts.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { readToml, tableIn } from '../syntax/toml.ts';
import { findDockerfiles, pythonImage } from './dependencies/dockerfiles.ts';
import { foldersUp } from './dependencies/requirement-files.ts';

type Reader = (repo: Snapshot, path: string) => PythonVersion | undefined;

/** Files that fix the version, in the order in which they count within one folder. */
const FIXING: readonly (readonly [string, Reader])[] = [
  ['.python-version', (repo, path) => firstLine(repo, path, /^\s*(?:cpython[-@])?(3\.\d+(?:\.\d+)?)\s*$/)],
  ['runtime.txt', (repo, path) => firstLine(repo, path, /^\s*python-(3\.\d+(?:\.\d+)?)\s*$/)],
  ['.tool-versions', (repo, path) => firstLine(repo, path, /^\s*python\s+(3\.\d+(?:\.\d+)?)\b/)],
  ['Pipfile', pipfile],
];

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
      const found = repo.has(join(folder, name)) ? read(repo, join(folder, name)) : undefined;
      if (found) return found;
    }
    if (image && dirname(image.at.path) === folder) return image;
  }
  if (image) return image;
  for (const folder of folders) {
    const found = pyproject(repo, join(folder, 'pyproject.toml')) ?? setupCfg(repo, join(folder, 'setup.cfg'));
    if (found) return found;
  }
  return renderYaml(repo) ?? workflow(repo);
}

function firstLine(repo: Snapshot, path: string, pattern: RegExp): PythonVersion | undefined {
  const lines = (repo.read(path)?.text ?? '').split(/\r?\n/);
  const index = lines.findIndex((line) => pattern.test(line));
  const version = pattern.exec(lines[index] ?? '')?.[1];
  return version === undefined ? undefined : { version, at: { path, line: index + 1 } };
}

function pipfile(repo: Snapshot, path: string): PythonVersion | undefined {
  const toml = readToml(repo.read(path)?.text ?? '');
  const { python_full_version: full, python_version: minor } = tableIn(toml?.value, 'requires');
  const key = typeof full === 'string' ? 'python_full_version' : 'python_version';
  const version = typeof full === 'string' ? full : minor;
  if (typeof version !== 'string' || !/^3\.\d+/.test(version)) return undefined;
  return { version, at: { path, line: toml?.line('requires', key) ?? 1 } };
}

function pyproject(repo: Snapshot, path: string): PythonVersion | undefined {
  const text = repo.read(path)?.text;
  const toml = text?.includes('python') ? readToml(text) : undefined;
  if (!toml) return undefined;
  const project = tableIn(toml.value, 'project')['requires-python'];
  const key =
    typeof project === 'string' ? ['project', 'requires-python'] : ['tool', 'poetry', 'dependencies', 'python'];
  const specifier =
    typeof project === 'string' ? project : tableIn(toml.value, 'tool', 'poetry', 'dependencies').python;
  return typeof specifier === 'string' ? fromSpecifier(specifier, { path, line: toml.line(...key) ?? 1 }) : undefined;
}

function setupCfg(repo: Snapshot, path: string): PythonVersion | undefined {
  const lines = (repo.read(path)?.text ?? '').split(/\r?\n/);
  const index = lines.findIndex((line) => /^python_requires\s*=/.test(line));
  const specifier = lines[index]?.replace(/^python_requires\s*=\s*/, '');
  return specifier ? fromSpecifier(specifier, { path, line: index + 1 }) : undefined;
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

function renderYaml(repo: Snapshot): PythonVersion | undefined {
  const path = ['render.yaml', 'render.yml'].find((p) => repo.has(p));
  const text = path && repo.read(path)?.text;
  if (!path || !text) return undefined;
  const lines = text.split(/\r?\n/);
  const key = lines.findIndex((line) => /^\s*-?\s*key:\s*["']?PYTHON_VERSION\b/.test(line));
  if (key === -1) return undefined;
  for (const index of [key + 1, key - 1]) {
    const version = /^\s*-?\s*value:\s*["']?(3\.\d+(?:\.\d+)?)/.exec(lines[index] ?? '')?.[1];
    if (version) return { version, at: { path, line: index + 1 } };
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
