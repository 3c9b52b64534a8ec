/** Which classes are models or settings of pydantic 1, and how their parts are written in 2. */
import { definitionOf } from '../../src/python/definition.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import { type Place, placeIn, topOf } from '../../src/python/place.ts';
import type { Edit } from '../../src/syntax/edit.ts';
import { indentAt } from '../../src/syntax/edit.ts';
import type { CallExpr, ClassStmt, FunctionStmt, PythonModule } from '../../src/syntax/python/ast.ts';
import { statements } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';

/** Edits, names that they need of pydantic, or why there are none. */
export interface Written {
  readonly edits: readonly Edit[];
  readonly names: readonly string[];
}

/** What a class derives from in the end. */
export function kindOf(place: Place, cls: ClassStmt, depth = 0): 'model' | 'settings' | undefined {
  if (depth > 20) return undefined;
  for (const base of cls.bases) {
    const found = definitionOf(place, base.value);
    if (found?.kind === 'external' && /^pydantic\.(?:main\.)?BaseModel$/.test(found.name)) return 'model';
    if (found?.kind === 'external' && /^pydantic\.(?:env_settings\.)?BaseSettings$/.test(found.name)) return 'settings';
    if (found?.kind !== 'class' || found.stmt === cls) continue;
    const kind = kindOf(topOf(place.modules, found.path), found.stmt, depth + 1);
    if (kind) return kind;
  }
  return undefined;
}

export interface Model {
  readonly cls: ClassStmt;
  readonly kind: 'model' | 'settings';
}

/** The models of a file. */
export function modelsIn(modules: ModuleGraph, path: string, module: PythonModule): Model[] {
  return statements(module.body).flatMap(({ stmt, around }) => {
    const kind = stmt.kind === 'class' ? kindOf(placeIn(topOf(modules, path), ...around), stmt) : undefined;
    return stmt.kind === 'class' && kind ? [{ cls: stmt, kind }] : [];
  });
}

/** Key of pydantic 1 → of 2. https://docs.pydantic.dev/latest/migration/#changes-to-config */
const RENAMED: Readonly<Record<string, string>> = {
  orm_mode: 'from_attributes',
  allow_population_by_field_name: 'populate_by_name',
  anystr_strip_whitespace: 'str_strip_whitespace',
  anystr_lower: 'str_to_lower',
  anystr_upper: 'str_to_upper',
  min_anystr_length: 'str_min_length',
  max_anystr_length: 'str_max_length',
  schema_extra: 'json_schema_extra',
  validate_all: 'validate_default',
};
const SAME = new Set(['title', 'extra', 'frozen', 'use_enum_values', 'validate_assignment', 'arbitrary_types_allowed', 'json_encoders', 'env_file', 'env_file_encoding', 'env_prefix', 'case_sensitive', 'env_nested_delimiter', 'secrets_dir']); // biome-ignore format: a list of names

/** `class Config` as `model_config`. */
export function configOf(text: string, { cls, kind }: Model): Written | string {
  const config = cls.body.find((s): s is ClassStmt => s.kind === 'class' && s.name === 'Config');
  if (!config) return { edits: [], names: [] };
  const whole = text.slice(config.start, config.end);
  if (config.bases.length > 0 || config.decorators.length > 0) return say`Config has bases of its own`;
  if (whole.includes('#')) return say`a comment stands in Config`;
  const keys: string[] = [];
  for (const stmt of config.body) {
    const [target] = stmt.kind === 'assign' ? stmt.targets : [];
    const name = target?.kind === 'name' ? target.id : '';
    const known = RENAMED[name] ?? (SAME.has(name) ? name : undefined);
    if (stmt.kind !== 'assign' || !stmt.value || known === undefined)
      return say`Config.${name} has no form in pydantic 2 that is known`;
    keys.push(`${known}=${text.slice(stmt.value.start, stmt.value.end)}`);
  }
  // pydantic 1 passes over what else stands in the file; 2 refuses it.
  if (keys.some((k) => k.startsWith('env_file=')) && !keys.some((k) => k.startsWith('extra=')))
    keys.push('extra="ignore"');
  const name = kind === 'settings' ? 'SettingsConfigDict' : 'ConfigDict';
  return {
    edits: [{ start: config.start, end: config.end, text: `model_config = ${name}(${keys.join(', ')})` }],
    names: [name],
  };
}

/** A field without an annotation, whose type pydantic 1 took from its value; 2 refuses it. */
export function bareField({ cls }: Model): string | undefined {
  for (const stmt of cls.body) {
    if (stmt.kind !== 'assign' || stmt.annotation) continue;
    const name = stmt.targets.find((t) => t.kind === 'name' && !t.id.startsWith('_'));
    if (name?.kind === 'name') return name.id;
  }
  return undefined;
}

/** Fields that may be None and have no default: pydantic 2 requires them. */
export function defaultsOf(text: string, { cls }: Model): Edit[] {
  return cls.body.flatMap((stmt) => {
    if (stmt.kind !== 'assign' || stmt.value || !stmt.annotation) return [];
    const written = text.slice(stmt.annotation.start, stmt.annotation.end).replace(/^["']|["']$/g, '');
    const none = /^(?:typing\.)?(?:Optional\[[\s\S]*\]|Any)$|(?:^|\|)\s*None\s*(?:$|\|)/.test(written);
    return none ? [{ start: stmt.annotation.end, end: stmt.annotation.end, text: ' = None' }] : [];
  });
}

/** `@validator(…)` as `@field_validator(…)` of a class method. */
export function validatorOf(text: string, fn: FunctionStmt, call: CallExpr): Written | string {
  const own = fn.decorators.filter((d) => d !== call);
  const isMethod = own.length === 1 && own[0]?.kind === 'name' && own[0].id === 'classmethod';
  if (own.length > 0 && !isMethod) return say`the validator ${fn.name} has other decorators`;
  if (fn.params.length !== 2 || fn.params.some((p) => p.star))
    return say`the validator ${fn.name} takes more than a value`;
  if (/\braise\s+TypeError\b/.test(text.slice(fn.start, fn.end)))
    return say`the validator ${fn.name} raises TypeError, which pydantic 2 lets through`;
  const edits: Edit[] = [{ start: call.func.start, end: call.func.end, text: 'field_validator' }];
  for (const [index, arg] of call.args.entries()) {
    if (arg.name === undefined && !arg.star && arg.value.kind === 'string') continue;
    const given = text.slice(arg.value.start, arg.value.end);
    const before = call.args[index - 1];
    if (arg.name === 'pre' && given === 'True') edits.push({ start: arg.start, end: arg.end, text: 'mode="before"' });
    else if (arg.name === 'allow_reuse' && before) edits.push({ start: before.end, end: arg.end, text: '' });
    else if (arg.name !== 'check_fields')
      return say`the validator ${fn.name} has ${arg.name ?? say`an argument`}, which pydantic 2 has not`;
  }
  if (!isMethod)
    edits.push({ start: fn.defStart, end: fn.defStart, text: `@classmethod\n${indentAt(text, fn.defStart)}` });
  return { edits, names: ['field_validator'] };
}
