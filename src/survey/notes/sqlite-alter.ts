/** Migrations that change a column or a constraint in place, where the database is SQLite, which cannot. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { sites } from '../../python/sites.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { callOf } from '../../syntax/python/needle.ts';
import { keyword, lastName } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { surelyUpgrades } from '../alembic/versions.ts';
import type { Note } from './note.ts';

const OF_CONSTRAINTS =
  'create_foreign_key|create_unique_constraint|create_check_constraint|create_primary_key|drop_constraint';
const ALTERS = new RegExp(callOf(`alter_column|${OF_CONSTRAINTS}`));
const CONSTRAINT = new RegExp(`^(?:${OF_CONSTRAINTS})$`);
/** What of a column SQLite cannot change; a new name it can give. */
const CHANGES = ['nullable', 'type_', 'server_default'];

/** At most one: the first stops the rest. https://alembic.sqlalchemy.org/en/latest/batch.html */
export function sqliteAlter(
  repo: Snapshot,
  modules: ModuleGraph,
  { database, migrations }: Service,
  revisions: readonly string[],
): Note | undefined {
  if (database?.kind !== 'sqlite' || !migrations) return undefined;
  for (const path of repo.matching(revisions, ALTERS)) {
    const found = sites(modules, path, alters, ALTERS).find(surelyUpgrades);
    if (found?.expr.kind !== 'call') continue;
    const what = lastName(found.expr.func);
    const text = say`SQLite cannot do what op.${what} asks for: \`${migrations.command}\` stops at ${path}. Use \`with op.batch_alter_table(…)\` there, or PostgreSQL.`;
    return { text, at: { path, line: found.expr.line }, stops: true };
  }
  return undefined;
}

/** Of `op` itself: what a batch does is copied into a new table. */
function alters(expr: Expr): boolean {
  if (expr.kind !== 'call' || expr.func.kind !== 'attribute' || lastName(expr.func.value) !== 'op') return false;
  const { attr } = expr.func;
  return (
    CONSTRAINT.test(attr) || (attr === 'alter_column' && CHANGES.some((name) => keyword(expr, name) !== undefined))
  );
}
