/** Strings that are known without running anything: constants, f-strings, defaults of settings objects. */

import type { ModuleGraph } from '../python/modules.ts';
import type { Expr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { keyword, positional, stringValue } from '../syntax/python/walk.ts';
import { meaningOf } from './origins.ts';

const MAX_DEPTH = 10;

/**
 * The value that `expr` has when no environment variable changes it; undefined when it is not static. Reads literals,
 * constants, concatenation, f-strings, attributes of settings classes (`API: str = "/api"`, `Field("/api")`), and the
 * default of `os.getenv("X", "default")`. `assume` is told of each parameter whose default is taken ('file:offset:name');
 * without it a parameter is not static.
 */
export function staticString(
  modules: ModuleGraph,
  path: string,
  expr: Expr | undefined,
  around: readonly Stmt[] = [],
  assume?: (parameter: string) => void,
  depth = 0,
): string | undefined {
  if (!expr || depth > MAX_DEPTH) return undefined;
  const next = (e: Expr | undefined): string | undefined => staticString(modules, path, e, around, assume, depth + 1);
  switch (expr.kind) {
    case 'string': {
      if (expr.value !== null) return expr.value;
      if (!expr.prefix.includes('f') || expr.holes.length === 0) return undefined;
      let out = expr.pieces[0] ?? '';
      for (const [i, hole] of expr.holes.entries()) {
        const part = next(hole);
        if (part === undefined) return undefined;
        out += part + (expr.pieces[i + 1] ?? '');
      }
      return out.includes('{') || out.includes('\\') ? undefined : out;
    }
    case 'binary': {
      if (expr.op !== '+') return undefined;
      const left = next(expr.left);
      const right = next(expr.right);
      return left === undefined || right === undefined ? undefined : left + right;
    }
    case 'name':
    case 'attribute': {
      const meaning = meaningOf(modules, path, expr, around, depth + 1);
      if (meaning?.kind === 'value')
        return staticString(modules, meaning.path, meaning.expr, meaning.around, assume, depth + 1);
      if (meaning?.kind === 'param' && assume) {
        assume(parameterId(meaning.path, meaning.stmt, meaning.name));
        return stringValue(meaning.stmt.params.find((p) => p.name === meaning.name)?.default);
      }
      // The value of an Enum member.
      if (expr.kind === 'attribute' && expr.attr === 'value') return next(expr.value);
      return undefined;
    }
    case 'call':
      return defaultOf(modules, path, expr, around, depth);
    case 'bool':
      return expr.op === 'or' ? (next(expr.left) ?? next(expr.right)) : undefined;
    default:
      return undefined;
  }
}

/** Names a parameter of a function: 'file:offset:name'. */
export function parameterId(path: string, fn: FunctionStmt, name: string): string {
  return `${path}:${fn.start}:${name}`;
}

function defaultOf(
  modules: ModuleGraph,
  path: string,
  call: Expr & { kind: 'call' },
  around: readonly Stmt[],
  depth: number,
): string | undefined {
  const meaning = meaningOf(modules, path, call.func, around, depth + 1);
  const name = meaning?.kind === 'external' ? meaning.name : '';
  const args = positional(call);
  if (/^os\.(?:getenv|environ\.get)$/.test(name))
    return staticString(modules, path, args[1] ?? keyword(call, 'default'), around, undefined, depth + 1);
  if (/^pydantic\.(?:fields\.)?Field$/.test(name)) return stringValue(keyword(call, 'default') ?? args[0]);
  if (/^(?:decouple|starlette\.config)\./.test(name)) return stringValue(keyword(call, 'default'));
  return name === 'str' ? staticString(modules, path, args[0], around, undefined, depth + 1) : undefined;
}
