/** Which values a plan copies into the files that it makes. */
import type * as Api from '../../src/index.ts';

const RECIPES = ['render', 'vps'];

/** The made files of a service that reads these variables with these defaults, as one text. */
export function filesWith(api: typeof Api, variables: readonly (readonly [string, string])[]): string {
  const reads = variables.map(([name, value], i) => `V${i} = os.getenv(${quoted(name)}, ${quoted(value)})`);
  const repo = api.memorySnapshot({
    'requirements.txt': 'fastapi==0.115.0\nuvicorn==0.32.0\n',
    'main.py': ['import os', 'from fastapi import FastAPI', ...reads, 'app = FastAPI()', ''].join('\n'),
  });
  const made = RECIPES.map((name) => {
    const recipe = api.loadRecipe(name, api.parts);
    const plan = api.makePlan(repo, recipe.steps, { recipe: name });
    return plan.changes.filter((c) => c.before === null).map((c) => c.after);
  });
  return made.flat().join('\n');
}

/** A literal of Python, with what JSON escapes: the same for plain text. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
