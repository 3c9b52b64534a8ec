/** The one settings object that the sources of a repository share. */
import type { Facts } from '../../src/model/facts.ts';
import { definitionOf, externalName } from '../../src/python/definition.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import { type Place, topOf } from '../../src/python/place.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { isNotDeployed } from '../../src/survey/deployed.ts';
import { settingsClasses } from '../../src/survey/environment/settings-classes.ts';
import { indentAt } from '../../src/syntax/edit.ts';
import type { AssignStmt, ClassStmt, Expr, FunctionStmt, Stmt } from '../../src/syntax/python/ast.ts';
import { keyword, stringValue } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';

export interface SettingsObject {
  /** File of the class and of the object. */
  readonly path: string;
  /** The module as the repository imports it: 'app.core.config'. */
  readonly module: string;
  /** The object: 'settings'; or the cached function that gives it: 'get_settings'. */
  readonly name: string;
  /** What stands behind the name to have the object: '' or '()'. */
  readonly call: '' | '()';
  /** Undefined for one that is yet to be made. */
  readonly cls?: ClassStmt;
  readonly text: string;
  readonly major: 1 | 2;
  readonly fields: readonly AssignStmt[];
  /** New fields go behind this offset, with this indentation. */
  readonly behind: number;
  readonly indent: string;
  readonly prefix: string;
  readonly caseSensitive: boolean;
  /** A file that it reads too. */
  readonly envFile?: string;
  /** How the object is called at the top level of a file that imports it already, and from which offset on. */
  nameIn(path: string): Known | undefined;
  /** Some code sets the field of an object. */
  isAssigned(field: string): boolean;
}

export interface Known {
  readonly name: string;
  readonly from: number;
}

/** Settings that leave a text as it is, and look nowhere but in the environment (and in env_file). */
const HARMLESS = new Set(['env_file', 'env_file_encoding', 'extra', 'case_sensitive', 'env_prefix', 'frozen', 'allow_mutation', 'env_nested_delimiter', 'validate_default', 'title', 'orm_mode', 'from_attributes', 'arbitrary_types_allowed']); // biome-ignore format: a list of names

/** The object, or why there is none that reads could go through; undefined where the project has no such class. */
export function settingsObject(repo: Snapshot, { modules }: Facts): SettingsObject | string | undefined {
  const files = modules.files.filter((path) => !isNotDeployed(path));
  const classes = settingsClasses(repo, modules, files);
  if (classes.length === 0) return undefined;
  const [only, more] = classes;
  if (!only || more) return say`there are several settings classes: which one is meant is up to you`;
  if (only.line.length > 1) return say`the settings class has bases of its own`;
  const { path, stmt: cls, major } = only;
  const module = modules.module(path);
  if (!module || module.seenErrors) return say`${path} does not parse`;
  const target = sharedName(topOf(modules, path), module.body, cls.name);
  if (!target) return say`the settings are no object of the module ${path}`;
  const config = configOf(cls);
  if (config === undefined) return say`the settings are configured in a way that is not followed`;
  const changed = [...config.keys()].find((key) => !HARMLESS.has(key));
  if (changed) return say`the settings have ${changed}, which may change what a variable gives`;
  if (cls.body.some(isWhole)) return say`the settings class has validators or sources of its own`;
  const imported = importedAs(repo, modules, files, path, target.name);
  if (imported === undefined) return say`no other module imports ${target.name} from ${path}`;
  const fields = cls.body.filter(
    (s): s is AssignStmt => s.kind === 'assign' && s.annotation !== undefined && s.op === '=' && s.targets.length === 1,
  );
  const last = fields.filter((f) => f.targets[0]?.kind === 'name' && f.targets[0].id !== 'model_config').at(-1);
  if (!last) return say`the settings class has no field yet`;
  return {
    ...{ path, module: imported, ...target, cls, text: module.text, major, fields },
    behind: endOfLine(module.text, last.end),
    indent: indentAt(module.text, last.start),
    prefix: config.get('env_prefix') ?? '',
    caseSensitive: config.get('case_sensitive') === 'True',
    ...(config.has('env_file') ? { envFile: config.get('env_file') ?? 'a file' } : {}),
    nameIn: (file) => nameIn(modules, file, path, target.name),
    isAssigned: (field) =>
      repo.matching(modules.files, new RegExp(`\\.${field}\\s*=(?!=)|setattr\\([^)\\n]*["']${field}["']`)).length > 0,
  };
}

function endOfLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  const end = at === -1 ? text.length : at;
  return text[end - 1] === '\r' ? end - 1 : end;
}

type Shared = Pick<SettingsObject, 'name' | 'call'>;

/** `settings = Settings()`, or `get_settings()` of `@lru_cache` where there is no such object; undefined for several. */
function sharedName(top: Place, body: readonly Stmt[], cls: string): Shared | undefined {
  const makers = body.filter((stmt) => stmt.kind === 'function' && isMaker(top, stmt, cls));
  const [maker, other] = makers.flatMap((stmt) => (stmt.kind === 'function' ? [stmt.name] : []));
  const objects = body.filter((stmt) => isInstance(stmt, [cls, ...(maker ? [maker] : [])]));
  const [object, more] = objects;
  const target = object?.kind === 'assign' ? object.targets[0] : undefined;
  if (more || other) return undefined;
  if (target?.kind === 'name') return { name: target.id, call: '' };
  return maker !== undefined && !object ? { name: maker, call: '()' } : undefined;
}

/** A function without parameters that makes one object and keeps it. https://fastapi.tiangolo.com/advanced/settings/ */
function isMaker(top: Place, stmt: FunctionStmt, cls: string): boolean {
  const [decorator, more] = stmt.decorators;
  const [last, ...rest] = [...stmt.body].reverse();
  if (!decorator || more || stmt.params.length > 0 || stmt.async || last?.kind !== 'return') return false;
  const cache = externalName(top, decorator.kind === 'call' ? decorator.func : decorator);
  if (cache !== 'functools.lru_cache' && cache !== 'functools.cache') return false;
  // A docstring may stand before it.
  if (!rest.every((s) => s.kind === 'expr' && s.value.kind === 'string')) return false;
  return isCallOf(last.value, [cls]);
}

function isInstance(stmt: Stmt, names: readonly string[]): boolean {
  return stmt.kind === 'assign' && stmt.op === '=' && stmt.targets.length === 1 && isCallOf(stmt.value, names);
}

function isCallOf(value: Expr | undefined, names: readonly string[]): boolean {
  return (
    value?.kind === 'call' && value.args.length === 0 && value.func.kind === 'name' && names.includes(value.func.id)
  );
}

/** Keys of `class Config` and `model_config` with their texts; undefined for a form that is not followed. */
function configOf(cls: ClassStmt): Map<string, string> | undefined {
  if (cls.bases.some((b) => b.name !== undefined)) return undefined;
  const out = new Map<string, string>();
  for (const stmt of cls.body) {
    const said = stmt.kind === 'class' && stmt.name === 'Config' ? ofClass(stmt) : ofVariable(stmt);
    if (!said) return undefined;
    for (const [key, value] of said) out.set(key, value);
  }
  return out;
}

type Pairs = readonly (readonly [key: string, text: string])[];

/** The assignments of `class Config`. */
function ofClass({ body }: ClassStmt): Pairs | undefined {
  const out: [string, string][] = [];
  for (const stmt of body) {
    const [target] = stmt.kind === 'assign' ? stmt.targets : [];
    if (stmt.kind === 'assign' && target?.kind === 'name' && stmt.value) out.push([target.id, textOf(stmt.value)]);
    else if (stmt.kind !== 'expr' && !(stmt.kind === 'other' && stmt.type === 'pass_statement')) return undefined;
  }
  return out;
}

/** What `model_config = …` is given; nothing for any other statement. */
function ofVariable(stmt: Stmt): Pairs | undefined {
  if (stmt.kind !== 'assign' || stmt.targets[0]?.kind !== 'name' || stmt.targets[0].id !== 'model_config') return [];
  const given = givenTo(stmt.value);
  const out: [string, string][] = [];
  for (const { key, value } of given ?? []) {
    if (key === undefined) return undefined;
    out.push([key, textOf(value)]);
  }
  return given && out;
}

/** Keywords of a call, or entries of a dictionary; a key that is no plain text is undefined. */
function givenTo(
  value: Expr | undefined,
): readonly { readonly key: string | undefined; readonly value: Expr }[] | undefined {
  if (value?.kind === 'call') return value.args.map((arg) => ({ key: arg.name, value: arg.value }));
  if (value?.kind !== 'dict') return undefined;
  return value.entries.map((entry) => ({ key: stringValue(entry.key ?? undefined), value: entry.value }));
}

function textOf(value: NonNullable<AssignStmt['value']>): string {
  if (value.kind === 'constant') return value.value === true ? 'True' : value.value === false ? 'False' : '';
  return stringValue(value) ?? '?';
}

/** A method that pydantic calls for all fields, or that chooses where values come from. */
function isWhole(stmt: Stmt): boolean {
  if (stmt.kind !== 'function') return false;
  if (/^(?:settings_customise_sources|__init__|model_post_init|__getattr(?:ibute)?__)$/.test(stmt.name)) return true;
  return stmt.decorators.some((d) => {
    const func = d.kind === 'call' ? d.func : d;
    const name = func.kind === 'attribute' ? func.attr : func.kind === 'name' ? func.id : '';
    if (/^(?:model_validator|root_validator)$/.test(name)) return true;
    const all = d.kind === 'call' && d.args.some((a) => stringValue(a.value) === '*');
    return (
      /^(?:field_validator|validator)$/.test(name) && (all || d.kind !== 'call' || keyword(d, 'always') !== undefined)
    );
  });
}

/** The module by which the object is imported absolutely, the same everywhere. */
function importedAs(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  path: string,
  name: string,
): string | undefined {
  const found = new Set<string>();
  for (const file of repo.matching(files, new RegExp(`\\bimport\\b[^\\n]*\\b${name}\\b|^\\s+${name}\\b`, 'm'))) {
    for (const stmt of modules.module(file)?.body ?? []) {
      if (stmt.kind !== 'from' || stmt.level > 0 || !stmt.names.some((n) => n.name === name)) continue;
      if (modules.resolve(file, stmt.module, 0)?.path === path) found.add(stmt.module);
    }
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function nameIn(modules: ModuleGraph, file: string, path: string, name: string): Known | undefined {
  for (const stmt of modules.module(file)?.body ?? []) {
    if (stmt.kind !== 'from') continue;
    for (const item of stmt.names) {
      const known = { name: item.as ?? item.name, from: stmt.end };
      if (item.name === name && isObject(topOf(modules, file), known.name, path, name)) return known;
    }
  }
  return undefined;
}

/** True where a name means the object `name` of the file `path`. */
export function isObject(place: Place, used: string, path: string, name: string): boolean {
  const means = definitionOf(place, { kind: 'name', id: used, start: 0, end: 0, line: 1 });
  return (means?.kind === 'assign' || means?.kind === 'function') && means.path === path && means.name === name;
}
