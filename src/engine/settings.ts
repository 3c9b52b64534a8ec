/**
 * `nayek.yaml` at the top of a repository: what it wants to be done with itself. It may choose among the recipes that come
 * with nayek, set options of parts and leave parts out; it names no file, no rule and no code, and allows nothing that the
 * caller has not allowed. docs/settings.md
 */
import path from 'node:path';
import { parseDocument } from 'yaml';
import type { Options, Part } from '../model/transform.ts';
import { NayekError } from '../system/errors.ts';
import { didYouMean } from '../system/nearest.ts';
import { readPlain } from '../system/plain-file.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { assertOptions, recipeNames } from './recipe.ts';
import type { Step } from './step.ts';

export const SETTINGS_FILE = 'nayek.yaml';

export interface Settings {
  readonly recipe?: string;
  /** Parts to leave out. */
  readonly skip: readonly string[];
  /** By part. */
  readonly options: Readonly<Record<string, Options>>;
}

const KEYS = ['recipe', 'skip', 'options'];
const MOST_BYTES = 64 * 1024;

/** What a repository says of itself; nothing where it has no such file. @throws NayekError `settings` */
export function settingsOf(root: string, parts: readonly Part[]): Settings {
  const text = readPlain(path.join(root, SETTINGS_FILE), undefined, MOST_BYTES)?.toString('utf8');
  return text === undefined ? { skip: [], options: {} } : readSettings(text, parts);
}

/** @throws NayekError `settings` for what is no such file */
export function readSettings(text: string, parts: readonly Part[]): Settings {
  const fail = (why: string, hint?: string): never => {
    throw new NayekError('settings', say`${SETTINGS_FILE}: ${why}`, hint === undefined ? {} : { hint });
  };
  const data = dataOf(text) ?? fail(say`is not YAML`);
  if (data === 'empty') return { skip: [], options: {} };
  if (!isRecord(data)) return fail(say`is not a mapping`);
  const strange = Object.keys(data).find((key) => !KEYS.includes(key));
  if (strange !== undefined) fail(say`there is no key ${strange} here`, didYouMean(strange, KEYS));
  const { recipe, skip = [], options = {} } = data;
  const names = recipeNames();
  if (recipe !== undefined && !(typeof recipe === 'string' && names.includes(recipe))) {
    fail(say`no recipe '${String(recipe)}'`, didYouMean(String(recipe), names));
  }
  const ids = parts.map((p) => p.id);
  if (!Array.isArray(skip)) return fail(say`skip is not a list of parts`);
  if (!isRecord(options)) return fail(say`options is not a mapping of parts`);
  for (const id of [...skip, ...Object.keys(options)]) {
    if (!ids.includes(id as string)) fail(say`no part '${String(id)}'`, didYouMean(String(id), ids));
  }
  for (const [id, own] of Object.entries(options)) {
    const part = parts.find((p) => p.id === id);
    if (!part || !isRecord(own)) return fail(say`options of ${id} are not a mapping`);
    assertOptions(part, own, fail);
  }
  return {
    ...(typeof recipe === 'string' ? { recipe } : {}),
    skip: skip as string[],
    options: options as Record<string, Options>,
  };
}

/** Undefined for what is no YAML. */
function dataOf(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? 'empty';
  } catch {
    return undefined;
  }
}

/** The steps without the parts that the repository leaves out, unless they were asked for by name, and with its options. */
export function narrowed(steps: readonly Step[], settings: Settings, named: readonly string[] = []): Step[] {
  return steps
    .filter((step) => !settings.skip.includes(step.part.id) || named.includes(step.part.id))
    .map((step) => ({ ...step, options: { ...step.options, ...settings.options[step.part.id] } }));
}

/** What it changes, in a line; undefined where it changes nothing. */
export function saidOf({ recipe, skip, options }: Settings): string | undefined {
  const parts = Object.entries(options).flatMap(([id, own]) => Object.keys(own).map((name) => `${id}.${name}`));
  const all = [
    ...(recipe === undefined ? [] : [say`recipe ${recipe}`]),
    ...(skip.length === 0 ? [] : [say`without ${skip.join(', ')}`]),
    ...(parts.length === 0 ? [] : [say`sets ${parts.join(', ')}`]),
  ];
  return all.length === 0 ? undefined : say`${SETTINGS_FILE}: ${all.join(', ')}`;
}
