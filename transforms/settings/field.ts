/** The field of the settings class that a read goes through. */
import type { AssignStmt } from '../../src/syntax/python/ast.ts';
import { isNone, stringValue } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';
import type { SettingsObject } from './object.ts';
import type { DirectRead } from './reads.ts';

export interface Field {
  readonly name: string;
  /** It need not be added. */
  readonly there: boolean;
  /** None where the variable is not set. */
  readonly optional: boolean;
  /** The default as it is written in Python. */
  readonly value: string;
  /** The variable, where the name of the field does not say it. */
  readonly alias?: string;
}

/** Names that pydantic keeps for itself. https://docs.pydantic.dev/latest/api/base_model/ */
const TAKEN =
  /^(?:model_.*|settings_.*|copy|json|dict|schema|schema_json|validate|construct|fields|config|parse_.*|from_orm|update_forward_refs)$/i;
const KEYWORDS =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;

/** The field for a variable, or why there can be none. `reads`: all reads there are. */
export function fieldFor(object: SettingsObject, read: DirectRead, reads: readonly DirectRead[]): Field | string {
  const { variable } = read;
  const same = reads.filter((r) => r.variable === variable && !r.strict);
  if (same.some((r) => r.odd)) return say`its default is no plain text`;
  if (new Set(same.map((r) => r.fallback)).size > 1) return say`it has another default elsewhere`;
  const optional = read.fallback === undefined;
  const value = read.fallback ?? 'None';
  const upper =
    object.cls && object.fields.filter((f) => /^[A-Z][A-Z0-9_]*$/.test(nameOf(f))).length * 2 >= object.fields.length;
  const name = upper ? variable : variable.toLowerCase();
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || TAKEN.test(name) || KEYWORDS.test(name)) {
    return say`${name} is no name for a field`;
  }
  const reading = object.fields.filter((f) => nameOf(f).toLowerCase() === variable.toLowerCase());
  const [known] = reading;
  if (known) return existing(object, known, variable, { optional, value });
  const { cls } = object;
  if (cls && object.text.slice(cls.start, cls.end).match(new RegExp(`\\b${name}\\b`, 'i'))) {
    return say`the settings class has another ${name}`;
  }
  const named = object.prefix !== '' || (object.caseSensitive && name !== variable);
  return { name, there: false, optional, value, ...(named ? { alias: variable } : {}) };
}

/** A field that is there must give the same text. */
function existing(
  object: SettingsObject,
  field: AssignStmt,
  variable: string,
  wanted: { readonly optional: boolean; readonly value: string },
): Field | string {
  const name = nameOf(field);
  const type = (field.annotation ? object.text.slice(field.annotation.start, field.annotation.end) : '').replace(
    /\s/g,
    '',
  );
  const other = say`${object.name}.${name} has another type or default`;
  if (object.prefix !== '' || (object.caseSensitive && name !== variable)) return other;
  const text = wanted.optional ? /^(?:(?:typing\.)?Optional\[str\]|str\|None|None\|str)$/ : /^str$/;
  if (!text.test(type)) return other;
  const { value } = field;
  const plain = wanted.optional
    ? isNone(value)
    : value?.kind === 'string' && stringValue(value) === unquoted(wanted.value);
  if (!plain || validated(object, name)) return other;
  if (object.isAssigned(name)) return say`${object.name}.${name} is set elsewhere`;
  return { name, there: true, ...wanted };
}

function unquoted(written: string): string | undefined {
  return /\\/.test(written) ? undefined : written.slice(1, -1);
}

/** Some method of the class names the field. */
function validated({ cls, text }: SettingsObject, name: string): boolean {
  return (cls?.body ?? []).some(
    (s) => s.kind === 'function' && new RegExp(`["']${name}["']`).test(text.slice(s.start, s.end)),
  );
}

function nameOf(field: AssignStmt): string {
  const [target] = field.targets;
  return target?.kind === 'name' ? target.id : '';
}

/** The line of a new field. https://docs.pydantic.dev/1.10/usage/settings/#environment-variable-names for version 1 */
export function fieldText(field: Field, major: 1 | 2, optional = 'Optional', fieldCall = 'Field'): string {
  const type = field.optional ? `${optional}[str]` : 'str';
  if (field.alias === undefined) return `${field.name}: ${type} = ${field.value}`;
  const by = major === 1 ? 'env' : 'validation_alias';
  return `${field.name}: ${type} = ${fieldCall}(${field.value}, ${by}="${field.alias}")`;
}
