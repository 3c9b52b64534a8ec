/** A recipe is data: an ordered list of parts with their options. https://yaml.org/spec/1.2.2/ */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Options, Part } from '../model/transform.ts';
import { ruleParts } from '../rules/rule-part.ts';
import { NayekError } from '../system/errors.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import type { Step } from './make-plan.ts';

export interface Recipe {
  readonly name: string;
  /** One sentence by language; at least `en`. */
  readonly summary: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface StepChoice {
  /** Ids to run; a known part that the recipe does not list runs with its defaults. */
  readonly only?: readonly string[];
  /** Ids to leave out. */
  readonly skip?: readonly string[];
  /** `part.option=value`, or `option=value` for every part that has the option, as typed. */
  readonly set?: readonly string[];
}

/**
 * Reads a recipe by name ('render') or by the path of a YAML file.
 * @throws NayekError `usage` for an unknown name, `unreadable`, `broken-recipe` for a bad form, part or option.
 */
export function loadRecipe(nameOrPath: string, parts: readonly Part[]): Recipe {
  const file = recipeFile(nameOrPath);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new NayekError('unreadable', say`recipe ${nameOrPath}`, { cause });
  }
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    const [line] = (cause as Error).message.split('\n');
    throw new NayekError('broken-recipe', say`recipe ${nameOrPath} is not YAML: ${line}`, { cause });
  }
  return readRecipe(data, nameOrPath, parts, path.dirname(file));
}

/** Names of the recipes that come with nayek, sorted. */
export function recipeNames(): string[] {
  return readdirSync(recipeFolder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * The recipe's steps after --only, --skip and --set.
 * @throws NayekError `usage` for a part or option that does not exist, or a value of the wrong type.
 */
export function chooseSteps(recipe: Recipe, shipped: readonly Part[], choice: StepChoice): Step[] {
  const parts = [...new Set([...shipped, ...recipe.steps.map((s) => s.part)])];
  const only = known(choice.only, parts, '--only');
  const skip = known(choice.skip, parts, '--skip');
  const listed = new Set(recipe.steps.map((s) => s.part.id));
  let steps = [...recipe.steps];
  if (only) {
    const extra = parts.filter((p) => only.has(p.id) && !listed.has(p.id));
    steps = [...steps.filter((s) => only.has(s.part.id)), ...extra.map((part) => ({ part, options: defaults(part) }))];
  }
  if (skip) steps = steps.filter((s) => !skip.has(s.part.id));
  if (steps.length === 0) throw new NayekError('usage', say`no part is left to run`);
  for (const setting of choice.set ?? []) steps = withSetting(steps, parts, setting);
  return steps;
}

function recipeFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, 'recipes');
  return existsSync(beside) ? beside : path.join(here, '..', '..', 'transforms', 'recipes');
}

function recipeFile(nameOrPath: string): string {
  if (/[\\/]|\.ya?ml$/.test(nameOrPath)) return path.resolve(nameOrPath);
  const names = recipeNames();
  if (names.includes(nameOrPath)) return path.join(recipeFolder(), `${nameOrPath}.yaml`);
  throw new NayekError('usage', say`no recipe '${nameOrPath}'`, {
    hint: say`known: ${names.join(', ')}; or give the path of a .yaml file`,
  });
}

function readRecipe(data: unknown, origin: string, parts: readonly Part[], folder: string): Recipe {
  const fail = (why: string): never => {
    throw new NayekError('broken-recipe', say`recipe ${origin}: ${why}`);
  };
  if (!isRecord(data)) return fail(say`not a mapping with name, summary and parts`);
  if (typeof data.name !== 'string' || data.name === '') return fail(say`name is missing`);
  if (!Array.isArray(data.parts)) return fail(say`parts is not a list`);
  const steps: Step[] = [];
  for (const item of data.parts) {
    if (isRecord(item) && typeof item.rule === 'string') {
      // A recipe names its rules from where it lies.
      for (const part of ruleParts(path.resolve(folder, item.rule))) {
        if (steps.some((s) => s.part.id === part.id)) return fail(say`two parts have the id ${part.id}`);
        steps.push({ part, options: {} });
      }
      continue;
    }
    const { id, options = {} } = typeof item === 'string' ? { id: item } : isRecord(item) ? item : {};
    const part = parts.find((p) => p.id === id);
    if (!part) return fail(say`unknown part ${JSON.stringify(id ?? item)}`);
    if (steps.some((s) => s.part === part)) return fail(say`part ${part.id} is listed twice`);
    if (!isRecord(options)) return fail(say`options of ${part.id} are not a mapping`);
    for (const [name, value] of Object.entries(options)) {
      const option = Object.hasOwn(part.options, name) ? part.options[name] : undefined;
      if (!option) return fail(say`part ${part.id} has no option ${name}`);
      if (!sameType(value, option.default))
        return fail(say`option ${part.id}.${name} is not ${typeName(option.default)}`);
    }
    steps.push({ part, options: { ...defaults(part), ...options } });
  }
  const { summary } = data;
  return {
    name: data.name,
    summary: isRecord(summary)
      ? Object.fromEntries(Object.entries(summary).map(([language, text]) => [language, String(text).trim()]))
      : { en: typeof summary === 'string' ? summary.trim() : '' },
    steps,
  };
}

function withSetting(steps: readonly Step[], parts: readonly Part[], setting: string): Step[] {
  const shared = /^([\w-]+)=/.exec(setting)?.[1];
  if (shared !== undefined) {
    const having = steps.filter((s) => Object.hasOwn(s.part.options, shared));
    if (having.length === 0) {
      const names = [...new Set(steps.flatMap((s) => Object.keys(s.part.options)))].sort().join(', ');
      throw new NayekError('usage', say`--set ${setting}: no part here has an option '${shared}'`, {
        hint: say`known: ${names || 'none'}`,
      });
    }
    return having.reduce((all, s) => withSetting(all, parts, `${s.part.id}.${setting}`), [...steps]);
  }
  const match = /^([\w-]+)\.([\w-]+)=(.*)$/s.exec(setting);
  if (!match) throw new NayekError('usage', say`--set ${setting}: not of the form part.option=value or option=value`);
  const [, id = '', name = '', typed = ''] = match;
  const part = parts.find((p) => p.id === id);
  if (!part) throw new NayekError('usage', say`--set ${setting}: no part '${id}'`, { hint: say`known: ${ids(parts)}` });
  const option = Object.hasOwn(part.options, name) ? part.options[name] : undefined;
  if (!option) {
    const names = Object.keys(part.options).join(', ') || 'none';
    throw new NayekError('usage', say`--set ${setting}: part ${id} has no option '${name}'`, {
      hint: say`known: ${names}`,
    });
  }
  if (!steps.some((s) => s.part === part))
    throw new NayekError('usage', say`--set ${setting}: part ${id} does not run here`);
  const value = typedValue(typed, option.default);
  if (value === undefined) throw new NayekError('usage', say`--set ${setting}: not ${typeName(option.default)}`);
  return steps.map((s) => (s.part === part ? { part, options: { ...s.options, [name]: value } } : s));
}

/** A typed text as the type of the option's default; undefined when it is none. A list is separated by commas. */
function typedValue(text: string, like: unknown): unknown {
  if (typeof like === 'boolean') {
    if (/^(?:true|yes|on|1)$/i.test(text)) return true;
    return /^(?:false|no|off|0)$/i.test(text) ? false : undefined;
  }
  if (typeof like === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (Array.isArray(like)) return text === '' ? [] : text.split(',').map((item) => item.trim());
  if (isRecord(like)) {
    try {
      const value: unknown = JSON.parse(text);
      return isRecord(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
  return text;
}

/** A default of null or undefined accepts anything. */
function sameType(value: unknown, like: unknown): boolean {
  if (like === null || like === undefined) return true;
  if (Array.isArray(like)) return Array.isArray(value);
  if (isRecord(like)) return isRecord(value);
  return typeof value === typeof like;
}

function typeName(like: unknown): string {
  if (typeof like === 'boolean') return say`true or false`;
  if (Array.isArray(like)) return say`a list`;
  if (isRecord(like)) return say`a mapping`;
  return `a ${typeof like}`;
}

function known(wanted: readonly string[] | undefined, parts: readonly Part[], flag: string): Set<string> | undefined {
  const missing = wanted?.find((id) => !parts.some((p) => p.id === id));
  if (missing !== undefined) {
    throw new NayekError('usage', say`${flag}: no part '${missing}'`, { hint: say`known: ${ids(parts)}` });
  }
  return wanted ? new Set(wanted) : undefined;
}

function ids(parts: readonly Part[]): string {
  return parts.map((p) => p.id).join(', ');
}

function defaults(part: Part): Options {
  return Object.fromEntries(Object.entries(part.options).map(([name, option]) => [name, option.default]));
}
