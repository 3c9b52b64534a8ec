/** Names that a server could be pointed at: module-level applications, factories, and launchers that import one. */

import { takesAsyncFactory } from '../knowledge/frameworks.ts';
import type { Evidence } from '../model/facts.ts';
import { type Binding, topLevel } from '../python/bindings.ts';
import { returnsOf } from '../python/functions.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { seenAtEnd } from '../python/place.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { calls, dotted, isMainGuard, lastName, positional } from '../syntax/python/walk.ts';
import {
  type Application,
  applicationCalledBy,
  applicationOf,
  applicationReturnedBy,
  MAKES_APPLICATION,
  wrappedApplication,
} from './applications.ts';
import { isNotDeployed } from './deployed.ts';
import { mayMake } from './may-make.ts';
import { MOUNTS, webFiles } from './web-files.ts';

export interface Candidate {
  readonly path: string;
  readonly attr: string;
  /** A `script` is run, and has no name that is served. */
  readonly kind: 'instance' | 'factory' | 'import' | 'script';
  readonly app: Application;
  readonly at: Evidence;
}

/** Names of modules that people start. */
const LAUNCHER = /(?:^|\/)(?:main|app|application|server|api|asgi|wsgi|run|start|serve|index|manage|web|__main__)\.py$/;

/** Files whose `application` is what a server takes, whatever stands around it. https://peps.python.org/pep-3333/ */
const SERVED_FILE = /(?:^|\/)[aw]sgi\.py$/;

/** Every candidate of the repository with the identities of applications that are mounted in another. */
export function findCandidates(
  repo: Snapshot,
  modules: ModuleGraph,
): { readonly candidates: readonly Candidate[]; readonly mounted: ReadonlySet<string> } {
  const files = modules.files.filter((f) => !isNotDeployed(f));
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const names = new Set<string>();
  const web = webFiles(repo, modules);
  let next = repo.matching(web, MAKES_APPLICATION);
  for (let round = 0; round < 4 && next.length > 0; round++) {
    let more = false;
    for (const file of next) {
      seen.add(file);
      const found = inFile(modules, file, round > 0);
      candidates.push(...found.candidates);
      for (const name of found.names) {
        more ||= !names.has(name);
        names.add(name);
      }
    }
    if (!more) break;
    const alternatives = [...names].filter((n) => /^\w+$/.test(n)).join('|');
    const assigned = new RegExp(`^\\w[^=\\n]*=[^=\\n]*\\b(?:${alternatives})\\b`, 'm');
    if (alternatives === '') break;
    const rest = files.filter((f) => !seen.has(f));
    const launchers = rest.filter((f) => LAUNCHER.test(f) || dirname(f) === '');
    const imported = new RegExp(`^from[ \\t]+[\\w.]+[ \\t]+import[^\\n]*\\b(?:${alternatives})\\b`, 'm');
    next = [...new Set([...repo.matching(rest, assigned), ...repo.matching(launchers, imported)])].sort();
  }
  return { candidates, mounted: mountedIn(repo, modules, web) };
}

interface Found {
  readonly candidates: Candidate[];
  /** What other files may import to point a server at. */
  readonly names: string[];
}

function inFile(modules: ModuleGraph, path: string, follows: boolean): Found {
  const out: Found = { candidates: [], names: [] };
  const unseen = behindMainGuard(modules, path);
  const mayBeFactory = mayMake(modules, path);
  for (const [attr, bindings] of modules.bindings(path)) {
    const binding = bindings.findLast(
      (b) => !unseen(b.stmt.start) && (b.kind !== 'assign' || (b.value?.kind !== 'constant' && b.stmt.value)),
    );
    if (!binding || (binding.kind === 'from' && !follows && !LAUNCHER.test(path))) continue;
    if (binding.kind !== 'function' || mayBeFactory(binding.stmt)) addBound(modules, path, attr, binding, out);
  }
  return out;
}

/** Adds what a name of the top level is bound to. */
function addBound(modules: ModuleGraph, path: string, attr: string, binding: Binding, out: Found): void {
  const at: Evidence = { path, line: binding.stmt.line };
  if (binding.kind === 'assign') {
    const app = assigned(modules, path, attr, binding.value ?? seenAtEnd(attr));
    if (!app) return;
    out.names.push(attr);
    out.candidates.push({ path, attr, kind: 'instance', app, at });
  } else if (binding.kind === 'function') asFactory(modules, path, attr, binding.stmt, out);
  else if (binding.kind === 'class') {
    const text = modules.module(path)?.text.slice(binding.stmt.start, binding.stmt.end) ?? '';
    if (MAKES_APPLICATION.test(text)) out.names.push(attr);
  } else if (binding.kind === 'from') {
    const app = applicationOf({ modules, path, around: [] }, seenAtEnd(attr));
    if (app) out.candidates.push({ path, attr, kind: 'import', app, at });
  }
}

function assigned(modules: ModuleGraph, path: string, attr: string, value: Expr): Application | undefined {
  const place = { modules, path, around: [] };
  const known = applicationOf(place, value);
  return known ?? (attr === 'application' && SERVED_FILE.test(path) ? wrappedApplication(place, value) : undefined);
}

/** Adds a function that is itself served, or what it makes, where a server can be given that function. */
function asFactory(modules: ModuleGraph, path: string, attr: string, stmt: FunctionStmt, out: Found): void {
  const called = applicationCalledBy({ modules, path, around: [] }, stmt);
  if (called) {
    out.names.push(attr);
    out.candidates.push({ path, attr, kind: 'instance', app: called, at: { path, line: stmt.line } });
    return;
  }
  const app = applicationReturnedBy({ modules, path, around: [] }, stmt);
  if (stmt.async && !(app && takesAsyncFactory(app.framework))) return;
  // `return app, socketio`: only the names that it is unpacked into can be served.
  if (app || returnsOf(stmt.body).at(-1)?.value?.kind === 'tuple') out.names.push(attr);
  const needs = stmt.params.some((p) => !p.star && !p.default);
  const generated = stmt.decorators.some((d) => !/^(?:functools\.)?(?:lru_)?cache$/.test(calledName(d)));
  if (!app || needs || generated) return;
  // A coroutine function is named, and not called: the server awaits it.
  const kind = stmt.async ? 'instance' : 'factory';
  out.candidates.push({ path, attr, kind, app, at: { path, line: stmt.line } });
}

/** Tells the offsets of statements that run only when the file is the script: a server that imports it lacks their names. */
function behindMainGuard(modules: ModuleGraph, path: string): (start: number) => boolean {
  const guarded = topLevel(modules.module(path)?.body ?? []).flatMap((s) =>
    s.kind === 'if' && isMainGuard(s) ? s.body : [],
  );
  return (start) => guarded.some((s) => s.start <= start && start < s.end);
}

/** Dotted name of a decorator, with or without a call. */
function calledName(decorator: Expr): string {
  return dotted(decorator.kind === 'call' ? decorator.func : decorator) ?? '';
}

const MOUNT_CALL = /\bmount\b|\bMount\b|DispatcherMiddleware/;

/** Identities of applications given to `x.mount("/path", app)` or `Mount("/path", app=app)`. */
function mountedIn(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Set<string> {
  const out = new Set<string>();
  for (const path of repo.matching(files, MOUNTS)) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], MOUNT_CALL)) {
      for (const inner of mountedBy(call)) {
        const app = applicationOf({ modules, path, around }, inner);
        if (app) out.add(app.identity);
      }
    }
  }
  return out;
}

/** What a call mounts, if it does. */
function mountedBy(call: CallExpr): readonly Expr[] {
  const [, second] = positional(call);
  const name = lastName(call.func);
  if (name === 'DispatcherMiddleware') return mapValues(second);
  const app =
    name === 'mount' || name === 'Mount' ? (call.args.find((a) => a.name === 'app')?.value ?? second) : undefined;
  return app ? [app] : [];
}

function mapValues(expr: Expr | undefined): readonly Expr[] {
  return expr?.kind === 'dict' ? expr.entries.map((e) => e.value) : [];
}
