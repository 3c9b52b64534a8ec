/** Every call that starts a server, and which of them is how a deployed service starts. */

import { scriptOf } from '../knowledge/frameworks.ts';
import type { RunCall, Service } from '../model/facts.ts';
import { servedName } from '../model/served.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { basename, isWithin } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr } from '../syntax/python/ast.ts';
import { calls, keyword, positional, stringValue } from '../syntax/python/walk.ts';
import { say } from '../system/say.ts';
import { type Application, MAKES_APPLICATION } from './applications.ts';
import { startCommands } from './commands.ts';
import { isAside, isCopy } from './deployed.ts';
import { importFolders } from './import-folders.ts';
import { type Reach, reachOf } from './launch-paths.ts';
import {
  applicationNamed,
  NAMED_SERVER,
  type ServerCall,
  STARTS_SERVER,
  servedApplication,
  serverCall,
  serverNames,
} from './server-calls.ts';
import { webFiles } from './web-files.ts';

/** Names of functions and files that start something for development only. */
const DEVELOPMENT = /(?:^|_)(?:dev|develop|development|debug|reload|local|watch)(?:_|$|\.)/i;

/** Frameworks whose applications have a `run` of their own. */
const RUNS_ITSELF = /Flask|flask|Quart|quart|Sanic|sanic|\bDash\b|\bEve\b/;

/**
 * Server-starting calls of every file that is no test, in path order.
 * https://www.uvicorn.org/#running-programmatically
 */
export function findRunCalls(repo: Snapshot, modules: ModuleGraph, services: readonly Service[]): RunCall[] {
  const web = webFiles(repo, modules);
  // Elsewhere `x.run(` starts no server, and to see what x is may take a lot of parsing.
  const runs = repo.matching(repo.matching(web, MAKES_APPLICATION), RUNS_ITSELF).length > 0;
  const served = new Map(services.map((s) => [s, applicationNamed(modules, s.entry.path, s.entry.attr)] as const));
  const out: RunCall[] = [];
  for (const path of repo.matching(web, runs ? STARTS_SERVER : NAMED_SERVER)) {
    const module = modules.module(path);
    if (!module) continue;
    for (const { call, stmt, around } of calls(module.body, serverNames(module))) {
      const place = { modules, path, around };
      const found = serverCall(place, call);
      if (!found) continue;
      const judged = judge(repo, { ...place, call, found }, served);
      out.push({
        server: found.server,
        callee: found.callee,
        path,
        at: { path, line: call.line },
        call,
        stmt,
        around,
        ...judged,
      });
    }
  }
  return out;
}

interface Seen extends Place {
  readonly call: CallExpr;
  readonly found: ServerCall;
}

function judge(
  repo: Snapshot,
  seen: Seen,
  services: ReadonlyMap<Service, Application | undefined>,
): { readonly service?: Service; readonly why: string } {
  const { path, found } = seen;
  if (isCopy(path)) return { why: say`The file lies in a folder of reference copies that is not deployed.` };
  const reach = reachOf(repo, seen);
  const near = [...services.keys()].filter((s) => isWithin(path, s.root)).sort((a, b) => b.root.length - a.root.length);
  if (near.length === 0) return { why: say`The file lies outside of every service.` };
  for (const service of near) {
    if (!isItsProgram(service, seen, reach) && !servesIt(service, seen, services.get(service))) continue;
    const against = reasonAgainst(repo, service, seen, reach);
    if (against) return { why: against };
    return { service, why: say`It serves ${servedName(service.entry)} ${reach?.how ?? say`when run`}.` };
  }
  if (found.served && stringValue(found.served) !== undefined) {
    return { why: say`Its import string "${stringValue(found.served)}" means no application of a service.` };
  }
  return { why: say`What it serves is not provably the application of a deployed service.` };
}

/** True where the call is given the application of a service. */
function servesIt(service: Service, seen: Seen, application: Application | undefined): boolean {
  const { found } = seen;
  const app =
    servedApplication(seen, found.served, importFolders(service).toReversed()) ?? ownApplication(found, application);
  if (!app || !application) return false;
  return app.identity === application.identity || isSameModule(service, app, application);
}

/** The call by which a file that is run starts the server itself. */
function isItsProgram({ entry }: Service, seen: Seen, reach: Reach | undefined): boolean {
  if (entry.attr !== '' || entry.path !== (reach?.file ?? seen.path)) return false;
  const script = scriptOf(entry.framework);
  if (script) return script.call === seen.found.server;
  return servedApplication(seen, seen.found.served, [])?.framework === entry.framework;
}

/** Flask-SocketIO's `run(app)` may be given nothing static: then the only application of the service is meant. */
function ownApplication(found: ServerCall, application: Application | undefined): Application | undefined {
  return found.server === 'socketio' && application?.framework === 'flask' ? application : undefined;
}

/** Two names of one module that hold alternatives of the same application (if/else, Django's wsgi and asgi). */
function isSameModule(service: Service, app: Application, application: Application): boolean {
  return app.framework === 'django' && application.framework === 'django' && app.path.startsWith(service.root);
}

/** Why a call that serves the right application is still not how the service starts when deployed. */
function reasonAgainst(repo: Snapshot, service: Service, seen: Seen, reach: Reach | undefined): string | undefined {
  const { path, call, around, found } = seen;
  if (isAside(path) || /(?:^|\/)(?:bin|dev|devtools|debug)\//.test(path)) {
    return say`It is a helper script, not the launcher of the deployed service.`;
  }
  const names = [...around.flatMap((s) => (s.kind === 'function' ? [s.name] : [])), basename(path)];
  const development = names.find((n) => DEVELOPMENT.test(n));
  if (development) return say`${development} starts a development server.`;
  if (!reach) return say`Nothing that a deployment runs calls the function around it.`;
  // A package's __init__.py is imported, never run.
  if (reach.guarded && (reach.file ?? path).endsWith('/__init__.py'))
    return say`The main guard of a package never holds.`;
  // https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run: run(host, port, debug)
  const debug = keyword(call, 'debug') ?? (found.server === 'flask' ? positional(call)[2] : undefined);
  const isDebug = debug?.kind === 'constant' && debug.value === true;
  return isDebug && found.server === 'flask' && hasServer(repo, [service.entry.path, path])
    ? say`It is a debug server; the deployment starts the application with its own server.`
    : undefined;
}

/** True when a command that is more than advice in a README serves one of these files with a server of its own. */
function hasServer(repo: Snapshot, files: readonly string[]): boolean {
  return startCommands(repo).some(
    (c) =>
      c.source !== 'readme' &&
      c.targets.some((t) => {
        if (t.server === 'python' || t.server === 'flask' || t.module === undefined) return false;
        const relative = t.module.replaceAll('.', '/');
        const named = [`${relative}.py`, `${relative}/__init__.py`];
        return files.some((f) => named.some((n) => f === n || f.endsWith(`/${n}`)));
      }),
  );
}
