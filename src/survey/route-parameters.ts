/** Links applications with the parameters that receive them: `def register(app): app.include_router(…)`. */

import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { wordOf } from '../syntax/python/needle.ts';
import { calls, innermost, keyword, lastName, positional } from '../syntax/python/walk.ts';
import { addLink, ownerOf, parameterId, type RouteTable } from './route-owners.ts';

/** Functions through which an application may be handed on. */
const MAX_ROUNDS = 5;

/** Adds a link for every argument of a call in `files` that a known parameter receives. */
export function linkParameters(repo: Snapshot, files: readonly string[], table: RouteTable): void {
  const linked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const open = new Set([...table.parameters].filter((id) => !linked.has(id)));
    if (open.size === 0) return;
    for (const id of open) linked.add(id);
    const keys = new Set([...open].map((id) => id.slice(0, id.lastIndexOf(':'))));
    const names = new Set([...keys].flatMap((key) => calledNames(table.modules, key)));
    if (names.size === 0) return;
    const needle = new RegExp(`\\b(?:${[...names].join('|')})\\(`);
    for (const path of repo.matching(files, needle)) {
      for (const { call, around } of calls(table.modules.module(path)?.body ?? [], wordOf(names))) {
        const { func } = call;
        const written = lastName(func);
        if (names.has(written)) linkCall(table, { modules: table.modules, path, around }, call, open);
      }
    }
  }
}

/** Name of the function with this key ('file:offset'), or of its class for `__init__`. */
function calledNames(modules: ModuleGraph, key: string): string[] {
  const at = key.lastIndexOf(':');
  const start = Number(key.slice(at + 1));
  const { stmt, around = [] } = innermost(modules.module(key.slice(0, at))?.body ?? [], start) ?? {};
  if (stmt?.kind !== 'function' || stmt.start !== start) return [];
  const owner = around.at(-1);
  return stmt.name === '__init__' && owner?.kind === 'class' ? [owner.name] : [stmt.name];
}

function linkCall(table: RouteTable, place: Place, call: CallExpr, open: ReadonlySet<string>): void {
  const callee = meaningOf(place, call.func);
  if (callee?.kind !== 'function' && callee?.kind !== 'class') return;
  const fn = callee.kind === 'function' ? callee.stmt : initOf(callee.stmt.body);
  if (!fn) return;
  const args = positional(call);
  const params = fn.params.filter((p) => p.name !== 'self' && p.name !== 'cls');
  for (const [i, param] of params.entries()) {
    const id = parameterId(callee.path, fn, param.name);
    const arg = args[i] ?? keyword(call, param.name);
    if (arg) table.given.add(id);
    if (!arg || !open.has(id)) continue;
    const parent = ownerOf(table, place, arg);
    if (parent) addLink(table, parent, { child: id, prefix: '' });
  }
}

function initOf(body: readonly Stmt[]): FunctionStmt | undefined {
  return body.find((s): s is FunctionStmt => s.kind === 'function' && s.name === '__init__');
}
