/** A history of migrations that starts from tables which somebody had made by hand: an empty database has none of them. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

/** Operations that need their table: which argument names it. https://alembic.sqlalchemy.org/en/latest/ops.html */
const CHANGES: Readonly<Record<string, readonly [number, string]>> = {
  add_column: [0, 'table_name'],
  alter_column: [0, 'table_name'],
  drop_column: [0, 'table_name'],
  batch_alter_table: [0, 'table_name'],
  create_index: [1, 'table_name'],
  create_unique_constraint: [1, 'table_name'],
  create_foreign_key: [1, 'source_table'],
  drop_constraint: [1, 'table_name'],
  drop_table: [0, 'table_name'],
  rename_table: [0, 'old_table_name'],
};
/** Ways to make tables that are not followed; the docstring of alembic's own env.py mentions `context.execute()`. */
const ELSEWHERE =
  /\bcreate_all\b|\bexecute\(\s*(?!\)|\(?\s*(?:sa\.|sqlalchemy\.)?(?:text\(\s*)?[rf]?["'])|\.sql["']|\bcreate_table\(\s*(?!["'])/;
const MADE =
  /\b(?:create_table\(\s*["'](\w+)["']|rename_table\(\s*["']\w+["'],\s*["'](\w+)["']|CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?["'`]?(?:\w+\.)?(\w+))/gi;

/** One note, for the first table; `revisions` are the migrations of the service, `scripts` the other files beside them. */
export function absentTable(
  repo: Snapshot,
  modules: ModuleGraph,
  { migrations }: Service,
  revisions: readonly string[],
): Note | undefined {
  const [first] = revisions;
  if (!migrations || migrations.automatic || first === undefined) return undefined;
  const scripts = dirname(dirname(first));
  const around = repo.paths.filter((p) => p.startsWith(`${scripts}/`) && /\.(?:py|sql)$/.test(p));
  const beside = around.filter((p) => !revisions.includes(p));
  if (repo.matching(beside, ELSEWHERE).length > 0) return undefined;
  const early = tooEarly(repo, modules, migrations.command, revisions);
  if (early || repo.matching(around, ELSEWHERE).length > 0) return early;
  const made = new Set<string>();
  for (const path of repo.matching(around, new RegExp(MADE.source, 'i'))) {
    for (const name of tablesIn(repo.read(path)?.text ?? '')) made.add(name);
  }
  for (const path of revisions) {
    for (const { table, line } of changedIn(modules, path)) {
      if (made.has(table.toLowerCase())) continue;
      const text = say`The migration ${path} changes the table ${table}, which no migration makes: on an empty database \`${migrations.command}\` stops there. Add a first migration that makes it.`;
      return { text, at: { path, line }, stops: true };
    }
  }
  return undefined;
}

const REVISION = /^revision\s*(?::[^=\n]*)?=\s*["'](\w+)["']/m;
const BEFORE = /^down_revision\s*(?::[^=\n]*)?=\s*(?:["'](\w+)["']|(None)\b)/m;

/** A table that no migration before makes; as far as the history is one line, from its first migration on, that can be followed. */
function tooEarly(
  repo: Snapshot,
  modules: ModuleGraph,
  command: string,
  revisions: readonly string[],
): Note | undefined {
  const after = new Map<string, { readonly path: string; readonly id: string; readonly text: string }[]>();
  for (const path of revisions) {
    const text = repo.read(path)?.text ?? '';
    const id = REVISION.exec(text)?.[1];
    const [, before, none] = BEFORE.exec(text) ?? [];
    const key = before ?? none;
    if (id === undefined || key === undefined) continue;
    after.set(key, [...(after.get(key) ?? []), { path, id, text }]);
  }
  const made = new Set<string>();
  for (let next = after.get('None'); next?.length === 1; next = after.get(next[0]?.id ?? '')) {
    const [{ path = '', text = '' } = {}] = next;
    if (ELSEWHERE.test(text)) return undefined;
    for (const name of tablesIn(text)) made.add(name);
    const early = changedIn(modules, path).find(({ table }) => !made.has(table.toLowerCase()));
    if (!early) continue;
    const words = say`The migration ${path} changes the table ${early.table}, which no migration before it makes: on an empty database \`${command}\` stops there. Add a first migration that makes it.`;
    return { text: words, at: { path, line: early.line }, stops: true };
  }
  return undefined;
}

function tablesIn(text: string): string[] {
  return Array.from(text.matchAll(MADE), ([, ...names]) => names)
    .flat()
    .flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
}

/** Tables that `upgrade` changes in any case. */
function changedIn(modules: ModuleGraph, path: string): { readonly table: string; readonly line: number }[] {
  const upgrade = modules.module(path)?.body.find((s) => s.kind === 'function' && s.name === 'upgrade');
  if (upgrade?.kind !== 'function') return [];
  return callsOf(upgrade.body).flatMap((call) => {
    const [index, name] = CHANGES[lastName(call.func)] ?? [];
    if (index === undefined || name === undefined || call.func.kind !== 'attribute') return [];
    if (call.func.value.kind !== 'name' || call.func.value.id !== 'op') return [];
    const table = stringValue(keyword(call, name) ?? positional(call)[index]);
    return table === undefined || keyword(call, 'if_exists') ? [] : [{ table, line: call.line }];
  });
}

/** Calls of statements that run in any case, a `with` gone into. */
export function callsOf(body: readonly Stmt[]): CallExpr[] {
  return body.flatMap((stmt) => [
    ...expressionsOf(stmt).flatMap((e) => descend(e).filter((c): c is CallExpr => c.kind === 'call')),
    ...(stmt.kind === 'with' ? callsOf(stmt.body) : []),
  ]);
}
