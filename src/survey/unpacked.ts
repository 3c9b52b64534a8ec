/** The one object behind a name that is bound by unpacking: `app, socketio = create_app()`. */

import type { ModuleGraph } from '../python/modules.ts';
import type { AssignStmt, Stmt } from '../syntax/python/ast.ts';
import { type Meaning, meaningOf, returnsOf } from './origins.ts';

/** What `name` stands for after `a, name = value`, where the value is a tuple or a function's last `return a, b`. */
export function unpacked(
  modules: ModuleGraph,
  path: string,
  stmt: AssignStmt,
  name: string,
  around: readonly Stmt[],
): Meaning | undefined {
  const { value } = stmt;
  for (const target of stmt.targets) {
    if ((target.kind !== 'tuple' && target.kind !== 'list') || !value) continue;
    const at = target.items.findIndex((t) => t.kind === 'name' && t.id === name);
    if (at === -1 || target.items.some((t) => t.kind === 'other')) continue;
    if (value.kind === 'tuple' || value.kind === 'list') {
      const expr = value.items.length === target.items.length ? value.items[at] : undefined;
      return expr && { kind: 'value', path, expr, around };
    }
    const made = value.kind === 'call' ? meaningOf(modules, path, value.func, around) : undefined;
    if (made?.kind !== 'function') continue;
    const given = returnsOf(made.stmt.body).at(-1)?.value;
    if (given?.kind !== 'tuple' || given.items.length !== target.items.length) continue;
    const expr = given.items[at];
    return expr && { kind: 'value', path: made.path, expr, around: [...made.around, made.stmt] };
  }
  return undefined;
}
