/** `nayek recipe`: what there is, what one does, whether it is right, and a start. */
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { parts } from '../engine/parts.ts';
import { foreignTo, loadPlugin, originOf } from '../engine/plugin.ts';
import { isPath, loadRecipe, openRecipe, type Recipe, recipeNames } from '../engine/recipe.ts';
import type { RecipeChoice } from '../model/choice.ts';
import type { Part } from '../model/transform.ts';
import { nextAfterExplain, nextSteps } from '../report/next.ts';
import { aside } from '../report/voice.ts';
import { local } from '../report/words/local.ts';
import { ruleOf } from '../rules/rule-part.ts';
import { visible } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { findGit } from '../system/git.ts';
import { say } from '../system/say.ts';
import { summaryOf } from './explain.ts';
import { schemaLine } from './new.ts';

/** The recipes that come with nayek. */
export function list(): number {
  const names = recipeNames();
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) print(`${name.padEnd(width)}  ${summaryOf(loadRecipe(name, parts))}`);
  aside(nextSteps([say`\`nayek recipe show <name>\` says what it runs`]));
  return 0;
}

/** What a recipe runs, in order, with the options that are not the defaults. @throws NayekError */
export async function show(name: string, own: Pick<RecipeChoice, 'plugin'> = {}): Promise<number> {
  const recipe = await opened(name, own);
  print(`${recipe.name}: ${summaryOf(recipe)}`);
  for (const { part, options, when } of recipe.steps) {
    const from = ruleOf(part)?.at ?? originOf(part)?.file;
    print(
      `- ${part.id}${from === undefined ? '' : ` (${from})`}${when === undefined ? '' : local(say`, when ${when}`)}`,
    );
    for (const [key, value] of Object.entries(options)) {
      const standard = JSON.stringify(part.options[key]?.default);
      if (JSON.stringify(value) !== standard) print(`    ${key}: ${JSON.stringify(value)}`);
    }
  }
  aside(nextAfterExplain({ ...own, recipe: name }));
  return 0;
}

/** Whether a recipe file is right; the code of modules that may run is loaded. @throws NayekError `broken-recipe` with the line */
export async function check(file: string, own: Pick<RecipeChoice, 'plugin'> = {}): Promise<number> {
  const recipe = await opened(file, own);
  for (const { part } of recipe.steps) await part.prepare?.();
  print(local(say`${file}: ${recipe.steps.length} parts, all right`));
  aside(nextAfterExplain({ ...own, recipe: isPath(file) ? file : `./${file}` }));
  return 0;
}

/** Nobody's code runs because somebody looks at a recipe: a module in the recipe's own repository must be named. */
async function opened(name: string, own: Pick<RecipeChoice, 'plugin'>): Promise<Recipe> {
  const git = isPath(name) && existsSync(name) ? findGit(realpathSync(path.dirname(name))) : undefined;
  return openRecipe(name, parts, await ownParts(own), foreignTo(git ? [git.top] : [], own.plugin ?? [], true));
}

/** Parts of modules that a recipe names by their ids alone. */
async function ownParts({ plugin = [] }: Pick<RecipeChoice, 'plugin'>): Promise<Part[]> {
  const out: Part[] = [];
  for (const module of plugin) out.push(...(await loadPlugin(module, process.cwd())));
  return out;
}

/** A file to start from. @throws NayekError `usage` where one is there */
export function init(file: string | undefined, options: { readonly C: string }): number {
  const name = file ?? 'recipe.yaml';
  const target = path.resolve(options.C, name);
  if (existsSync(target))
    throw new NayekError('usage', say`${name} exists already`, { hint: say`nothing was written` });
  writeFileSync(target, schemaLine(target, 'recipe') + START);
  print(name);
  const steps = [
    say`\`nayek recipe check ./${name}\` checks it`,
    say`\`nayek patch --dry-run --recipe ./${name}\` tries it`,
  ];
  process.stdout.write(nextSteps(steps));
  return 0;
}

function print(text: string): void {
  process.stdout.write(
    `${text
      .split('\n')
      .map((line) => visible(line))
      .join('\n')}\n`,
  );
}

const START = `name: ours
summary: What our services need.
extends: render
# without: [render-yaml]
parts:
  # Options of a part that is listed above: nayek explain procfile
  - id: procfile
    options: {workers: 2}
  # - rule: rules/
  # - plugin: ./parts/ours.mjs
  #   when: framework == fastapi and has(alembic)
`;
