/** Work that only a run as a program does: a server that imports the module never does it. */

import type { Service } from '../../model/facts.ts';
import { definitionOf } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Place, placeIn, topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, dotted, isMainGuard, lastName, statementsWithin } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { startCommands } from '../commands.ts';
import { NAMED_SERVER, serverCall } from '../server-calls.ts';
import type { Note } from './note.ts';

/** Names of what is done once before, or beside, serving. */
const WORK =
  /^(?:create_all|create_tables|init_db|init_database|create_db\w*|setup_db|run_polling|start_polling|infinity_polling|polling|run_until_disconnected|start_scheduler|load_model\w*|migrate|upgrade|seed\w*)$/;
/** Starts something that runs on: a thread, a process, a scheduler, a bot. */
const STARTED = /(?:Thread|Timer|Process|[sS]cheduler|[bB]ot|[cC]lient|[cC]onsumer|[wW]orker)\b/;
/** Statements that a message quotes. */
const QUOTED = 3;
const QUOTE_LENGTH = 60;

/**
 * Statements of the main guard, or of a function that it calls, that serve nothing but do work the service relies on.
 * https://docs.python.org/3/library/__main__.html#name-main
 */
export function mainGuardNote(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const { path } = service.entry;
  const module = modules.module(path);
  if (!module || !/__main__/.test(module.text) || startsAsProgram(repo, service)) return undefined;
  const work = module.body
    .filter(isMainGuard)
    .flatMap((guard) => (guard.kind === 'if' ? workIn({ modules, path, around: [guard] }, guard.body, 0) : []));
  const [first] = work;
  if (!first) return undefined;
  const quoted = [...new Set(work.map((w) => quoteOf(module.text, w)))].slice(0, QUOTED);
  const tables = work.some((w) => lastName(w.func) === 'create_all') && !service.migrations;
  const polls = work.some((w) => /polling|run_until_disconnected/.test(lastName(w.func)));
  const stops = (tables && !createsElsewhere(repo, modules, files, path, work)) || polls;
  const text =
    say`Only a run as a program does ${quoted.map((q) => `\`${q}\``).join(', ')}: a server that imports ${service.entry.module} ` +
    say`never does. ${tables ? say`Without it no table is there. ` : ''}Move it above the main guard, or start the service with ` +
    say`\`python ${fileIn(service.root, path)}\`.`;
  return { text, at: { path, line: first.line }, ...(stops ? { stops: true } : {}) };
}

/** Calls that do work, in source order; functions of the same file that the guard calls are gone into. */
function workIn(place: Place, body: readonly Stmt[], depth: number): CallExpr[] {
  const { around } = place;
  const out: CallExpr[] = [];
  for (const placed of statementsWithin(body, around)) {
    if (placed.around.slice(around.length).some((s) => s.kind === 'function' || s.kind === 'class')) continue;
    for (const call of expressionsOf(placed.stmt).flatMap((top) => [...descend(top)])) {
      if (call.kind !== 'call' || serverCall({ ...place, around: placed.around }, call)) continue;
      if (isWork(call)) out.push(call);
      else if (depth < 1 && call.func.kind === 'name')
        out.push(...insideOf(topOf(place.modules, place.path), call, depth));
    }
  }
  return out;
}

function insideOf(top: Place, call: CallExpr, depth: number): CallExpr[] {
  const found = definitionOf(top, call.func);
  return found?.kind === 'function' && found.path === top.path
    ? workIn(placeIn(top, found.stmt), found.stmt.body, depth + 1)
    : [];
}

function isWork({ func }: CallExpr): boolean {
  const name = lastName(func);
  if (WORK.test(name)) return !NAMED_SERVER.test(dotted(func) ?? '');
  if (name !== 'start' || func.kind !== 'attribute') return false;
  const owner = func.value.kind === 'call' ? dotted(func.value.func) : dotted(func.value);
  return owner !== undefined && STARTED.test(owner);
}

/** Made in code that an import runs: then the guard only does it once more. */
function createsElsewhere(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  guarded: string,
  work: readonly CallExpr[],
): boolean {
  const guards = (stmt: Stmt): boolean => work.some((w) => w.start >= stmt.start && w.end <= stmt.end);
  return repo.matching(files, /\.create_all\b/).some((path) => {
    const body = modules.module(path)?.body ?? [];
    const kept = path === guarded ? body.filter((s) => !guards(s)) : body;
    return statementsWithin(kept, []).some(({ stmt }) =>
      expressionsOf(stmt).some((top) => descend(top).some((e) => e.kind === 'attribute' && e.attr === 'create_all')),
    );
  });
}

/** The deployment runs the file itself. */
export function startsAsProgram(repo: Snapshot, { entry }: Service): boolean {
  return startCommands(repo).some(
    (c) =>
      (c.source === 'procfile' || c.source === 'render') &&
      c.targets.some((t) => t.server === 'python') &&
      new RegExp(
        `python3?\\s(?:.*[\\s/])?(?:-m\\s+)?(?:${entry.module.replaceAll('.', '[./]')})(?:\\.py)?(?:\\s|$)`,
      ).test(c.command),
  );
}

function quoteOf(text: string, { start, end }: CallExpr): string {
  const written = text.slice(start, end).replace(/\s+/g, ' ');
  return written.length <= QUOTE_LENGTH ? written : `${written.slice(0, QUOTE_LENGTH)}…`;
}

function fileIn(root: string, path: string): string {
  return root === '' ? path : path.slice(root.length + 1);
}
