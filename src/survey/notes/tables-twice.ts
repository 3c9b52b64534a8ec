/** Tables that the application makes as it is loaded, just before the migrations would make them. */
import type { AlembicConfig, Evidence, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, keyword, lastName } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { surelyExecutedFrom, surelyRunning } from '../executed.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

const CREATES = /\bop\.create_table\(\s*["'](\w+)["']/g;
const NAMED = /__tablename__\s*(?::[^=\n]+)?=\s*["'](\w+)["']/g;
/** A migration that looks first. */
const LOOKS = /has_table|get_table_names|if_not_exists|checkfirst|IF NOT EXISTS/i;

/**
 * One note, where the command that migrates loads a module which calls `create_all` in any case: on an empty database the
 * first migration then finds its tables there. `revisions` are the migrations of the service.
 * https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.create_all
 */
export function tablesTwice(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
  found: {
    readonly started: readonly Started[];
    readonly alembic: readonly AlembicConfig[];
    readonly revisions: readonly string[];
  },
): Note | undefined {
  const { migrations } = service;
  if (!migrations || migrations.automatic || found.revisions.length === 0) return undefined;
  if (repo.matching(found.revisions, LOOKS).length > 0) return undefined;
  const made = namesIn(repo, found.revisions, CREATES);
  const models = namesIn(repo, repo.matching(files, /__tablename__/), NAMED);
  const [table] = [...made].filter((name) => models.has(name));
  const at = table === undefined ? undefined : loadedCreation(modules, service, found);
  if (!at || table === undefined) return undefined;
  const text = say`create_all makes the table ${table} when \`${migrations.command}\` loads ${at.path}, and the migration that makes it stops on an empty database. Leave the tables to the migrations.`;
  return { text, at, stops: true };
}

function namesIn(repo: Snapshot, paths: readonly string[], pattern: RegExp): Set<string> {
  return new Set(paths.flatMap((path) => [...(repo.read(path)?.text ?? '').matchAll(pattern)].map((m) => m[1] ?? '')));
}

/** The call that runs whenever the migrations do: Flask-Migrate loads the application, Alembic its env.py. */
function loadedCreation(
  modules: ModuleGraph,
  { migrations }: Service,
  { started, alembic }: { readonly started: readonly Started[]; readonly alembic: readonly AlembicConfig[] },
): Evidence | undefined {
  if (migrations?.tool === 'flask-migrate') {
    const found = started.find(({ stmt, when }) => when === 'service' && creation(stmt) !== undefined);
    return found && { path: found.path, line: creation(found.stmt) ?? found.stmt.line };
  }
  const env = alembic.find((one) => one.path === migrations?.config)?.env?.path;
  for (const path of env === undefined ? [] : surelyExecutedFrom(modules, env)) {
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      const line = creation(stmt);
      if (line !== undefined) return { path, line };
    }
  }
  return undefined;
}

/** Line of a `create_all()` of every table; a block's own statements are asked by themselves. */
function creation(stmt: Stmt): number | undefined {
  if (stmt.kind === 'function' || stmt.kind === 'class' || stmt.kind === 'if') return undefined;
  const call = expressionsOf(stmt)
    .filter((expr) => expr.kind !== 'lambda')
    .flatMap(descend)
    .find((expr) => expr.kind === 'call' && lastName(expr.func) === 'create_all' && !keyword(expr, 'tables'));
  return call?.line;
}
