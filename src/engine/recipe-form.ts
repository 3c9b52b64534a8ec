/** The form of recipe files, as dist/recipe.schema.json tells it to editors. */
import { Ajv, type ErrorObject } from 'ajv';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import form from './recipe.schema.json';
import { parsed } from './recipe-file.ts';

const isRecipe = new Ajv({ allErrors: true }).compile(form);

/**
 * @param origin names the file in the message, which has the line
 * @throws NayekError `broken-recipe`
 */
export function assertForm(text: string, origin: string): void {
  const { document, lineOf } = parsed(text, origin);
  if (isRecipe(document.toJS({ maxAliasCount: 100 }))) return;
  const error = worst(isRecipe.errors ?? []);
  const place = (error?.instancePath ?? '').split('/').slice(1);
  const steps = place.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replace(/~1/g, '/').replace(/~0/g, '~')));
  const extra: unknown = error?.params.additionalProperty;
  const line = lineOf(extra === undefined ? steps : [...steps, String(extra)]);
  const what =
    extra === undefined
      ? `${steps.join('.') || 'it'} ${error?.message ?? 'has another form'}`
      : say`there is no key ${String(extra)} here`;
  throw new NayekError('broken-recipe', say`recipe ${origin}:${line}: ${what}`);
}

/** What tells most: a key too many, then the deepest place; that none of several forms fits tells least. */
function worst(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const rank = (e: ErrorObject): number =>
    (e.keyword === 'additionalProperties' ? 1000 : 0) +
    e.instancePath.split('/').length -
    (e.keyword === 'anyOf' ? 0.5 : 0);
  return [...errors].sort((a, b) => rank(b) - rank(a))[0];
}
