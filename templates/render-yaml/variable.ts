/** One environment variable of a blueprint. */
import type { EnvVar } from '../../src/model/facts.ts';
import type { BlueprintOptions } from './options.ts';

export interface Variable {
  readonly key: string;
  readonly from: Origin;
  readonly comment?: string;
}

export type Origin =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'generate' }
  /** `sync: false`: a person gives it once, in the Dashboard. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'database'; readonly name: string; readonly property: string }
  | { readonly kind: 'keyvalue'; readonly name: string; readonly property: string }
  /** The same value as another service has. */
  | { readonly kind: 'same'; readonly service: string };

export interface Variables {
  readonly list: readonly Variable[];
  readonly warnings: readonly string[];
}

const ORIGINS = /CORS|ORIGIN|ALLOWED|FRONTEND|CLIENT_URL/;
/** What a request's Host header may say: a frontend's address there would refuse every request. */
const HOSTS = /(?:^|_)(?:ALLOWED|TRUSTED)_HOSTS?$/;

/** `user:password` of a database, or how many parts there are and what stands between them. */
function partsSaid({ of, count, separator }: NonNullable<EnvVar['parts']>): string {
  if (of) return `${of.join(separator)} of the database`;
  const many = count === 2 ? 'two' : String(count);
  return `${many} parts with ${separator.trim() === '' ? 'a space' : separator} between`;
}

/** A variable that a person gives, with the usual comment of its kind or the one given. */
export function ask(variable: EnvVar, options: BlueprintOptions, comment?: string): Variable {
  const { name } = variable;
  const usual = HOSTS.test(name)
    ? "this service's own host name"
    : ORIGINS.test(name)
      ? options.originsComment
      : options.secretComment;
  const made = variable.form ? `make one: ${variable.form.make}` : variable.parts && partsSaid(variable.parts);
  const said = comment ?? made ?? usual;
  // Before the first deploy somebody goes through these: what may stay empty is told from what may not.
  const told = options.explain && said !== '' && (variable.required || !HOSTS.test(name));
  const need = variable.required ? 'required' : 'optional';
  return { key: name, from: { kind: 'ask' }, comment: told ? `${need}: ${said}` : said };
}
