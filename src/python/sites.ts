/** Every expression of a file with what stands above it. */
import type { Expr, Stmt } from '../syntax/python/ast.ts';
import { childrenOf } from '../syntax/python/children.ts';
import type { Needle } from '../syntax/python/needle.ts';
import { topExpressions } from '../syntax/python/walk.ts';
import type { ModuleGraph } from './modules.ts';
import type { Located } from './place.ts';

export interface Site extends Located {
  /** Expressions around it inside the statement, innermost last. */
  readonly above: readonly Expr[];
  readonly stmt: Stmt;
}

/** Every wanted expression of a file, outermost first; only where the needle is mentioned. */
export function sites(
  modules: ModuleGraph,
  path: string,
  wanted: (expr: Expr) => boolean,
  needle?: Needle,
): readonly Site[] {
  const out: Site[] = [];
  // One stack for the whole walk: a copy for each expression costs more than the parse.
  const above: Expr[] = [];
  for (const { expr: top, stmt, around } of topExpressions(modules.module(path)?.body ?? [], needle)) {
    const look = (expr: Expr): void => {
      if (wanted(expr)) out.push({ modules, path, around, expr, above: [...above], stmt });
      const children = childrenOf(expr);
      if (children.length === 0) return;
      above.push(expr);
      for (const child of children) look(child);
      above.pop();
    };
    look(top);
  }
  return out;
}
