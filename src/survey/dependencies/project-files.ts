/** What pyproject.toml, Pipfile, setup.cfg, setup.py and environment.yml declare. */
import { parse as parseYaml } from 'yaml';
import type { DependencyForm, Requirement } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, PythonModule } from '../../syntax/python/ast.ts';
import { parsePython } from '../../syntax/python/lower.ts';
import { calls, dotted, keyword, stringValue } from '../../syntax/python/walk.ts';
import { normalizeName, parseRequirement } from '../../syntax/requirements.ts';
import { readInstallRequires } from '../../syntax/setup-cfg.ts';
import { readToml, stringsIn, type Toml, tableIn } from '../../syntax/toml.ts';

export interface Project {
  readonly form: DependencyForm;
  readonly path: string;
  readonly requirements: readonly Requirement[];
  /** Requirement files that its metadata reads (`dynamic = ["dependencies"]`). */
  readonly files: readonly string[];
  /** Names of its extras: installed as `.[name]`; every other group is a dependency group. */
  readonly extras: readonly string[];
}

/** A pyproject.toml that declares dependencies; undefined for one that only configures tools. */
export function readPyproject(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  const toml = text === undefined ? undefined : readToml(text);
  if (!toml) return undefined;
  const { value } = toml;
  const project = tableIn(value, 'project');
  const poetry = tableIn(value, 'tool', 'poetry');
  if (Array.isArray(project.dependencies) || Object.keys(tableIn(project, 'optional-dependencies')).length > 0) {
    const form = 'pdm' in tableIn(value, 'tool') ? 'pdm' : 'pep621';
    const inGroups = Object.entries(tableIn(value, 'dependency-groups')).flatMap(([group, list]) =>
      pep508(toml, path, stringsIn(list), group, 'dependency-groups', group),
    );
    const inExtras = Object.entries(tableIn(project, 'optional-dependencies')).flatMap(([extra, list]) =>
      pep508(toml, path, stringsIn(list), extra, 'project', 'optional-dependencies', extra),
    );
    const main = pep508(toml, path, stringsIn(project.dependencies), undefined, 'project', 'dependencies');
    const requirements = [...main, ...inExtras, ...inGroups, ...poetryGroups(toml, path)];
    return { form, path, requirements, files: [], extras: Object.keys(tableIn(project, 'optional-dependencies')) };
  }
  if (stringsIn(project.dynamic).includes('dependencies')) {
    const file = tableIn(value, 'tool', 'setuptools', 'dynamic', 'dependencies').file;
    const hatch = tableIn(value, 'tool', 'hatch', 'metadata', 'hooks', 'requirements_txt').files;
    const files = [...(typeof file === 'string' ? [file] : stringsIn(file)), ...stringsIn(hatch)];
    if (files.length > 0) return { form: 'pep621', path, requirements: [], files, extras: [] };
  }
  if (Object.keys(tableIn(poetry, 'dependencies')).some((name) => name !== 'python')) {
    const main = poetryTable(toml, path, undefined, 'tool', 'poetry', 'dependencies');
    const dev = poetryTable(toml, path, 'dev', 'tool', 'poetry', 'dev-dependencies');
    return {
      form: 'poetry',
      path,
      requirements: [...main, ...poetryGroups(toml, path), ...dev],
      files: [],
      extras: [],
    };
  }
  return undefined;
}

function pep508(toml: Toml, path: string, list: string[], group: string | undefined, ...key: string[]): Requirement[] {
  const items = toml.strings(...key)?.items;
  return list.flatMap((text, i) => {
    const parsed = parseRequirement(text);
    if (!parsed) return [];
    const line = items?.[i]?.line ?? toml.line(...key) ?? 1;
    const { name, extras, specifier } = parsed;
    return [
      {
        name: normalizeName(name.text),
        extras,
        specifier: specifier.text,
        at: { path, line },
        ...(group ? { group } : {}),
      },
    ];
  });
}

function poetryGroups(toml: Toml, path: string): Requirement[] {
  return Object.keys(tableIn(toml.value, 'tool', 'poetry', 'group')).flatMap((group) =>
    poetryTable(toml, path, group, 'tool', 'poetry', 'group', group, 'dependencies'),
  );
}

/** Poetry's and Pipenv's `name = "^1.0"` or `name = {version = …, extras = […]}`. */
function poetryTable(toml: Toml, path: string, group: string | undefined, ...key: string[]): Requirement[] {
  return Object.entries(tableIn(toml.value, ...key)).flatMap(([name, value]) => {
    if (name === 'python') return [];
    const first = Array.isArray(value) ? value[0] : value;
    const table = tableIn(first);
    const specifier = typeof first === 'string' ? first : typeof table.version === 'string' ? table.version : '';
    const line = toml.line(...key, name) ?? 1;
    const found: Requirement = {
      name: normalizeName(name),
      extras: stringsIn(table.extras),
      specifier,
      at: { path, line },
    };
    const optional = table.optional === true ? 'optional' : undefined;
    const inside = group ?? optional;
    return [inside ? { ...found, group: inside } : found];
  });
}

/** A Pipfile. https://github.com/pypa/pipfile */
export function readPipfile(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  const toml = text === undefined ? undefined : readToml(text);
  if (!toml || Object.keys(tableIn(toml.value, 'packages')).length === 0) return undefined;
  const requirements = [
    ...poetryTable(toml, path, undefined, 'packages'),
    ...poetryTable(toml, path, 'dev', 'dev-packages'),
  ];
  return { form: 'pipenv', path, requirements, files: [], extras: [] };
}

/** install_requires and extras_require of a setup.cfg. */
export function readSetupCfg(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  const list = text === undefined ? [] : readInstallRequires(text);
  if (list.length === 0) return undefined;
  const requirements = list.flatMap((item): Requirement[] => {
    const { name, extras, specifier } = item.requirement;
    const found = { name: normalizeName(name.text), extras, specifier: specifier.text, at: { path, line: item.line } };
    return [item.extra ? { ...found, group: item.extra } : found];
  });
  return { form: 'setup.cfg', path, requirements, files: [], extras: groupsOf(requirements) };
}

/** install_requires and extras_require of a setup.py, where they are literal lists; the file is parsed, never run. */
export function readSetupPy(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  if (text === undefined || !text.includes('install_requires')) return undefined;
  const module = parsePython(text);
  for (const { call } of calls(module.body)) {
    if (!/(?:^|\.)setup$/.test(dotted(call.func) ?? '')) continue;
    const main = literals(module, path, keyword(call, 'install_requires'));
    const extras = literal(module, keyword(call, 'extras_require'));
    const inExtras =
      extras?.kind === 'dict'
        ? extras.entries.flatMap((e) => literals(module, path, e.value, stringValue(e.key ?? undefined)))
        : [];
    const requirements = [...main, ...inExtras];
    if (main.length > 0) return { form: 'setup.py', path, requirements, files: [], extras: groupsOf(inExtras) };
  }
  return undefined;
}

function literal(module: PythonModule, expr: Expr | undefined): Expr | undefined {
  if (expr?.kind !== 'name') return expr;
  for (const stmt of module.body) {
    if (stmt.kind === 'assign' && stmt.targets.some((t) => t.kind === 'name' && t.id === expr.id)) return stmt.value;
  }
  return undefined;
}

function literals(module: PythonModule, path: string, expr: Expr | undefined, group?: string): Requirement[] {
  const list = literal(module, expr);
  if (list?.kind !== 'list' && list?.kind !== 'tuple') return [];
  return list.items.flatMap((item): Requirement[] => {
    const parsed = parseRequirement(stringValue(item) ?? '');
    if (!parsed) return [];
    const { name, extras, specifier } = parsed;
    const found = { name: normalizeName(name.text), extras, specifier: specifier.text, at: { path, line: item.line } };
    return [group ? { ...found, group } : found];
  });
}

/** A conda environment.yml with its pip list. https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html */
export function readEnvironmentYml(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parseYaml(text, { maxAliasCount: 0 });
  } catch {
    return undefined;
  }
  const list = tableIn(value).dependencies;
  if (!Array.isArray(list)) return undefined;
  const lines = text.split('\n');
  const requirements = list.flatMap((item: unknown): Requirement[] => {
    const inPip =
      typeof item === 'string'
        ? [item.replace(/^[\w-]+::/, '').replace(/^([\w.-]+)=([^=].*)$/, '$1==$2')]
        : stringsIn(tableIn(item).pip);
    return inPip.flatMap((entry) => {
      const parsed = parseRequirement(entry.split('=').length > 3 ? entry.slice(0, entry.lastIndexOf('=')) : entry);
      if (!parsed || parsed.name.text === 'python' || parsed.name.text === 'pip') return [];
      const line = lines.findIndex((l) => l.includes(parsed.name.text)) + 1;
      const { name, extras, specifier } = parsed;
      return [
        { name: normalizeName(name.text), extras, specifier: specifier.text, at: { path, line: Math.max(line, 1) } },
      ];
    });
  });
  return { form: 'conda', path, requirements, files: [], extras: [] };
}

function groupsOf(requirements: readonly Requirement[]): string[] {
  return [...new Set(requirements.flatMap((r) => r.group ?? []))];
}
