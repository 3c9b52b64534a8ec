/** Modules that a call names by a text and imports at once. */
import { externalName } from '../python/definition.ts';
import type { Place } from '../python/place.ts';
import type { CallExpr } from '../syntax/python/ast.ts';
import { lastName, positional, stringValue } from '../syntax/python/walk.ts';

/**
 * https://docs.djangoproject.com/en/stable/ref/urls/#include
 * https://docs.python.org/3/library/importlib.html#importlib.import_module
 */
const LOADERS = new Set(['django.urls.include', 'django.conf.urls.include', 'importlib.import_module']);

/** What all such calls mention. */
export const LOADS_BY_NAME = /\binclude\b|\bimport_module\b/;

/** `include("shop.urls")`, `include(("shop.urls", "shop"))`: the dotted name; undefined for any other call. */
export function moduleLoaded(place: Place, call: CallExpr): string | undefined {
  if (!LOADS_BY_NAME.test(lastName(call.func))) return undefined;
  const [first] = positional(call);
  const named = stringValue(first?.kind === 'tuple' ? first.items[0] : first);
  if (named === undefined || !/^[A-Za-z_]\w*(?:\.\w+)*$/.test(named)) return undefined;
  return LOADERS.has(externalName(place, call.func) ?? '') ? named : undefined;
}
