/** The words of a server that a script starts as a process of its own. https://docs.python.org/3/library/subprocess.html */
import type { CallExpr, Expr } from '../syntax/python/ast.ts';
import { dotted, positional, stringValue } from '../syntax/python/walk.ts';

type List = Extract<Expr, { kind: 'list' | 'tuple' | 'set' }>;

/** The list of words: the first argument of `subprocess.run`, the second of `os.execvp`. */
export function spawnedList(call: CallExpr, callee: string): List | undefined {
  const list = positional(call)[/(?:^|\.)(?:exec|spawn)v/.test(callee) ? 1 : 0];
  return list?.kind === 'list' || list?.kind === 'tuple' ? list : undefined;
}

/** As they are known: `sys.executable` is a Python, what is no literal is nothing. */
export function spawnedWords({ items }: List): string[] {
  return items.map((item) => stringValue(item) ?? (/(?:^|\.)executable$/.test(dotted(item) ?? '') ? 'python' : ''));
}
