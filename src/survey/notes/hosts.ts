/** Hosts that Django answers to, in the settings that the served application starts with. */
import type { Service } from '../../model/facts.ts';
import { topLevel } from '../../python/bindings.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { AssignStmt } from '../../syntax/python/ast.ts';
import { stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { settingsFiles } from '../django-settings.ts';
import type { Note } from './note.ts';

const ADDED = /RENDER_EXTERNAL_HOSTNAME|ALLOWED_HOSTS\s*\+=|ALLOWED_HOSTS\.(?:append|extend|insert)/;

/**
 * A note where the host of the platform is not among them; none where a variable, or code that adds to them, decides.
 * https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts
 */
export function allowedHosts(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  if (service.entry.framework !== 'django') return undefined;
  const selected = settingsFiles(repo, modules, service);
  for (const path of repo.matching(selected ?? files, /^[ \t]*ALLOWED_HOSTS\b/m)) {
    const module = modules.module(path);
    if (!module) continue;
    const settings = topLevel(module.body).filter((s): s is AssignStmt => s.kind === 'assign' && isHosts(s));
    if (ADDED.test(module.text)) {
      if (selected) return undefined;
      continue;
    }
    const closed = settings.find((s) => closedHosts(s) !== undefined);
    if (closed) return noteOf(path, closed, settings.length > 1);
    // What a later settings module says stands, whatever its base said.
    if (selected && settings.length > 0) return undefined;
  }
  return undefined;
}

function isHosts({ targets }: AssignStmt): boolean {
  return targets[0]?.kind === 'name' && targets[0].id === 'ALLOWED_HOSTS';
}

/** The hosts of a literal that does not let the platform's in. */
function closedHosts({ value }: AssignStmt): readonly string[] | undefined {
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return undefined;
  const hosts = value.items.map((i) => stringValue(i));
  if (hosts.some((h) => h === undefined || h === '*' || h.endsWith('onrender.com'))) return undefined;
  return hosts as string[];
}

function noteOf(path: string, stmt: AssignStmt, branches: boolean): Note {
  const hosts = closedHosts(stmt)?.join(', ') || 'empty';
  const where = branches ? say` where this branch runs` : '';
  const text =
    say`ALLOWED_HOSTS (${hosts}) does not name the host of the platform: Django answers 400 to every request${where}. ` +
    say`Read it from a variable: ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost").split(",").`;
  return { text, at: { path, line: stmt.line }, ...(branches ? {} : { stops: true }) };
}
