/** What pyproject.toml, Pipfile, setup.cfg, setup.py and environment.yml declare. */
import { parse as parseYaml } from 'yaml';
import { forms, type Grammar, type KeyPath, type NamedForm, type RequirementList } from '../../knowledge/managers.ts';
import { WITH_GUNICORN } from '../../knowledge/servers.ts';
import type { DependencyForm, Requirement } from '../../model/facts.ts';
import { reaching } from '../../python/reaching.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, PythonModule } from '../../syntax/python/ast.ts';
import { parsePython } from '../../syntax/python/lower.ts';
import { calls, dotted, keyword, stringValue } from '../../syntax/python/walk.ts';
import { normalizeName, parseRequirement } from '../../syntax/requirements.ts';
import { readInstallRequires } from '../../syntax/setup-cfg.ts';
import { namesAt, readToml, stringsIn, type Toml, tableIn, valueIn } from '../../syntax/toml.ts';
import { isDevGroup } from './dev-group.ts';

export interface Project {
  readonly form: DependencyForm;
  readonly path: string;
  readonly requirements: readonly Requirement[];
  /** Requirement files that its metadata reads (`dynamic = ["dependencies"]`). */
  readonly files: readonly string[];
  /** Names of its extras: installed as `.[name]`; every other group is a dependency group. */
  readonly extras: readonly string[];
  /** Of groups without a project: which other groups a group takes in. */
  readonly includes?: ReadonlyMap<string, readonly string[]>;
}

/** What a project file declares; undefined for one that only configures tools. */
export function readProject(repo: Snapshot, path: string): Project | undefined {
  const text = repo.read(path)?.text;
  if (text === undefined) return undefined;
  const name = basename(path);
  const [first, ...others] = forms.filter((f) => f.names.includes(name));
  if (first?.grammar !== 'toml') return first && READERS[first.grammar](text, path);
  const toml = readToml(text);
  if (!toml) return undefined;
  for (const form of [first, ...others]) {
    const found = ofForm(toml, form, path);
    if (found) return found;
  }
  return undefined;
}

/** Readers of what is no TOML. */
const READERS: Readonly<Record<Exclude<Grammar, 'toml'>, (text: string, path: string) => Project | undefined>> = {
  requirements: () => undefined,
  'setup.cfg': readSetupCfg,
  'setup.py': readSetupPy,
  conda: readEnvironmentYml,
};

function ofForm(toml: Toml, kind: NamedForm, path: string): Project | undefined {
  const { form, mark, lists = [] } = kind;
  if (mark && valueIn(toml.value, mark) === undefined) return undefined;
  if (lists.some((list) => list.part !== 'group' && declares(toml, list))) {
    const requirements = lists.flatMap((list) => listed(toml, path, list));
    const extras = lists
      .filter((list) => list.part === 'extra')
      .flatMap((list) => namesIn(toml, list.key, list.besides));
    const found = { form, path, requirements, files: [], extras };
    if (form !== 'groups') return found;
    return requirements.some((r) => !isDevGroup(r.group)) ? { ...found, includes: includesOf(toml) } : undefined;
  }
  if (!stringsIn(tableIn(toml.value, 'project').dynamic).includes('dependencies')) return undefined;
  const files = (kind.files ?? []).flatMap((key) => {
    const value = valueIn(toml.value, key);
    return typeof value === 'string' ? [value] : stringsIn(value);
  });
  return files.length > 0 ? { form, path, requirements: [], files, extras: [] } : undefined;
}

/** `{include-group = "base"}` */
function includesOf(toml: Toml): ReadonlyMap<string, readonly string[]> {
  const groups = tableIn(toml.value, 'dependency-groups');
  const entries = Object.entries(groups).map(([name, items]) => {
    const taken = Array.isArray(items) ? items.map((item: unknown) => tableIn(item)['include-group']) : [];
    return [name, taken.filter((one) => typeof one === 'string')] as const;
  });
  return new Map(entries);
}

/** True when the list is there: an array, also an empty one; a table with more than the version of Python. */
function declares(toml: Toml, { style, key, besides }: RequirementList): boolean {
  if (key.includes('*')) return namesIn(toml, key, besides).length > 0;
  if (style === 'strings') return Array.isArray(valueIn(toml.value, key));
  return Object.keys(tableIn(toml.value, ...key)).some((name) => name !== 'python');
}

/** What stands where the path has its `*`. */
function namesIn(toml: Toml, key: KeyPath, besides: RequirementList['besides']): string[] {
  const names = namesAt(toml.value, key);
  if (!besides) return names;
  const serves = (name: string): boolean => WITH_GUNICORN.some((server) => server in tableIn(toml.value, name));
  return names.filter((name) => !besides.includes(name) && serves(name));
}

function listed(toml: Toml, path: string, { style, key, group, besides }: RequirementList): Requirement[] {
  const read = style === 'strings' ? pep508 : versionTable;
  if (!key.includes('*')) return read(toml, path, group, key);
  return namesIn(toml, key, besides).flatMap((name) =>
    read(
      toml,
      path,
      name,
      key.map((part) => (part === '*' ? name : part)),
    ),
  );
}

function pep508(toml: Toml, path: string, group: string | undefined, key: KeyPath): Requirement[] {
  const items = toml.strings(...key)?.items;
  return stringsIn(valueIn(toml.value, key)).flatMap((text, i) => {
    const parsed = parseRequirement(text);
    if (!parsed) return [];
    const at = { path, line: items?.[i]?.line ?? toml.line(...key) ?? 1 };
    const { name, extras, specifier } = parsed;
    const found = { name: normalizeName(name.text), extras, specifier: specifier.text, at };
    return [group ? { ...found, group } : found];
  });
}

/** Poetry's and Pipenv's `name = "^1.0"` or `name = {version = …, extras = […]}`. */
function versionTable(toml: Toml, path: string, group: string | undefined, key: KeyPath): Requirement[] {
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

/** install_requires and extras_require of a setup.cfg. */
function readSetupCfg(text: string, path: string): Project | undefined {
  const list = readInstallRequires(text);
  if (list.length === 0) return undefined;
  const requirements = list.flatMap((item): Requirement[] => {
    const { name, extras, specifier } = item.requirement;
    const found = { name: normalizeName(name.text), extras, specifier: specifier.text, at: { path, line: item.line } };
    return [item.extra ? { ...found, group: item.extra } : found];
  });
  return { form: 'setup.cfg', path, requirements, files: [], extras: groupsOf(requirements) };
}

/** install_requires and extras_require of a setup.py, where they are literal lists; the file is parsed, never run. */
function readSetupPy(text: string, path: string): Project | undefined {
  if (!text.includes('install_requires')) return undefined;
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

/** What a name is bound to where it is used. */
function literal(module: PythonModule, expr: Expr | undefined): Expr | undefined {
  if (expr?.kind !== 'name') return expr;
  const [only, ...more] = reaching(module, expr.id, expr);
  return only?.kind === 'assign' && more.length === 0 ? only.value : undefined;
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
function readEnvironmentYml(text: string, path: string): Project | undefined {
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
