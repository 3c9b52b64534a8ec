/** Dynaconf: `settings.NAME` is overridden by `<prefix>_NAME`. https://www.dynaconf.com/envvars/ */

import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Place, topOf } from '../../python/place.ts';
import { sites } from '../../python/sites.ts';
import { literalText } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { type EnvRead, isVariableName } from './read.ts';

/** Files that Dynaconf reads settings from. */
const SETTINGS_FILE = /(?:^|\/)(?:\.?secrets|settings|config|default)\.(?:toml|ya?ml|json|ini)$/;

/** Settings in capitals that the code takes from a Dynaconf object and that no settings file of the repository gives. */
export function dynaconfReads(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): EnvRead[] {
  const importers = repo.matching(files, /\bDynaconf\s*\(|\bLazySettings\s*\(/);
  if (importers.length === 0) return [];
  const given = repo.paths.filter((p) => SETTINGS_FILE.test(p)).map((p) => repo.read(p)?.text.toUpperCase() ?? '');
  const out: EnvRead[] = [];
  for (const path of repo.matching(files, /\bsettings\b|\bconfig\b|\bDynaconf\b/i)) {
    const module = modules.module(path);
    if (!module) continue;
    for (const { expr, around } of sites(modules, path, (e) => e.kind !== 'name' && e.kind !== 'string')) {
      const read = settingOf(expr);
      const place = { modules, path, around };
      const name = read && variableOf(place, read);
      if (!name || given.some((text) => new RegExp(`\\b${read.name}\\b`).test(text))) continue;
      const text = literalText(place, read.fallback);
      const { line, start, end } = expr;
      const required = read.fallback === undefined;
      out.push({ name, required, path, line, start, end, ...(text === undefined ? {} : { default: text }) });
    }
  }
  return out;
}

interface Setting {
  readonly object: Expr;
  readonly name: string;
  readonly fallback?: Expr;
}

/** `settings.NAME`, `settings["NAME"]`, `settings.get("NAME", default)` */
function settingOf(expr: Expr): Setting | undefined {
  if (expr.kind === 'attribute') return { object: expr.value, name: expr.attr };
  if (expr.kind === 'subscript') return { object: expr.value, name: stringValue(expr.index[0]) ?? '' };
  if (expr.kind !== 'call' || expr.func.kind !== 'attribute' || expr.func.attr !== 'get') return undefined;
  const [name, value] = positional(expr);
  const fallback = value ?? keyword(expr, 'default') ?? expr;
  return { object: expr.func.value, name: stringValue(name) ?? '', fallback };
}

function variableOf(place: Place, { name, object }: Setting): string | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
  const prefix = prefixOf(place, object);
  const whole = prefix ? `${prefix}_${name}` : name;
  return prefix !== undefined && isVariableName(whole) ? whole : undefined;
}

/** Prefix of the variables when the object is Dynaconf's; '' when it is switched off. */
function prefixOf(place: Place, object: Expr): string | undefined {
  if (object.kind !== 'name' && object.kind !== 'attribute') return undefined;
  const found = definitionOf(place, object);
  if (found?.kind !== 'assign' || found.value?.kind !== 'call') return undefined;
  const call: CallExpr = found.value;
  const top = topOf(place.modules, found.path);
  if (!/^dynaconf\.(?:Dynaconf|LazySettings)$/.test(externalName(top, call.func) ?? '')) return undefined;
  const given = keyword(call, 'envvar_prefix');
  if (given === undefined) return 'DYNACONF';
  const text = literalText(top, given);
  return text === undefined || text === 'False' ? '' : text.toUpperCase();
}
