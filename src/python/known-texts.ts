/** Methods of str. */
import { isAscii, type Known, sized, sizedItems } from './known.ts';

/** What `strip()` and `split()` take for blank. */
const BLANK = '\\s\\x1c-\\x1f';

interface Method {
  /** How many arguments it takes here. */
  readonly takes: readonly number[];
  of(text: string, first: string | undefined, second: string | undefined): Known | undefined;
}

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['lower', { takes: [0], of: (text) => text.toLowerCase() }],
  ['casefold', { takes: [0], of: (text) => text.toLowerCase() }],
  ['upper', { takes: [0], of: (text) => text.toUpperCase() }],
  ['lstrip', { takes: [0, 1], of: (text, chars) => text.replace(ends(chars).left, '') }],
  ['rstrip', { takes: [0, 1], of: (text, chars) => text.replace(ends(chars).right, '') }],
  ['strip', { takes: [0, 1], of: (text, chars) => text.replace(ends(chars).left, '').replace(ends(chars).right, '') }],
  [
    'replace',
    { takes: [2], of: (text, old, fresh = '') => (old ? sized(text.replaceAll(old, () => fresh)) : undefined) },
  ],
  ['startswith', { takes: [1], of: (text, start = '') => text.startsWith(start) }],
  ['endswith', { takes: [1], of: (text, end = '') => text.endsWith(end) }],
  ['split', { takes: [0, 1], of: (text, by) => pieces(text, by) }],
]);

/** `text.method(…)` */
export function textMethod(text: string, method: string, args: readonly Known[]): Known | undefined {
  const texts = args.filter((a): a is string => typeof a === 'string' && isAscii(a));
  const known = METHODS.get(method);
  if (!isAscii(text) || texts.length < args.length || !known?.takes.includes(args.length)) return undefined;
  return known.of(text, texts[0], texts[1]);
}

/** What `strip` takes away on either side. */
function ends(chars: string | undefined): { readonly left: RegExp; readonly right: RegExp } {
  if (chars === '') return { left: /^/, right: /$/ };
  const set = chars === undefined ? BLANK : chars.replace(/[\\\]^-]/g, '\\$&');
  return { left: new RegExp(`^[${set}]+`), right: new RegExp(`[${set}]+$`) };
}

function pieces(text: string, by: string | undefined): Known | undefined {
  if (by === '') return undefined;
  const blank = new RegExp(`[${BLANK}]+`);
  return sizedItems('list', by === undefined ? text.split(blank).filter((p) => p !== '') : text.split(by));
}
