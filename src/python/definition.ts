/** What a name or a chain of attributes means: followed through imports to its definition. */
import type { Expr } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';
import { collect } from './bindings.ts';
import { type Definition, passing } from './modules.ts';
import type { Place } from './place.ts';

/** Undefined where it is not static. Local imports of the statements around count first. */
export function definitionOf(place: Place, expr: Expr): Definition | undefined {
  const { modules } = place;
  if (expr.kind === 'name') return ofName(place, expr.id);
  if (expr.kind !== 'attribute') return undefined;
  const left = definitionOf(place, expr.value);
  if (!left) return undefined;
  if (left.kind === 'external') return { kind: 'external', name: `${left.name}.${expr.attr}`, via: left.via };
  if (left.kind !== 'module') return undefined;
  const inside = left.path === '' ? undefined : modules.define(left.path, expr.attr);
  if (inside) return passing(inside, ...left.via);
  const child = left.folder === '' ? undefined : modules.child(left.folder, expr.attr, left.folder);
  if (!child) return undefined;
  return { kind: 'module', path: child.path ?? '', folder: child.folder ?? '', name: expr.attr, via: left.via };
}

function ofName({ modules, path, around }: Place, id: string): Definition | undefined {
  for (const scope of around.toReversed()) {
    for (const block of blocksOf(scope)) {
      const local = collect(block).get(id)?.at(-1);
      if (local) return modules.follow(path, id, local);
    }
    if (scope.kind === 'function' && scope.params.some((p) => p.name === id)) return undefined;
  }
  return modules.define(path, id);
}

/** Full dotted name when the expression is something external ('fastapi.FastAPI'), else undefined. */
export function externalName(place: Place, expr: Expr): string | undefined {
  const found = definitionOf(place, expr);
  return found?.kind === 'external' ? found.name : undefined;
}
