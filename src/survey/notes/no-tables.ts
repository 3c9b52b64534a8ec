/** Models whose tables nothing in the repository makes. */
import type { AlembicConfig, Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import { isNotDeployed } from '../deployed.ts';
import type { Note } from './note.ts';

/** A model of SQLAlchemy with a table of its own. */
const MODEL =
  /^class[ \t]+\w+\([^)\n]*\b(?:db\.Model|Base|SQLModel)\b[^)\n]*\):[^\n]*\n(?:[ \t]*(?:\n|["'#\w][^\n]*\n)){0,12}?[ \t]+(?:__tablename__\b|\w+[^\n=]*=[ \t]*(?:\w+\.)?(?:Column|mapped_column)\()/m;
/** What makes tables, here or where it is run by hand. */
const MAKES =
  /\bcreate_all\b|\bCREATE[ \t]+TABLE\b|\bcreate_tables?\b|\bgenerate_schemas\b|\bautomap_base\b|\bautoload(?:_with)?\b|\b__table__\.create\b|\bDeferredReflection\b|\bdb[ \t]+(?:upgrade|migrate|init)\b|\balembic\b[^\n]*\bupgrade\b|\bsupabase\b/i;

/** At most one: where neither migrations nor create_all are anywhere. https://flask-sqlalchemy.readthedocs.io/en/stable/quickstart/#create-the-tables */
export function noTables(
  repo: Snapshot,
  { database, migrations, entry }: Service,
  alembic: readonly AlembicConfig[],
  files: readonly string[],
): Note | undefined {
  if (!database || migrations || alembic.length > 0 || entry.framework === 'django') return undefined;
  const [path] = repo.matching(repo.matching(files, /\b(?:Column|mapped_column)\(/), MODEL);
  if (path === undefined) return undefined;
  const others = repo.paths.filter((p) => !/\.(?:lock|svg|js|css|html|json|csv|md|rst)$/.test(p) && !isNotDeployed(p));
  if (repo.matching(others, MAKES).length > 0) return undefined;
  const text = repo.read(path)?.text ?? '';
  const said = say`Nothing in the repository makes the tables of the models, neither migrations nor create_all: on an empty database the first query fails. Make migrations and run them before the start.`;
  return { text: said, at: { path, line: lineOf(text, MODEL.exec(text)?.index ?? 0) } };
}
