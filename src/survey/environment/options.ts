/** Options that take their value from a variable: click and typer (`envvar=`), Flask's `from_envvar`. */

import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Site, sites } from '../../python/sites.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { wordOf } from '../../syntax/python/needle.ts';
import { keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { type EnvRead, isVariableName } from './read.ts';

const NEEDLE = wordOf(['envvar', 'from_envvar']);

export function optionReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  const isOption = (e: Expr): boolean =>
    e.kind === 'call' && (keyword(e, 'envvar') !== undefined || lastName(e.func) === 'from_envvar');
  return repo
    .matching(files, /\benvvar\s*=|\bfrom_envvar\(/)
    .flatMap((path) => sites(modules, path, isOption, NEEDLE))
    .flatMap((site) => (site.expr.kind === 'call' ? readOf(site, site.expr) : []));
}

function readOf(site: Site, call: CallExpr): EnvRead[] {
  const option = keyword(call, 'envvar');
  if (!option) {
    const silent = literalText(site, keyword(call, 'silent') ?? positional(call)[1]) === 'True';
    return made(site, stringValue(positional(call)[0]), undefined, !silent);
  }
  const callee = externalName(site, call.func) ?? '';
  if (!/^(?:click|typer|asyncclick|rich_click|flask\.cli)\b/.test(callee)) return [];
  const [first] = option.kind === 'list' || option.kind === 'tuple' ? option.items : [option];
  const fallback = keyword(call, 'default') ?? (callee.startsWith('typer') ? positional(call)[0] : undefined);
  return made(site, literalText(site, first), literalText(site, fallback), false);
}

function made({ path, expr }: Site, name: string | undefined, text: string | undefined, required: boolean): EnvRead[] {
  if (name === undefined || !isVariableName(name)) return [];
  const { line, start, end } = expr;
  return [{ name, required, path, line, start, end, ...(text === undefined ? {} : { default: text }) }];
}
