/**
 * pydantic settings classes: which field reads which variable.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/ and https://docs.pydantic.dev/1.10/usage/settings/
 */

import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { AssignStmt, CallExpr, ClassStmt, Expr } from '../../syntax/python/ast.ts';
import { descend, dotted, isNone, keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { modelsOfEnvironment } from './models-of-environment.ts';
import type { Refused } from './need.ts';
import { type EnvRead, isVariableName } from './read.ts';
import {
  isModel,
  isUsed,
  lineage,
  type SettingsClass,
  type SettingsLine,
  settingsClasses,
} from './settings-classes.ts';
import { type Rules, rulesOf } from './settings-rules.ts';

/** A field of a settings class with the variables that it reads. */
export interface SettingsField {
  readonly read: EnvRead;
  /** Field name: what code says after `settings.`. */
  readonly field: string;
  /** The class whose objects have it: the settings, or a model that they hold. */
  readonly owner: ClassStmt;
  /** The field of other settings that holds the owner: `redis` of `settings.redis.url`. */
  readonly holder?: string;
  /** None, too, fails the check of its type. */
  readonly strict?: true;
}

const MAX_NESTING = 4;

/** Fields of every settings class that these files define and somewhere use. */
export function settingsFields(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): SettingsField[] {
  const candidates = settingsClasses(repo, modules, files);
  const bases = new Set(candidates.flatMap((c) => c.line.slice(1).map((b) => b.stmt)));
  const used = candidates.filter((c) => !bases.has(c.stmt) && isUsed(repo, files, c.stmt.name));
  const holders: ReadonlyMap<ClassStmt, string> = used.length > 1 ? heldSettings(modules, used) : new Map();
  return [...used, ...modelsOfEnvironment(repo, modules, files)]
    .flatMap((c) => fieldsOf(modules, c))
    .map((f) => (f.holder === undefined && holders.has(f.owner) ? { ...f, holder: holders.get(f.owner) } : f));
}

/** Settings that are a field of other settings, with the name of that field. */
function heldSettings(modules: ModuleGraph, settings: readonly SettingsLine[]): ReadonlyMap<ClassStmt, string> {
  const out = new Map<ClassStmt, string>();
  for (const { line, major } of settings) {
    for (const { path, stmt } of line) {
      for (const field of declared(stmt, major)) {
        const held = nestedModel(modules, path, field.stmt);
        if (held?.settings) out.set(held.stmt, field.name);
      }
    }
  }
  return out;
}

function fieldsOf(modules: ModuleGraph, settings: SettingsLine): SettingsField[] {
  const rules = rulesOf(modules, settings);
  const { prefix } = rules;
  const out: SettingsField[] = [];
  if (prefix === undefined) return out;
  const seen = new Set<string>();
  for (const { path, stmt } of settings.line) {
    for (const field of declared(stmt, settings.major)) {
      if (seen.has(field.name)) continue;
      seen.add(field.name);
      out.push(...readsOf(modules, { path, stmt: settings.stmt }, field, settings.major, rules, prefix, 0));
    }
  }
  return out;
}

interface Declared {
  readonly name: string;
  readonly stmt: AssignStmt;
}

function declared(cls: ClassStmt, major: 1 | 2): Declared[] {
  return cls.body.flatMap((stmt): Declared[] => {
    if (stmt.kind !== 'assign' || stmt.op !== '=') return [];
    const [target] = stmt.targets;
    if (target?.kind !== 'name' || target.id.startsWith('_') || target.id === 'model_config') return [];
    if (!stmt.annotation) return major === 1 && stmt.value ? [{ name: target.id, stmt }] : [];
    if ([...descend(stmt.annotation)].some((e) => /(?:^|\.)ClassVar$/.test(dotted(e) ?? ''))) return [];
    return [{ name: target.id, stmt }];
  });
}

function readsOf(
  modules: ModuleGraph,
  cls: SettingsClass,
  { name, stmt }: Declared,
  major: 1 | 2,
  rules: Rules,
  prefix: string,
  depth: number,
  holder?: string,
): SettingsField[] {
  const { path } = cls;
  const info = fieldCall(modules, path, stmt);
  const { value, open, ellipsis } = defaultOf(info, stmt);
  const named = namesOf(modules, path, info, major, rules.names.get(name));
  const whole = named ?? `${prefix}${name}`;
  const variable = rules.caseSensitive ? whole : whole.toUpperCase();

  const nested = depth < MAX_NESTING ? nestedModel(modules, path, stmt) : undefined;
  if (nested?.settings) return [];
  if (nested && rules.delimiter !== undefined && named === undefined) {
    const inside = { ...rules, names: new Map(), checked: new Map() };
    const below = `${prefix}${name}${rules.delimiter}`;
    const inner = declared(nested.stmt, 2).flatMap((f) =>
      readsOf(modules, nested, f, 2, inside, below, depth + 1, name),
    );
    // A default for the whole model makes none of its parts required.
    return open || ellipsis ? inner : inner.map((r) => ({ ...r, read: { ...r.read, required: false } }));
  }
  if ((nested && !open && !ellipsis) || !isVariableName(variable)) return [];
  const text = ellipsis ? undefined : literalText({ modules, path, around: [] }, value);
  const strict = major === 2 && depth === 0 && admitsNoNone(modules, cls, stmt);
  const refused = refuses(value, text, rules.checked.get(name)) || (strict && isNone(value));
  const required = open ? !(major === 1 && isOptional(stmt.annotation)) : ellipsis || refused;
  const { line, start, end } = stmt;
  const given = text === undefined ? {} : { default: text };
  const read = { name: variable, required, path, line, start, end, ...given };
  return [{ ...marksOf(holder, strict), field: name, owner: cls.stmt, read }];
}

function marksOf(holder: string | undefined, strict: boolean): Pick<SettingsField, 'holder' | 'strict'> {
  return { ...(holder === undefined ? {} : { holder }), ...(strict ? { strict } : {}) };
}

interface Default {
  readonly value?: Expr;
  /** There is neither a value nor a function that makes one. */
  readonly open: boolean;
  /** `...`: the field is required. */
  readonly ellipsis: boolean;
}

function defaultOf(info: CallExpr | undefined, { value: assigned }: AssignStmt): Default {
  const value = info && assigned === info ? (keyword(info, 'default') ?? positional(info)[0]) : assigned;
  const factory = info ? keyword(info, 'default_factory') : undefined;
  const ellipsis = value?.kind === 'constant' && value.value === '...';
  return { ...(value ? { value } : {}), open: value === undefined && factory === undefined, ellipsis };
}

/** True where the default does not pass the check of the settings themselves. */
function refuses(value: Expr | undefined, text: string | undefined, refused: Refused | undefined): boolean {
  if (refused === undefined || value === undefined) return false;
  return isNone(value) || (refused === 'falsy' && text === '');
}

/** Types that None is none of. */
const PLAIN = /^(?:str|int|float|bool|bytes|list|dict|SecretStr|AnyUrl|HttpUrl|AnyHttpUrl|EmailStr)$/;

/**
 * `site: str = None`: settings check their defaults, too, which models do not.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/#validation-of-default-values
 */
function admitsNoNone(modules: ModuleGraph, cls: SettingsClass, stmt: AssignStmt): boolean {
  const [target] = stmt.targets;
  // A text or a number is no None, and needs no look at the class.
  if (stmt.value?.kind === 'number' || stringValue(stmt.value) !== undefined) return false;
  if (stmt.annotation?.kind !== 'name' || !PLAIN.test(stmt.annotation.id)) return false;
  const { start, end } = cls.stmt;
  const body = modules.module(cls.path)?.text.slice(start, end) ?? '';
  const made = target?.kind === 'name' && new RegExp(`validator\\([^)]*["'](?:${target.id}|\\*)["']`).test(body);
  return !made && !/\bvalidate_default\b/.test(body);
}

/** The `Field(…)` of a field: its value, or inside `Annotated[…]`. */
function fieldCall(modules: ModuleGraph, path: string, stmt: AssignStmt): CallExpr | undefined {
  const candidates = [...(stmt.value ? [stmt.value] : []), ...(stmt.annotation ? descend(stmt.annotation) : [])];
  return candidates.find((e): e is CallExpr => {
    if (e.kind !== 'call') return false;
    const name = externalName(topOf(modules, path), e.func) ?? dotted(e.func) ?? '';
    return /^(?:pydantic(?:\.\w+)*\.)?Field$/.test(name);
  });
}

/** The variable that a field names itself: `env=` (pydantic 1), `validation_alias=`/`alias=` (pydantic 2). */
function namesOf(
  modules: ModuleGraph,
  path: string,
  info: CallExpr | undefined,
  major: 1 | 2,
  configured: Expr | undefined,
): string | undefined {
  const given = info
    ? major === 1
      ? keyword(info, 'env')
      : (keyword(info, 'validation_alias') ?? keyword(info, 'alias'))
    : undefined;
  const expr = given ?? configured;
  if (!expr) return undefined;
  const first = expr.kind === 'call' ? positional(expr)[0] : 'items' in expr ? expr.items[0] : expr;
  return first ? literalText({ modules, path, around: [] }, first) : undefined;
}

/** The model of the repository that a field holds; `settings`: it reads the environment itself. */
function nestedModel(
  modules: ModuleGraph,
  path: string,
  stmt: AssignStmt,
): (SettingsClass & { readonly settings: boolean }) | undefined {
  if (!stmt.annotation) return undefined;
  for (const expr of descend(stmt.annotation)) {
    if (expr.kind !== 'name' && expr.kind !== 'attribute') continue;
    const found = definitionOf(topOf(modules, path), expr);
    if (found?.kind !== 'class') continue;
    const line: SettingsClass[] = [];
    const settings = lineage(modules, found, line) !== undefined;
    if (settings || isModel(modules, line)) return { path: found.path, stmt: found.stmt, settings };
  }
  return undefined;
}

function isOptional(annotation: Expr | undefined): boolean {
  if (!annotation) return false;
  return [...descend(annotation)].some((e) => isNone(e) || /(?:^|\.)(?:Optional|Any)$/.test(dotted(e) ?? ''));
}
