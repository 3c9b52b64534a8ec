/** Values that the program takes apart, and that must have as many parts: `user, password = CREDENTIALS.split(":")`. */
import type { EnvVar } from '../../model/facts.ts';
import type { AssignStmt, CallExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, positional, stringValue } from '../../syntax/python/walk.ts';

export interface Split {
  /** What is taken apart. */
  readonly of: Expr;
  readonly separator: string;
  readonly count: number;
}

/** Source of a regular expression: what a file with such a statement mentions. */
export const SPLITS = String.raw`,[ \t]*[\w.]+[ \t)\]]*=[^=\n]*\.r?split\(|\.r?split\([^)\n]*\)\[[1-9]`;

/** https://docs.python.org/3/library/stdtypes.html#str.split: too few parts are a ValueError or an IndexError. */
export function splitOf(call: CallExpr, stmt: Stmt): Split | undefined {
  const { func } = call;
  if (func.kind !== 'attribute' || !/^r?split$/.test(func.attr)) return undefined;
  const separator = stringValue(positional(call)[0]);
  if (!separator) return undefined;
  const count = unpackedNames(stmt, call)?.length ?? indexed(stmt, call) + 1;
  return count >= 2 ? { of: func.value, separator, count } : undefined;
}

/** The names of `a, b = <expression>`, none of them starred. */
function unpackedNames(stmt: Stmt, value: Expr): readonly Expr[] | undefined {
  const [target] = stmt.kind === 'assign' && stmt.op === '=' && stmt.value === value ? stmt.targets : [];
  if (target?.kind !== 'tuple' && target?.kind !== 'list') return undefined;
  return target.items.some((i) => i.kind === 'other') ? undefined : target.items;
}

/** The 1 of `<expression>[1]`; 0 where nothing of the kind is taken. */
function indexed(stmt: Stmt, value: Expr): number {
  for (const expr of expressionsOf(stmt).flatMap((e) => [...descend(e)])) {
    const [index] = expr.kind === 'subscript' && expr.value === value ? expr.index : [];
    if (index?.kind === 'number' && /^\d$/.test(index.text)) return Number(index.text);
  }
  return 0;
}

/** What the name `id` is a part of, with its number, where the statement takes a value apart. */
export function pieceOf(stmt: AssignStmt, id: string): { readonly of: Expr; readonly index: number } | undefined {
  const split = stmt.value?.kind === 'call' ? splitOf(stmt.value, stmt) : undefined;
  const names = stmt.value && unpackedNames(stmt, stmt.value);
  const index = names?.findIndex((n) => n.kind === 'name' && n.id === id) ?? -1;
  return split && index >= 0 ? { of: split.of, index } : undefined;
}

/** What is known of a value that is taken apart: its parts may be those of one connection. */
export function partsOf(
  { separator, count }: Split,
  pieces:
    | ReadonlyMap<number, { readonly kind: string; readonly property: NonNullable<EnvVar['property']> }>
    | undefined,
): Pick<NonNullable<EnvVar['parts']>, 'separator' | 'count' | 'of'> {
  const all = Array.from({ length: count }, (_, i) => pieces?.get(i));
  const of = all.flatMap((use) => (use?.kind === 'database' ? [use.property] : []));
  return { separator, count, ...(of.length === count ? { of } : {}) };
}
