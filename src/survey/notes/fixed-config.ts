/** A configuration whose database is fixed to this machine, chosen by the start whatever the environment says. */
import type { Service } from '../../model/facts.ts';
import { evaluate } from '../../python/evaluate.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { memberOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { chosenConfig } from '../chosen-config.ts';
import { serviceOfScheme } from '../environment/schemes.ts';
import type { Started } from '../started.ts';
import { isNear } from './connection.ts';
import type { Note } from './note.ts';

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
