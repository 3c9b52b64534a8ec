/** each_repository.mjs API FOLDER [--write]: the default recipe over every folder of FOLDER, in one process. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [api, folder, write] = process.argv.slice(2);
const { applyPlan, exactDiff, loadRecipe, openRepository, parts, planRepository } = await import(
  pathToFileURL(api).href
);
const recipe = loadRecipe('render', parts);
for (const name of readdirSync(folder).sort()) {
  const repo = await openRepository(path.join(folder, name));
  const plan = await planRepository(repo, recipe.steps, { recipe: recipe.name });
  if (plan.changes.length === 0) throw new Error(`${name}: nothing to patch`);
  if (write) await applyPlan(plan);
  else process.stdout.write(exactDiff(plan, {}));
}
