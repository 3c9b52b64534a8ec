/** A configuration whose database is fixed to this machine, chosen by the start whatever the environment says. */
import type { Service } from '../../model/facts.ts';
import { evaluate } from '../../python/evaluate.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { memberOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { entryValue, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { chosenConfig } from '../chosen-config.ts';
import { settingsFiles } from '../django-settings.ts';
import { serviceOfScheme } from '../environment/schemes.ts';
import type { Started } from '../started.ts';
import { isNear } from './connection.ts';
import type { Note } from './note.ts';

/**
 * A server of Django's DATABASES on this machine, by literals, in settings that no variable and no other statement
 * changes. At most one. https://docs.djangoproject.com/en/stable/ref/settings/#host
 */
export function fixedHost(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  if (service.entry.framework !== 'django') return undefined;
  const settings = settingsFiles(repo, modules, service) ?? [];
  if (repo.matching(settings, CHANGES).length > 0) return undefined;
  for (const path of repo.matching(settings, /^DATABASES\s*=/m)) {
    for (const stmt of modules.module(path)?.body ?? []) {
      const host = localHost(stmt);
      if (!host) continue;
      const text = say`DATABASES connects to ${stringValue(host) ?? ''}, which no environment variable changes: nothing answers there on a platform. Read os.environ["DATABASE_URL"] in its place.`;
      return { text, at: { path, line: host.line }, stops: true };
    }
  }
  return undefined;
}

/** The literal of a server on this machine in `DATABASES = {"default": {…}}`. */
function localHost(stmt: Stmt): Expr | undefined {
  const [target] = stmt.kind === 'assign' ? stmt.targets : [];
  if (stmt.kind !== 'assign' || target?.kind !== 'name' || target.id !== 'DATABASES') return undefined;
  const first = stmt.value?.kind === 'dict' ? entryValue(stmt.value, 'default') : undefined;
  if (first?.kind !== 'dict' || !/postgres|mysql|psycopg/.test(stringValue(entryValue(first, 'ENGINE')) ?? ''))
    return undefined;
  const host = entryValue(first, 'HOST');
  const written = stringValue(host);
  return written && isNear(written) ? host : undefined;
}

/** What may put another database in its place. */
const CHANGES =
  /\bdj_database_url\b|\bDATABASES\s*(?:\[|\.)|^[ \t]+DATABASES\s*=|\blocals\(\)|\bglobals\(\)|\bdjango_heroku\b|\bexec\(/m;

/** At most one. https://flask-sqlalchemy.readthedocs.io/en/stable/config/ */
export function fixedConfig(
  repo: Snapshot,
  modules: ModuleGraph,
  { entry }: Service,
  started: readonly Started[],
): Note | undefined {
  const cls = entry.framework === 'flask' ? chosenConfig(repo, modules, started) : undefined;
  const member = cls && memberOf(cls, 'SQLALCHEMY_DATABASE_URI');
  // Where a variable of the environment has a say, nothing is certain.
  const url = member?.kind === 'value' ? evaluate(member, member.expr) : undefined;
  if (!cls || member?.kind !== 'value' || typeof url !== 'string') return undefined;
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z][\w+]*):\/\/(.*)$/s.exec(url) ?? [];
  const kind = serviceOfScheme(scheme)?.kind;
  if (kind === undefined || kind === 'sqlite' || !isNear(rest.replace(/^[^/]*@/, ''))) return undefined;
  const text = say`The start loads the configuration ${cls.stmt.name}, whose SQLALCHEMY_DATABASE_URI is a database on this machine that no environment variable changes. Let the start choose the configuration that reads the environment.`;
  return { text, at: { path: member.path, line: member.expr.line }, stops: true };
}
