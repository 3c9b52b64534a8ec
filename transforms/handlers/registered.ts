/** Functions that are handed to an application in the block that makes it: by decorators, or by a call of its method. */
import type { Evidence, Facts } from '../../src/model/facts.ts';
import { collect } from '../../src/python/bindings.ts';
import { definitionOf, externalName } from '../../src/python/definition.ts';
import { type Place, placeIn, topOf } from '../../src/python/place.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { isNotDeployed } from '../../src/survey/deployed.ts';
import { type Edit, lineEnd, lineOf, lineStart } from '../../src/syntax/edit.ts';
import type { AssignStmt, CallExpr, Expr, FunctionStmt, PythonModule, Stmt } from '../../src/syntax/python/ast.ts';
import { statements, stringValue } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';

/** How an application takes functions. */
export interface Registration {
  /** Full names of the class: 'fastapi.FastAPI'. */
  readonly classes: readonly string[];
  /** The decorator: `@app.<name>`, or `@app.<name>('event')` where there are events. */
  readonly decorator: string;
  /** The method: `app.<name>(function)`, or `app.<name>('event', function)`. */
  readonly method: string;
  readonly events: readonly string[];
}

/** One function that an application was given. */
export interface Handler {
  /** '' where there are no events. */
  readonly event: string;
  readonly name: string;
  readonly fn: FunctionStmt;
  /** Takes the decorator or the call away. */
  readonly without: Edit;
  /** Range of the decorator or call. */
  readonly start: number;
  readonly end: number;
}

export interface Application {
  readonly path: string;
  readonly module: PythonModule;
  readonly stmt: AssignStmt;
  readonly call: CallExpr;
  readonly name: string;
  /** Where its block stands. */
  readonly place: Place;
  readonly block: readonly Stmt[];
  readonly handlers: readonly Handler[];
}

/** A place that says something of the kind and is no handler of an application. */
export interface Stray {
  readonly at: Evidence;
  readonly word: string;
  readonly why: string;
}

export interface Found {
  readonly applications: readonly Application[];
  readonly strays: readonly Stray[];
}

/** All applications with handlers in the files that are deployed; `words` are all that speaks of such functions. */
export function registered(repo: Snapshot, { modules }: Facts, how: Registration, words: RegExp): Found {
  const applications: Application[] = [];
  const strays: Stray[] = [];
  const files = modules.files.filter((path) => !isNotDeployed(path));
  for (const path of repo.matching(files, words)) {
    const module = modules.module(path);
    if (!module) continue;
    const found = module.seenErrors
      ? []
      : blocksIn(topOf(modules, path), module.body).flatMap((b) => inBlock(module, b, how));
    applications.push(...found);
    const known = found.flatMap((a) => a.handlers);
    for (const match of module.text.matchAll(new RegExp(words, 'g'))) {
      const at = match.index;
      if (known.some((h) => h.start <= at && at < h.end) || isComment(module.text, at)) continue;
      const [word] = match;
      strays.push({
        word,
        at: { path, line: lineOf(module.text, at) },
        why: say`${word} is used in a way that is not followed`,
      });
    }
  }
  return { applications, strays };
}

function isComment(text: string, at: number): boolean {
  return text.slice(lineStart(text, at), at).trimStart().startsWith('#');
}

interface Block {
  readonly place: Place;
  readonly body: readonly Stmt[];
}

/** The top of a file and the bodies of its functions. */
function blocksIn(place: Place, body: readonly Stmt[]): Block[] {
  const inner = statements(body).flatMap(({ stmt, around }) =>
    stmt.kind === 'function' ? [{ place: placeIn(place, ...around, stmt), body: stmt.body }] : [],
  );
  return [{ place, body }, ...inner];
}

function inBlock(module: PythonModule, { place, body }: Block, how: Registration): Application[] {
  const bound = collect(body);
  return body.flatMap((stmt): Application[] => {
    if (stmt.kind !== 'assign' || stmt.op !== '=' || stmt.targets.length !== 1) return [];
    const [target] = stmt.targets;
    const call = stmt.value;
    if (target?.kind !== 'name' || call?.kind !== 'call' || bound.get(target.id)?.length !== 1) return [];
    if (!how.classes.includes(externalName(place, call.func) ?? '')) return [];
    const taken = { module, place, body, app: target.id, behind: stmt.end };
    const handlers = body.flatMap((s) => handlerIn(s, taken, how) ?? []);
    const { path } = place;
    return handlers.length > 0 ? [{ path, module, stmt, call, name: target.id, place, block: body, handlers }] : [];
  });
}

interface Taken extends Block {
  readonly module: PythonModule;
  readonly app: string;
  readonly behind: number;
}

function handlerIn(stmt: Stmt, { module, place, body, app, behind }: Taken, how: Registration): Handler | undefined {
  const { text } = module;
  if (stmt.start < behind) return undefined;
  if (stmt.kind === 'function') {
    const [decorator, more] = stmt.decorators;
    if (!decorator || more) return undefined;
    const event = eventOf(decorator, app, how.decorator, how.events);
    const [start, end] = [lineStart(text, decorator.start), lineEnd(text, decorator.end)];
    const alone = text.slice(start, end).trim() === `@${text.slice(decorator.start, decorator.end)}`;
    if (event === undefined || !alone || !isPlain(stmt) || collect(body).get(stmt.name)?.length !== 1) return undefined;
    const without = { start: decorator.start - 1, end: stmt.defStart, text: '' };
    return { event, name: stmt.name, fn: stmt, without, start: decorator.start, end: decorator.end };
  }
  const call = stmt.kind === 'expr' ? stmt.value : undefined;
  if (call?.kind !== 'call') return undefined;
  const last = call.args.at(-1);
  const event = eventOf(call, app, how.method, how.events, 1);
  const fn = last?.value.kind === 'name' && !last.name && !last.star ? last.value : undefined;
  const defined = fn && definitionOf(place, fn);
  const [start, end] = [lineStart(text, stmt.start), lineEnd(text, stmt.end)];
  if (event === undefined || !fn || defined?.kind !== 'function' || !isPlain(defined.stmt)) return undefined;
  if (defined.stmt.decorators.length > 0 || text.slice(start, end).trim() !== text.slice(stmt.start, stmt.end))
    return undefined;
  // Where it is the only thing that a block does, something must stay.
  if (body.length < 2) return undefined;
  return { event, name: fn.id, fn: defined.stmt, without: { start, end, text: '' }, start: stmt.start, end: stmt.end };
}

/** Called without arguments, and not a generator. */
function isPlain({ params, body }: FunctionStmt): boolean {
  const yields = statements(body).some(
    ({ stmt }) => stmt.kind === 'expr' && stmt.value.kind === 'other' && stmt.value.type === 'yield',
  );
  return !yields && params.every((p) => p.default !== undefined || p.star !== undefined);
}

/** The event of `app.<name>('event', …)` with `more` arguments behind; '' of `app.<name>` where there are no events. */
function eventOf(expr: Expr, app: string, name: string, events: readonly string[], more = 0): string | undefined {
  const isCall = expr.kind === 'call';
  const func = isCall ? expr.func : expr;
  if (func.kind !== 'attribute' || func.attr !== name) return undefined;
  if (func.value.kind !== 'name' || func.value.id !== app) return undefined;
  if (events.length === 0) return isCall === more > 0 && (!isCall || expr.args.length === more) ? '' : undefined;
  if (!isCall || expr.args.length !== more + 1) return undefined;
  const event = stringValue(expr.args[0]?.value);
  return event !== undefined && events.includes(event) ? event : undefined;
}
