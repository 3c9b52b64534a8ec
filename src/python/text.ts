/** Values as texts: of variables, of names, of paths. */

import type { Expr } from '../syntax/python/ast.ts';
import { type EnvAccess, envAccess } from './env-access.ts';
import { DEFAULTS, evaluate, type Reading } from './evaluate.ts';
import { isSequence, type Known, str } from './known.ts';
import type { Place } from './place.ts';
import { MAX_LINKS, meaningOf, meaningsOf } from './values.ts';

/** A string that is known: `evaluate` where it gives one. */
export function staticString(place: Place, expr: Expr | undefined, reading: Reading = DEFAULTS): string | undefined {
  const value = evaluate(place, expr, reading);
  return typeof value === 'string' ? value : undefined;
}

/** The text that a variable would hold (`60 * 24` is '1440', `True` is 'True', `["*"]` is JSON); undefined for None. */
export function literalText(place: Place, expr: Expr | undefined, reading?: Reading): string | undefined {
  // As somebody wrote it: 1e6.
  if (expr?.kind === 'number' && /^[\d._]+e/i.test(expr.text)) return expr.text;
  const value = evaluate(place, expr, reading);
  return value === undefined || value === null ? undefined : variableText(value);
}

function variableText(value: Known): string | undefined {
  return str(value) ?? (typeof value === 'object' ? JSON.stringify(plain(value)) : undefined);
}

/** For JSON; undefined has no place in it, so what is not certain becomes text. */
function plain(value: Known): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isSequence(value)) return value.items.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (value.type === 'path') return value.text;
  return Object.fromEntries('entries' in value ? value.entries.map(([k, v]) => [str(k) ?? '', plain(v)]) : []);
}

/**
 * What a string surely begins with, also where the rest of it is not known: `f"postgresql://{user}@…"`, `"a" + b`,
 * `"a%s" % b`, `"a{}".format(b)`, and names of such. Undefined where something else may stand there.
 */
export function leadingText(place: Place, expr: Expr, depth = 0): string | undefined {
  if (depth > MAX_LINKS) return undefined;
  switch (expr.kind) {
    case 'string': {
      const [first = '', ...more] = expr.pieces;
      const [hole] = expr.holes;
      return first === '' && more.length > 0 && hole ? leadingText(place, hole, depth + 1) : first;
    }
    case 'binary':
      return expr.op === '+' || expr.op === '%' ? leadingText(place, expr.left, depth + 1) : undefined;
    case 'call': {
      const { func } = expr;
      return func.kind === 'attribute' && func.attr === 'format'
        ? leadingText(place, func.value, depth + 1)
        : undefined;
    }
    case 'name':
    case 'attribute': {
      const [meaning, ...others] = meaningsOf(place, expr);
      return others.length === 0 && meaning?.kind === 'value'
        ? leadingText(meaning, meaning.expr, depth + 1)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** The names of the variables that an access reads; undefined where they are not known. */
export function variableOf(place: Place, access: EnvAccess): string | undefined {
  const key = typeof access.key === 'string' ? access.key : staticString(place, access.key, {});
  const prefixes = access.prefixes.map((p) => staticString(p, p.expr, {}));
  return key === undefined || prefixes.includes(undefined) ? undefined : `${prefixes.join('')}${key}`;
}

/** The variable of the environment that an expression reads, by itself or by the one value that its name has. */
export function variableRead(place: Place, expr: Expr, depth = 0): string | undefined {
  const access = envAccess(place, expr);
  if (access) return variableOf(place, access);
  if (depth > MAX_LINKS || (expr.kind !== 'name' && expr.kind !== 'attribute')) return undefined;
  const meaning = meaningOf(place, expr);
  return meaning?.kind === 'value' ? variableRead(meaning, meaning.expr, depth + 1) : undefined;
}
