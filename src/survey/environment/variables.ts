/** Which environment variable an expression of the repository holds. */
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { MAX_LINKS, makerOf, meaningOf, meaningsOf } from '../../python/values.ts';
import type { AttributeExpr, CallExpr, ClassStmt, Expr } from '../../syntax/python/ast.ts';
import { innermost, lastName, positional } from '../../syntax/python/walk.ts';
import type { EnvRead } from './read.ts';
import type { SettingsField } from './settings.ts';

export class Variables {
  private readonly modules: ModuleGraph;
  /** Path → range of a read → variable. */
  private readonly at = new Map<string, Map<number, string>>();
  /** Attribute of a class that reads the environment itself → variable. */
  private readonly attributes = new Map<string, string>();
  /** Attribute of settings → the fields of that name. */
  private readonly fields = new Map<string, SettingsField[]>();

  constructor(modules: ModuleGraph, calls: readonly EnvRead[], fields: readonly SettingsField[]) {
    this.modules = modules;
    for (const read of calls) {
      const inFile = this.at.get(read.path) ?? new Map<number, string>();
      this.at.set(read.path, inFile.set(rangeKey(read), read.name));
    }
    for (const one of fields) this.fields.set(one.field, [...(this.fields.get(one.field) ?? []), one]);
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
        return expr.kind === 'attribute' ? this.ofAttribute(place, expr) : undefined;
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

  /** By its name alone, where only one variable has it; else by what it is taken from. */
  private ofAttribute(place: Place, expr: AttributeExpr): string | undefined {
    const all = this.fields.get(expr.attr);
    if (!all) return this.attributes.get(expr.attr);
    const only = oneVariable(all);
    if (only !== undefined) return only;
    const holder = holderName(place, expr.value);
    const held = oneVariable(all.filter((f) => f.holder !== undefined && f.holder === holder));
    if (held !== undefined) return held;
    const owner = classOf(place, expr.value);
    const owned = oneVariable(all.filter((f) => f.owner === owner));
    return owned ?? (all.some((f) => f.holder !== undefined) ? undefined : all.at(-1)?.read.name);
  }

  /** `Config.X` and `self.x = os.getenv("X")`, one attribute for one variable: the first counts. */
  private classAttribute(read: EnvRead): void {
    const { path, start } = read;
    const name = this.at.get(path)?.get(rangeKey(read)) ?? read.name;
    const { stmt, around = [] } = innermost(this.modules.module(path)?.body ?? [], start) ?? {};
    const target = stmt?.kind === 'assign' ? stmt.targets[0] : undefined;
    if (!target || !around.some((s) => s.kind === 'class')) return;
    const attr = target.kind === 'name' ? target.id : target.kind === 'attribute' ? target.attr : '';
    if (attr !== '' && !this.fields.has(attr) && !this.attributes.has(attr)) this.attributes.set(attr, name);
  }
}

function oneVariable(fields: readonly SettingsField[]): string | undefined {
  const names = new Set(fields.map((f) => f.read.name));
  return names.size === 1 ? [...names][0] : undefined;
}

/** `redis` of `settings.redis`, also where a name stands for that. */
function holderName(place: Place, expr: Expr): string | undefined {
  if (expr.kind === 'attribute') return expr.attr;
  const meaning = expr.kind === 'name' ? meaningOf(place, expr) : undefined;
  return meaning?.kind === 'value' && meaning.expr.kind === 'attribute' ? meaning.expr.attr : undefined;
}

/** The class of the repository that an expression is an object of. */
function classOf(place: Place, expr: Expr): ClassStmt | undefined {
  if (expr.kind === 'name' && expr.id === 'self') {
    const around = place.around.findLast((s) => s.kind === 'class');
    return around?.kind === 'class' ? around : undefined;
  }
  const callee = makerOf(place, expr)?.callee;
  return callee?.kind === 'class' ? callee.stmt : undefined;
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
