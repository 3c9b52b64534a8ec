/** Models whose tables nothing in the repository makes. */
import type { AlembicConfig, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import { isNotDeployed } from '../deployed.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { djangoFolders } from '../django-apps.ts';
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

const SHOWN = 5;

/** A model of Django that has a table of its own. */
const OWN_MODEL = /^class[ \t]+\w+\([^)\n]*\b(?:models\.Model|AbstractUser|AbstractBaseUser)\b[^)\n]*\):/m;
/** Models without one, and tables that somebody else makes. */
const NO_TABLE = /^[ \t]+(?:abstract|proxy)[ \t]*=[ \t]*True|^[ \t]+managed[ \t]*=[ \t]*False/m;
const MIGRATES_ITSELF = /\bmakemigrations\b|--run-syncdb\b|\bMIGRATION_MODULES\b/;

/**
 * At most one: installed applications with models and without migrations, which `migrate` leaves out.
 * https://docs.djangoproject.com/en/stable/topics/migrations/#adding-migrations-to-apps
 */
export function noMigrations(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  if (service.entry.framework !== 'django' || !service.database) return undefined;
  const without = djangoFolders(repo, modules, service).flatMap((folder) => {
    const files = [join(folder, 'models.py'), ...repo.paths.filter((p) => dirname(p) === join(folder, 'models'))];
    const there = files.filter((p) => p.endsWith('.py') && repo.has(p));
    const [file] = repo.matching(there, NO_TABLE).length > 0 ? [] : repo.matching(there, OWN_MODEL);
    const made = repo.paths.some((p) => p.startsWith(`${join(folder, 'migrations')}/0`));
    return file === undefined || made ? [] : [{ folder, file }];
  });
  const [first] = without;
  if (!first) return undefined;
  const runs = deploymentFiles(repo, /Dockerfile[^/]*$|\.(?:sh|ya?ml|toml|py)$/);
  if (repo.matching(runs, MIGRATES_ITSELF).length > 0) return undefined;
  const all = without.map(({ folder }) => folder.replaceAll('/', '.'));
  const names = all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')}, …` : all.join(', ');
  const text = say`No migration makes the tables of ${names}: \`python manage.py migrate\` leaves them out, and the first query fails. Run \`python manage.py makemigrations\` and commit what it writes.`;
  const source = repo.read(first.file)?.text ?? '';
  return { text, at: { path: first.file, line: lineOf(source, OWN_MODEL.exec(source)?.index ?? 0) } };
}
