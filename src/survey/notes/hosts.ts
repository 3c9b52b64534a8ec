/** Hosts that Django answers to, in the settings that the served application starts with. */
import type { Service } from '../../model/facts.ts';
import { topLevel } from '../../python/bindings.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Site, sites } from '../../python/sites.ts';
import { meaningsOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { AssignStmt, CallExpr, Expr } from '../../syntax/python/ast.ts';
import { keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
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
    const closed = settings.find((s) => closedHosts(s.value) !== undefined);
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
function closedHosts(value: Expr | undefined): readonly string[] | undefined {
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return undefined;
  const hosts = value.items.map((i) => stringValue(i));
  if (hosts.some((h) => h === undefined || h === '*' || h.endsWith('onrender.com'))) return undefined;
  return hosts as string[];
}

function noteOf(path: string, stmt: AssignStmt, branches: boolean): Note {
  const hosts = closedHosts(stmt.value)?.join(', ') || 'empty';
  const where = branches ? say` where this branch runs` : '';
  const text =
    say`ALLOWED_HOSTS (${hosts}) does not name the host of the platform: Django answers 400 to every request${where}. ` +
    say`Read it from a variable: ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost").split(",").`;
  return { text, at: { path, line: stmt.line }, ...(branches ? {} : { stops: true }) };
}

const TRUSTED = /\bTrustedHostMiddleware\b/;

/**
 * The same of Starlette's middleware, where its hosts are a literal that the platform's is not among.
 * https://www.starlette.io/middleware/#trustedhostmiddleware
 */
export function trustedHosts(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Note | undefined {
  for (const path of repo.matching(files, TRUSTED)) {
    for (const site of sites(modules, path, (e) => e.kind === 'call', TRUSTED)) {
      const names = hostsGiven(site);
      if (!names) continue;
      const branches = site.around.some((s) => s.kind === 'if' || s.kind === 'try');
      const where = branches ? say` where this branch runs` : '';
      const text = say`allowed_hosts (${names.join(', ')}) does not name the host of the platform: TrustedHostMiddleware answers 400 to every request${where}. Read it from a variable.`;
      return { text, at: { path, line: site.expr.line }, ...(branches ? {} : { stops: true }) };
    }
  }
  return undefined;
}

/** The hosts of a literal that does not let the platform's in, given there or by its name. */
function hostsGiven(site: Site): readonly string[] | undefined {
  const { expr } = site;
  const given = expr.kind === 'call' && isTrusting(expr) ? keyword(expr, 'allowed_hosts') : undefined;
  const [meant, ...others] = given?.kind === 'name' ? meaningsOf(site, given) : [];
  return closedHosts(meant?.kind === 'value' && others.length === 0 ? meant.expr : given);
}

/** `TrustedHostMiddleware(app, …)`, `app.add_middleware(TrustedHostMiddleware, …)`, `Middleware(TrustedHostMiddleware, …)` */
function isTrusting(call: CallExpr): boolean {
  const [first] = positional(call);
  return TRUSTED.test(lastName(call.func)) || (first !== undefined && TRUSTED.test(lastName(first)));
}
