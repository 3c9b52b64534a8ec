/**
 * The changes that a rule for INI, TOML, YAML or requirements files lists: what they are, and how they are read from the
 * rule. docs/rules.md is the reference, rule.schema.json the same for editors.
 */
import { normalizeName, parseRequirement } from '../../syntax/requirements.ts';
import { isRecord } from '../../system/record.ts';
import { say } from '../../system/say.ts';

export const FILE_LANGUAGES = ['ini', 'toml', 'yaml', 'requirements'] as const;
export type FileLanguage = (typeof FILE_LANGUAGES)[number];

export type Scalar = string | number | boolean;
export type NewValue = Scalar | readonly Scalar[];

/** Names down to a key; `*` stands for any name, and for each item of a list. */
export type KeyPath = readonly (string | number)[];

/** A change of a key. */
export type KeyChange = {
  readonly path: KeyPath;
  /** Only where the key has one of these values. */
  readonly was?: readonly Scalar[];
} & (
  | { readonly kind: 'set'; readonly to: NewValue }
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'remove' }
  | { readonly kind: 'comment-out' }
);

/** A change of a list of requirements. Names are normalised, requirements as they are to be written. */
export type ListChange =
  | { readonly kind: 'add'; readonly requirement: string; readonly name: string; readonly beside?: string }
  | { readonly kind: 'raise'; readonly name: string; readonly version: string }
  | { readonly kind: 'drop'; readonly name: string }
  | { readonly kind: 'replace'; readonly name: string; readonly requirement: string; readonly by: string };

export type Change = KeyChange | ListChange;

type Fail = (why: string) => never;

/** Keys that may stand beside an action. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  set: ['to', 'was'],
  rename: ['to', 'was'],
  remove: ['was'],
  'comment-out': ['was'],
  add: ['beside'],
  raise: [],
  drop: [],
  replace: ['by'],
};
const KEY_ACTIONS: readonly string[] = ['set', 'rename', 'remove', 'comment-out'];

/** The changes of a rule; `fail` throws with the place of the rule. */
export function changesOf(value: unknown, language: FileLanguage, fail: Fail): Change[] {
  if (!Array.isArray(value) || value.length === 0) return fail(say`change is not a list of changes`);
  return value.map((item: unknown, index) => {
    const failHere = (why: string): never => fail(say`change ${index + 1}: ${why}`);
    if (!isRecord(item)) return failHere(say`is not a mapping such as {drop: name}`);
    const known = Object.keys(BESIDE).filter((a) => KEY_ACTIONS.includes(a) === (language !== 'requirements'));
    const [action, more] = Object.keys(item).filter((key) => known.includes(key));
    if (action === undefined || more !== undefined) return failHere(say`needs one of ${known.join(', ')}`);
    const strange = Object.keys(item).find((key) => key !== action && !BESIDE[action]?.includes(key));
    if (strange !== undefined) return failHere(say`${action} knows no ${strange}`);
    return language === 'requirements'
      ? listChange(action, item, failHere)
      : keyChange(action, item, language, failHere);
  });
}

function keyChange(action: string, item: Record<string, unknown>, language: FileLanguage, fail: Fail): KeyChange {
  const path = pathOf(item[action], language, fail);
  const was = item.was === undefined ? {} : { was: [item.was].flat().map((v) => scalarOf(v, fail)) };
  const base = { path, ...was };
  if (action === 'remove' || action === 'comment-out') return { kind: action, ...base };
  if (action === 'rename') {
    if (typeof item.to !== 'string' || item.to === '') return fail(say`rename needs a name in to`);
    if (/[\r\n]/.test(item.to) || (language === 'ini' && !/^[^\s=:#;[][^=:]*(?<!\s)$/.test(item.to)))
      return fail(say`${JSON.stringify(item.to)} is no name for a key`);
    return { kind: 'rename', to: item.to, ...base };
  }
  const to = Array.isArray(item.to) ? item.to.map((v) => scalarOf(v, fail)) : scalarOf(item.to, fail);
  if (language === 'ini') assertIniValue(to, fail);
  return { kind: 'set', to, ...base };
}

/** One line, as configparser reads it back. */
function assertIniValue(to: NewValue, fail: Fail): void {
  if (Array.isArray(to)) fail(say`a value in an INI file is one text`);
  if (/[\r\n]|^\s|\s$/.test(String(to))) fail(say`a value in an INI file is one line without blanks around it`);
}

function pathOf(value: unknown, language: FileLanguage, fail: Fail): KeyPath {
  if (language === 'ini') {
    const pair = Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === 'string' && v !== '');
    return pair ? (value as string[]) : fail(say`a key in an INI file is a list of its section and its name`);
  }
  const names: unknown[] = typeof value === 'string' ? value.split('.') : Array.isArray(value) ? value : [];
  const fine = names.length > 0 && names.every((n) => (typeof n === 'string' && n !== '') || Number.isInteger(n));
  return fine ? (names as KeyPath) : fail(say`a key is a text such as a.b, or a list of names`);
}

function scalarOf(value: unknown, fail: Fail): Scalar {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return fail(say`a value is a text, a number, true or false, or a list of these`);
}

function listChange(action: string, item: Record<string, unknown>, fail: Fail): ListChange {
  const wanted = requirementOf(item[action], fail);
  const { name } = wanted;
  if (action === 'raise') {
    const version = /^>=\s*(\d+(?:\.\d+)*)$/.exec(wanted.specifier)?.[1];
    return version ? { kind: 'raise', name, version } : fail(say`raise needs a requirement such as name>=1.2`);
  }
  if (action === 'add') {
    const beside = item.beside === undefined ? {} : { beside: nameOf(item.beside, fail) };
    return { kind: 'add', name, requirement: wanted.text, ...beside };
  }
  if (wanted.text !== wanted.written) return fail(say`${action} needs a name without a version`);
  if (action === 'drop') return { kind: 'drop', name };
  const by = requirementOf(item.by, fail);
  return { kind: 'replace', name, requirement: by.text, by: by.name };
}

function nameOf(value: unknown, fail: Fail): string {
  return requirementOf(value, fail).name;
}

interface Wanted {
  readonly name: string;
  readonly written: string;
  readonly specifier: string;
  readonly text: string;
}

function requirementOf(value: unknown, fail: Fail): Wanted {
  const text = typeof value === 'string' ? value.trim() : '';
  const parsed = parseRequirement(text);
  if (!parsed || parsed.url || /["'\\\r\n]/.test(text))
    return fail(say`${JSON.stringify(value) ?? ''} is not a requirement such as name>=1.2`);
  const written = parsed.name.text;
  return { name: normalizeName(written), written, specifier: parsed.specifier.text, text };
}
