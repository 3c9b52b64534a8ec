/** Python's numbers: reading, converting, computing, as far as CPython's answer is certain. */
import { isNumber, isPath, isSequence, type Known, plain, sized, sizedItems, truth } from './known.ts';
import { joinPaths } from './known-paths.ts';

/** Digits of larger numbers are not worked out. */
const MAX_BITS = 256n;

/** `left op right`; undefined where CPython raises, or its answer is not certain. */
export function binary(op: string, left: Known, right: Known): Known | undefined {
  if (typeof left === 'string' && typeof right === 'string' && op === '+') return sized(left + right);
  if (op === '/' && (isPath(left) || isPath(right))) return joinPaths(left, right);
  if (op === '+' && isSequence(left) && isSequence(right) && left.type === right.type && left.type !== 'set')
    return sizedItems(left.type, [...left.items, ...right.items]);
  const [a, b] = [plain(left), plain(right)];
  if (typeof a === 'bigint' && typeof b === 'bigint') return integers(op, a, b);
  return isNumber(a) && isNumber(b) ? floats(op, Number(a), Number(b)) : undefined;
}

function integers(op: string, a: bigint, b: bigint): Known | undefined {
  switch (op) {
    case '+':
      return bounded(a + b);
    case '-':
      return bounded(a - b);
    case '*':
      return bounded(a * b);
    case '**':
      return b < 0n || b > MAX_BITS ? undefined : bounded(a ** b);
    case '//':
      return b === 0n ? undefined : floorDivide(a, b);
    case '%':
      return b === 0n ? undefined : a - floorDivide(a, b) * b;
    case '/':
      return isSafe(a) && isSafe(b) ? floats('/', Number(a), Number(b)) : undefined;
    default:
      return undefined;
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function floats(op: string, a: number, b: number): number | undefined {
  const value =
    op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' && b !== 0 ? a / b : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function bounded(value: bigint): bigint | undefined {
  return value < 2n ** MAX_BITS && value > -(2n ** MAX_BITS) ? value : undefined;
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER);
}

/** `op value` */
export function unary(op: string, value: Known | undefined): Known | undefined {
  if (value === undefined) return undefined;
  if (op === 'not') return !truth(value);
  const number = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof number !== 'bigint' && typeof number !== 'number') return undefined;
  return op === '-' ? -number : op === '+' ? number : undefined;
}

/** A number as it is written in the source; undefined for a complex one. */
export function parseNumber(written: string): bigint | number | undefined {
  const text = written.replaceAll('_', '').toLowerCase();
  if (text.endsWith('j')) return undefined;
  if (/^0[xob]/.test(text) || /^\d+$/.test(text))
    return bounded(BigInt(/^0+\d/.test(text) ? text.replace(/^0+(?=\d)/, '') : text));
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `int(value)` */
export function toInt(value: Known): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  const text = typeof value === 'string' ? value.trim() : '';
  return /^[+-]?\d+(?:_\d+)*$/.test(text) ? bounded(BigInt(text.replaceAll('_', '').replace(/^\+/, ''))) : undefined;
}

/** `float(value)` */
export function toFloat(value: Known): number | undefined {
  if (typeof value === 'number') return value;
  const whole = plain(value);
  if (typeof whole === 'bigint') return isSafe(whole) ? Number(whole) : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? floats('+', Number(text), 0) : undefined;
}
