/** How a pydantic settings class names its variables. https://docs.pydantic.dev/latest/concepts/pydantic_settings/ */
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { literalText } from '../../python/text.ts';
import type { Argument, ClassStmt, DictExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { isNone, stringValue } from '../../syntax/python/walk.ts';
import type { Refused } from './need.ts';
import { checkedFields } from './settings-checks.ts';
import type { SettingsLine } from './settings-classes.ts';

export interface Rules {
  /** Undefined where it cannot be told: then no variable can be named. */
  prefix: string | undefined;
  delimiter?: string;
  caseSensitive: boolean;
  readonly names: Map<string, Expr>;
  readonly checked: Map<string, Refused>;
}

/** Of a class and its bases, those of the class last. */
export function rulesOf(modules: ModuleGraph, settings: SettingsLine): Rules {
  const rules: Rules = { prefix: '', caseSensitive: settings.exact ?? false, names: new Map(), checked: new Map() };
  for (const { path, stmt } of [...settings.line].reverse()) {
    for (const [field, refused] of checkedFields(stmt)) rules.checked.set(field, refused);
    for (const [name, value] of configurationOf(stmt)) configure(rules, { modules, path, around: [stmt] }, name, value);
  }
  return rules;
}

function configure(rules: Rules, place: Place, name: string, value: Expr): void {
  const text = literalText(place, value);
  if (name === 'env_prefix') rules.prefix = isNone(value) ? '' : text;
  if (name === 'env_nested_delimiter' && text) rules.delimiter = text;
  if (name === 'case_sensitive') rules.caseSensitive = text === 'True';
  const named = name === 'fields' ? variablesNamed(value) : [];
  for (const [field, env] of named) rules.names.set(field, env);
}

/** What configures a settings class: its keyword arguments, `class Config` (pydantic 1), `model_config` (pydantic 2). */
function configurationOf(cls: ClassStmt): (readonly [string, Expr])[] {
  const out = keywords(cls.bases);
  for (const inner of cls.body) {
    if (inner.kind === 'class' && inner.name === 'Config') out.push(...inner.body.flatMap(assigned));
    for (const [name, value] of assigned(inner)) {
      if (name !== 'model_config') continue;
      if (value.kind === 'call') out.push(...keywords(value.args));
      if (value.kind === 'dict') out.push(...entriesOf(value));
    }
  }
  return out;
}

function keywords(args: readonly Argument[]): (readonly [string, Expr])[] {
  return args.flatMap((a) => (a.name ? [[a.name, a.value] as const] : []));
}

function assigned(stmt: Stmt): (readonly [string, Expr])[] {
  const [target] = stmt.kind === 'assign' ? stmt.targets : [];
  return stmt.kind === 'assign' && target?.kind === 'name' && stmt.value ? [[target.id, stmt.value]] : [];
}

function entriesOf(dict: DictExpr): (readonly [string, Expr])[] {
  return dict.entries.flatMap((e) => {
    const name = stringValue(e.key ?? undefined);
    return name ? [[name, e.value] as const] : [];
  });
}

/** `fields = {"host": {"env": "SHOP_HOST"}}` */
function variablesNamed(value: Expr): (readonly [string, Expr])[] {
  if (value.kind !== 'dict') return [];
  return entriesOf(value).flatMap(([field, options]) => {
    const env = options.kind === 'dict' ? entriesOf(options).find(([name]) => name === 'env') : undefined;
    return env ? [[field, env[1]] as const] : [];
  });
}
