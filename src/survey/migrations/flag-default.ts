/** The value that a condition has when nobody sets anything. */

import type { ModuleGraph } from '../../python/modules.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { positional, stringValue } from '../../syntax/python/walk.ts';

type Value = string | boolean | undefined;

/** True or false when the defaults in the sources decide it; undefined when they do not. */
export function flagDefault(
  modules: ModuleGraph,
  path: string,
  test: Expr,
  around: readonly Stmt[],
): boolean | undefined {
  if (test.kind === 'unary' && test.op === 'not') {
    const value = flagDefault(modules, path, test.operand, around);
    return value === undefined ? undefined : !value;
  }
  if (test.kind === 'bool') {
    const [left, right] = [test.left, test.right].map((e) => flagDefault(modules, path, e, around));
    const decisive = test.op === 'or';
    if (left === decisive || right === decisive) return decisive;
    return left === undefined || right === undefined ? undefined : !decisive;
  }
  if (test.kind === 'compare' && test.ops.length === 1) {
    const [left, right] = test.operands;
    const value = left && defaultOf(modules, path, left, around, 0);
    if (value === undefined || !right) return undefined;
    const others = 'items' in right ? right.items : [right];
    const known = others.map((o) => defaultOf(modules, path, o, around, 0));
    if (known.some((k) => k === undefined)) return undefined;
    if (test.ops[0] === '==' || test.ops[0] === 'in' || test.ops[0] === 'is') return known.includes(value);
    return test.ops[0] === '!=' || test.ops[0] === 'not in' || test.ops[0] === 'is not'
      ? !known.includes(value)
      : undefined;
  }
  const value = defaultOf(modules, path, test, around, 0);
  return typeof value === 'string' ? value !== '' : value;
}

const MAX_STEPS = 6;

function defaultOf(modules: ModuleGraph, path: string, expr: Expr, around: readonly Stmt[], steps: number): Value {
  if (steps > MAX_STEPS) return undefined;
  if (expr.kind === 'constant') return typeof expr.value === 'boolean' ? expr.value : undefined;
  if (expr.kind === 'string') return expr.value ?? undefined;
  if (expr.kind === 'compare' || expr.kind === 'unary') return flagDefault(modules, path, expr, around);
  if (expr.kind === 'call') return called(modules, path, expr, around, steps);
  const found = expr.kind === 'name' || expr.kind === 'attribute' ? modules.resolveExpr(path, expr, around) : undefined;
  if (found?.kind === 'assign') return found.value && defaultOf(modules, found.path, found.value, [], steps + 1);
  return expr.kind === 'attribute' ? field(modules, path, expr.value, expr.attr, around, steps) : undefined;
}

function called(
  modules: ModuleGraph,
  path: string,
  call: Extract<Expr, { kind: 'call' }>,
  around: readonly Stmt[],
  steps: number,
): Value {
  const full = modules.external(path, call.func, around);
  const args = positional(call);
  if (full === 'os.getenv' || full === 'os.environ.get') {
    const fallback = args[1] ?? call.args.find((a) => a.name === 'default')?.value;
    return fallback && defaultOf(modules, path, fallback, around, steps + 1);
  }
  if (call.func.kind !== 'attribute') return undefined;
  const base = defaultOf(modules, path, call.func.value, around, steps + 1);
  if (typeof base !== 'string') return undefined;
  if (call.func.attr === 'lower') return base.toLowerCase();
  if (call.func.attr === 'upper') return base.toUpperCase();
  return call.func.attr === 'strip' && stringValue(args[0]) === undefined ? base.trim() : undefined;
}

/** `settings.FLAG`: the default of the class's field. */
function field(
  modules: ModuleGraph,
  path: string,
  base: Expr,
  name: string,
  around: readonly Stmt[],
  steps: number,
): Value {
  const object = modules.resolveExpr(path, base, around);
  if (object?.kind !== 'assign' || object.value?.kind !== 'call') return undefined;
  const made = modules.resolveExpr(object.path, object.value.func);
  if (made?.kind !== 'class') return undefined;
  for (const member of made.stmt.body) {
    if (member.kind !== 'assign' || !member.value) continue;
    if (!member.targets.some((t) => t.kind === 'name' && t.id === name)) continue;
    return defaultOf(modules, made.path, member.value, [], steps + 1);
  }
  return undefined;
}
