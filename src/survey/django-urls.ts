/** The GET paths of a Django project: `urlpatterns` from ROOT_URLCONF through `include()`. */
import type { ServiceSeed } from '../model/facts.ts';
import { topLevel } from '../python/bindings.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, ClassStmt, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { dotted, positional, stringValue } from '../syntax/python/walk.ts';
import { djangoNames } from './django-apps.ts';
import { settingsFiles } from './django-settings.ts';
import { isAuthName, judgeHandler, type OpenRoute, refusesIn, spelled } from './route-guards.ts';

/** Packages whose URLs are known: django-health-check answers at its own root. */
const KNOWN_URLS: ReadonlyMap<string, string> = new Map([['health_check.urls', '']]);
const MAX_DEPTH = 6;

/** Open GET routes of a Django service. https://docs.djangoproject.com/en/stable/topics/http/urls/ */
export function djangoRoutes(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): OpenRoute[] {
  const settings = settingsFiles(repo, modules, seed) ?? [];
  const [first] = settings;
  // Everything asks for a login then.
  if (first === undefined || repo.matching(settings, /LoginRequiredMiddleware/).length > 0) return [];
  const conf = modules.define(first, 'ROOT_URLCONF');
  const module = conf?.kind === 'assign' ? stringValue(conf.value) : undefined;
  const urls = module === undefined ? undefined : fileOf(repo, seed.root, module);
  const open = repo.matching(settings, /DEFAULT_PERMISSION_CLASSES/).length === 0;
  if (urls === undefined) return [];
  const refusals = doorkeepers(repo, modules, seed);
  return routesIn(repo, modules, seed.root, urls, '/', open, 0).filter(({ path }) =>
    refusals.every((text) => spelled(text, path)),
  );
}

/** Sources of the repository's own middleware that refuses strangers: a route must be named there to be let through. */
function doorkeepers(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): string[] {
  return djangoNames(repo, modules, seed).flatMap(({ module }) => {
    const dot = module.lastIndexOf('.');
    const path = dot < 0 ? undefined : fileOf(repo, seed.root, module.slice(0, dot));
    const found = path === undefined ? undefined : modules.define(path, module.slice(dot + 1));
    if (found?.kind !== 'class' && found?.kind !== 'function') return [];
    const text = modules.module(found.path)?.text.slice(found.stmt.start, found.stmt.end) ?? '';
    return /get_response|process_request|process_view/.test(text) && refusesIn(text) ? [text] : [];
  });
}

function fileOf(repo: Snapshot, root: string, module: string): string | undefined {
  const relative = join(root, module.replaceAll('.', '/'));
  return [`${relative}.py`, `${relative}/__init__.py`].find((p) => repo.has(p));
}

function routesIn(
  repo: Snapshot,
  modules: ModuleGraph,
  root: string,
  path: string,
  prefix: string,
  open: boolean,
  depth: number,
): OpenRoute[] {
  if (depth > MAX_DEPTH) return [];
  const body = modules.module(path)?.body ?? [];
  return topLevel(body).flatMap((stmt) => {
    if (stmt.kind !== 'assign' || !stmt.value) return [];
    if (!stmt.targets.some((t) => t.kind === 'name' && t.id === 'urlpatterns')) return [];
    return listsOf(stmt.value).flatMap((item) => routeOf(repo, modules, root, path, item, prefix, open, depth));
  });
}

/** Items of `[…] + [… ]`; anything else (i18n_patterns, static) is left out. */
function listsOf(expr: Expr): readonly Expr[] {
  if (expr.kind === 'list' || expr.kind === 'tuple') return expr.items;
  return expr.kind === 'binary' && expr.op === '+' ? [...listsOf(expr.left), ...listsOf(expr.right)] : [];
}

function routeOf(
  repo: Snapshot,
  modules: ModuleGraph,
  root: string,
  path: string,
  item: Expr,
  prefix: string,
  open: boolean,
  depth: number,
): OpenRoute[] {
  if (item.kind !== 'call' || !/^(?:\w+\.)?(?:path|re_path|url)$/.test(dotted(item.func) ?? '')) return [];
  const [where, view] = positional(item);
  const said = stringValue(where);
  const own =
    said === undefined
      ? undefined
      : /path$/.test(dotted(item.func) ?? '') && !/re_path$/.test(dotted(item.func) ?? '')
        ? said
        : plainRegex(said);
  if (own === undefined || own.includes('<') || !view) return [];
  const full = prefix + own;
  if (view.kind === 'call' && /(?:^|\.)include$/.test(dotted(view.func) ?? '')) {
    return included(repo, modules, root, path, view, full, open, depth);
  }
  const judged = judgeView(modules, path, view, open);
  return judged ? [{ path: full, at: { path, line: item.line }, ...judged }] : [];
}

/** `^health/$` without its anchors; undefined for a real pattern. */
function plainRegex(pattern: string): string | undefined {
  const inner = pattern
    .replace(/^\^/, '')
    .replace(/\\?\/\?\$$/, '/')
    .replace(/\$$/, '');
  return /^[\w/-]*$/.test(inner) ? inner : undefined;
}

function included(
  repo: Snapshot,
  modules: ModuleGraph,
  root: string,
  path: string,
  call: CallExpr,
  prefix: string,
  open: boolean,
  depth: number,
): OpenRoute[] {
  let target = positional(call)[0];
  if (target?.kind === 'tuple') target = target.items[0];
  const module = stringValue(target);
  if (module !== undefined) {
    const known = KNOWN_URLS.get(module);
    if (known !== undefined) return [{ path: prefix + known, at: { path, line: call.line }, trivial: false }];
    const file = fileOf(repo, root, module);
    return file === undefined ? [] : routesIn(repo, modules, root, file, prefix, open, depth + 1);
  }
  const meaning = target ? meaningOf({ modules, path, around: [] }, target) : undefined;
  if (meaning?.kind === 'module') return routesIn(repo, modules, root, meaning.path, prefix, open, depth + 1);
  if (meaning?.kind !== 'value') return [];
  return listsOf(meaning.expr).flatMap((i) => routeOf(repo, modules, root, meaning.path, i, prefix, open, depth + 1));
}

function judgeView(
  modules: ModuleGraph,
  path: string,
  view: Expr,
  open: boolean,
): { readonly trivial: boolean } | undefined {
  if (view.kind === 'lambda') return { trivial: true };
  if (view.kind === 'call') {
    const isClass = view.func.kind === 'attribute' && view.func.attr === 'as_view';
    const meaning =
      isClass && view.func.kind === 'attribute' ? meaningOf({ modules, path, around: [] }, view.func.value) : undefined;
    if (meaning?.kind === 'external') return /\.TemplateView$/.test(meaning.name) ? { trivial: true } : undefined;
    return meaning?.kind === 'class' ? judgeClass(modules, meaning.path, meaning.stmt, open) : undefined;
  }
  const meaning = meaningOf({ modules, path, around: [] }, view);
  return meaning?.kind === 'function'
    ? judgeFunction({ modules, path: meaning.path, around: [] }, meaning.stmt, open)
    : undefined;
}

function judgeFunction(place: Place, stmt: FunctionStmt, open: boolean): { readonly trivial: boolean } | undefined {
  const { modules, path } = place;
  const text = modules.module(path)?.text.slice(stmt.start, stmt.end) ?? '';
  const method = /@require_POST|@require_http_methods\(\[["']POST/.test(text);
  const api = /@api_view/.test(text);
  if (method || (api && !/["']GET["']|@api_view\(\)/.test(text)) || (api && !open && !/AllowAny/.test(text)))
    return undefined;
  const judged = judgeHandler(place, stmt, false);
  const permitted = stmt.decorators.every(
    (d) => !/permission_classes/.test(dotted(d.kind === 'call' ? d.func : d) ?? ''),
  );
  return judged.open || (!permitted && /AllowAny/.test(text)) ? { trivial: judged.trivial } : undefined;
}

function judgeClass(
  modules: ModuleGraph,
  path: string,
  stmt: ClassStmt,
  open: boolean,
): { readonly trivial: boolean } | undefined {
  const text = modules.module(path)?.text.slice(stmt.start, stmt.end) ?? '';
  const bases = stmt.bases.map((b) => dotted(b.value) ?? '');
  const rest = bases.some((b) => /APIView$|ViewSet$|generics\./.test(b));
  const anybody = /AllowAny/.test(text);
  if (bases.some((b) => isAuthName(b)) || (/permission_classes/.test(text) && !anybody) || (rest && !open && !anybody))
    return undefined;
  const get = stmt.body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === 'get');
  if (get) return judgeFunction({ modules, path, around: [stmt] }, get, true);
  return bases.some((b) => /TemplateView$|RedirectView$/.test(b)) && dirname(path) !== ''
    ? { trivial: true }
    : undefined;
}
