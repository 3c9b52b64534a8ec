/** The recipe that a command follows: by name or file, with rules and modules of parts behind it, or those alone. */
import type { RecipeChoice } from '../model/choice.ts';
import { ruleParts } from '../rules/rule-part.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { parts } from './parts.ts';
import { foreignTo, loadPlugin, originOf } from './plugin.ts';
import { openRecipe, type Recipe } from './recipe.ts';

/**
 * Parts of a module of which the recipe takes some are those that it takes; all of other modules, and rules, run behind it.
 * @param roots repositories that are patched: code that lies in them is not run unless `plugin` names it
 * @throws NayekError for a recipe, rule or module that cannot be read; `usage` where two parts have one id
 */
export async function chosenRecipe(
  { recipe, rule = [], plugin = [] }: RecipeChoice,
  roots: readonly string[],
): Promise<Recipe> {
  const own = rule.flatMap(ruleParts);
  for (const module of plugin) own.push(...(await loadPlugin(module, process.cwd())));
  const named =
    recipe === undefined && own.length > 0
      ? { name: rule.length > 0 ? 'rules' : 'plugins', summary: { en: say`rules and parts from files` }, steps: [] }
      : await openRecipe(recipe ?? 'render', parts, own, foreignTo(roots, plugin));
  const steps = [...named.steps];
  const taken = new Set(steps.flatMap((s) => originOf(s.part)?.file ?? []));
  for (const part of own) {
    if (taken.has(originOf(part)?.file ?? '') || named.steps.some((s) => s.part === part)) continue;
    if ([...parts, ...steps.map((s) => s.part)].some((p) => p.id === part.id)) {
      throw new NayekError('usage', say`two parts have the id ${part.id}`);
    }
    const options = Object.fromEntries(Object.entries(part.options).map(([name, option]) => [name, option.default]));
    steps.push({ part, options });
  }
  return { ...named, steps };
}
