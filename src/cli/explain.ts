/** What a part does and why, with an example that the part itself works out, so that it cannot be out of date. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePlan } from '../engine/make-plan.ts';
import { originOf } from '../engine/plugin.ts';
import { type Recipe, recipeNames } from '../engine/recipe.ts';
import { sayingOf } from '../model/part-words.ts';
import type { Part } from '../model/transform.ts';
import { memorySnapshot } from '../repo/snapshot.ts';
import { shownDiff } from '../report/diff.ts';
import { fitted, language, local } from '../report/words/local.ts';
import { ruleOf } from '../rules/rule-part.ts';
import { loadPython } from '../syntax/python/parser.ts';
import { NayekError } from '../system/errors.ts';
import { didYouMean } from '../system/nearest.ts';
import { say } from '../system/say.ts';
import { type Fixture, readFixture, type Tree } from '../testing/fixture.ts';

/** What a recipe is for, in the language of the run where it says so. */
export function summaryOf({ summary }: Pick<Recipe, 'summary'>): string {
  return fitted(summary[language()] ?? local(summary.en ?? ''));
}

/** All parts and recipes, one line each. */
export function explainAll(parts: readonly Part[], load: (name: string) => Recipe): string {
  const width = Math.max(...parts.map((p) => p.id.length));
  const recipes = recipeNames().map(load);
  return [
    local(say`Parts:`),
    ...parts.map((p) => `  ${p.id.padEnd(width)}  ${local(p.summary)}`),
    '',
    local(say`Recipes:`),
    ...recipes.map((r) => `  ${r.name.padEnd(width)}  ${summaryOf(r)} (${r.steps.map((s) => s.part.id).join(', ')})`),
    '',
    local(say`\`nayek explain <part>\` tells why, with an example; \`nayek explain <recipe>\` what a recipe runs.`),
    '',
  ].join('\n');
}

/**
 * One part in full.
 * @throws NayekError `usage` when there is no such part, nor a recipe of that name.
 */
export async function explainOne(id: string, parts: readonly Part[], colour: boolean): Promise<string> {
  const part = parts.find((p) => p.id === id);
  if (part) return explainPart(part, colour);
  const names = [...parts.map((p) => p.id), ...recipeNames()];
  throw new NayekError('usage', say`no part or recipe '${id}'`, { hint: didYouMean(id, names) });
}

async function explainPart(part: Part, colour: boolean): Promise<string> {
  const from = ruleOf(part)?.at ?? originOf(part)?.file;
  const lines = [
    `${part.id}: ${local(part.summary)}`,
    ...(part.words ? ['', fitted(sayingOf(part, language()).why)] : []),
    '',
    `${local(say`Source:`)} ${part.source}`,
  ];
  if (from !== undefined) lines.push(`${local(say`File:`)} ${from}`);
  const options = Object.entries(part.options);
  if (options.length > 0) {
    lines.push('', local(say`Options (--set part.option=value, or --set option=value for all parts):`));
    for (const [name, option] of options) {
      lines.push(`  ${part.id}.${name}=${JSON.stringify(option.default) ?? ''}  ${local(option.help)}`);
    }
  }
  const diff = await exampleDiff(part, colour);
  if (diff) lines.push('', local(say`Example:`), '', diff.trimEnd());
  return `${lines.join('\n')}\n`;
}

/** What the part does to its sample; undefined where none is packed. */
async function exampleDiff(part: Part, colour: boolean): Promise<string | undefined> {
  const files = ownSample(part) ?? samples()[part.id];
  if (!files) return undefined;
  await loadPython();
  await part.prepare?.();
  const options = Object.fromEntries(Object.entries(part.options).map(([name, o]) => [name, o.default]));
  const plan = makePlan(memorySnapshot(files, '/app'), [{ part, options }], { recipe: 'example' });
  return shownDiff(plan, { colour });
}

/** Folders above the file of an own part in which its fixtures may lie. */
const ABOVE = 3;

/** The smallest fixture of an own part that changes something by its default options; fixtures/<id> lies above its file. */
function ownSample(part: Part): Tree | undefined {
  const file = ruleOf(part)?.at.replace(/:\d+$/, '') ?? originOf(part)?.file;
  if (file === undefined) return undefined;
  let folder = path.dirname(path.resolve(file));
  for (let level = 0; level < ABOVE; level++, folder = path.dirname(folder)) {
    const home = path.join(folder, 'fixtures', part.id);
    if (!existsSync(home)) continue;
    const size = ({ before }: Fixture): number => Object.values(before).reduce((sum, bytes) => sum + bytes.length, 0);
    return readdirSync(home, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(path.join(home, entry.name, 'after')))
      .map((entry) => readFixture(part.id, path.join(home, entry.name)))
      .filter(({ spec }) => (spec.parts ?? [part.id]).join() === part.id && !spec.options && !spec.unsafe)
      .sort((a, b) => size(a) - size(b))[0]?.before;
  }
  return undefined;
}

/** Packed beside the bundle by build.mjs from the fixtures: part → path → text. */
function samples(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  try {
    return JSON.parse(readFileSync(path.join(here, 'samples.json'), 'utf8'));
  } catch {
    return {};
  }
}
