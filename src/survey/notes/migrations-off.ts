/** Settings that switch Django's migrations off, as is done for tests, whatever runs: `migrate` then makes no table. */
import type { Service } from '../../model/facts.ts';
import { definitionOf } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { ClassStmt, Expr, FunctionStmt } from '../../syntax/python/ast.ts';
import { isNone } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { djangoNames } from '../django-apps.ts';
import { settingsFiles } from '../django-settings.ts';
import { surelyRunning } from '../executed.ts';
import type { Note } from './note.ts';

const SETS = /^[ \t]*MIGRATION_MODULES\b/m;
/** Tables without migrations. https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-migrate-run-syncdb */
const MAKES = /run[_-]syncdb/;

/**
 * At most one, where the application of the content types is installed: `migrate` asks its table in the end.
 * https://docs.djangoproject.com/en/stable/ref/settings/#migration-modules
 */
export function migrationsOff(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  const { entry, migrations } = service;
  if (entry.framework !== 'django' || !migrations || MAKES.test(migrations.command)) return undefined;
  const setting = repo.matching(settingsFiles(repo, modules, service) ?? [], SETS);
  const [path] = setting;
  if (path === undefined || setting.length > 1) return undefined;
  const set = [...surelyRunning(modules.module(path)?.body ?? [])].findLast(
    (s) =>
      s.kind === 'assign' && s.op === '=' && s.targets.some((t) => t.kind === 'name' && t.id === 'MIGRATION_MODULES'),
  );
  const value = set?.kind === 'assign' ? set.value : undefined;
  if (!set || !value || (repo.read(path)?.text.match(new RegExp(SETS.source, 'gm')) ?? []).length > 1) return undefined;
  if (!switchesOff(modules, path, value)) return undefined;
  if (!djangoNames(repo, modules, service).some(({ module }) => /^django\.contrib\.contenttypes\b/.test(module))) {
    return undefined;
  }
  if (repo.matching(deploymentFiles(repo, /\.py$/), MAKES).length > 0) return undefined;
  const text = say`MIGRATION_MODULES switches the migrations of every application off: on an empty database \`${migrations.command}\` makes no table, and stops as django_content_type is not there. Set it for the tests alone.`;
  return { text, at: { path, line: set.line }, stops: true };
}

/** An object of a class of the repository that has None for every application. */
function switchesOff(modules: ModuleGraph, path: string, value: Expr): boolean {
  const found = value.kind === 'call' ? definitionOf(topOf(modules, path), value.func) : undefined;
  if (found?.kind !== 'class') return false;
  const holds = returned(found.stmt, '__contains__');
  return holds?.kind === 'constant' && holds.value === true && isNone(returned(found.stmt, '__getitem__'));
}

/** What a method of a single statement gives back. */
function returned({ body }: ClassStmt, name: string): Expr | undefined {
  const method = body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === name);
  const [only, ...more] = method?.body ?? [];
  return only?.kind === 'return' && more.length === 0 ? only.value : undefined;
}
