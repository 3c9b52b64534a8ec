/** A recipe is data: an ordered list of parts with their options. https://yaml.org/spec/1.2.2/ */
import { existsSync } from 'node:fs';
import type { StepChoice } from '../model/choice.ts';
import type { Options, Part } from '../model/transform.ts';
import { ruleParts } from '../rules/rule-part.ts';
import { NayekError } from '../system/errors.ts';
import { didYouMean, nearest } from '../system/nearest.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { ConditionError, parseCondition } from './condition.ts';
import { type Allow, loadPlugin } from './plugin.ts';
import { type Draft, isPath, type Listed, readDraft } from './recipe-file.ts';
import type { Step } from './step.ts';

export { isPath, recipeNames } from './recipe-file.ts';

export interface Recipe {
  readonly name: string;
  /** One sentence by language; at least `en`. */
  readonly summary: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Parts that do not run: a report names the problems that they see, and the command. */
  readonly offers?: readonly Step[];
}

/**
 * Reads a recipe without own code by name ('render') or by the path of a YAML file.
 * @throws NayekError `usage` for an unknown name, `unreadable`, `broken-recipe` for a bad form, part or option.
 */
export function loadRecipe(nameOrPath: string, parts: readonly Part[]): Recipe {
  const draft = readDraft(nameOrPath);
  return recipeOf(draft, parts, (item) => builtIn(item, parts));
}

/**
 * As `loadRecipe`, also with parts from ES modules; the form of a file is checked against recipe.schema.json. `a,b` are
 * two recipes, one behind the other.
 * @param own parts of modules and rules that were named beside the recipe: its `id`s may mean them, too
 * @param allow throws where the code of a module may not run
 * @throws NayekError also `plugin`
 */
export async function openRecipe(
  nameOrPath: string,
  parts: readonly Part[],
  own: readonly Part[] = [],
  allow?: Allow,
): Promise<Recipe> {
  const recipes: Recipe[] = [];
  const names = existsSync(nameOrPath) ? [nameOrPath] : nameOrPath.split(',');
  for (const name of names) recipes.push(await openOne(name.trim(), parts, own, allow));
  const [first] = recipes;
  if (first && recipes.length === 1) return first;
  const steps: Step[] = [];
  for (const step of recipes.flatMap((r) => r.steps)) {
    // What two recipes share runs once, as the first has it.
    if (!steps.some((s) => s.part.id === step.part.id)) steps.push(step);
  }
  const offers = recipes.flatMap((r) => r.offers ?? []);
  return { name: recipes.map((r) => r.name).join('+'), summary: first?.summary ?? { en: '' }, steps, offers };
}

async function openOne(
  name: string,
  parts: readonly Part[],
  own: readonly Part[],
  allow: Allow | undefined,
): Promise<Recipe> {
  const draft = readDraft(name);
  if (isPath(name)) (await import('./recipe-form.ts')).assertForm(draft.text, name);
  const loaded = new Map<Listed, readonly Part[]>();
  for (const item of draft.items) {
    if (item.kind !== 'plugin') continue;
    try {
      loaded.set(item, await loadPlugin(item.module, item.folder, allow));
    } catch (error) {
      throw placedAt(item, error);
    }
  }
  return recipeOf(draft, parts, (item) => {
    const found = loaded.get(item);
    if (!found || item.kind !== 'plugin') return builtIn(item, [...parts, ...own]);
    const wanted = found.filter((part) => item.id === undefined || part.id === item.id);
    const taken = wanted.find((part) => parts.some((p) => p.id === part.id));
    if (taken) throw new NayekError('plugin', say`${item.at}: nayek has a part ${taken.id} of its own`);
    if (wanted.length > 0) return wanted;
    throw new NayekError('plugin', say`${item.at}: ${item.module} exports no part ${item.id}`);
  });
}

/** An error of what an item names, with the line of the item. */
function placedAt(item: Listed, error: unknown): unknown {
  if (!(error instanceof NayekError)) return error;
  const { kind, hint, message } = error;
  // All other kinds that come here say their detail alone.
  return new NayekError(kind === 'unreadable' ? 'broken-recipe' : kind, say`recipe ${item.at}: ${message}`, {
    hint,
    cause: error,
  });
}

/** The parts that an item of a recipe means, but for those from modules. */
function builtIn(item: Listed, parts: readonly Part[]): readonly Part[] {
  if (item.kind === 'rule') {
    try {
      return ruleParts(item.file);
    } catch (error) {
      throw placedAt(item, error);
    }
  }
  const part = item.kind === 'part' ? parts.find((p) => p.id === item.id) : undefined;
  if (part) return [part];
  const what = item.kind === 'part' ? say`unknown part ${JSON.stringify(item.id)}` : say`it needs the code of a module`;
  const own = say`a part of your own comes from a module: plugin: ./its.mjs, or --plugin`;
  const hint = item.kind === 'part' ? say`${didYouMean(item.id, ids(parts))}; ${own}` : undefined;
  throw new NayekError('broken-recipe', say`recipe ${item.at}: ${what}`, hint === undefined ? {} : { hint });
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

function recipeOf(draft: Draft, shipped: readonly Part[], partsOf: (item: Listed) => readonly Part[]): Recipe {
  const steps: Step[] = [];
  for (const item of draft.items) {
    const fail = (why: string): never => {
      throw new NayekError('broken-recipe', say`recipe ${item.at}: ${why}`);
    };
    assertCondition(item, fail);
    if (!isRecord(item.options)) return fail(say`options are not a mapping`);
    for (const part of partsOf(item)) {
      if (steps.some((s) => s.part.id === part.id)) return fail(say`part ${part.id} is listed twice`);
      assertOptions(part, item.options, fail);
      const comment = draft.comment !== undefined && 'comment' in part.options ? { comment: draft.comment } : {};
      const options = { ...defaults(part), ...comment, ...item.options };
      steps.push({ part, options, ...(item.when === undefined ? {} : { when: item.when }) });
    }
  }
  const offers = draft.offers.map((id): Step => {
    const part = shipped.find((p) => p.id === id);
    if (part) return { part, options: defaults(part) };
    const why = say`unknown part ${JSON.stringify(id)}`;
    throw new NayekError('broken-recipe', say`recipe ${draft.name}: ${why}`);
  });
  return { name: draft.name, summary: draft.summary, steps, ...(offers.length > 0 ? { offers } : {}) };
}

function assertCondition({ when }: Listed, fail: (why: string) => never): void {
  try {
    if (when !== undefined) parseCondition(when);
  } catch (error) {
    if (error instanceof ConditionError) fail(error.message);
    throw error;
  }
}

/** Each is known and of its type; `fail` throws. */
export function assertOptions(part: Part, options: Options, fail: (why: string) => never): void {
  for (const [name, value] of Object.entries(options)) {
    const option = Object.hasOwn(part.options, name) ? part.options[name] : undefined;
    if (!option) fail(unknownOption(part, name));
    if (!sameType(value, option.default)) {
      fail(say`option ${part.id}.${name} is not ${typeName(option.default)}`);
    }
  }
}

function unknownOption(part: Part, name: string): string {
  const why = say`part ${part.id} has no option ${name}`;
  const near = nearest(name, Object.keys(part.options));
  return near === undefined ? why : say`${why}: did you mean ${near}?`;
}

function withSetting(steps: readonly Step[], parts: readonly Part[], setting: string): Step[] {
  const shared = /^([\w-]+)=/.exec(setting)?.[1];
  if (shared !== undefined) {
    const having = steps.filter((s) => Object.hasOwn(s.part.options, shared));
    if (having.length === 0) {
      const names = [...new Set(steps.flatMap((s) => Object.keys(s.part.options)))].sort();
      throw new NayekError('usage', say`--set ${setting}: no part here has an option '${shared}'`, {
        hint: didYouMean(shared, names),
      });
    }
    return having.reduce((all, s) => withSetting(all, parts, `${s.part.id}.${setting}`), [...steps]);
  }
  const match = /^([\w-]+)\.([\w-]+)=(.*)$/s.exec(setting);
  if (!match) throw new NayekError('usage', say`--set ${setting}: not of the form part.option=value or option=value`);
  const [, id = '', name = '', typed = ''] = match;
  const part = parts.find((p) => p.id === id);
  if (!part)
    throw new NayekError('usage', say`--set ${setting}: no part '${id}'`, { hint: didYouMean(id, ids(parts)) });
  const option = Object.hasOwn(part.options, name) ? part.options[name] : undefined;
  if (!option) {
    const names = Object.keys(part.options);
    throw new NayekError('usage', say`--set ${setting}: part ${id} has no option '${name}'`, {
      hint: didYouMean(name, names),
    });
  }
  if (!steps.some((s) => s.part === part))
    throw new NayekError('usage', say`--set ${setting}: part ${id} does not run here`);
  const value = typedValue(typed, option.default);
  if (value === undefined) throw new NayekError('usage', say`--set ${setting}: not ${typeName(option.default)}`);
  return steps.map((s) => (s.part === part ? { ...s, options: { ...s.options, [name]: value } } : s));
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
    throw new NayekError('usage', say`${flag}: no part '${missing}'`, { hint: didYouMean(missing, ids(parts)) });
  }
  return wanted ? new Set(wanted) : undefined;
}

function ids(parts: readonly Part[]): string[] {
  return parts.map((p) => p.id);
}

function defaults(part: Part): Options {
  return Object.fromEntries(Object.entries(part.options).map(([name, option]) => [name, option.default]));
}
