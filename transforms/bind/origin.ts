/** Where the value of a host or port argument comes from. */

import type { Evidence, Facts, RunCall } from '../../src/model/facts.ts';
import { bindingsOf } from '../../src/python/bound.ts';
import { envAccess, osAccess } from '../../src/python/env-access.ts';
import { evaluate } from '../../src/python/evaluate.ts';
import { type Defined, into, returnsOf } from '../../src/python/functions.ts';
import { str } from '../../src/python/known.ts';
import { type Located, located, type Place } from '../../src/python/place.ts';
import { variableOf } from '../../src/python/text.ts';
import {
  MAX_LINKS,
  type Meaning,
  makerOf,
  meaningOf,
  meaningsOf,
  memberBinding,
  ofBound,
} from '../../src/python/values.ts';
import type { CallExpr, Expr, FunctionStmt, Parameter, PythonModule } from '../../src/syntax/python/ast.ts';
import { wordOf } from '../../src/syntax/python/needle.ts';
import { calls, isNone, lastName, positional, statements, stringValue } from '../../src/syntax/python/walk.ts';

export type Origin =
  | { readonly kind: 'literal'; readonly value: string }
  | {
      readonly kind: 'env';
      readonly variable: string;
      readonly fallback?: Located;
      /** int() is around it, or the reader converts it. */
      readonly converted: boolean;
      /** None when the variable is not set; a strict reader fails instead. */
      readonly mayBeNone: boolean;
      /** Through `os` and where the value is used: what stands there can be replaced. */
      readonly direct: boolean;
      readonly at: Evidence;
    }
  /** A command-line option or a parameter: whoever starts the program gives it. */
  | { readonly kind: 'option'; readonly at: Evidence }
  /** A field of a settings object. */
  | { readonly kind: 'settings'; readonly variable?: string; readonly default?: string; readonly at: Evidence }
  | { readonly kind: 'unknown' };

const UNKNOWN: Origin = { kind: 'unknown' };
/** Methods of command-line parsers that give what the command line says. */
const OPTION_SOURCES = /^(?:parse_args|parse_known_args|parse_intermixed_args|docopt)$/;

/** One origin, or unknown where several are possible. */
export function originOf(facts: Facts, run: RunCall, expr: Expr): Origin {
  return new Tracer(run).trace({ modules: facts.modules, path: run.path, around: run.around }, expr, 0);
}

/** The origin of a default, in the place where it stands. */
export function originOfDefault(run: RunCall, fallback: Located): Origin {
  return new Tracer(run).trace(fallback, fallback.expr, 0);
}

class Tracer {
  private readonly run: RunCall;

  constructor(run: RunCall) {
    this.run = run;
  }

  trace(place: Place, expr: Expr, links: number): Origin {
    if (links > MAX_LINKS) return UNKNOWN;
    const found = this.follow(place, expr, links);
    if (found.kind !== 'unknown') return found;
    const value = expr.kind === 'name' || expr.kind === 'attribute' ? undefined : evaluate(place, expr);
    const text = typeof value === 'string' || typeof value === 'bigint' ? str(value) : undefined;
    return text === undefined ? UNKNOWN : { kind: 'literal', value: text };
  }

  private follow(place: Place, expr: Expr, links: number): Origin {
    const access = envAccess(place, expr);
    const variable = access && variableOf(place, access);
    if (access && (access.cast === undefined || access.cast === 'int')) {
      if (variable === undefined) return UNKNOWN;
      const { fallback, strict } = access;
      const none = fallback ? isNone(fallback) : !strict;
      const given = fallback ? { fallback: located(place, fallback) } : {};
      const direct = !place.given && osAccess(place, expr) !== undefined;
      const at = { path: place.path, line: expr.line };
      return { kind: 'env', variable, ...given, converted: access.cast === 'int', mayBeNone: none, direct, at };
    }
    switch (expr.kind) {
      case 'call':
        return this.call(place, expr, links);
      case 'subscript':
        return isNamed(place, expr.value, 'sys.argv') ? option(place, expr) : UNKNOWN;
      case 'bool': {
        const left = this.trace(place, expr.left, links);
        if (expr.op !== 'or' || left.kind !== 'env' || left.fallback) return UNKNOWN;
        return { ...left, fallback: located(place, expr.right), mayBeNone: false };
      }
      case 'named':
        return this.trace(place, expr.value, links);
      case 'name': {
        const [only, ...more] = meaningsOf(place, expr);
        return more.length > 0 ? UNKNOWN : this.meant(only, links + 1);
      }
      case 'attribute':
        return this.attribute(place, expr, links);
      default:
        return UNKNOWN;
    }
  }

  private meant(meaning: Meaning | undefined, links: number): Origin {
    if (meaning?.kind === 'value') return this.trace(meaning, meaning.expr, links);
    if (meaning?.kind !== 'parameter' || staysAtDefault(meaning, meaning.parameter)) return UNKNOWN;
    const { path, stmt, parameter } = meaning;
    return { kind: 'option', at: { path, line: stmt.line, note: `parameter ${parameter.name}` } };
  }

  private call(place: Place, call: CallExpr, links: number): Origin {
    const [first] = positional(call);
    if (call.func.kind === 'name' && (call.func.id === 'int' || call.func.id === 'str') && first) {
      const inner = this.trace(place, first, links);
      return inner.kind === 'env' && call.func.id === 'int' ? { ...inner, converted: true } : inner;
    }
    const callee = meaningOf(place, call.func);
    if (callee?.kind !== 'function' || callee.stmt.async || links >= MAX_LINKS) return UNKNOWN;
    const inside = into(place, call, callee);
    const given = returnsOf(callee.stmt.body).map((r) => (r.value ? this.trace(inside, r.value, links + 1) : UNKNOWN));
    const [only, ...more] = given;
    return only?.kind === 'env' && more.length === 0 ? only : UNKNOWN;
  }

  /** `args.port` of a parsed command line, `settings.PORT` of a settings object, a constant of a module. */
  private attribute(place: Place, expr: Expr & { kind: 'attribute' }, links: number): Origin {
    if (isParsedOptions(place, expr.value)) return option(place, expr);
    const base = meaningOf(place, expr.value);
    const member = meaningOf(place, expr);
    if (base?.kind === 'module') return this.meant(member, links + 1);
    const read = member?.kind === 'value' ? this.trace(member, member.expr, links + 1) : UNKNOWN;
    if (read.kind === 'env') return read;
    // What an object keeps in itself was put there by its own code.
    const made = makerOf(place, expr.value)?.callee;
    const field = made?.kind === 'class' ? memberBinding(made, expr.attr) : undefined;
    if (field?.binding.kind !== 'assign') return UNKNOWN;
    const { owner, binding } = field;
    const at: Evidence = { path: owner.path, line: binding.stmt.line, note: `${owner.stmt.name}.${expr.attr}` };
    const variable = this.run.service?.env.find((e) => e.at.path === at.path && e.at.line === at.line)?.name;
    const value = binding.value?.kind === 'number' ? binding.value.text : stringValue(binding.value);
    return {
      kind: 'settings',
      at,
      ...(variable === undefined ? {} : { variable }),
      ...(value === undefined ? {} : { default: value }),
    };
  }
}

function option({ path }: Place, expr: Expr): Origin {
  return { kind: 'option', at: { path, line: expr.line } };
}

function isNamed(place: Place, expr: Expr, name: string): boolean {
  const found = meaningOf(place, expr);
  return found?.kind === 'external' && found.name === name;
}

/** True for a parameter that nobody gives: a plain function's, with a literal default, that this file calls without. */
function staysAtDefault({ modules, path, stmt }: Defined<FunctionStmt>, parameter: Parameter): boolean {
  const at = stmt.params.indexOf(parameter);
  const value = parameter.default;
  if (stmt.decorators.length > 0 || (value?.kind !== 'string' && value?.kind !== 'number')) return false;
  const found = calls(modules.module(path)?.body ?? [], wordOf([stmt.name])).filter(
    ({ call }) => call.func.kind === 'name' && call.func.id === stmt.name,
  );
  return (
    found.length > 0 &&
    found.every(({ call }) => call.args.length <= at && call.args.every((a) => !a.star && a.name !== parameter.name))
  );
}

/** What a command line was parsed into, or an object that is handed in. */
function isParsedOptions(place: Place, expr: Expr): boolean {
  if (expr.kind === 'attribute') return isParsedOptions(place, expr.value);
  if (expr.kind === 'call') return OPTION_SOURCES.test(lastName(expr.func));
  if (expr.kind !== 'name') return false;
  return bindingsOf(place, expr).some((bound) => {
    const binding = bound.kind === 'binding' ? bound.binding : undefined;
    if (!binding) return ofBound(bound)?.kind === 'parameter' && expr.id !== 'self' && expr.id !== 'cls';
    // `args, rest = parser.parse_known_args()`, too.
    const value = binding.kind === 'assign' ? binding.stmt.value : undefined;
    return value?.kind === 'call' && OPTION_SOURCES.test(lastName(value.func));
  });
}

/** True where the value is certainly True. */
export function isTrue(facts: Facts, run: RunCall, expr: Expr): boolean {
  return evaluate({ modules: facts.modules, path: run.path, around: run.around }, expr) === true;
}

/**
 * 1-based line of `app.debug = True` or `app.config["DEBUG"] = True`, which `run` follows when it is not told.
 * https://flask.palletsprojects.com/en/stable/debugging/
 */
export function debugLine(module: PythonModule): number | undefined {
  for (const { stmt } of statements(module.body, /\bdebug\b|DEBUG/)) {
    if (stmt.kind !== 'assign' || stmt.value?.kind !== 'constant' || stmt.value.value !== true) continue;
    const on = stmt.targets.some(
      (t) =>
        (t.kind === 'attribute' && t.attr === 'debug') ||
        (t.kind === 'subscript' && stringValue(t.index[0]) === 'DEBUG'),
    );
    if (on) return stmt.line;
  }
  return undefined;
}
