/** The address of the database that Flask-SQLAlchemy is configured with, where the source alone says it. */
import type { Evidence } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { sites } from '../../python/sites.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { lastName, stringValue } from '../../syntax/python/walk.ts';

const NAME = /^SQLALCHEMY_DATABASE_UR[IL]$/;
const MENTIONS = /\bSQLALCHEMY_DATABASE_UR[IL]\b/;
/** Where it is set, outside comments: as often as it is found, and no other way. */
const SETS = /^[^#\n]*\bSQLALCHEMY_DATABASE_UR[IL]["']?\]?\s*(?::(?!=)|=(?!=))/gm;
/** What may set it without naming it. */
const ELSEWHERE = /\bfrom_(?:prefixed_env|envvar|pyfile|file|json|mapping)\b|\bconfig\.update\b|\benviron\b|\bgetenv\b/;

/**
 * Its values where all that set it are literals; none where one may come from elsewhere.
 * https://flask-sqlalchemy.readthedocs.io/en/stable/config/#flask_sqlalchemy.config.SQLALCHEMY_DATABASE_URI
 */
export function configuredUrls(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
): { readonly text: string; readonly at: Evidence }[] {
  const out: { readonly text: string; readonly at: Evidence }[] = [];
  const mentioning = repo.matching(files, MENTIONS);
  if (mentioning.length === 0 || repo.matching(mentioning, ELSEWHERE).length > 0) return [];
  for (const path of mentioning) {
    const module = modules.module(path);
    if (!module) return [];
    const written = sites(modules, path, (e) => e.kind === 'string', MENTIONS).flatMap(({ stmt, expr }) => {
      const text = stringValue(expr);
      const set = stmt.kind === 'assign' && stmt.op === '=' && stmt.value === expr && stmt.targets.every(isSetting);
      return set && text !== undefined ? [{ text, at: { path, line: expr.line } }] : [];
    });
    if (written.length !== (module.text.match(SETS) ?? []).length) return [];
    out.push(...written);
  }
  return out;
}

/** `SQLALCHEMY_DATABASE_URI`, `app.config["SQLALCHEMY_DATABASE_URI"]` */
function isSetting(target: Expr): boolean {
  const key = target.kind === 'subscript' ? stringValue(target.index[0]) : lastName(target);
  return NAME.test(key ?? '');
}
