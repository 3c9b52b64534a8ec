/** Reads through `os`: getenv, environ[...], environ.get, `in environ`, and functions that hand a name on to them. */

import type { ModuleGraph } from '../../python/modules.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../../syntax/python/ast.ts';
import { positional, stringValue } from '../../syntax/python/walk.ts';
import { ENVIRON_NEEDLE, environNames, isEnviron, isGetter, mayBeEnviron } from './environ.ts';
import { defaultArgument, literalText } from './literal.ts';
import { checkedLater, failsOnNone, fallback, guarded } from './need.ts';
import { type EnvRead, isVariableName } from './read.ts';
import { type Place, places } from './visit.ts';

/** How a place gives the name: literally, or as a parameter of the function around it. */
export type Key =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | {
      readonly kind: 'parameter';
      readonly of: FunctionStmt;
      readonly name: string;
      readonly prefix: string;
      readonly suffix: string;
      readonly upper: boolean;
    };

/** A place that reads a variable whose name is not yet known. */
export interface Lookup {
  readonly path: string;
  readonly place: Place;
  readonly key: Key;
  readonly fallback?: Expr;
  /** `environ[...]`: fails by itself. */
  readonly strict: boolean;
}

/** Every place of a file that reads the environment through `os`. */
export function lookups(modules: ModuleGraph, path: string): Lookup[] {
  const module = modules.module(path);
  if (!module || !ENVIRON_NEEDLE.test(module.text)) return [];
  const out: Lookup[] = [];
  for (const place of places(module.body, mayRead, environNames(modules, path))) {
    const found = lookup(modules, path, place);
    if (found) out.push(found);
  }
  return out;
}

const mayRead = (expr: Expr): boolean => expr.kind === 'call' || expr.kind === 'subscript' || expr.kind === 'compare';

function lookup(modules: ModuleGraph, path: string, place: Place): Lookup | undefined {
  const { expr, around } = place;
  const make = (name: Expr | undefined, strict: boolean, value?: Expr): Lookup | undefined => {
    const key = name ? keyOf(modules, path, name, around) : undefined;
    return key ? { path, place, key, strict, ...(value ? { fallback: value } : {}) } : undefined;
  };
  if (expr.kind === 'call' && isGetter(modules, path, expr.func, around)) {
    const name = positional(expr)[0] ?? expr.args.find((a) => a.name === 'key')?.value;
    return make(name, expr.func.kind === 'attribute' && expr.func.attr === 'pop', defaultArgument(expr));
  }
  if (expr.kind === 'subscript' && mayBeEnviron(modules, path, expr.value) && !isWritten(place)) {
    return isEnviron(modules, path, expr.value, around) ? make(expr.index[0], true) : undefined;
  }
  if (expr.kind === 'compare' && /^(?:not\s+)?in$/.test(expr.ops[0] ?? '') && expr.operands.length === 2) {
    const [name, holder] = expr.operands;
    if (
      name?.kind === 'string' &&
      holder &&
      mayBeEnviron(modules, path, holder) &&
      isEnviron(modules, path, holder, around)
    )
      return make(name, false);
  }
  return undefined;
}

/** `environ["X"] = …` and `del environ["X"]` read nothing. */
function isWritten({ expr, stmt, above }: Place): boolean {
  if (above.length > 0) return false;
  if (stmt.kind === 'assign') return stmt.targets.includes(expr);
  return stmt.kind === 'other' && stmt.type === 'delete_statement';
}

/** What an expression says about the name of a variable. */
export function keyOf(modules: ModuleGraph, path: string, expr: Expr, around: readonly Stmt[]): Key | undefined {
  const text = literalText(modules, path, expr, around);
  if (text !== undefined && expr.kind !== 'list')
    return isVariableName(text) ? { kind: 'names', names: [text] } : undefined;
  if (expr.kind === 'name') return loopNames(modules, path, expr.id, around) ?? parameter(expr.id, around);
  if (expr.kind === 'call' && expr.func.kind === 'attribute' && expr.func.attr === 'upper') {
    const inner = keyOf(modules, path, expr.func.value, around);
    return inner?.kind === 'parameter' ? { ...inner, upper: true } : inner;
  }
  if (expr.kind === 'string' && expr.holes.length === 1 && expr.holes[0]) {
    const inner = keyOf(modules, path, expr.holes[0], around);
    const [prefix = '', suffix = ''] = expr.pieces;
    return inner ? affixed(inner, prefix, suffix) : undefined;
  }
  if (expr.kind === 'binary' && expr.op === '+') {
    const left = literalText(modules, path, expr.left, around);
    const right = literalText(modules, path, expr.right, around);
    const inner = keyOf(modules, path, left === undefined ? expr.left : expr.right, around);
    return inner && (left ?? right) !== undefined ? affixed(inner, left ?? '', right ?? '') : undefined;
  }
  return undefined;
}

function affixed(key: Key, prefix: string, suffix: string): Key {
  if (key.kind === 'names') return { ...key, names: key.names.map((n) => `${prefix}${n}${suffix}`) };
  return { ...key, prefix: prefix + key.prefix, suffix: key.suffix + suffix };
}

/** `for name in ("A", "B"): os.environ[name]` */
function loopNames(modules: ModuleGraph, path: string, id: string, around: readonly Stmt[]): Key | undefined {
  for (const stmt of [...around].reverse()) {
    if (stmt.kind === 'function') return undefined;
    if (stmt.kind !== 'for' || stmt.targets[0]?.kind !== 'name' || stmt.targets[0].id !== id) continue;
    const header = stmt.header[0];
    const found = header?.kind === 'name' ? modules.resolveExpr(path, header, around) : undefined;
    const list = found?.kind === 'assign' ? found.value : header;
    if (list?.kind !== 'list' && list?.kind !== 'tuple' && list?.kind !== 'set') return undefined;
    const names = list.items.map((i) => stringValue(i) ?? '');
    return names.length > 0 && names.every(isVariableName) ? { kind: 'names', names } : undefined;
  }
  return undefined;
}

function parameter(id: string, around: readonly Stmt[]): Key | undefined {
  for (const stmt of [...around].reverse()) {
    if (stmt.kind !== 'function') continue;
    if (!stmt.params.some((p) => p.name === id && !p.star)) return undefined;
    return { kind: 'parameter', of: stmt, name: id, prefix: '', suffix: '', upper: false };
  }
  return undefined;
}

/** The reads of a place whose names are known. */
export function readsAt(modules: ModuleGraph, found: Lookup, names: readonly string[]): EnvRead[] {
  const { path, place } = found;
  const { expr } = place;
  const literal = literalText(modules, path, found.fallback, place.around);
  const or = expr.kind === 'compare' ? { chained: false } : fallback(place);
  const text = literal || literalText(modules, path, or.value, place.around) || literal;
  const unread = found.fallback?.kind === 'constant' && takenAsTruth(place) ? found.fallback.value : undefined;
  const none = found.fallback === undefined || (found.fallback.kind === 'constant' && found.fallback.value === null);
  const body = modules.module(path)?.body ?? [];
  return names.filter(isVariableName).map((name) => {
    const bare = none && !or.chained && expr.kind !== 'compare';
    const required = bare && (found.strict || failsOnNone(place) || checkedLater(body, place)) && !guarded(place, name);
    return {
      name,
      required,
      path,
      line: expr.line,
      start: expr.start,
      end: expr.end,
      // The text 'False' would be true.
      ...(text === undefined || unread === false ? {} : { default: text }),
      ...(unread === true ? { anyText: true } : {}),
    };
  });
}

/** `os.getenv("DEBUG", True)` kept, tested or given to bool() as it is. */
function takenAsTruth({ above }: Place): boolean {
  const parent = above.at(-1);
  if (parent === undefined || parent.kind === 'unary' || parent.kind === 'bool') return true;
  return parent.kind === 'call' && parent.func.kind === 'name' && parent.func.id === 'bool';
}

/** The argument that a call gives for parameter `name` of `fn`; `bound` when self/cls is not written at the call. */
export function argumentFor(call: CallExpr, fn: FunctionStmt, name: string, bound: boolean): Expr | undefined {
  const given = call.args.find((a) => a.name === name)?.value;
  if (given) return given;
  const at = fn.params.filter((p) => !p.star).findIndex((p) => p.name === name);
  return at < 0 ? undefined : positional(call)[bound ? at - 1 : at];
}
