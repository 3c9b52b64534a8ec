/** What is wrong with a YAML text that has a JSON Schema, with the line. https://ajv.js.org/api.html#error-objects */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { unknownKey } from '../system/nearest.ts';
import { say } from '../system/say.ts';

export interface FormProblem {
  /** 1-based. */
  readonly line: number;
  readonly what: string;
}

export interface Placed {
  readonly document: Document;
  /** The 1-based line of a place in it, or of what holds it. */
  readonly lineOf: (place: readonly (string | number)[]) => number;
}

/** Checks of texts against a schema (draft 7). */
export function compiledForm(schema: object): ValidateFunction {
  return new Ajv({ allErrors: true, verbose: true }).compile(schema);
}

/** The tree of a text, or why there is none. */
export function placed(text: string): Placed | FormProblem {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    const [message = ''] = error.message.split('\n');
    const why = message.replace(/ at line \d+, column \d+:?$/, '');
    return { line: lines.linePos(error.pos[0]).line, what: say`is not YAML: ${why}` };
  }
  const lineOf = (place: readonly (string | number)[]): number => {
    for (let length = place.length; length > 0; length--) {
      const node = document.getIn(place.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return lines.linePos(node.range[0] ?? 0).line;
    }
    return 1;
  };
  return { document: document as Document, lineOf };
}

/** The data of a text of this form, or what is wrong with it. */
export function readForm(text: string, isForm: ValidateFunction): { readonly data: unknown } | FormProblem {
  const found = placed(text);
  if ('what' in found) return found;
  let data: unknown;
  try {
    // Aliases are followed a hundred times at most: a bomb is an error.
    data = found.document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { line: 1, what: say`is not YAML: ${(error as Error).message}` };
  }
  return isForm(data) ? { data } : worstProblem(isForm.errors ?? [], found.lineOf);
}

function worstProblem(errors: readonly ErrorObject[], lineOf: Placed['lineOf']): FormProblem {
  const error = worst(errors);
  const place = (error?.instancePath ?? '').split('/').slice(1);
  const steps = place.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replace(/~1/g, '/').replace(/~0/g, '~')));
  const extra: unknown = error?.params.additionalProperty;
  if (extra === undefined) {
    const choices: unknown = error?.params.allowedValues;
    const which = Array.isArray(choices) ? `: ${choices.join(', ')}` : '';
    const what = `${steps.join('.') || 'it'} ${error?.message ?? 'has another form'}${which}`;
    return { line: lineOf(steps), what };
  }
  const keys = Object.keys((error?.parentSchema as { properties?: object } | undefined)?.properties ?? {});
  return { line: lineOf([...steps, String(extra)]), what: unknownKey(String(extra), keys) };
}

/** What tells most: a key too many, then the deepest place; that none of several forms fits tells least. */
function worst(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const rank = (e: ErrorObject): number =>
    (e.keyword === 'additionalProperties' ? 1000 : 0) +
    e.instancePath.split('/').length -
    (e.keyword === 'anyOf' ? 0.5 : 0);
  return [...errors].sort((a, b) => rank(b) - rank(a))[0];
}
