/** Where the tables of models are made as the service starts, and which models these are. */
import type { Evidence } from '../model/facts.ts';
import { definitionOf } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { topOf } from '../python/place.ts';
import type { CallExpr, ClassStmt, Expr, Stmt } from '../syntax/python/ast.ts';
import { expressionsOf } from '../syntax/python/children.ts';
import { descend, keyword, stringValue } from '../syntax/python/walk.ts';
import type { Started } from './started.ts';

/** `Base.metadata.create_all(engine)`, `conn.run_sync(Base.metadata.create_all)`, `db.create_all()`: of every table. */
export interface Creation extends Evidence {
  /** What stands before `.metadata` or `.create_all`. */
  readonly of: Expr;
}

/** Calls that surely make every table when the service starts. */
export function creations(started: readonly Started[]): Creation[] {
  return started.flatMap(({ path, stmt, when }) => {
    if (when !== 'service' || stmt.kind === 'function' || stmt.kind === 'class' || isBlock(stmt)) return [];
    return expressionsOf(stmt)
      .flatMap((e) => [...descend(e)])
      .flatMap((e) => (e.kind === 'call' ? creation(path, e) : []));
  });
}

/** A block's own statements are asked by themselves. */
function isBlock(stmt: Stmt): boolean {
  return stmt.kind === 'if' || stmt.kind === 'for' || stmt.kind === 'while' || stmt.kind === 'try';
}

/** The creation that a call is, if any. */
export function creation(path: string, call: CallExpr, method = 'create_all'): Creation[] {
  const { func } = call;
  const run = func.kind === 'attribute' && func.attr === 'run_sync' ? call.args[0]?.value : func;
  if (run?.kind !== 'attribute' || run.attr !== method || keyword(call, 'tables')) return [];
  const { value } = run;
  const of = value.kind === 'attribute' && value.attr === 'metadata' ? value.value : value;
  return [{ path, line: call.line, of }];
}

/** True where a model has a table, and the creation is of that table's registry. */
export function makesTable(modules: ModuleGraph, made: Creation, path: string, model: ClassStmt): boolean {
  const named = model.body.some(
    (s) =>
      s.kind === 'assign' &&
      s.targets[0]?.kind === 'name' &&
      s.targets[0].id === '__tablename__' &&
      stringValue(s.value),
  );
  const table = model.bases.some((b) => b.name === 'table' && b.value.kind === 'constant' && b.value.value === true);
  const registry = identity(modules, made.path, made.of);
  return registry !== undefined && ancestors(modules, path, model, table || named, 0).has(registry);
}

/** Identities of the bases, as far as they are followed; `db.Model` stands for `db` and has a table of its own. */
function ancestors(modules: ModuleGraph, path: string, model: ClassStmt, table: boolean, depth: number): Set<string> {
  const out = new Set<string>();
  for (const base of model.bases) {
    if (base.name !== undefined || base.star) continue;
    const flask = base.value.kind === 'attribute' && base.value.attr === 'Model' ? base.value.value : undefined;
    const own = identity(modules, path, flask ?? base.value);
    if (own !== undefined && (table || flask)) out.add(own);
    const found = definitionOf(topOf(modules, path), base.value);
    if (found?.kind !== 'class' || depth > 20) continue;
    for (const one of ancestors(modules, found.path, found.stmt, table, depth + 1)) out.add(one);
  }
  return out;
}

/** One text for one object, whatever it is called where. */
function identity(modules: ModuleGraph, path: string, expr: Expr): string | undefined {
  const found = definitionOf(topOf(modules, path), expr);
  if (found?.kind === 'class' || found?.kind === 'assign') return `${found.path}:${found.stmt.start}`;
  return found?.kind === 'external' ? found.name : undefined;
}
