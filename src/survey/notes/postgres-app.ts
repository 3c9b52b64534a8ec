/** Fields of Django's postgres application, which the settings do not install. */
import {
  POSTGRES_APP,
  POSTGRES_APPS,
  POSTGRES_CHECKED,
  POSTGRES_CHECKED_FROM,
} from '../../knowledge/django-postgres.ts';
import type { Evidence, Service } from '../../model/facts.ts';
import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import { sites } from '../../python/sites.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import type { ClassStmt, Expr, Stmt } from '../../syntax/python/ast.ts';
import { descend, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { installedBy } from '../dependencies/installs-all.ts';
import { takesFrom } from '../dependencies/takes.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { djangoNames } from '../django-apps.ts';
import { settingsFiles } from '../django-settings.ts';
import { runsOn } from '../python-version/runs-on.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** The application by its name, not an import of its modules; or the check itself, where it is silenced. */
const NAMED = /(?<!from[ ]|import[ ])\bdjango\.contrib\.postgres(?:\.apps\.PostgresConfig)?(?![.\w])|postgres\.E005/;
const MENTIONS = /django\.contrib\.postgres/;
/** Files that may name an application: code and settings. */
const NAMES = /\.(?:py|toml|ya?ml|json|cfg|ini|conf|sh|env)$|(?:^|\/)(?:\.env[\w.-]*|[\w-]+)$/;
/** The oldest Python that Django 6 runs on. https://docs.djangoproject.com/en/6.0/faq/install/ */
const OLDEST_PYTHON = '3.12';
const DEEPEST = 20;

interface Wanted {
  /** Name of the field or the like. */
  readonly has: string;
  readonly at: Evidence;
  /** The application that brings it; undefined for the repository's own. */
  readonly app?: string;
}

/** At most one: the first model that has such a field. */
export function postgresApp(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  started: readonly Started[],
): Note | undefined {
  if (service.migrations?.tool !== 'django' || !mayInstall(repo, service)) return undefined;
  const settings = settingsFiles(repo, modules, service) ?? [];
  const [list = ''] = repo.matching(settings, /^INSTALLED_APPS\b/m);
  if (list === '') return undefined;
  const found = ofModels(repo, modules, started) ?? ofApps(repo, modules, service);
  if (!found) return undefined;
  const naming = repo.matching(
    repo.paths.filter((p) => NAMES.test(p)),
    NAMED,
  );
  const only = naming.length === 0 ? undefined : onlyForShort(repo, modules, naming, settings);
  if (naming.length > 0 && !only) return undefined;
  const text = repo.read(list)?.text ?? '';
  const where = `${list}:${lineOf(text, text.search(/^INSTALLED_APPS\b/m))}`;
  const { command } = service.migrations;
  const what = found.app === undefined ? found.has : say`${found.has} of ${found.app}`;
  const sentence = only
    ? say`Django 6 refuses ${what} without '${POSTGRES_APP}' in INSTALLED_APPS (postgres.E005), which is added for addresses that begin with postgres:// alone, and Render hands out postgresql://: \`${command}\` stops. Put it into the list itself (${where}).`
    : say`Django 6 refuses ${what} without '${POSTGRES_APP}' in INSTALLED_APPS (postgres.E005): \`${command}\` stops. Add it (${where}).`;
  return { text: sentence, at: only ?? found.at, stops: true };
}

/** True where an install may take Django 6. */
function mayInstall(repo: Snapshot, service: Service): boolean {
  const { dependencies } = service;
  const installed = dependencies && installedBy(repo, dependencies);
  const python = runsOn(service);
  if (!dependencies || !installed || compareVersions(python, OLDEST_PYTHON) < 0) return false;
  return takesFrom({ repo, dependencies, installed, python }, 'django', POSTGRES_CHECKED_FROM, new Set());
}

/** An application of the settings that brings such fields on PostgreSQL. */
function ofApps(repo: Snapshot, modules: ModuleGraph, service: Service): Wanted | undefined {
  if (service.database?.kind !== 'postgres') return undefined;
  for (const { module, path, line } of djangoNames(repo, modules, service)) {
    const row = POSTGRES_APPS.find(({ app }) => module === app || module.startsWith(`${app}.apps.`));
    if (row) return { has: row.has, app: row.app, at: { path, line } };
  }
  return undefined;
}

/** A model of the repository that is no base of others alone: Django checks those that have a table. */
function ofModels(repo: Snapshot, modules: ModuleGraph, started: readonly Started[]): Wanted | undefined {
  const paths = new Set(repo.matching([...new Set(started.map(({ path }) => path))], MENTIONS));
  for (const { path, stmt, when } of started) {
    if (when !== 'service' || stmt.kind !== 'class' || !paths.has(path)) continue;
    const meta = stmt.body.find((s) => s.kind === 'class' && s.name === 'Meta');
    const inner = meta?.kind === 'class' ? meta.body : [];
    if (inner.some(isAbstract)) continue;
    const exprs = [...stmt.body, ...inner].flatMap((s) => (s.kind === 'assign' && s.value ? [s.value] : []));
    const hit = exprs.flatMap((e) => descend(e)).find((e) => isChecked(modules, path, e));
    if (hit?.kind !== 'call' || !isModel(modules, path, stmt, 0)) continue;
    return { has: lastName(hit.func), at: { path, line: hit.line } };
  }
  return undefined;
}

function isChecked(modules: ModuleGraph, path: string, expr: Expr): boolean {
  return expr.kind === 'call' && POSTGRES_CHECKED.test(externalName(topOf(modules, path), expr.func) ?? '');
}

/** `abstract = True` */
function isAbstract(stmt: Stmt): boolean {
  if (stmt.kind !== 'assign' || stmt.targets[0]?.kind !== 'name' || stmt.targets[0].id !== 'abstract') return false;
  return !(stmt.value?.kind === 'constant' && stmt.value.value === false);
}

/** True where a base is a model of Django or of an application, as far as the bases are followed. */
function isModel(modules: ModuleGraph, path: string, stmt: ClassStmt, depth: number): boolean {
  return stmt.bases.some(({ name, star, value }) => {
    if (name !== undefined || star) return false;
    const found = definitionOf(topOf(modules, path), value);
    if (found?.kind === 'external')
      return /\.models\.(?:\w+\.)*(?:\w*Model|Page|AbstractUser|AbstractBaseUser)$/.test(found.name);
    return found?.kind === 'class' && depth < DEEPEST && isModel(modules, found.path, found.stmt, depth + 1);
  });
}

/**
 * Where the settings name the application below `if ….startswith("postgres://")` alone: `postgresql://` passes it by.
 * https://render.com/docs/postgresql-creating-connecting
 */
function onlyForShort(
  repo: Snapshot,
  modules: ModuleGraph,
  naming: readonly string[],
  settings: readonly string[],
): Evidence | undefined {
  const [path = ''] = naming;
  if (naming.length !== 1 || !settings.includes(path)) return undefined;
  const named = sites(modules, path, (e) => e.kind === 'string' && stringValue(e) === POSTGRES_APP, MENTIONS);
  const times = (repo.read(path)?.text ?? '').split(NAMED).length - 1;
  const tests = named.map(({ expr, around }) =>
    around.findLast(
      (s) =>
        s.kind === 'if' && isShortTest(s.test) && !s.orelse.some((o) => o.start <= expr.start && expr.start < o.end),
    ),
  );
  const [first] = tests;
  return first && named.length === times && !tests.includes(undefined) ? { path, line: first.line } : undefined;
}

function isShortTest(expr: Expr): boolean {
  return (
    expr.kind === 'call' &&
    lastName(expr.func) === 'startswith' &&
    /^postgres:\/{0,2}$/.test(stringValue(positional(expr)[0]) ?? '')
  );
}
