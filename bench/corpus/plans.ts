/**
 * npm run plans -- <folder of checkouts> <folder of references> [--write] [--only text]
 * Plans each checkout with the recipes `render` and `vps` and holds the result, as JSON, against `<references>/<name>.json`,
 * byte by byte; `--write` makes the references. Exit 1 where one differs. The net below a refactoring: a difference is
 * either a fault or a mend that is named in its commit.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadRecipe, openRepository, parts, planRepository, savedPlan } from '../../src/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean' }, only: { type: 'string' } },
});
const [checkouts, references] = positionals;
if (!checkouts || !references) {
  console.error('usage: npm run plans -- <folder of checkouts> <folder of references> [--write] [--only text]');
  process.exit(2);
}

mkdirSync(references, { recursive: true });
let differ = 0;
let same = 0;
for (const name of readdirSync(checkouts).sort()) {
  const root = path.join(checkouts, name);
  if (!statSync(root).isDirectory() || (values.only && !name.includes(values.only))) continue;
  const text = await planned(root);
  const file = path.join(references, `${name}.json`);
  if (values.write) {
    writeFileSync(file, text);
    continue;
  }
  const before = read(file);
  if (before === text) same++;
  else {
    differ++;
    console.log(before === undefined ? `${name}: no reference` : `${name}: ${firstDifference(before, text)}`);
  }
}
if (!values.write) console.log(`${same} the same, ${differ} differ`);
process.exitCode = differ > 0 ? 1 : 0;

/** The saved plans of one repository, without what depends on the run. */
async function planned(root: string): Promise<string> {
  const plans: unknown[] = [];
  for (const name of ['render', 'vps']) {
    try {
      const recipe = loadRecipe(name, parts);
      const repo = await openRepository(root);
      const plan = await planRepository(repo, recipe.steps, { recipe: recipe.name });
      // The hunks follow from edits and diff.
      const saved = savedPlan(plan);
      plans.push({ ...saved, root: undefined, changes: saved.changes.map((c) => ({ ...c, hunks: undefined })) });
    } catch (error) {
      plans.push({ recipe: name, error: (error as Error).message.replaceAll(root, '') });
    }
  }
  return `${JSON.stringify(plans, null, 1)}\n`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function firstDifference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = now.findIndex((line, i) => line !== old[i]);
  const i = at === -1 ? now.length : at;
  return `line ${i + 1}\n  - ${(old[i] ?? '').trim().slice(0, 300)}\n  + ${(now[i] ?? '').trim().slice(0, 300)}`;
}
