/** Migrations that give a boolean column a number for its default, as SQLite takes it: PostgreSQL stops there. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { sites } from '../../python/sites.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { surelyUpgrades } from '../alembic/versions.ts';
import type { Note } from './note.ts';

const NUMBER = /\bserver_default\s*=\s*(?:\w+\.)?text\(\s*["'][01]["']/;

/**
 * At most one: the first stops the rest. `server_default="0"` is a text, which PostgreSQL reads as a boolean;
 * `text("0")` is a number, which it does not. https://www.postgresql.org/docs/current/datatype-boolean.html
 */
export function booleanDefault(
  repo: Snapshot,
  modules: ModuleGraph,
  { database, migrations }: Service,
  revisions: readonly string[],
): Note | undefined {
  if (database?.kind !== 'postgres' || !migrations) return undefined;
  for (const path of repo.matching(revisions, NUMBER)) {
    const found = sites(modules, path, isColumn, /\bColumn\(/).find(surelyUpgrades);
    if (found?.expr.kind !== 'call') continue;
    const value = numberOf(found.expr);
    const written = value === '0' ? 'sa.false()' : 'sa.true()';
    const text = say`PostgreSQL takes no ${value} for the default of a boolean column: \`${migrations.command}\` stops at ${path}. Write server_default=${written} there.`;
    return { text, at: { path, line: found.expr.line }, stops: true };
  }
  return undefined;
}

/** `sa.Column("active", sa.Boolean(), server_default=sa.text("0"))` */
function isColumn(expr: Expr): boolean {
  return (
    expr.kind === 'call' &&
    lastName(expr.func) === 'Column' &&
    positional(expr).some((e) => lastName(e.kind === 'call' ? e.func : e) === 'Boolean') &&
    numberOf(expr) !== undefined
  );
}

function numberOf(column: CallExpr): string | undefined {
  const given = keyword(column, 'server_default');
  const isText = given?.kind === 'call' && lastName(given.func) === 'text';
  const text = isText ? stringValue(positional(given)[0]) : undefined;
  return text === '0' || text === '1' ? text : undefined;
}
