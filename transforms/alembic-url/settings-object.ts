/** Which class a settings object is made of. */
import { topLevel } from '../../src/python/bindings.ts';
import type { Definition, ModuleGraph } from '../../src/python/modules.ts';
import type { ClassStmt, FunctionStmt } from '../../src/syntax/python/ast.ts';
import { dotted, statementsWithin } from '../../src/syntax/python/walk.ts';

/** The class of a settings object: `settings = Settings()`, `settings = get_settings()`, `get_settings()`. */
export function settingsObject(
  modules: ModuleGraph,
  root: Definition,
  called: boolean,
): { readonly path: string; readonly stmt: ClassStmt } | undefined {
  if (root.kind === 'function' && called) return returned(modules, root.path, root.stmt);
  if (root.kind !== 'assign' || called || root.value?.kind !== 'call') return undefined;
  const module = modules.module(root.path);
  if (!module || !topLevel(module.body).includes(root.stmt)) return undefined;
  const made = modules.resolveExpr(root.path, root.value.func);
  if (made?.kind === 'class') return made;
  return made?.kind === 'function' ? returned(modules, made.path, made.stmt) : undefined;
}

function returned(modules: ModuleGraph, path: string, fn: FunctionStmt): { path: string; stmt: ClassStmt } | undefined {
  if (fn.params.length > 0 || fn.async) return undefined;
  for (const { stmt, around } of statementsWithin(fn.body, [fn])) {
    if (stmt.kind !== 'return' || stmt.value?.kind !== 'call' || dotted(stmt.value.func) === undefined) continue;
    const made = modules.resolveExpr(path, stmt.value.func, around);
    if (made?.kind === 'class') return made;
  }
  const annotated = fn.returns ? modules.resolveExpr(path, fn.returns) : undefined;
  return annotated?.kind === 'class' ? annotated : undefined;
}
