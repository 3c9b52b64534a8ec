/** The recipe that a command follows: one by name or file, rules from files, or both. */
import { ruleParts } from '../rules/rule-part.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { parts } from './parts.ts';
import { loadRecipe, type Recipe } from './recipe.ts';

export interface RecipeChoice {
  /** A name, or the path of a file. Undefined: `render`, or none where there are rules. */
  readonly recipe?: string;
  /** Rule files and folders of them: they run behind the parts of the recipe. */
  readonly rule?: readonly string[];
}

/** @throws NayekError for a recipe or rule that cannot be read; `usage` where two parts have one id */
export function chosenRecipe({ recipe, rule = [] }: RecipeChoice): Recipe {
  const rules = rule.flatMap(ruleParts);
  const named =
    recipe === undefined && rules.length > 0
      ? { name: 'rules', summary: { en: 'rules from files' }, steps: [] }
      : loadRecipe(recipe ?? 'render', parts);
  const steps = [...named.steps];
  for (const part of rules) {
    if (steps.some((s) => s.part.id === part.id)) throw new NayekError('usage', say`two parts have the id ${part.id}`);
    steps.push({ part, options: {} });
  }
  return { ...named, steps };
}
