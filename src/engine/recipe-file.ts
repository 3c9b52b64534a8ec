/** Recipe files as they are written, with what they extend; which parts the names mean is settled in recipe.ts. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NayekError } from '../system/errors.ts';
import { readGiven } from '../system/given-file.ts';
import { didYouMean } from '../system/nearest.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { placed } from './yaml-form.ts';

/** One of `parts`. Paths are absolute. */
export type Listed = {
  /** Where it stands: `own.yaml:5`. */
  readonly at: string;
  /** See condition.ts. */
  readonly when?: string;
  readonly options: Readonly<Record<string, unknown>>;
} & (
  | { readonly kind: 'part'; readonly id: string }
  /** A rule file, or a folder of them. */
  | { readonly kind: 'rule'; readonly file: string }
  /** An ES module, by its path or as a package that is looked up from `folder`; with `id`, that part of it alone. */
  | { readonly kind: 'plugin'; readonly module: string; readonly folder: string; readonly id?: string }
);

export interface Draft {
  readonly name: string;
  readonly summary: Readonly<Record<string, string>>;
  /** For every part that has an option `comment`. */
  readonly comment?: string;
  readonly items: readonly Listed[];
  /** Ids of parts that do not run. */
  readonly offers: readonly string[];
  /** Absolute path, and its text. */
  readonly file: string;
  readonly text: string;
}

/** Recipes that extend each other; a longer chain is a circle. */
const DEEPEST = 8;

/**
 * Reads a recipe by name ('render') or by the path of a YAML file, and those that it extends.
 * @throws NayekError `usage` for an unknown name, `unreadable`, `broken-recipe`
 */
export function readDraft(nameOrPath: string, folder: string = process.cwd(), depth = 0): Draft {
  const file = recipeFile(nameOrPath, folder);
  if (depth > DEEPEST) throw new NayekError('broken-recipe', say`recipe ${nameOrPath}: recipes extend each other`);
  const text = readGiven(file, say`recipe ${nameOrPath}`);
  const failAt = (line: number, why: string): never => {
    throw new NayekError('broken-recipe', say`recipe ${nameOrPath}:${line}: ${why}`);
  };
  const read = placed(text);
  if ('what' in read) return failAt(read.line, read.what);
  const { document, lineOf } = read;
  const fail = (why: string, ...place: readonly (string | number)[]): never => failAt(lineOf(place), why);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    return fail(say`is not YAML: ${(cause as Error).message}`);
  }
  if (!isRecord(data)) return fail(say`not a mapping with name, summary and parts`);
  if (typeof data.name !== 'string' || data.name === '') return fail(say`name is missing`);
  const bases = strings(data.extends) ?? fail(say`extends is neither a recipe nor a list of them`, 'extends');
  if (!Array.isArray(data.parts ?? (bases.length > 0 ? [] : undefined))) return fail(say`parts is not a list`, 'parts');
  const inherited = bases.map((base) => readDraft(base, path.dirname(file), depth + 1));
  const without = strings(data.without) ?? fail(say`without is not a list of parts`, 'without');
  const offers = strings(data.offers) ?? fail(say`offers is not a list of parts`, 'offers');
  const own = ((data.parts ?? []) as unknown[]).map((item, index) => {
    const at = `${nameOrPath}:${lineOf(['parts', index])}`;
    return listed(item, path.dirname(file), at) ?? fail(say`unknown part ${JSON.stringify(item)}`, 'parts', index);
  });
  const base = inherited.flatMap((draft) => draft.items);
  const missing = without.find((id) => !base.some((item) => isNamed(item, id)));
  if (missing !== undefined) fail(say`what it extends has no part ${missing}`, 'without');
  const comment = data.comment ?? inherited.find((draft) => draft.comment !== undefined)?.comment;
  return {
    name: data.name,
    summary: summaryOf(data.summary),
    ...(typeof comment === 'string' ? { comment } : {}),
    items: merged(
      base.filter((item) => !without.some((id) => isNamed(item, id))),
      own,
    ),
    ...{ offers, file, text },
  };
}

/** Names of the recipes that come with nayek, sorted. */
export function recipeNames(): string[] {
  return readdirSync(recipeFolder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

function recipeFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, 'recipes');
  return existsSync(beside) ? beside : path.join(here, '..', '..', 'transforms', 'recipes');
}

/** True for the path of a recipe rather than its name. */
export function isPath(nameOrPath: string): boolean {
  return /[\\/]|\.ya?ml$/.test(nameOrPath);
}

function recipeFile(nameOrPath: string, folder: string): string {
  if (isPath(nameOrPath)) return path.resolve(folder, nameOrPath);
  const names = recipeNames();
  if (names.includes(nameOrPath)) return path.join(recipeFolder(), `${nameOrPath}.yaml`);
  throw new NayekError('usage', say`no recipe '${nameOrPath}'`, {
    hint: say`${didYouMean(nameOrPath, names)}; or give the path of a .yaml file`,
  });
}

/** A text or a list of texts, as a list; undefined for anything else. */
function strings(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

function listed(item: unknown, folder: string, at: string): Listed | undefined {
  if (typeof item === 'string') return { kind: 'part', id: item, at, options: {} };
  if (!isRecord(item)) return undefined;
  const { id, rule, plugin, when, options } = item;
  const base = {
    at,
    ...(when === undefined ? {} : { when: String(when) }),
    // What is no mapping is refused with the part, which then has a name.
    options: (options ?? {}) as Readonly<Record<string, unknown>>,
  };
  if (typeof rule === 'string')
    return { ...base, kind: 'rule', file: rule.startsWith('nayek:') ? rule : path.resolve(folder, rule) };
  const one = typeof id === 'string' ? { id } : {};
  if (typeof plugin === 'string') return { ...base, ...one, kind: 'plugin', module: plugin, folder };
  return typeof id === 'string' ? { ...base, kind: 'part', id } : undefined;
}

function isNamed(item: Listed, id: string): boolean {
  return item.kind !== 'rule' && item.id === id;
}

/** A part that is listed again stays in its place; its options are laid over those before, its condition replaces. */
function merged(base: readonly Listed[], own: readonly Listed[]): Listed[] {
  const out = [...base];
  for (const item of own) {
    const index = base.findIndex((other) => item.kind === 'part' && isNamed(other, item.id));
    const before = out[index];
    if (before) {
      const when = item.when === undefined ? {} : { when: item.when };
      out[index] = { ...before, ...when, at: item.at, options: { ...before.options, ...item.options } };
    } else out.push(item);
  }
  return out;
}

function summaryOf(summary: unknown): Readonly<Record<string, string>> {
  if (!isRecord(summary)) return { en: typeof summary === 'string' ? summary.trim() : '' };
  return Object.fromEntries(Object.entries(summary).map(([language, text]) => [language, String(text).trim()]));
}
