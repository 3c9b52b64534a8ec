/** Which file of the repository an expression names, as the service sees it when it runs in its folder. */
import { externalName } from '../python/definition.ts';
import { evaluate } from '../python/evaluate.ts';
import { isPath } from '../python/known.ts';
import type { Place } from '../python/place.ts';
import { MAX_LINKS, meaningsOf } from '../python/values.ts';
import { dirname, resolve } from '../repo/path.ts';
import type { CallExpr, Expr, StringExpr } from '../syntax/python/ast.ts';
import { positional } from '../syntax/python/walk.ts';

/** Functions that give back the path that they are given, as far as a repository goes. */
const SAME = /^(?:os\.path\.(?:abspath|realpath|normpath|expanduser)|os\.fspath|pathlib\.(?:Pure)?(?:Posix)?Path)$/;
const SAME_METHODS = new Set(['resolve', 'absolute', 'expanduser', 'as_posix', '__str__']);
const CURRENT = new Set(['os.getcwd', 'pathlib.Path.cwd']);

/**
 * Path from the repository's root, '' for the root itself; undefined where it is not certain, lies outside, or hangs on a
 * variable of the environment. `folder` is the one that the service runs in.
 */
export function filePath(place: Place, expr: Expr, folder: string, depth = 0): string | undefined {
  if (depth > MAX_LINKS) return undefined;
  const inner = (e: Expr): string | undefined => filePath(place, e, folder, depth + 1);
  switch (expr.kind) {
    case 'string': {
      const [hole] = expr.holes;
      return hole ? ofTemplate(expr, inner(hole)) : relativeTo(folder, textOf(place, expr));
    }
    case 'name':
      return expr.id === '__file__' ? place.path : only(place, expr, folder, depth);
    case 'attribute':
      return expr.attr === 'parent' ? above(inner(expr.value)) : only(place, expr, folder, depth);
    case 'subscript': {
      const { value } = expr;
      if (value.kind !== 'attribute' || value.attr !== 'parents' || expr.index[0]?.kind !== 'number') return undefined;
      let at = inner(value.value);
      for (let n = Number(expr.index[0].text); n >= 0; n--) at = above(at);
      return at;
    }
    case 'binary': {
      if (expr.op === '/') return below(place, inner(expr.left), expr.right);
      const rest = expr.op === '+' ? textOf(place, expr.right) : undefined;
      return rest?.startsWith('/') ? behind(inner(expr.left), rest) : undefined;
    }
    case 'call':
      return ofCall(place, expr, folder, depth);
    default:
      return undefined;
  }
}

/** `f"{folder}/rest"` */
function ofTemplate({ holes, pieces: [before, after = ''] }: StringExpr, base: string | undefined): string | undefined {
  return holes.length === 1 && before === '' && after.startsWith('/') ? behind(base, after) : undefined;
}

/** `rest` begins with a slash. */
function behind(base: string | undefined, rest: string): string | undefined {
  return base === undefined ? undefined : resolve(base, rest.slice(1));
}

function below(place: Place, base: string | undefined, rest: Expr): string | undefined {
  const text = base === undefined ? undefined : textOf(place, rest);
  return base === undefined || text === undefined || text.startsWith('/') ? undefined : resolve(base, text);
}

function ofCall(place: Place, call: CallExpr, folder: string, depth: number): string | undefined {
  const { func } = call;
  const args = positional(call);
  const [first, ...rest] = args;
  if (args.length !== call.args.length) return undefined;
  const inner = (e: Expr): string | undefined => filePath(place, e, folder, depth + 1);
  const name = func.kind === 'name' && func.id === 'str' ? 'os.fspath' : externalName(place, func);
  if (name !== undefined && CURRENT.has(name)) return folder;
  if (name === 'os.path.dirname' && first) return above(inner(first));
  if (name === 'os.path.join' || (name !== undefined && SAME.test(name))) {
    return first && rest.reduce<string | undefined>((base, e) => below(place, base, e), inner(first));
  }
  if (func.kind !== 'attribute') return undefined;
  if (SAME_METHODS.has(func.attr) && args.length === 0) return inner(func.value);
  if (func.attr === 'joinpath')
    return args.reduce<string | undefined>((base, e) => below(place, base, e), inner(func.value));
  return undefined;
}

/** What a name or attribute that is bound once stands for. */
function only(place: Place, expr: Expr, folder: string, depth: number): string | undefined {
  const found = meaningsOf(place, expr, depth);
  const [one] = found;
  if (found.length !== 1 || one?.kind !== 'value') return undefined;
  return filePath(one, one.expr, folder, depth + 1);
}

function textOf(place: Place, expr: Expr): string | undefined {
  const value = evaluate(place, expr);
  if (typeof value === 'string') return value;
  return value !== undefined && isPath(value) ? value.text : undefined;
}

function relativeTo(folder: string, text: string | undefined): string | undefined {
  if (text === undefined || text === '' || /^(?:[/~]|[A-Za-z]:|\w+:\/\/)/.test(text)) return undefined;
  return resolve(folder, text);
}

/** The folder of a path; undefined above the root. */
function above(path: string | undefined): string | undefined {
  return path === undefined || path === '' ? undefined : dirname(path);
}
