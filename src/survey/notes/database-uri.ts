/** Flask-SQLAlchemy without an address: from 3.0 on there is no default. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { isWithin } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import { requirementsOf } from '../dependencies/installed.ts';
import { admitsFrom } from '../dependencies/versions.ts';
import type { Note } from './note.ts';

const BOUND = /\bSQLAlchemy\(\s*\w|\.init_app\(/;
/** What sets it, or may without naming it. */
const SETS =
  /SQLALCHEMY_DATABASE_UR[IL]|SQLALCHEMY_BINDS|\bfrom_(?:prefixed_env|envvar|pyfile|file|json)\b|\*\*\w|\bconfig\.update\b|\bengines?\s*=/;

/** https://flask-sqlalchemy.readthedocs.io/en/stable/config/#flask_sqlalchemy.config.SQLALCHEMY_DATABASE_URI */
export function noDatabaseUri(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const listed = requirementsOf(service, 'flask-sqlalchemy');
  if (service.entry.framework !== 'flask' || listed.length === 0) return undefined;
  if (listed.some((r) => !admitsFrom(r.specifier, '3.0'))) return undefined;
  const [path] = repo.matching(repo.matching(files, /\bflask_sqlalchemy\b/), BOUND);
  const near = modules.files.filter((f) => isWithin(f, service.root));
  if (path === undefined || repo.matching([...new Set([...near, ...files])], SETS).length > 0) return undefined;
  const source = repo.read(path)?.text ?? '';
  const text = say`Nothing sets SQLALCHEMY_DATABASE_URI, and Flask-SQLAlchemy 3 has no default: the application does not start. Set it from os.environ["DATABASE_URL"].`;
  return { text, at: { path, line: lineOf(source, source.search(BOUND)) }, stops: true };
}
