/** Texts that are put together: f-strings, `"…".format(…)`, `"…" % …` and `"…" + …` are one form. */

import type { CallExpr, Expr, StringExpr } from '../syntax/python/ast.ts';
import { entryValue, keyword, positional } from '../syntax/python/walk.ts';
import type { Site } from './sites.ts';

export interface Template {
  /** Text between the holes: `pieces.length === holes.length + 1`. */
  readonly pieces: readonly string[];
  /** What is put in, in order. */
  readonly holes: readonly Expr[];
}

/** The parts of a text that is put together; undefined for all else, and where a hole's expression is not certain. */
export function templateOf(expr: Expr): Template | undefined {
  if (expr.kind === 'string') return expr.holes.length > 0 ? expr : undefined;
  if (expr.kind === 'binary' && expr.op === '+') return sum(expr);
  if (expr.kind === 'binary' && expr.op === '%' && expr.left.kind === 'string') return percent(expr.left, expr.right);
  return expr.kind === 'call' ? formatted(expr) : undefined;
}

/** Of a sum the whole: what ends in the middle looks like another text. */
export function wholeTemplate({ expr, above }: Site): Template | undefined {
  return expr.kind === 'binary' && above.at(-1)?.kind === 'binary' ? undefined : templateOf(expr);
}

/** `a + "…" + b`: the innermost is on the left, and a program can write thousands. */
function sum(expr: Expr): Template | undefined {
  const operands: Expr[] = [];
  let left = expr;
  for (; left.kind === 'binary' && left.op === '+'; left = left.left) operands.push(left.right);
  operands.push(left);
  const pieces = [''];
  const holes: Expr[] = [];
  for (const operand of operands.reverse()) {
    const text = operand.kind === 'string' ? operand : undefined;
    const whole = text && text.value !== null ? { pieces: [text.value], holes: [] } : text && templateOf(text);
    const part = whole ?? { pieces: ['', ''], holes: [operand] };
    const [first = '', ...more] = part.pieces;
    pieces.push((pieces.pop() ?? '') + first, ...more);
    holes.push(...part.holes);
  }
  return holes.length < operands.length ? { pieces, holes } : undefined;
}

/** https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting */
function percent(text: StringExpr, right: Expr): Template | undefined {
  if (text.value === null) return undefined;
  const items = right.kind === 'tuple' ? right.items : [right];
  let next = 0;
  return filled(text.value, /%(?:%|(?:\((\w+)\))?[sdri])/g, (name, whole) => {
    if (whole === '%%') return '%';
    if (name !== undefined) return right.kind === 'dict' ? entryValue(right, name) : undefined;
    return items[next++];
  });
}

/** https://docs.python.org/3/library/string.html#format-string-syntax */
function formatted(call: CallExpr): Template | undefined {
  const { func } = call;
  if (func.kind !== 'attribute' || func.attr !== 'format' || func.value.kind !== 'string') return undefined;
  if (func.value.value === null) return undefined;
  const items = positional(call);
  let next = 0;
  return filled(func.value.value, /\{\{|\}\}|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}/g, (name, whole) => {
    if (name === undefined) return whole.slice(1);
    if (name === '') return items[next++];
    return /^\d+$/.test(name) ? items[Number(name)] : keyword(call, name);
  });
}

/** `given`: a text for itself, an expression for a hole; undefined where it is not known. */
function filled(
  text: string,
  form: RegExp,
  given: (name: string | undefined, whole: string) => Expr | string | undefined,
): Template | undefined {
  const pieces = [''];
  const holes: Expr[] = [];
  let from = 0;
  const add = (piece: string): void => {
    pieces.push((pieces.pop() ?? '') + piece);
  };
  for (const found of text.matchAll(form)) {
    add(text.slice(from, found.index));
    from = found.index + found[0].length;
    const value = given(found[1], found[0]);
    if (value === undefined) return undefined;
    if (typeof value === 'string') add(value);
    else {
      holes.push(value);
      pieces.push('');
    }
  }
  add(text.slice(from));
  return holes.length > 0 ? { pieces, holes } : undefined;
}
