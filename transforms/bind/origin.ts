/** Where the value of a host or port argument comes from. */
import type { EnvVar, Evidence, Facts, RunCall } from '../../src/model/facts.ts';
import { topLevel } from '../../src/python/bindings.ts';
import type { CallExpr, Expr, FunctionStmt, Stmt } from '../../src/syntax/python/ast.ts';
import { wordOf } from '../../src/syntax/python/needle.ts';
import { calls, positional, statements, stringValue } from '../../src/syntax/python/walk.ts';

export type Origin =
  | { readonly kind: 'literal'; readonly value: string }
  /** `fallback` is the expression of the default, when there is one; `converted` tells that int() is around it. */
  | {
      readonly kind: 'env';
      readonly variable: string;
      readonly fallback?: Expr;
      readonly read: CallExpr | Expr;
      readonly converted: boolean;
    }
  /** A command-line option or a parameter: whoever starts the program gives it. */
  | { readonly kind: 'option'; readonly at: Evidence }
  /** A field of a settings object. */
  | { readonly kind: 'settings'; readonly variable?: string; readonly default?: string; readonly at: Evidence }
  | { readonly kind: 'unknown' };

const GETTERS = new Set(['os.getenv', 'os.environ.get', 'environ.get']);
/** Names of command-line parsers' results and of what they read. */
const OPTION_SOURCES = /(?:^|\.)(?:parse_args|parse_known_args|parse_intermixed_args|docopt|argv)$/;
const MAX_STEPS = 8;

export function originOf(facts: Facts, run: RunCall, expr: Expr): Origin {
  return new Tracer(facts, run).trace(run.path, expr, run.around, MAX_STEPS, false);
}

class Tracer {
  private readonly facts: Facts;
  private readonly run: RunCall;

  constructor(facts: Facts, run: RunCall) {
    this.facts = facts;
    this.run = run;
  }

  trace(path: string, expr: Expr, around: readonly Stmt[], steps: number, converted: boolean): Origin {
    if (steps === 0) return { kind: 'unknown' };
    const next = (e: Expr, c = converted): Origin => this.trace(path, e, around, steps - 1, c);
    switch (expr.kind) {
      case 'number':
        return { kind: 'literal', value: expr.text };
      case 'string':
        return expr.value === null ? { kind: 'unknown' } : { kind: 'literal', value: expr.value };
      case 'call':
        return this.call(path, expr, around, next, converted);
      case 'subscript': {
        const name = stringValue(expr.index[0]);
        const external = this.facts.modules.external(path, expr.value, around);
        if (name && external === 'os.environ') return { kind: 'env', variable: name, read: expr, converted };
        if (external === 'sys.argv') return { kind: 'option', at: { path, line: expr.line } };
        return { kind: 'unknown' };
      }
      case 'bool': {
        const left = next(expr.left);
        if (expr.op !== 'or' || left.kind !== 'env' || left.fallback) return { kind: 'unknown' };
        return { ...left, fallback: expr.right, read: expr };
      }
      case 'name':
        return this.name(path, expr, around, steps, converted);
      case 'attribute':
        return this.attribute(path, expr, around, steps, converted);
      default:
        return { kind: 'unknown' };
    }
  }

  private call(
    path: string,
    call: CallExpr,
    around: readonly Stmt[],
    next: (e: Expr, converted?: boolean) => Origin,
    converted: boolean,
  ): Origin {
    const [first, second] = positional(call);
    if (call.func.kind === 'name' && (call.func.id === 'int' || call.func.id === 'str') && first) {
      return next(first, converted || call.func.id === 'int');
    }
    const external = this.facts.modules.external(path, call.func, around) ?? '';
    if (!GETTERS.has(external)) return { kind: 'unknown' };
    const variable = stringValue(first);
    const fallback = second ?? call.args.find((a) => a.name === 'default')?.value;
    if (!variable) return { kind: 'unknown' };
    return { kind: 'env', variable, read: call, converted, ...(fallback ? { fallback } : {}) };
  }

  private name(
    path: string,
    expr: Expr & { kind: 'name' },
    around: readonly Stmt[],
    steps: number,
    converted: boolean,
  ): Origin {
    for (const scope of [...around].reverse()) {
      if (scope.kind !== 'function') continue;
      if (scope.params.some((p) => p.name === expr.id)) {
        if (this.staysAtDefault(path, scope, expr.id)) return { kind: 'unknown' };
        return { kind: 'option', at: { path, line: scope.line, note: `parameter ${expr.id}` } };
      }
      if (declaredGlobal(scope.body, expr.id)) break;
      const values = assigned(scope.body, expr.id);
      if (values.length > 1) return { kind: 'unknown' };
      if (values[0]) return this.trace(path, values[0], around, steps - 1, converted);
    }
    const found = this.facts.modules.define(path, expr.id);
    if (found?.kind !== 'assign' || !found.value) return { kind: 'unknown' };
    const module = this.facts.modules.module(found.path);
    if (module && (assigned(module.body, found.name).length > 1 || declaredGlobal(module.body, found.name)))
      return { kind: 'unknown' };
    return this.trace(found.path, found.value, [], steps - 1, converted);
  }

  /** True for a parameter that nobody gives: a plain function's, with a literal default, that this file calls without. */
  private staysAtDefault(path: string, fn: FunctionStmt, name: string): boolean {
    const at = fn.params.findIndex((p) => p.name === name);
    const value = fn.params[at]?.default;
    if (fn.decorators.length > 0 || (value?.kind !== 'string' && value?.kind !== 'number')) return false;
    const found = calls(this.facts.modules.module(path)?.body ?? [], wordOf([fn.name])).filter(
      ({ call }) => call.func.kind === 'name' && call.func.id === fn.name,
    );
    return (
      found.length > 0 &&
      found.every(({ call }) => call.args.length <= at && call.args.every((a) => !a.star && a.name !== name))
    );
  }

  /** `args.port` of a parsed command line, `settings.PORT` of a settings object. */
  private attribute(
    path: string,
    expr: Expr & { kind: 'attribute' },
    around: readonly Stmt[],
    steps: number,
    converted: boolean,
  ): Origin {
    const definition = this.facts.modules.resolveExpr(path, expr, around);
    if (definition?.kind === 'assign' && definition.value)
      return this.trace(definition.path, definition.value, [], steps - 1, converted);
    if (this.isParsedOptions(path, expr.value, around)) return { kind: 'option', at: { path, line: expr.line } };
    const owner = this.facts.modules.resolveExpr(path, expr.value, around);
    if (owner?.kind !== 'assign' || owner.value?.kind !== 'call') return { kind: 'unknown' };
    const made = this.facts.modules.resolveExpr(owner.path, owner.value.func);
    const settings = made?.kind === 'function' ? returnedClass(this.facts, made.path, made.stmt.body) : made;
    if (settings?.kind !== 'class') return { kind: 'unknown' };
    for (const stmt of settings.stmt.body) {
      if (stmt.kind !== 'assign' || stmt.targets[0]?.kind !== 'name' || stmt.targets[0].id !== expr.attr) continue;
      const at: Evidence = { path: settings.path, line: stmt.line, note: `${settings.name}.${expr.attr}` };
      const variable = this.variableAt(at) ?? undefined;
      const value = stmt.value?.kind === 'number' ? stmt.value.text : stringValue(stmt.value);
      return {
        kind: 'settings',
        at,
        ...(variable ? { variable: variable.name } : {}),
        ...(value === undefined ? {} : { default: value }),
      };
    }
    return { kind: 'unknown' };
  }

  private variableAt(at: Evidence): EnvVar | undefined {
    return this.run.service?.env.find((e) => e.at.path === at.path && e.at.line === at.line);
  }

  private isParsedOptions(path: string, expr: Expr, around: readonly Stmt[]): boolean {
    if (expr.kind === 'attribute') return this.isParsedOptions(path, expr.value, around);
    if (expr.kind === 'call') return expr.func.kind === 'attribute' && OPTION_SOURCES.test(expr.func.attr);
    if (expr.kind !== 'name') return false;
    for (const scope of [...around].reverse()) {
      // What an object keeps in itself was put there by its own code.
      if (scope.kind === 'function' && scope.params.some((p) => p.name === expr.id))
        return !['self', 'cls'].includes(expr.id);
      const inScope = 'body' in scope ? assigned(scope.body, expr.id) : [];
      if (inScope.length > 0) return inScope.some((v) => this.isParsedOptions(path, v, []));
    }
    const module = this.facts.modules.module(path);
    return (
      module !== undefined &&
      assigned(module.body, expr.id).some((v) => v.kind === 'call' && this.isParsedOptions(path, v, []))
    );
  }
}

/** Values assigned to a plain name anywhere in a body, nested blocks included, nested functions not. */
function assigned(body: readonly Stmt[], name: string): Expr[] {
  const out: Expr[] = [];
  for (const stmt of topLevel(body)) {
    if (stmt.kind !== 'assign') continue;
    for (const target of stmt.targets) {
      if (target.kind === 'name' && target.id === name && stmt.value) out.push(stmt.value);
      if (target.kind === 'tuple' && target.items.some((i) => i.kind === 'name' && i.id === name) && stmt.value)
        out.push(stmt.value);
    }
  }
  return out;
}

/** True when a function of the body, or the body itself, rebinds the module's name by `global`. */
function declaredGlobal(body: readonly Stmt[], name: string): boolean {
  for (const { stmt } of statements(body, /\bglobal\b/)) {
    if (stmt.kind !== 'other' || stmt.type !== 'global_statement') continue;
    if (stmt.children.some((c) => c.kind === 'name' && c.id === name)) return true;
  }
  return false;
}

/** The class that a `get_settings()` function returns an instance of. */
function returnedClass(facts: Facts, path: string, body: readonly Stmt[]) {
  for (const { stmt } of statements(body)) {
    if (stmt.kind === 'return' && stmt.value?.kind === 'call') return facts.modules.resolveExpr(path, stmt.value.func);
  }
  return undefined;
}
