/** Regular expressions as values. */

/** The source of a regular expression without the flag `u` that matches just this text. */
export function literally(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

const keys = new WeakMap<RegExp, string>();

/** What tells patterns apart, in a map: their text. Kept, as a long one is made and hashed anew each time. */
export function keyOf(pattern: RegExp): string {
  let key = keys.get(pattern);
  if (key === undefined) {
    key = String(pattern);
    keys.set(pattern, key);
  }
  return key;
}
