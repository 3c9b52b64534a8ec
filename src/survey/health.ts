/** An existing GET route that a platform may poll. */
import { scriptOf } from '../knowledge/frameworks.ts';
import type { Health, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { meaningOf } from '../python/values.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Expr, PythonModule } from '../syntax/python/ast.ts';
import { calls, dotted, positional, statements } from '../syntax/python/walk.ts';
import type { Application } from './applications.ts';
import { djangoRoutes } from './django-urls.ts';
import { reachableFrom } from './reachable.ts';
import { isAuthName, judgeHandler, type OpenRoute, refusesIn, spelled } from './route-guards.ts';
import { routesOf } from './routes.ts';
import { applicationNamed } from './server-calls.ts';

/** Last segments that mean health, best first. */
const NAMES = [
  ...[
    'health',
    'healthz',
    'health-check',
    'healthcheck',
    'health_check',
    '_health',
    '__health__',
    '_healthz',
    'health-status',
  ],
  ...['livez', 'live', 'liveness', 'alive', 'heartbeat', '__heartbeat__', '__lbheartbeat__', 'ping', 'up'],
  ...['readyz', 'ready', 'readiness', 'status', '_status'],
];
/** Segments before it that say nothing of what the route belongs to. */
const GENERAL =
  /^(?:api|rest|v\d+(?:\.\d+)?|public|system|sys|utils?|common|core|base|monitor(?:ing)?|internal|server|service|health(?:z|-?check)?|_|app|general|meta|probes?|info|ops|diagnostics|k8s|status)$/i;

/**
 * The best health route of the service: by its name, then by how general and short its path is; '/' where that is a
 * plain page and nothing better exists. Undefined rather than a path that may not answer 2xx or 3xx.
 * https://render.com/docs/health-checks
 */
export function findHealth(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): Health | undefined {
  const answers = seed.entry.attr === '' ? scriptOf(seed.entry.framework)?.health : undefined;
  if (answers !== undefined) return { path: answers, at: seed.entry.at };
  const routes =
    seed.entry.framework === 'django' ? djangoRoutes(repo, modules, seed) : openRoutes(repo, modules, seed);
  const ranked = routes
    .map((route) => ({ route, rank: rankOf(route) }))
    .filter((r) => r.rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.route.path.length - b.route.path.length);
  const best = ranked[0]?.route ?? routes.find((r) => r.path === '/' && r.trivial);
  return best ? { path: best.path, at: best.at } : undefined;
}

/** Lower is better; undefined for a route that is no health check. */
function rankOf(route: OpenRoute): number | undefined {
  const segments = route.path.split('/').filter((s) => s !== '');
  const last = segments.at(-1);
  const name = last === undefined ? -1 : NAMES.indexOf(last.toLowerCase());
  if (name === -1) return undefined;
  const particular = segments.slice(0, -1).filter((s) => !GENERAL.test(s)).length;
  // `/phone/health` may ask the telephone company: only an answer that calls nothing is taken.
  const vague =
    name >= NAMES.indexOf('up') && /^(?:up|ready|live|alive|_?status)$/i.test(last ?? '') && segments.length > 2;
  if ((particular > 0 || vague) && !route.trivial) return undefined;
  return particular * 100 + (route.trivial ? 0 : 1) + name * 2;
}

function openRoutes(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): OpenRoute[] {
  const { entry } = seed;
  const app = applicationNamed(modules, entry.path, entry.attr);
  if (!app) return [];
  const found = routesOf(repo, modules, entry.path, app, NAMES);
  const candidates = found.filter(
    (r) =>
      !r.guarded && !/[<{*]/.test(r.path) && (r.path === '' || r.path === '/' || NAMES.includes(lastSegment(r.path))),
  );
  if (candidates.length === 0) return [];
  const refusals = doorkeepers(repo, modules, entry.path, app);
  return candidates.flatMap((route) => {
    // Flask joins with one slash whatever stands there; others would need two slashes to be sent.
    const path = app.framework === 'flask' ? `/${route.path}`.replace(/\/{2,}/g, '/') : route.path || '/';
    if (!path.startsWith('/') || path.includes('//') || refusals.some((text) => !spelled(text, path))) return [];
    const { handler } = route;
    const judged = judgeHandler(
      { modules, path: handler.path, around: handler.around },
      handler.stmt,
      app.framework === 'fastapi',
    );
    return judged.open ? [{ path, at: route.at, trivial: judged.trivial }] : [];
  });
}

function lastSegment(path: string): string {
  return (
    path
      .split('/')
      .findLast((s) => s !== '')
      ?.toLowerCase() ?? ''
  );
}

/** Sources of middleware that refuses requests without credentials: a route must be named there to be let through. */
function doorkeepers(repo: Snapshot, modules: ModuleGraph, entry: string, app: Application): string[] {
  const files = repo.matching(reachableFrom(repo, modules, entry), /middleware|before_request/);
  return files.flatMap((path) => {
    const module = modules.module(path);
    return module ? [...middlewareIn(modules, path, module), ...hooksIn(path, module, app.interface)] : [];
  });
}

/** Middleware classes that are added and refuse. */
function middlewareIn(modules: ModuleGraph, path: string, module: PythonModule): string[] {
  return calls(module.body, /add_middleware|Middleware/).flatMap(({ call, around }) => {
    if (!/(?:^|\.)(?:add_middleware|Middleware)$/.test(dotted(call.func) ?? '')) return [];
    const [given] = positional(call);
    const meaning = given ? meaningOf({ modules, path, around }, given) : undefined;
    const here = module.text.slice(call.start, call.end);
    if (meaning?.kind === 'class') {
      const whole = modules.module(meaning.path)?.text ?? '';
      return refusesIn(whole.slice(meaning.stmt.start, meaning.stmt.end)) ? [`${here}\n${whole}`] : [];
    }
    const own = meaning?.kind === 'external' && /^starlette\./.test(meaning.name);
    return given && isAuthName(dotted(given) ?? '') && !own ? [here] : [];
  });
}

/** Functions that run before each request and refuse. */
function hooksIn(path: string, module: PythonModule, spoken: Application['interface']): string[] {
  return statements(module.body, /@[^\n@]*(?:middleware|before_request)/).flatMap(({ stmt }) => {
    if (stmt.kind !== 'function' || !stmt.decorators.some(isHook)) return [];
    const text = module.text.slice(stmt.start, stmt.end);
    const asks = spoken === 'asgi' || ASKS.test(stmt.name);
    return asks && refusesIn(text) ? [dirname(path) === '' ? text : module.text] : [];
  });
}

/** Names of Flask's hooks that ask for credentials. */
const ASKS = /^(?:check|require|verify|enforce|authenticate|validate)|login_required|auth_required/;

function isHook(decorator: Expr): boolean {
  const name = dotted(decorator.kind === 'call' ? decorator.func : decorator) ?? '';
  return /(?:^|\.)(?:middleware|before_request)$/.test(name);
}
