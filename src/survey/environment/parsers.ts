/** `configparser` with an interpolation that looks the option up in the environment. */

import { definitionOf } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import { sites } from '../../python/sites.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { type EnvRead, isVariableName } from './read.ts';

/** Options read as `parser["section"]["NAME"]` where the interpolation class takes empty ones from the environment. */
export function parserReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  return repo.matching(files, /ConfigParser\(\s*[^)]{0,200}interpolation\s*=/).flatMap((path) => {
    const module = modules.module(path);
    if (!module) return [];
    const out: EnvRead[] = [];
    for (const place of sites(modules, path, (e) => e.kind === 'subscript' || e.kind === 'call')) {
      const { expr } = place;
      const option = optionOf(expr);
      const name = stringValue(option?.name);
      if (!option || name === undefined || !isVariableName(name)) continue;
      if (option.section.kind !== 'subscript' || !isEnvironmentParser(modules, path, option.section.value)) continue;
      const or = place.above.find((e) => e.kind === 'bool' && e.op === 'or' && e.left.end >= expr.end);
      const text = or?.kind === 'bool' ? literalText(place, or.right) : undefined;
      const { line, start, end } = expr;
      out.push({ name, required: false, path, line, start, end, ...(text === undefined ? {} : { default: text }) });
    }
    return out;
  });
}

/** `section["NAME"]`, `section.get("NAME")`, `section.getboolean("NAME")` */
function optionOf(expr: Expr): { readonly section: Expr; readonly name: Expr | undefined } | undefined {
  if (expr.kind === 'subscript') return { section: expr.value, name: expr.index[0] };
  if (expr.kind !== 'call' || expr.func.kind !== 'attribute') return undefined;
  if (!/^get(?:boolean|int|float)?$/.test(expr.func.attr)) return undefined;
  return { section: expr.func.value, name: positional(expr)[0] };
}

function isEnvironmentParser(modules: ModuleGraph, path: string, object: Expr): boolean {
  const found = definitionOf(topOf(modules, path), object);
  if (found?.kind !== 'assign' || found.value?.kind !== 'call') return false;
  const interpolation = keyword(found.value, 'interpolation');
  const cls = interpolation?.kind === 'call' ? definitionOf(topOf(modules, found.path), interpolation.func) : undefined;
  if (cls?.kind !== 'class') return false;
  const text = modules.module(cls.path)?.text.slice(cls.stmt.start, cls.stmt.end) ?? '';
  return /(?:getenv|environ\.get)\(\s*option\b/.test(text);
}
