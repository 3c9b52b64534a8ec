/** Whether what stands where a name's value stands is hidden. */
import { type Saying, wordsOf } from './names.ts';
import type { Range } from './range.ts';
import { isEvident, isHarmless, isUserAndPassword } from './value.ts';

/** One rule for all places: a strong name hides all but what is harmless, a weak one what looks like a credential. */
export function holdsSecret(name: string, said: Saying, value: string): boolean {
  if (said === undefined || isHarmless(name, value)) return false;
  const text = value.trim();
  // Put together when it runs: what stands between the holes counts.
  const rest = text.replace(/(?<!\$)\{[^{}]*\}/g, '');
  if (said === 'strong') return rest === text || isEvident(rest) || /\d.*[a-z]|[a-z].*\d/i.test(rest);
  // SHOP_KEY may be a key of a dictionary, but then it holds a word.
  if (/^[A-Z][A-Z\d_]*_KEYS?$/.test(name) && /\d/.test(text) && text.length > 5) return true;
  return isEvident(text) || (speaksOfSigningIn(name) && isUserAndPassword(text));
}

/** The ranges, when what they hold together is a secret. */
export function judged(text: string, name: string, said: Saying, ranges: readonly Range[]): readonly Range[] {
  const value = ranges.map((r) => text.slice(r.start, r.end)).join('');
  return holdsSecret(name, said, value) ? ranges : [];
}

function speaksOfSigningIn(name: string): boolean {
  return wordsOf(name).some((word) => /^(?:auth|basic|logins?|credentials?|passw\w*)$/.test(word));
}
