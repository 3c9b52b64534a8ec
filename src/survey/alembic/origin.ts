/** Sets of places that a database URL may come from. */
/**
 * - `ini`: the option `sqlalchemy.url`
 * - `env`: an environment variable
 * - `settings`: something that the repository defines
 * - `app`: Flask's current_app
 * - `unknown`: not followed to its end
 */
export type UrlSource = 'ini' | 'env' | 'settings' | 'app' | 'unknown';

export interface Origin {
  readonly sources: ReadonlySet<UrlSource>;
  /** Environment variables met, in order. */
  readonly variables: readonly string[];
}

export const URL_KEY = 'sqlalchemy.url';

export const NOTHING: Origin = { sources: new Set(), variables: [] };
export const INI: Origin = { sources: new Set(['ini']), variables: [] };
export const UNKNOWN: Origin = { sources: new Set(['unknown']), variables: [] };

export function union(...origins: readonly Origin[]): Origin {
  return {
    sources: new Set(origins.flatMap((o) => [...o.sources])),
    variables: [...new Set(origins.flatMap((o) => o.variables))],
  };
}

export function fromSource(kind: UrlSource): Origin {
  return { sources: new Set([kind]), variables: [] };
}

/** An environment variable; undefined when its name is not known. */
export function environment(variable: string | undefined): Origin {
  return { sources: new Set(['env']), variables: variable === undefined ? [] : [variable] };
}
