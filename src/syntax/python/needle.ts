/** What a walk looks for, as text: so that definitions without it are passed over and not even parsed. */

/** Matches somewhere in all that is looked for. */
export type Needle = RegExp;

/** One of these names as a word, at least: beside a letter that is not ASCII it matches, too. */
export function wordOf(names: Iterable<string>): Needle {
  const any = [...names].join('|');
  // Without Unicode's classes V8 is several times faster.
  if (/^\w[\w|]*$/.test(any)) return new RegExp(`\\b(?:${any})\\b`);
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${any})(?![\\p{L}\\p{N}_])`, 'u');
}

/** What may stand between two words of an expression, and the end of a parenthesis around the first. */
const BLANK = '(?:[\\s\\\\)]|#[^\\n]{0,200}\\n)';

/** Source of a regular expression for a call of one of these names, alternatives of one, as a name or as an attribute. */
export function callOf(names: string): string {
  return `(?<!\\b(?:def|class)[ \\t]+)\\b(?:${names})${BLANK}*\\(`;
}

/**
 * One of these names, where the text uses them under their own name; undefined where it may call one of them something
 * else (`import a as b`, `b = a`): then every place has to be looked at.
 */
export function unlessRenamed(text: string, names: Iterable<string>): Needle | undefined {
  const listed = [...names];
  const any = listed.join('|');
  const blank = '(?:[\\s\\\\]|#[^\\n]*\\n)';
  const renamed = new RegExp(
    `\\b(?:${any})${blank}+as\\b|=[\\s\\\\(]*(?:\\w+${blank}*\\.${blank}*)*(?:${any})[ \\t)]*(?:[;#]|$)`,
    'm',
  );
  return renamed.test(text) ? undefined : wordOf(listed);
}
