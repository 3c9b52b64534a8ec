/** Lists and mappings as the libraries that read variables want them written. */
import { type Known, str } from '../../python/known.ts';

/**
 * `a,b` for a list and `k=v,l=w` for a mapping; undefined for what has no such form: an item with a comma, one that holds
 * others. Only `env.json` of these libraries takes JSON.
 * https://django-environ.readthedocs.io/en/latest/types.html https://pypi.org/project/environs/#supported-types
 */
export function listText(value: Known | undefined): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (value.type === 'path') return value.text;
  if (value.type !== 'dict') return joined(value.items.map(item));
  return joined(value.entries.map(([key, inner]) => pair(item(key), item(inner))));
}

function item(value: Known): string | undefined {
  const text = value === null ? undefined : str(value);
  return text === undefined || /[,\n]/.test(text) ? undefined : text;
}

function pair(key: string | undefined, value: string | undefined): string | undefined {
  return key === undefined || value === undefined || key.includes('=') ? undefined : `${key}=${value}`;
}

function joined(items: readonly (string | undefined)[]): string | undefined {
  return items.includes(undefined) ? undefined : items.join(',');
}
