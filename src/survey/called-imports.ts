/** What the calls of a statement may import, besides what the statement itself does: functions hold imports, too. */
import { definitionOf } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { topOf } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import type { CallExpr, Expr, Stmt } from '../syntax/python/ast.ts';
import { childrenOf, expressionsOf } from '../syntax/python/children.ts';
import { descend, statements, stringValue } from '../syntax/python/walk.ts';
import { executedFrom, importedAt } from './executed.ts';

/** What imports in a way that is not followed. */
const DYNAMIC =
  /\bimport_module\b|__import__|\bimport_string\b|\bsys\.modules\b|\bexec\(|\brunpy\b|\bpkgutil\b|\bautodiscover|\bfind_modules\b|\bsetup\(\)|\bget_[aw]sgi_application\b|\blazy_?import|\bLazyLoader\b/;

type Imports = readonly string[] | 'anything';

/** Files, call by call; 'anything' where modules are imported by names that are not followed. */
export function* importsOfCalls(modules: ModuleGraph, path: string, stmt: Stmt): Generator<Imports> {
  for (const call of expressionsOf(stmt).flatMap(evaluatedCalls)) {
    yield ofFunction(modules, path, call.func);
    yield call.args.flatMap(({ value }) => named(modules, path, stringValue(value)) ?? []);
  }
  if (stmt.kind !== 'function' && stmt.kind !== 'class') return;
  for (const decorator of stmt.decorators) if (decorator.kind !== 'call') yield ofFunction(modules, path, decorator);
}

/** A library may import what it is told by name. */
function named(modules: ModuleGraph, path: string, text: string | undefined): string | undefined {
  if (text === undefined || !/^[\w.]+(?::\w+)?$/.test(text)) return undefined;
  const name = text.replace(/:.*$/, '');
  const around = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
  return (modules.resolve(path, name, 0) ?? modules.resolve(path, around, 0))?.path;
}

function ofFunction(modules: ModuleGraph, path: string, func: Expr): Imports {
  const place = topOf(modules, path);
  const called = meaningOf(place, func);
  if (called?.kind === 'external') return DYNAMIC.test(`${called.name}()`) ? 'anything' : [];
  if (!called && func.kind === 'name' && !definitionOf(place, func)) {
    return DYNAMIC.test(`${func.id}(`) ? 'anything' : [];
  }
  if (!called && isOfLibrary(modules, path, func)) return [];
  const from = called && 'path' in called ? called.path : path;
  const out: string[] = [];
  for (const file of new Set([from, ...executedFrom(modules, from)])) {
    const found = withinFunctions(modules, file);
    if (found === 'anything') return found;
    out.push(...found);
  }
  return out;
}

/** What functions of a file import. */
function withinFunctions(modules: ModuleGraph, path: string): Imports {
  const module = modules.module(path);
  if (!module) return [];
  if (DYNAMIC.test(module.text)) return 'anything';
  return statements(module.body, /\bimport\b/).flatMap(({ stmt, around }) =>
    around.some((s) => s.kind === 'function') ? importedAt(modules, path, stmt) : [],
  );
}

/** Calls that are or may be made where an expression is evaluated. */
function evaluatedCalls(expr: Expr): CallExpr[] {
  if (expr.kind === 'lambda') return [];
  const inside = childrenOf(expr).flatMap(evaluatedCalls);
  return expr.kind === 'call' ? [...inside, expr] : inside;
}

/** A method of what a library has made, or of a literal. */
function isOfLibrary(modules: ModuleGraph, path: string, func: Expr): boolean {
  const place = topOf(modules, path);
  let inner = func;
  while (inner.kind === 'attribute' || inner.kind === 'call' || inner.kind === 'subscript') {
    if (inner !== func && inner.kind !== 'call' && meaningOf(place, inner)?.kind === 'external') return true;
    inner = inner.kind === 'call' ? inner.func : inner.value;
  }
  if (inner.kind !== 'name') return [...descend(inner)].every((e) => e.kind !== 'call');
  const meant = meaningOf(place, inner);
  return meant?.kind === 'external' || (!meant && !definitionOf(place, inner));
}
