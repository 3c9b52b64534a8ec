/** Which functions of a file may return an application: told by the names that they mention, before they are parsed. */

import type { ModuleGraph } from '../python/modules.ts';
import type { FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { wordOf } from '../syntax/python/needle.ts';
import { MAKES_APPLICATION } from './applications.ts';

/** A function that serves an application itself may only await it. */
const RETURNS = /\b(?:return|await)\b/;

/** A decorator that makes a handler of a function: of a route, an error, a hook. It gives answers, and no application. */
const HANDLES =
  /@[ \t]*\w[\w.]*\.(?:route|api_route|get|post|put|patch|delete|options|head|websocket|errorhandler|exception_handler|before_request|after_request|context_processor|user_loader|template_filter)\b[ \t]*(?:\(|\r?\n)/;

/** Links of a chain of names that are followed; behind a longer one every function is looked at. */
const MAX_ROUNDS = 4;

/** Adds to `names` those of `open` that mention one of them, and so on; false where the chain is too long. */
function followed(
  names: Set<string>,
  open: readonly (readonly [string, Stmt])[],
  text: (stmt: Stmt) => string,
): boolean {
  let left = open;
  for (let round = 0; names.size > 0; round++) {
    if (round === MAX_ROUNDS) return false;
    const known = wordOf(names);
    const found = new Set(left.filter(([, stmt]) => known.test(text(stmt))));
    if (found.size === 0) break;
    left = left.filter((o) => !found.has(o));
    for (const [name] of found) names.add(name);
  }
  return true;
}

/**
 * False for a function that neither returns nor awaits anything, for a handler, and for one that mentions neither a framework, nor a name of its file that stands for what mentions one, nor
 * a name that is imported from the repository, and imports nothing itself.
 */
export function mayMake(modules: ModuleGraph, path: string): (fn: FunctionStmt) => boolean {
  const module = modules.module(path);
  if (!module || modules.stars(path).length > 0) return () => true;
  const text = (stmt: Stmt): string => module.text.slice(stmt.start, stmt.end);
  const names = new Set<string>();
  const open: (readonly [string, Stmt])[] = [];
  const judged = new Map<Stmt, boolean>();
  for (const [name, bindings] of modules.bindings(path)) {
    for (const { kind, stmt } of bindings) {
      // An import may bind thousands of names.
      const ours = judged.get(stmt) ?? (isOurs(modules, path, stmt) || MAKES_APPLICATION.test(text(stmt)));
      judged.set(stmt, ours);
      if (ours) names.add(name);
      else if (kind !== 'from' && kind !== 'import') open.push([name, stmt]);
    }
  }
  if (!followed(names, open, text)) return () => true;
  const wanted = new RegExp(
    `${MAKES_APPLICATION.source}|\\bimport\\b|${names.size > 0 ? wordOf(names).source : '(?!)'}`,
    'u',
  );
  return (fn) => {
    if (!fn.mentions) return true;
    if (fn.mentions(HANDLES, 'head')) return false;
    return (
      (fn.mentions(RETURNS, 'body') && fn.mentions(wanted, 'body')) ||
      (fn.mentions(/->/, 'head') && fn.mentions(wanted, 'head'))
    );
  };
}

/** True for an import of the repository's own modules. */
function isOurs(modules: ModuleGraph, path: string, stmt: Stmt): boolean {
  if (stmt.kind === 'from') return modules.resolve(path, stmt.module, stmt.level) !== undefined;
  return stmt.kind === 'import' && stmt.names.some((n) => modules.resolve(path, n.module, 0) !== undefined);
}
