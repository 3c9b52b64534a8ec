/** The form of recipe files, as dist/recipe.schema.json tells it to editors. */
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import form from './recipe.schema.json';
import { compiledForm, readForm } from './yaml-form.ts';

const isRecipe = compiledForm(form);

/**
 * @param origin names the file in the message, which has the line
 * @throws NayekError `broken-recipe`
 */
export function assertForm(text: string, origin: string): void {
  const read = readForm(text, isRecipe);
  if ('what' in read) throw new NayekError('broken-recipe', say`recipe ${origin}:${read.line}: ${read.what}`);
}
