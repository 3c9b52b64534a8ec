/** What was probably meant by a name that is not known. */
import { distance } from 'fastest-levenshtein';
import { say } from './say.ts';

/** Names that people bring along from other tools. */
const HABITS: Readonly<Record<string, string>> = {
  heroku: 'procfile',
  dokku: 'procfile',
  railway: 'procfile',
  scalingo: 'procfile',
  blueprint: 'render-yaml',
  server: 'vps',
  nayek: 'fi9-nayek',
  port: 'bind',
  host: 'bind',
};

/** How many slips lie between two words, whatever their case: letters too many, missing or wrong, or two beside each other swapped. */
export function slips(word: string, name: string): number {
  const [a, b] = [word.toLowerCase(), name.toLowerCase()];
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  const swapped = at < 0 ? a : a.slice(0, at) + (a[at + 1] ?? '') + a[at] + a.slice(at + 2);
  return Math.min(distance(a, b), 1 + distance(swapped, b));
}

/** The nearest of the names, where it is near enough to be a slip; undefined where none is. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const habit = HABITS[wanted];
  if (habit !== undefined && names.includes(habit)) return habit;
  const [best] = names.map((name) => ({ name, far: slips(wanted, name) })).sort((a, b) => a.far - b.far);
  return best && best.far <= Math.ceil(Math.max(wanted.length, best.name.length) * 0.4) ? best.name : undefined;
}

/** A hint for a name that is not known: the nearest one, and all. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  const known = say`known: ${names.join(', ') || 'none'}`;
  return near === undefined ? known : say`did you mean '${near}'? ${known}`;
}

/** A key that is none of those that a place takes, with the nearest of them. */
export function unknownKey(key: string, keys: readonly string[]): string {
  const near = nearest(key, keys);
  return near === undefined
    ? say`there is no key ${key} here`
    : say`there is no key ${key} here: did you mean ${near}?`;
}
