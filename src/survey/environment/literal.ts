/** Literal values of the tree as the text that an environment variable would hold. */

import type { ModuleGraph } from '../../python/modules.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { keyword, positional } from '../../syntax/python/walk.ts';

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** Calls that hand their only argument on. */
const WRAPPERS = new Set(['str', 'int', 'float', 'bool', 'Path', 'PurePath', 'SecretStr', 'AnyUrl', 'AnyHttpUrl', 'HttpUrl', 'PostgresDsn', 'RedisDsn']); // biome-ignore format: a list of names

/** How far constants are followed. */
const MAX_DEPTH = 6;

/** Text of a literal (`60 * 24` is '1440', `True` is 'True', `["*"]` is JSON); undefined for None and all else. */
export function literalText(
  modules: ModuleGraph,
  path: string,
  expr: Expr | undefined,
  around: readonly Stmt[] = [],
): string | undefined {
  const value = expr ? evaluate(modules, path, expr, around, 0) : undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function evaluate(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  depth: number,
): Value | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (e: Expr): Value | undefined => evaluate(modules, path, e, around, depth + 1);
  switch (expr.kind) {
    case 'string':
      return text(expr.pieces, expr.holes.map(inner), expr.value);
    case 'number':
      return number(expr.text);
    case 'constant':
      return typeof expr.value === 'boolean' ? expr.value : undefined;
    case 'unary': {
      const value = inner(expr.operand);
      return expr.op === '-' && typeof value === 'number' ? -value : undefined;
    }
    case 'binary':
      return binary(expr.op, inner(expr.left), inner(expr.right));
    case 'list':
    case 'tuple':
    case 'set': {
      const items = expr.items.map(inner);
      return items.every((i) => i !== undefined) ? (items as Value[]) : undefined;
    }
    case 'dict': {
      const out: Record<string, Value> = {};
      for (const { key, value } of expr.entries) {
        const name = key ? inner(key) : undefined;
        const held = inner(value);
        if (typeof name !== 'string' || held === undefined) return undefined;
        out[name] = held;
      }
      return out;
    }
    case 'call': {
      if (expr.func.kind === 'attribute' && expr.args.length === 0) {
        const value = /^(?:upper|lower)$/.test(expr.func.attr) ? inner(expr.func.value) : undefined;
        if (typeof value === 'string') return expr.func.attr === 'upper' ? value.toUpperCase() : value.toLowerCase();
      }
      const name = expr.func.kind === 'name' ? expr.func.id : '';
      const [only] = positional(expr);
      return WRAPPERS.has(name) && only && expr.args.length === 1 ? inner(only) : undefined;
    }
    case 'name':
    case 'attribute':
      return constant(modules, path, expr, around, depth);
    default:
      return undefined;
  }
}

/** A name bound once to a literal, or a member of an Enum of the repository. */
function constant(
  modules: ModuleGraph,
  path: string,
  expr: Expr,
  around: readonly Stmt[],
  depth: number,
): Value | undefined {
  const found = modules.resolveExpr(path, expr, around);
  if (found?.kind === 'assign' && found.value) return evaluate(modules, found.path, found.value, [], depth + 1);
  if (expr.kind !== 'attribute') return undefined;
  const owner = expr.attr === 'value' && expr.value.kind === 'attribute' ? expr.value : expr;
  const cls = modules.resolveExpr(path, owner.value, around);
  if (cls?.kind !== 'class') return undefined;
  for (const stmt of cls.stmt.body) {
    if (stmt.kind !== 'assign' || !stmt.value) continue;
    const [target] = stmt.targets;
    if (target?.kind === 'name' && target.id === owner.attr)
      return evaluate(modules, cls.path, stmt.value, [], depth + 1);
  }
  return undefined;
}

function text(
  pieces: readonly string[],
  holes: readonly (Value | undefined)[],
  plain: string | null,
): string | undefined {
  if (holes.length === 0) return plain ?? undefined;
  let out = pieces[0] ?? '';
  for (const [i, hole] of holes.entries()) {
    if (typeof hole !== 'string' && typeof hole !== 'number') return undefined;
    out += `${hole}${pieces[i + 1] ?? ''}`;
  }
  return out;
}

function number(written: string): Value | undefined {
  const value = Number(written.replaceAll('_', ''));
  if (Number.isNaN(value)) return undefined;
  // Python keeps the point of 3000.0, a JavaScript number does not.
  return Number.isInteger(value) && /[.e]/i.test(written) ? `${written}` : value;
}

function binary(op: string, left: Value | undefined, right: Value | undefined): Value | undefined {
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (op) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return left ** right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '//':
      return right === 0 ? undefined : Math.floor(left / right);
    default:
      return undefined;
  }
}

/** The default given to a call as its second argument or as `default=`. */
export function defaultArgument(call: Extract<Expr, { kind: 'call' }>, at = 1): Expr | undefined {
  return keyword(call, 'default') ?? positional(call)[at];
}
