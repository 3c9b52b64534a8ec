/** A migration that makes an index of one name twice: by its column, and by an operation of its own. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { callsOf } from './absent-tables.ts';
import type { Note } from './note.ts';

const MAKES = /\bcreate_index\(/;
/** What may take one away, look first, or call it otherwise; and a way out before the end. */
const OTHERWISE =
  /\bdrop_(?:index|table)\b|if_not_exists|\bexecute\(|\binspect\b|has_index|get_indexes|naming_convention|^[ \t]+(?:return|raise)\b/m;

/**
 * At most one: the first stops the rest. SQLAlchemy calls the index of a column `ix_<table>_<column>`, and PostgreSQL
 * and SQLite have one index of a name. https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes
 */
export function indexTwice(
  repo: Snapshot,
  modules: ModuleGraph,
  { database, migrations }: Service,
  revisions: readonly string[],
): Note | undefined {
  if (!migrations || (database?.kind !== 'postgres' && database?.kind !== 'sqlite')) return undefined;
  if (repo.matching(modules.files, /naming_convention/).length > 0) return undefined;
  for (const path of repo.matching(revisions, MAKES)) {
    const module = modules.module(path);
    const upgrade = module?.body.find((s) => s.kind === 'function' && s.name === 'upgrade');
    if (!module || upgrade?.kind !== 'function') continue;
    if (OTHERWISE.test(module.text.slice(upgrade.start, upgrade.end))) continue;
    const made = new Map<string, number>();
    for (const { name, line } of callsOf(upgrade.body).flatMap(indexesOf)) {
      const first = made.get(name);
      if (first === undefined) made.set(name, line);
      else {
        const text = say`The migration ${path} makes the index ${name} twice, here and in line ${first}: \`${migrations.command}\` stops with "already exists". Take one of them out.`;
        return { text, at: { path, line }, stops: true };
      }
    }
  }
  return undefined;
}

/** The names of the indexes that one operation makes. */
function indexesOf(call: CallExpr): { readonly name: string; readonly line: number }[] {
  const [first, ...more] = positional(call);
  const { func } = call;
  if (func.kind !== 'attribute' || func.value.kind !== 'name') return [];
  if (func.attr === 'create_index') {
    const named = nameOf(keyword(call, 'index_name') ?? first);
    return named === undefined || keyword(call, 'schema') ? [] : [{ name: named, line: call.line }];
  }
  const table = func.attr === 'create_table' && func.value.id === 'op' ? stringValue(first) : undefined;
  if (table === undefined || keyword(call, 'schema')) return [];
  return more.flatMap((column) => {
    if (column.kind !== 'call' || lastName(column.func) !== 'Column' || !isTrue(keyword(column, 'index'))) return [];
    const name = stringValue(positional(column)[0]);
    return name === undefined ? [] : [{ name: `ix_${table}_${name}`, line: column.line }];
  });
}

/** `"ix_a_b"`, `op.f("ix_a_b")` */
function nameOf(expr: Expr | undefined): string | undefined {
  return stringValue(expr?.kind === 'call' && lastName(expr.func) === 'f' ? positional(expr)[0] : expr);
}

function isTrue(expr: Expr | undefined): boolean {
  return expr?.kind === 'constant' && expr.value === true;
}
