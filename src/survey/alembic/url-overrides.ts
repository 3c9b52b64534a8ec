/** Where env.py itself puts the option `sqlalchemy.url`, and whether it always does. */
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../../syntax/python/ast.ts';
import { blocksOf } from '../../syntax/python/children.ts';
import { calls, descend, positional, statements, stringValue } from '../../syntax/python/walk.ts';
import { URL_KEY } from './origin.ts';

export interface Overrides {
  /**
   * - `always`: before it is read, on every path
   * - `fallback`: where a value is at hand, or where the ini has none; else the ini's stays
   * - `sometimes`: under a condition that says nothing about the URL
   * - `never`
   */
  readonly kind: 'always' | 'fallback' | 'sometimes' | 'never';
  readonly values: readonly { readonly expr: Expr; readonly around: readonly Stmt[] }[];
}

interface Override {
  readonly expr: Expr;
  readonly around: readonly Stmt[];
}

/** What is put into the option before code inside `around` reads it. */
export function overridesOf(body: readonly Stmt[], around: readonly Stmt[]): Overrides {
  const found: Override[] = [];
  const callers = calledAtTop(body);
  for (const { call, around: where } of calls(body)) {
    const expr = putValue(call);
    if (!expr) continue;
    const fn = where.find((s): s is FunctionStmt => s.kind === 'function');
    if (fn && !around.includes(fn) && !callers.has(fn.name)) continue;
    found.push({ expr, around: where });
  }
  if (found.length === 0) return { kind: 'never', values: [] };
  return { kind: certainty(found), values: found };
}

/** The value that a call stores as the option. */
export function putValue(call: CallExpr): Expr | undefined {
  if (call.func.kind !== 'attribute') return undefined;
  const args = positional(call);
  if (call.func.attr === 'set_main_option' && stringValue(args[0]) === URL_KEY) return args[1];
  if (call.func.attr === 'set_section_option' && stringValue(args[1]) === URL_KEY) return args[2];
  return undefined;
}

function certainty(found: readonly Override[]): Overrides['kind'] {
  // In a try block it may be left before the option is put.
  if (found.some((f) => f.around.some((s) => s.kind === 'try' || s.kind === 'for' || s.kind === 'while')))
    return 'sometimes';
  const branches = found.map((f) => ({ ...f, tests: f.around.filter((s) => s.kind === 'if') }));
  if (branches.some((b) => b.tests.length === 0)) return 'always';
  const [first] = branches;
  const outer = first?.tests[0];
  if (outer?.kind === 'if' && bothBranches(outer)) return 'always';
  const related = branches.every((b) => b.tests.every((t) => t.kind === 'if' && aboutUrl(t.test, b.expr)));
  return related ? 'fallback' : 'sometimes';
}

function bothBranches(stmt: Stmt): boolean {
  if (stmt.kind !== 'if' || stmt.orelse.length === 0) return false;
  return blocksOf(stmt).every((block) =>
    block.some((s) => (s.kind === 'if' ? bothBranches(s) : [...calls([s])].some((c) => putValue(c.call)))),
  );
}

/** True for `if url:`, `if "DATABASE_URL" in os.environ:` and `if not config.get_main_option("sqlalchemy.url"):`. */
function aboutUrl(test: Expr, value: Expr): boolean {
  const telling = [...descend(value)].filter(isTelling).map(wordOf);
  const words = new Set(telling.filter((word) => !['getenv', 'environ', 'get', 'replace'].includes(word)));
  return [...descend(test)].some((e) => (e.kind === 'call' && readsOption(e)) || words.has(wordOf(e)));
}

/** The name, attribute or text that an expression is; else ''. */
function wordOf(expr: Expr): string {
  if (expr.kind === 'name') return expr.id;
  if (expr.kind === 'named') return expr.name;
  return expr.kind === 'attribute' ? expr.attr : (stringValue(expr) ?? '');
}

/** True for a word that no other value would hold, too. */
function isTelling(expr: Expr): boolean {
  if (expr.kind === 'name') return !['os', 'str', 'config', 'context', 'settings'].includes(expr.id);
  return expr.kind === 'attribute' || /^[A-Z][A-Z0-9_]+$/.test(stringValue(expr) ?? '');
}

function readsOption(call: CallExpr): boolean {
  return (
    call.func.kind === 'attribute' &&
    call.func.attr === 'get_main_option' &&
    stringValue(positional(call)[0]) === URL_KEY
  );
}

/** Names of functions that the module's top level calls. */
function calledAtTop(body: readonly Stmt[]): Set<string> {
  const out = new Set<string>();
  for (const { stmt, around } of statements(body)) {
    if (around.some((s) => s.kind === 'function') || (stmt.kind !== 'expr' && stmt.kind !== 'assign')) continue;
    for (const { call } of calls([stmt])) if (call.func.kind === 'name') out.add(call.func.id);
  }
  return out;
}
