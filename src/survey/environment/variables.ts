/** Which environment variable an expression of the repository holds. */
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { MAX_LINKS, meaningsOf } from '../../python/values.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { innermost, lastName, positional } from '../../syntax/python/walk.ts';
import type { EnvRead } from './read.ts';
import type { SettingsField } from './settings.ts';

export class Variables {
  private readonly modules: ModuleGraph;
  /** Path → range of a read → variable. */
  private readonly at = new Map<string, Map<number, string>>();
  /** Attribute of a settings object or class → variable. */
  private readonly attributes = new Map<string, string>();

  constructor(modules: ModuleGraph, calls: readonly EnvRead[], fields: readonly SettingsField[]) {
    this.modules = modules;
    for (const read of calls) {
      const inFile = this.at.get(read.path) ?? new Map<number, string>();
      this.at.set(read.path, inFile.set(rangeKey(read), read.name));
    }
    for (const { field, read } of fields) this.attributes.set(field, read.name);
    for (const path of new Set(calls.map((c) => c.path))) {
      const inFile = calls.filter((c) => c.path === path);
      for (const read of inFile.sort((a, b) => a.start - b.start || b.end - a.end)) this.classAttribute(read);
    }
  }

  /** Through names, settings attributes, functions and conversions. */
  heldBy(place: Place, expr: Expr): string | undefined {
    return this.variable(place, expr, 0);
  }

  private variable(place: Place, expr: Expr, links: number): string | undefined {
    if (links > MAX_LINKS) return undefined;
    const known = this.at.get(place.path)?.get(rangeKey(expr));
    if (known !== undefined) return known;
    const inner = (e: Expr): string | undefined => this.variable(place, e, links);
    switch (expr.kind) {
      case 'name':
      case 'attribute': {
        // A name that several branches bind: the first that comes from a variable.
        for (const meaning of meaningsOf(place, expr)) {
          const name = meaning?.kind === 'value' ? this.variable(meaning, meaning.expr, links + 1) : undefined;
          if (name !== undefined) return name;
        }
        return expr.kind === 'attribute' ? this.attributes.get(expr.attr) : undefined;
      }
      case 'bool':
        return inner(expr.left) ?? inner(expr.right);
      case 'call': {
        const same = handedOn(expr);
        return same && inner(same);
      }
      case 'await':
      case 'named':
        return inner(expr.value);
      case 'conditional':
        return inner(expr.then) ?? inner(expr.otherwise);
      default:
        return undefined;
    }
  }

  /** `Config.X` and `self.x = os.getenv("X")`, one attribute for one variable: the first counts. */
  private classAttribute(read: EnvRead): void {
    const { path, start } = read;
    const name = this.at.get(path)?.get(rangeKey(read)) ?? read.name;
    const { stmt, around = [] } = innermost(this.modules.module(path)?.body ?? [], start) ?? {};
    const target = stmt?.kind === 'assign' ? stmt.targets[0] : undefined;
    if (!target || !around.some((s) => s.kind === 'class')) return;
    const attr = target.kind === 'name' ? target.id : target.kind === 'attribute' ? target.attr : '';
    if (attr !== '' && !this.attributes.has(attr)) this.attributes.set(attr, name);
  }
}

/** One number for a range: a file is shorter than 2^26 UTF-16 units. */
function rangeKey({ start, end }: { readonly start: number; readonly end: number }): number {
  return start * 2 ** 26 + end;
}

const GIVES_SAME = /^(?:replace|strip|encode|get_secret_value|unicode_string|render_as_string)$/;
const CONVERTS = /^(?:str|int|bytes|quote|quote_plus|make_url|URL|SecretStr)$/;

/** What a call gives back in another form. */
function handedOn(call: CallExpr): Expr | undefined {
  const { func } = call;
  if (func.kind === 'attribute' && GIVES_SAME.test(func.attr)) return func.value;
  return CONVERTS.test(lastName(func)) ? positional(call)[0] : undefined;
}
