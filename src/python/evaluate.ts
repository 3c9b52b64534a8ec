/**
 * The value of an expression when the program runs and nobody has set a variable: one or nothing. Nothing, too, where
 * several bindings may be in force that do not agree.
 */

import type { CallExpr, Expr, FunctionStmt, Parameter, StringExpr } from '../syntax/python/ast.ts';
import { keyword, positional } from '../syntax/python/walk.ts';
import { cast } from './convert.ts';
import { envAccess } from './env-access.ts';
import { into, returnsOf } from './functions.ts';
import { compare, equal, isSequence, type Known, sized, sizedItems, str, truth } from './known.ts';
import { binary, parseNumber, unary } from './known-numbers.ts';
import { joined } from './known-paths.ts';
import { textMethod } from './known-texts.ts';
import { type Place, placeIn } from './place.ts';
import { MAX_LINKS, type Meaning, meaningsOf } from './values.ts';

/** What may be taken for granted. */
export interface Reading {
  /** A variable of the environment has the default that the source gives it; else it has no value. */
  readonly defaults?: boolean;
  /** A parameter that no call is known for has its default; told of each that is taken so. */
  readonly parameter?: (fn: FunctionStmt, path: string, parameter: Parameter) => void;
  /** A name that has this value whatever it is bound to. */
  readonly name?: (id: string) => Known | undefined;
}

/** Expressions looked at for one answer: a program can write a value that takes for ever. */
const MAX_STEPS = 5_000;
/** Names and functions followed for one answer. */
const MAX_FOLLOWED = 300;

/** What an expression is when the program runs, as far as that is certain. */
export function evaluate(place: Place, expr: Expr | undefined, reading: Reading = {}): Known | undefined {
  return expr && new Evaluation(reading).value(place, expr, 0);
}

/** With the defaults of variables. */
export const DEFAULTS: Reading = { defaults: true };

/** Whether a condition holds when nobody sets anything; undefined where the sources do not decide it. */
export function truthOf(place: Place, test: Expr): boolean | undefined {
  const value = evaluate(place, test, DEFAULTS);
  return value === undefined ? undefined : truth(value);
}

/** Calls that hand their only argument on. */
const SAME = new Set(['SecretStr', 'AnyUrl', 'AnyHttpUrl', 'HttpUrl', 'PostgresDsn', 'RedisDsn', 'make_url', 'URL']);
const PATHS = new Set([
  'pathlib.Path',
  'pathlib.PurePath',
  'pathlib.PosixPath',
  'pathlib.PurePosixPath',
  'os.path.join',
]);
const FIELD = /^(?:pydantic\.(?:\w+\.)*Field|dataclasses\.field|attrs?\.(?:field|ib))$/;

/** What the libraries take for a truth value. */
const SAID: Readonly<Record<string, boolean>> = Object.assign(Object.create(null), {
  ...Object.fromEntries(['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true])),
  ...Object.fromEntries(['false', 'f', 'no', 'n', 'off', '0', ''].map((word) => [word, false])),
});

class Evaluation {
  private readonly reading: Reading;
  private steps = 0;
  private followed = 0;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /** `links`: names, members and functions followed so far. */
  value(place: Place, expr: Expr, links: number): Known | undefined {
    if (links > MAX_LINKS || ++this.steps > MAX_STEPS) return undefined;
    const inner = (e: Expr): Known | undefined => this.value(place, e, links);
    switch (expr.kind) {
      case 'string':
        return this.text(place, expr, links);
      case 'number':
        return parseNumber(expr.text);
      case 'constant':
        return expr.value === '...' ? undefined : expr.value;
      case 'list':
      case 'tuple':
      case 'set': {
        const items = expr.items.map(inner);
        return items.every((i) => i !== undefined) ? sizedItems(expr.kind, items as Known[]) : undefined;
      }
      case 'dict':
        return this.dict(expr.entries, inner);
      case 'binary': {
        const left = inner(expr.left);
        const right = left === undefined ? undefined : inner(expr.right);
        return left === undefined || right === undefined ? undefined : binary(expr.op, left, right);
      }
      case 'bool':
        return this.either(expr.op, inner(expr.left), () => inner(expr.right));
      case 'unary':
        return unary(expr.op, inner(expr.operand));
      case 'compare':
        return this.comparison(expr.ops, expr.operands, inner, place);
      case 'conditional': {
        const test = inner(expr.test);
        return test === undefined ? undefined : inner(truth(test) ? expr.then : expr.otherwise);
      }
      case 'named':
        return inner(expr.value);
      case 'subscript':
        return this.read(place, expr, links) ?? subscript(inner(expr.value), expr.index, inner);
      case 'call':
        return this.read(place, expr, links) ?? this.call(place, expr, links);
      case 'name':
      case 'attribute':
        return this.named(place, expr, links);
      default:
        return undefined;
    }
  }

  private either(op: 'and' | 'or', left: Known | undefined, right: () => Known | undefined): Known | undefined {
    if (left !== undefined) return truth(left) === (op === 'or') ? left : right();
    // `a or "x"` with an unknown `a`: a condition may still be decided by its right side.
    const other = right();
    return typeof other === 'boolean' && other === (op === 'or') ? other : undefined;
  }

  private text(place: Place, expr: StringExpr, links: number): string | undefined {
    const formatted = /[ft]/.test(expr.prefix);
    if (expr.holes.length === 0)
      return formatted && /[{}]/.test(expr.value ?? '') ? undefined : (expr.value ?? undefined);
    const source = place.modules.module(place.path)?.text ?? '';
    let out = expr.pieces[0] ?? '';
    for (const [i, hole] of expr.holes.entries()) {
      // `{x!r}` and `{x:>8}` are not the text of x.
      if (!/^[\s)]*\}/.test(source.slice(hole.end, hole.end + 40))) return undefined;
      const value = this.value(place, hole, links);
      const piece = expr.pieces[i + 1] ?? '';
      const text = value === undefined ? undefined : str(value);
      if (text === undefined) return undefined;
      out += text + piece;
    }
    return expr.pieces.some((p) => /[{}\\]/.test(p)) ? undefined : sized(out);
  }

  private dict(
    entries: readonly { readonly key: Expr | null; readonly value: Expr }[],
    inner: (e: Expr) => Known | undefined,
  ): Known | undefined {
    const out: [Known, Known][] = [];
    for (const { key, value } of entries) {
      const [name, held] = [key ? inner(key) : undefined, inner(value)];
      if (typeof name !== 'string' || held === undefined) return undefined;
      const at = out.findIndex(([k]) => k === name);
      if (at < 0) out.push([name, held]);
      else out[at] = [name, held];
    }
    return { type: 'dict', entries: out };
  }

  private comparison(
    ops: readonly string[],
    operands: readonly Expr[],
    inner: (e: Expr) => Known | undefined,
    place: Place,
  ): boolean | undefined {
    // `"X" in os.environ`: nobody has set it.
    if (ops.length === 1 && this.reading.defaults && ops[0] !== '==') {
      const [left, holder] = operands;
      const asked =
        left &&
        holder &&
        ({ kind: 'compare', ops, operands, start: left.start, end: holder.end, line: left.line } as const);
      if (asked && envAccess(place, asked)) return ops[0] === 'not in';
    }
    const values = operands.map(inner);
    for (const [i, op] of ops.entries()) {
      const [left, right] = [values[i], values[i + 1]];
      const holds = left === undefined || right === undefined ? undefined : compare(op, left, right);
      if (holds !== true) return holds;
    }
    return true;
  }

  /** A variable has the default that the source gives it. */
  private read(place: Place, expr: Expr, links: number): Known | undefined {
    if (!this.reading.defaults) return undefined;
    const access = envAccess(place, expr);
    if (!access) return undefined;
    if (!access.fallback) return access.strict || access.cast !== undefined ? undefined : null;
    const value = this.value(place, access.fallback, links);
    if (access.cast === 'bool' && typeof value === 'string') return SAID[value.toLowerCase()];
    return value === undefined ? undefined : cast(value, access.cast);
  }

  private call(place: Place, call: CallExpr, links: number): Known | undefined {
    const { func } = call;
    const args = positional(call);
    const [first] = args;
    const inner = (e: Expr): Known | undefined => this.value(place, e, links);
    if (func.kind === 'attribute' && call.args.every((a) => !a.star && a.name === undefined)) {
      const text = inner(func.value);
      if (typeof text === 'string') {
        const given = args.map(inner);
        return given.includes(undefined) ? undefined : textMethod(text, func.attr, given as Known[]);
      }
    }
    const callee = meaningsOf(place, func, links + 1);
    const [only] = callee;
    if (callee.length > 1) return undefined;
    if (callee.length === 0 && func.kind === 'name') return this.builtin(func.id, first && inner(first), call);
    if (only?.kind === 'external') return this.external(place, only.name, call, links);
    if (only?.kind === 'function') return this.returned(into(place, call, only), only.stmt, links);
    return undefined;
  }

  private builtin(name: string, value: Known | undefined, call: CallExpr): Known | undefined {
    if (value === undefined || call.args.length !== 1) return undefined;
    return SAME.has(name) ? value : cast(value, name);
  }

  private external(place: Place, name: string, call: CallExpr, links: number): Known | undefined {
    const args = positional(call);
    const inner = (e: Expr | undefined): Known | undefined => e && this.value(place, e, links);
    if (FIELD.test(name)) return inner(keyword(call, 'default') ?? (name.startsWith('pydantic') ? args[0] : undefined));
    const parts = PATHS.has(name) ? args.map(inner) : [];
    if (parts.length > 0) return parts.length === call.args.length ? joined(name, parts) : undefined;
    const last = name.slice(name.lastIndexOf('.') + 1);
    return SAME.has(last) && call.args.length === 1 ? inner(args[0]) : undefined;
  }

  /** What a function of the repository gives, where it has one `return`, or all give the same. */
  private returned(inside: Place, fn: FunctionStmt, links: number): Known | undefined {
    if (fn.async) return undefined;
    return this.agreed(
      returnsOf(fn.body).map(({ value }) => (value ? () => this.value(inside, value, links + 1) : () => null)),
    );
  }

  private named(place: Place, expr: Expr, links: number): Known | undefined {
    const set = expr.kind === 'name' ? this.reading.name?.(expr.id) : undefined;
    if (set !== undefined) return set;
    const found = meaningsOf(place, expr, links + 1);
    const value = this.agreed(found.map((m) => () => this.meant(m, links + 1)));
    if (value !== undefined || expr.kind !== 'attribute') return value;
    // The value of an Enum's member.
    return expr.attr === 'value' ? this.value(place, expr.value, links + 1) : undefined;
  }

  private meant(meaning: Meaning | undefined, links: number): Known | undefined {
    switch (meaning?.kind) {
      case 'value':
        return this.value(meaning, meaning.expr, links);
      case 'parameter': {
        const { parameter, stmt, path } = meaning;
        if (!this.reading.parameter || !parameter.default) return undefined;
        this.reading.parameter(stmt, path, parameter);
        return this.value({ ...placeIn(meaning), around: meaning.around.slice(0, -1) }, parameter.default, links);
      }
      default:
        return undefined;
    }
  }

  /** The one value that all give. */
  private agreed(all: readonly (() => Known | undefined)[]): Known | undefined {
    const [first, ...rest] = all;
    if (++this.followed > MAX_FOLLOWED) return undefined;
    const value = first?.();
    if (value === undefined) return undefined;
    return rest.every((other) => {
      const next = other();
      return next !== undefined && typeof next === typeof value && equal(value, next) === true;
    })
      ? value
      : undefined;
  }
}

/** `holder[index]` */
function subscript(
  holder: Known | undefined,
  index: readonly Expr[],
  inner: (e: Expr) => Known | undefined,
): Known | undefined {
  const [only] = index;
  const at = only && index.length === 1 ? inner(only) : undefined;
  if (at === undefined || holder === undefined || holder === null || typeof holder !== 'object') return undefined;
  if (holder.type === 'dict') return holder.entries.find(([key]) => equal(key, at) === true)?.[1];
  if (!isSequence(holder) || holder.type === 'set' || typeof at !== 'bigint') return undefined;
  return holder.items.at(Number(at));
}
