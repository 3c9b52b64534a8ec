/** Where a value in env.py comes from, followed through names, local functions and the alembic.ini option. */

import { definitionOf } from '../../python/definition.ts';
import { envAccess } from '../../python/env-access.ts';
import { readsEnvironment } from '../../python/env-sources.ts';
import { into, returnsOf } from '../../python/functions.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { variableOf } from '../../python/text.ts';
import { type Meaning, meaningOf, meaningsOf } from '../../python/values.ts';
import type { CallExpr, Expr, FunctionStmt, NameExpr, PythonModule, Stmt } from '../../syntax/python/ast.ts';
import {
  calls,
  dotted,
  entryValue,
  lastName,
  positional,
  statementsWithin,
  stringValue,
} from '../../syntax/python/walk.ts';
import { environment, fromSource, INI, NOTHING, type Origin, UNKNOWN, URL_KEY, union } from './origin.ts';
import { overridesOf } from './url-overrides.ts';

/** Calls that pass their arguments on. */
const TRANSPARENT = /^(?:str|make_url|URL|create|format|quote|quote_plus|urlparse|PostgresDsn|build|get_secret_value)$/;

/** More is not followed: a chain of reassignments can be written that has as many ways as one likes. */
const MAX_STEPS = 20_000;

/** Follows values of one env.py. Every answer is a union over what may be bound: never less than what can happen. */
export class UrlTracer {
  readonly module: PythonModule;
  private readonly modules: ModuleGraph;
  private readonly path: string;
  private readonly visiting = new Set<string>();
  private steps = 0;

  constructor(modules: ModuleGraph, path: string, module: PythonModule) {
    this.modules = modules;
    this.path = path;
    this.module = module;
  }

  /** The place inside `around` in env.py. */
  at(around: readonly Stmt[]): Place {
    return { modules: this.modules, path: this.path, around };
  }

  /** Where the value of `expr` comes from. */
  trace(place: Place, expr: Expr): Origin {
    if (++this.steps > MAX_STEPS) return UNKNOWN;
    const inner = (e: Expr): Origin => this.trace(place, e);
    switch (expr.kind) {
      case 'string':
        return union(...expr.holes.map(inner));
      case 'number':
      case 'constant':
        return NOTHING;
      case 'name':
        return this.name(place, expr);
      case 'attribute':
        return this.imported(place, expr) ?? inner(expr.value);
      case 'subscript': {
        const [index] = expr.index;
        const read = this.read(place, expr);
        if (read) return read;
        const base = this.section(place, expr.value);
        return stringValue(index) === URL_KEY || !base.sources.has('ini') ? base : UNKNOWN;
      }
      case 'call':
        return this.call(place, expr);
      case 'bool':
      case 'binary':
        return union(inner(expr.left), inner(expr.right));
      case 'conditional':
        return union(inner(expr.then), inner(expr.otherwise));
      case 'await':
      case 'named':
        return inner(expr.value);
      case 'tuple':
      case 'list':
        return union(...expr.items.map(inner));
      default:
        return UNKNOWN;
    }
  }

  /** The URL that a section (the mapping that engine_from_config takes) brings. */
  section(place: Place, expr: Expr): Origin {
    const inner = (e: Expr): Origin => this.section(place, e);
    if (expr.kind === 'call') {
      const name = lastName(expr.func);
      if (name === 'get_section') return this.option(place.around);
      if (name === 'dict' && expr.args.length > 0) return union(...expr.args.map((a) => inner(a.value)));
    }
    if (expr.kind === 'dict') {
      const own = expr.entries.findLast((e) => e.key && stringValue(e.key) === URL_KEY);
      if (own) return this.trace(place, own.value);
      return union(...expr.entries.filter((e) => e.key === null).map((e) => inner(e.value)));
    }
    if (expr.kind === 'bool') return union(inner(expr.left), inner(expr.right));
    if (expr.kind === 'name') return this.sectionName(place, expr);
    return this.trace(place, expr);
  }

  /** What `get_main_option("sqlalchemy.url")` answers inside `around`: the ini, or what the program put there. */
  private option(around: readonly Stmt[]): Origin {
    return this.once('option', INI, () => {
      const found = overridesOf(this.module.body, around);
      const set = union(...found.values.map((v) => this.trace(this.at(v.around), v.expr)));
      if (found.kind === 'always') return set;
      if (found.kind === 'fallback') return union(set, INI);
      return found.kind === 'sometimes' ? union(set, INI, UNKNOWN) : INI;
    });
  }

  private sectionName(place: Place, name: NameExpr): Origin {
    return this.once(`section ${name.start}`, NOTHING, () => {
      const values = meaningsOf(place, name).flatMap((m) => (m?.kind === 'value' && m.path === this.path ? [m] : []));
      if (values.length === 0) return this.name(place, name);
      let base = union(...values.map((v) => this.section(v, v.expr)));
      const { around } = place;
      const scope = around.findLast((s): s is FunctionStmt => s.kind === 'function');
      const outer = scope ? around.slice(0, around.indexOf(scope) + 1) : [];
      for (const { stmt, around: where } of statementsWithin(scope?.body ?? this.module.body, outer)) {
        if (!scope && where.some((s) => s.kind === 'function')) continue;
        const put = putUrl(stmt, name.id);
        if (!put) continue;
        const value = this.trace(this.at(where), put);
        const branch = where.some((s) => s.kind === 'if' && !around.includes(s));
        base = branch ? union(base, value) : value;
      }
      return base;
    });
  }

  private name(place: Place, name: NameExpr): Origin {
    return this.once(`name ${name.start}`, NOTHING, () => {
      const all = meaningsOf(place, name);
      return all.length > 0 ? union(...all.map((m) => this.meant(m))) : UNKNOWN;
    });
  }

  private meant(meaning: Meaning | undefined): Origin {
    if (!meaning || meaning.kind === 'parameter') return UNKNOWN;
    if (meaning.kind === 'external') return ofExternal(meaning.name);
    if (meaning.path !== this.path) return fromSource('settings');
    return meaning.kind === 'value' ? this.trace(meaning, meaning.expr) : UNKNOWN;
  }

  /** A variable, or what stands for it when it is not set. */
  private read(place: Place, expr: Expr): Origin | undefined {
    const access = envAccess(place, expr);
    if (!access || expr.kind === 'compare') return undefined;
    const { fallback } = access;
    return union(environment(variableOf(place, access)), fallback ? this.trace(place, fallback) : NOTHING);
  }

  /** What a method of Alembic's own configuration gives. */
  private ofConfig(place: Place, name: string, args: readonly Expr[]): Origin | undefined {
    switch (name) {
      case 'get_main_option':
      case 'get_alembic_option':
      case 'get_section_option': {
        const [key, fallback] = name === 'get_section_option' ? args.slice(1) : args;
        if (stringValue(key) !== URL_KEY) return UNKNOWN;
        return union(this.option(place.around), fallback ? this.trace(place, fallback) : NOTHING);
      }
      case 'get_section':
        return this.option(place.around);
      case 'get_x_argument':
        return NOTHING;
      default:
        return undefined;
    }
  }

  private call(place: Place, expr: CallExpr): Origin {
    const name = lastName(expr.func);
    const args = positional(expr);
    const read = this.ofConfig(place, name, args) ?? this.read(place, expr);
    if (read) return read;
    const callee = meaningOf(place, expr.func);
    if (callee?.kind === 'function' && callee.path === this.path)
      return this.returns(into(place, expr, callee), callee.stmt);
    if (expr.func.kind === 'name' && callee) {
      const origin = this.meant(callee);
      if (!origin.sources.has('unknown')) return origin;
    }
    const inputs = union(...expr.args.map((a) => this.trace(place, a.value)));
    if (expr.func.kind === 'attribute') {
      const base = this.trace(place, expr.func.value);
      if (name === 'get' && base.sources.has('ini') && stringValue(args[0]) !== URL_KEY) return UNKNOWN;
      if (!base.sources.has('unknown')) return union(base, inputs);
    }
    return TRANSPARENT.test(name) ? inputs : UNKNOWN;
  }

  /** Union over what a function of env.py returns. */
  private returns(inside: Place, fn: FunctionStmt): Origin {
    return this.once(`returns ${fn.start}`, NOTHING, () => {
      const values = returnsOf(fn.body).flatMap((r) => r.value ?? []);
      return values.length > 0 ? union(...values.map((v) => this.trace(inside, v))) : UNKNOWN;
    });
  }

  /** What an attribute of something imported is. */
  private imported(place: Place, expr: Expr): Origin | undefined {
    const found = definitionOf(place, expr);
    if (!found) return undefined;
    if (found.kind === 'external') return ofExternal(found.name);
    return found.path === this.path ? undefined : fromSource('settings');
  }

  private once(key: string, onCycle: Origin, compute: () => Origin): Origin {
    if (this.visiting.has(key)) return onCycle;
    this.visiting.add(key);
    try {
      return compute();
    } finally {
      this.visiting.delete(key);
    }
  }
}

/** An installed package that is neither a library of this trade nor the standard library may be the application's. */
function ofExternal(name: string): Origin {
  if (name.startsWith('flask.current_app')) return fromSource('app');
  return readsEnvironment(name) ? environment(undefined) : UNKNOWN;
}

/** The value that a statement stores as `name["sqlalchemy.url"]`. */
function putUrl(stmt: Stmt, name: string): Expr | undefined {
  if (stmt.kind === 'assign') {
    const hit = stmt.targets.some(
      (t) => t.kind === 'subscript' && dotted(t.value) === name && stringValue(t.index[0]) === URL_KEY,
    );
    return hit ? stmt.value : undefined;
  }
  for (const { call } of calls([stmt])) {
    if (call.func.kind !== 'attribute' || call.func.attr !== 'update' || dotted(call.func.value) !== name) continue;
    const [arg] = positional(call);
    if (arg?.kind !== 'dict') continue;
    return entryValue(arg, URL_KEY);
  }
  return undefined;
}
