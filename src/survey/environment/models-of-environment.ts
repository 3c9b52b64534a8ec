/**
 * Plain pydantic models that are made of the whole environment: `AppConfig(**os.environ)`, `Config.model_validate(env)`.
 * Each field is then a variable of exactly that name. https://docs.pydantic.dev/latest/concepts/models/
 */
import { isMapping } from '../../python/env-access.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { MAX_LINKS, meaningOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { calls, descend, positional } from '../../syntax/python/walk.ts';
import { isModel, lineage, type SettingsClass, type SettingsLine } from './settings-classes.ts';

/** What a file with such a call mentions. */
const WHOLE = /\bos\.environ\b|\benviron\b|dotenv_values/;
/** What the statement of such a call mentions. */
const MADE = /\*\*|model_validate|parse_obj/;
const READS_MAPPING = /^(?:model_validate|parse_obj)$/;

/** Each such class with its bases of the repository, derived first. */
export function modelsOfEnvironment(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): SettingsLine[] {
  const out = new Map<unknown, SettingsLine>();
  for (const path of repo.matching(repo.matching(files, WHOLE), /\*\*\s*\w|model_validate|parse_obj/)) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], MADE)) {
      const place = { modules, path, around };
      const made = madeOf(call);
      if (!made || !isEnvironment(place, made.from)) continue;
      const cls = meaningOf(place, made.cls);
      if (cls?.kind !== 'class') continue;
      const line: SettingsClass[] = [];
      // Settings read the environment by rules of their own.
      if (lineage(modules, cls, line) || !isModel(modules, line)) continue;
      out.set(cls.stmt, { path: cls.path, stmt: cls.stmt, major: 2, line, exact: true });
    }
  }
  return [...out.values()];
}

function madeOf(call: CallExpr): { readonly cls: Expr; readonly from: Expr } | undefined {
  const spread = call.args.find((a) => a.star === '**');
  if (spread) return { cls: call.func, from: spread.value };
  const [first] = positional(call);
  const { func } = call;
  return first && func.kind === 'attribute' && READS_MAPPING.test(func.attr)
    ? { cls: func.value, from: first }
    : undefined;
}

/** The environment itself, or a name for it, also where entries are left out: `{k: v for k, v in os.environ.items()}`. */
function isEnvironment(place: Place, expr: Expr, depth = 0): boolean {
  if (isMapping(place, expr)) return true;
  if (depth > MAX_LINKS) return false;
  if (expr.kind === 'other' && expr.type === 'dictionary_comprehension')
    return [...descend(expr)].some((e) => e !== expr && isMapping(place, e));
  const meaning = expr.kind === 'name' ? meaningOf(place, expr) : undefined;
  return meaning?.kind === 'value' && isEnvironment(meaning, meaning.expr, depth + 1);
}
