/** Recognises os.environ, os.getenv and what stands for them under another name. */

import type { ModuleGraph } from '../../python/modules.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { wordOf } from '../../syntax/python/needle.ts';
import { lastName, positional } from '../../syntax/python/walk.ts';

/** Text that a file must hold to read the environment through `os`, `dotenv` or Starlette's mapping. */
export const ENVIRON_NEEDLE = /environ\b|getenv|dotenv_values/;

const ENVIRON = new Set(['os.environ', 'os.environb', 'starlette.config.environ']);
const GETTERS = new Set(['os.getenv', 'os.getenvb']);

/** The mapping itself, a copy of it, or a dict that is laid over it. */
export function isEnviron(modules: ModuleGraph, path: string, expr: Expr, around: readonly Stmt[], depth = 0): boolean {
  if (depth > 4) return false;
  const inner = (e: Expr): boolean => isEnviron(modules, path, e, around, depth + 1);
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = modules.resolveExpr(path, expr, around);
    if (found?.kind === 'external') return ENVIRON.has(found.name);
    if (found?.kind !== 'assign' || !found.value) return false;
    const local = found.path === path ? around : [];
    return isEnviron(modules, found.path, found.value, local, depth + 1);
  }
  if (expr.kind === 'dict') return expr.entries.some((e) => e.key === null && inner(e.value));
  if (expr.kind !== 'call') return false;
  const { func } = expr;
  if (func.kind === 'attribute' && func.attr === 'copy') return inner(func.value);
  const [first] = positional(expr);
  if (func.kind === 'name' && func.id === 'dict') return first !== undefined && inner(first);
  return modules.external(path, func, around) === 'dotenv.dotenv_values';
}

/** True for the function of `os.getenv(…)` and `os.environ.get(…)`, also imported or aliased. */
export function isGetter(modules: ModuleGraph, path: string, func: Expr, around: readonly Stmt[], depth = 0): boolean {
  if (func.kind === 'attribute' && (func.attr === 'get' || func.attr === 'pop')) {
    return mayBeEnviron(modules, path, func.value) && isEnviron(modules, path, func.value, around);
  }
  if (func.kind === 'attribute' ? !/^getenvb?$/.test(func.attr) : func.kind !== 'name') return false;
  if (func.kind === 'name' && !mayBeEnviron(modules, path, func)) return false;
  const found = modules.resolveExpr(path, func, around);
  if (found?.kind === 'external') return GETTERS.has(found.name) || found.name === 'os.environ.get';
  if (found?.kind !== 'assign' || !found.value || depth > 2) return false;
  return isGetter(modules, found.path, found.value, [], depth + 1);
}

/** What an expression that passes `mayBeEnviron` or `isGetter` mentions: it says so itself, or names what is bound to it. */
export function environNames(modules: ModuleGraph, path: string): RegExp {
  const bound = [...modules.bindings(path).keys()].filter(
    (id) => !/env/i.test(id) && isBoundToEnviron(modules, path, id),
  );
  const words = wordOf(bound);
  const copies = 'env|\\bdict[ \\t]*\\(|\\.copy[ \\t]*\\(';
  return new RegExp(bound.length > 0 ? `${copies}|${words.source}` : copies, `i${words.flags}`);
}

/** Cheap test before a name is followed: it says so itself, or it is bound to something that does. */
export function mayBeEnviron(modules: ModuleGraph, path: string, expr: Expr): boolean {
  if (expr.kind === 'attribute') return /env/i.test(expr.attr);
  if (expr.kind !== 'name') return expr.kind === 'dict' || expr.kind === 'call';
  return /env/i.test(expr.id) || isBoundToEnviron(modules, path, expr.id);
}

function isBoundToEnviron(modules: ModuleGraph, path: string, id: string): boolean {
  const binding = modules.bindings(path).get(id)?.at(-1);
  if (binding?.kind === 'from') return binding.stmt.module === 'os' || binding.stmt.module === 'starlette.config';
  // A value that is read from the environment is a text.
  if (binding?.kind !== 'assign' || !binding.value || isRead(binding.value)) return false;
  const { start, end } = binding.value;
  return end - start < 400 && ENVIRON_NEEDLE.test(modules.module(path)?.text.slice(start, end) ?? '');
}

function isRead(value: Expr): boolean {
  if (value.kind === 'subscript' || value.kind === 'bool' || value.kind === 'binary') return true;
  return value.kind === 'call' && /^(?:getenvb?|get|pop)$/.test(lastName(value.func));
}
