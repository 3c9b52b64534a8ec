/** Whether the program fails when a variable that it reads is not set. */

import type { Site } from '../../python/sites.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { blocksOf } from '../../syntax/python/children.ts';
import { descend, dotted, isNone, statements, stringValue } from '../../syntax/python/walk.ts';

/** Callables that raise when they are given None. */
const NEEDS_VALUE = /^(?:int|float|(?:\w+\.)*loads|(?:\w+\.)*b64decode|Path|Fernet|(?:\w+\.)*Path|(?:\w+\.)*Fernet)$/;

/** The expression to the right in `read or "x"`, through nested `or`; undefined without one. */
export function fallback(place: Site): { readonly chained: boolean; readonly value?: Expr } {
  let current = place.expr;
  for (const parent of [...place.above].reverse()) {
    if (parent.kind !== 'bool' || parent.op !== 'or') break;
    if (parent.left === current) return { chained: true, value: parent.right };
    current = parent;
  }
  return { chained: place.above.some((e) => e.kind === 'bool' && e.op === 'or') };
}

/** True where an enclosing test, conditional or try makes a missing variable harmless. */
export function guarded(place: Site, name: string): boolean {
  const mentions = (e: Expr): boolean => [...descend(e)].some((x) => stringValue(x) === name);
  if (place.above.some((e) => e.kind === 'conditional' && mentions(e.test))) return true;
  return place.around.some((s) => {
    if (s.kind === 'if') return mentions(s.test);
    return s.kind === 'try' && s.handlers.length > 0 && contains(s.body, place.stmt) && !s.handlers.some(raises);
  });
}

/** True when None would raise right where it is read: `int(read)`, `read.split()`, `read[0]`. */
export function failsOnNone(place: Site): boolean {
  const parent = place.above.at(-1);
  if (!parent) return false;
  if (parent.kind === 'attribute') return true;
  if (parent.kind === 'subscript') return parent.value === place.expr;
  if (parent.kind !== 'call' || parent.func === place.expr) return false;
  return NEEDS_VALUE.test(dotted(parent.func) ?? '') && parent.args[0]?.value === place.expr;
}

/** What fails a check: None alone, or every value that counts as false. */
export type Refused = 'none' | 'falsy';

/** `X is None or not Y`: what each part of a test that one of them suffices for refuses. */
export function refusedBy(test: Expr): { readonly of: Expr; readonly refused: Refused }[] {
  if (test.kind === 'bool') return test.op === 'or' ? [test.left, test.right].flatMap(refusedBy) : [];
  if (test.kind === 'unary' && test.op === 'not') return [{ of: test.operand, refused: 'falsy' }];
  const [left, right] = test.kind === 'compare' && test.ops.length === 1 && test.ops[0] === 'is' ? test.operands : [];
  return left && isNone(right) ? [{ of: left, refused: 'none' }] : [];
}

/** By name; of several refusals the wider one. */
export function refusals(all: Iterable<readonly [string, Refused]>): ReadonlyMap<string, Refused> {
  const out = new Map<string, Refused>();
  for (const [name, refused] of all) if (out.get(name) !== 'falsy') out.set(name, refused);
  return out;
}

/** `if not (value := os.getenv("X")): raise …` */
export function checkedAtOnce({ above, stmt }: Site): boolean {
  const [named, not] = [above.at(-1), above.at(-2)];
  if (stmt.kind !== 'if' || named?.kind !== 'named' || !raises(stmt.body)) return false;
  if (stmt.test !== not) return false;
  if (not.kind === 'compare') return not.ops[0] === 'is' && isNone(not.operands[1]);
  return not.kind === 'unary' && not.op === 'not';
}

/** True when the name that the read is assigned to is tested afterwards and its absence raises. */
export function checkedLater(module: readonly Stmt[], place: Site): boolean {
  if (place.stmt.kind !== 'assign') return false;
  const target = place.stmt.targets[0] ? dotted(place.stmt.targets[0]) : undefined;
  if (target === undefined) return false;
  const parent = place.around.at(-1);
  const blocks = parent ? blocksOf(parent) : [module];
  const block = blocks.find((b) => b.includes(place.stmt)) ?? [];
  for (const stmt of block.slice(block.indexOf(place.stmt) + 1)) {
    if (stmt.kind === 'other' && stmt.type === 'assert_statement' && stmt.children.some((e) => present(e, target)))
      return true;
    if (stmt.kind === 'if' && absent(stmt.test, target) && raises(stmt.body)) return true;
  }
  return false;
}

function present(test: Expr, target: string): boolean {
  if (test.kind === 'compare') return test.ops[0] === 'is not' && dotted(test.operands[0] ?? test) === target;
  return dotted(test) === target;
}

function absent(test: Expr, target: string): boolean {
  if (test.kind === 'bool' && test.op === 'or') return absent(test.left, target) || absent(test.right, target);
  if (test.kind === 'unary') return test.op === 'not' && dotted(test.operand) === target;
  if (test.kind !== 'compare' || (test.ops[0] !== 'is' && test.ops[0] !== '==')) return false;
  const [left, right] = test.operands;
  return left !== undefined && dotted(left) === target && isNone(right);
}

/** True when a block leaves by an exception or by exiting the process. */
export function raises(block: readonly Stmt[]): boolean {
  return block.some(
    (s) =>
      (s.kind === 'other' && s.type === 'raise_statement') ||
      (s.kind === 'expr' && /^(?:sys\.exit|exit|quit|os\._exit)$/.test(callee(s.value))),
  );
}

function callee(expr: Expr): string {
  return expr.kind === 'call' ? (dotted(expr.func) ?? '') : '';
}

function contains(block: readonly Stmt[], wanted: Stmt): boolean {
  for (const { stmt } of statements(block)) if (stmt === wanted) return true;
  return false;
}
