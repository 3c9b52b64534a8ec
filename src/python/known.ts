/** Python's own values and what its operators make of them, as far as CPython's answer is certain. */

/** int is a bigint, float a number, None null. */
export type Known = string | bigint | number | boolean | null | Sequence | Dict | FilePath;

export interface Sequence {
  readonly type: 'list' | 'tuple' | 'set';
  readonly items: readonly Known[];
}

export interface Dict {
  readonly type: 'dict';
  readonly entries: readonly (readonly [Known, Known])[];
}

/** A pathlib path. */
export interface FilePath {
  readonly type: 'path';
  readonly text: string;
}

/** Longer texts and lists (UTF-16 units, items) are data, not settings. */
const MAX_SIZE = 10_000;
/** `str(value)`; undefined for a container, or a float that the two languages write differently. */
export function str(value: Known): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'object') return value.type === 'path' ? value.text : undefined;
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size !== 0 && (size < 1e-4 || size >= 1e16))) return undefined;
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `bool(value)` */
export function truth(value: Known): boolean {
  if (value === null) return false;
  if (typeof value !== 'object') return Boolean(value);
  if (value.type === 'path') return true;
  return value.type === 'dict' ? value.entries.length > 0 : value.items.length > 0;
}

/** `left == right`; undefined where it is not certain. */
export function equal(left: Known, right: Known): boolean | undefined {
  const [a, b] = [plain(left), plain(right)];
  if (typeof a !== 'object' && typeof b !== 'object') return a === b || numbers(a, b)?.(0n);
  if (a === null || b === null) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (a.type !== b.type) return false;
  if (a.type === 'path' || b.type === 'path')
    return a.type === b.type && 'text' in a && 'text' in b && a.text === b.text;
  if (!('items' in a) || !('items' in b) || a.type === 'set') return undefined;
  if (a.items.length !== b.items.length) return false;
  const each = a.items.map((item, i) => equal(item, b.items[i] ?? null));
  return each.includes(false) ? false : each.includes(undefined) ? undefined : true;
}

/** True and False are the numbers 1 and 0. */
export function plain(value: Known): Known {
  return typeof value === 'boolean' ? BigInt(value) : value;
}

/** A comparison of an int with a float, which JavaScript does by value as Python does. */
function numbers(a: Known, b: Known): ((_: bigint) => boolean) | undefined {
  const mixed = (typeof a === 'bigint' && typeof b === 'number') || (typeof a === 'number' && typeof b === 'bigint');
  // biome-ignore lint/suspicious/noDoubleEquals: 1n == 1 compares the values
  return mixed ? () => (a as unknown) == (b as unknown) : () => false;
}

/** `item in holder` */
export function contains(holder: Known, item: Known): boolean | undefined {
  if (typeof holder === 'string') return typeof item === 'string' ? holder.includes(item) : undefined;
  if (holder === null || typeof holder !== 'object' || holder.type === 'path') return undefined;
  // What can change has no hash: TypeError.
  if ((holder.type === 'dict' || holder.type === 'set') && !isHashable(item)) return undefined;
  const items = holder.type === 'dict' ? holder.entries.map(([key]) => key) : holder.items;
  const each = items.map((i) => equal(i, item));
  return each.includes(true) ? true : each.includes(undefined) ? undefined : false;
}

function isHashable(value: Known): boolean {
  if (value === null || typeof value !== 'object' || value.type === 'path') return true;
  return value.type === 'tuple' && value.items.every(isHashable);
}

/** One comparison of a chain; undefined where the types do not go together or it is not certain. */
export function compare(op: string, left: Known, right: Known): boolean | undefined {
  switch (op) {
    case '==':
      return equal(left, right);
    case '!=':
      return not(equal(left, right));
    case 'in':
      return contains(right, left);
    case 'not in':
      return not(contains(right, left));
    case 'is':
    case 'is not': {
      // Whether two equal texts are one object is up to the interpreter.
      if (!isSingleton(left) && !isSingleton(right)) return undefined;
      return (left === right) === (op === 'is');
    }
    default:
      return ordered(op, plain(left), plain(right));
  }
}

function ordered(op: string, a: Known, b: Known): boolean | undefined {
  const texts = typeof a === 'string' && typeof b === 'string' && isAscii(a) && isAscii(b);
  if (!texts && (!isNumber(a) || !isNumber(b))) return undefined;
  const [left, right] = [a as number, b as number];
  if (op === '<') return left < right;
  if (op === '<=') return left <= right;
  if (op === '>') return left > right;
  return op === '>=' ? left >= right : undefined;
}

function isSingleton(value: Known): boolean {
  return value === null || typeof value === 'boolean';
}

/** True for a known number. */
export function isNumber(value: Known): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** The opposite; undefined stays undefined. */
export function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** True for text whose upper and lower case, order and blanks are the same in both languages. */
export function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  return /^[\x00-\x7f]*$/.test(text);
}

/** True for a known list, tuple or set. */
export function isSequence(value: Known | undefined): value is Sequence {
  return value !== null && typeof value === 'object' && 'items' in value;
}

/** True for a known path. */
export function isPath(value: Known): value is FilePath {
  return value !== null && typeof value === 'object' && value.type === 'path';
}

/** The text, unless it is longer than what is followed. */
export function sized(text: string): string | undefined {
  return text.length <= MAX_SIZE ? text : undefined;
}

/** A sequence, unless it is longer than what is followed. */
export function sizedItems(type: Sequence['type'], items: readonly Known[]): Sequence | undefined {
  return items.length <= MAX_SIZE ? { type, items } : undefined;
}
