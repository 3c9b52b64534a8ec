/** The parts of a URL that is put together. */
import type { EnvVar } from '../../model/facts.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { lastName, positional } from '../../syntax/python/walk.ts';

type Property = NonNullable<EnvVar['property']>;

/** What stands in `quote(str(…))`. */
export function wrapped(expr: Expr): Expr {
  const [first] = expr.kind === 'call' ? positional(expr) : [];
  return expr.kind === 'call' && first && /^(?:str|quote|quote_plus)$/.test(lastName(expr.func))
    ? wrapped(first)
    : expr;
}

/** Which part of a URL comes after `before` (holes stand as NUL). `signed`: the URL has an `@`. */
export function part(before: string, signed: boolean): Property {
  if (!signed) {
    if (before === '') return 'host';
    if (before.includes('/')) return 'database';
    return before.includes(':') ? 'port' : 'host';
  }
  const at = before.lastIndexOf('@');
  if (at < 0) return before.includes(':') ? 'password' : 'user';
  const after = before.slice(at + 1);
  if (after.includes('/')) return 'database';
  return after.includes(':') ? 'port' : 'host';
}
