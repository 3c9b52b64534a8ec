/** Where a value in env.py comes from, followed through names, local functions and the alembic.ini option. */

import { topLevel } from '../../python/bindings.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { CallExpr, Expr, FunctionStmt, PythonModule, Stmt } from '../../syntax/python/ast.ts';
import { calls, dotted, lastName, positional, statementsWithin, stringValue } from '../../syntax/python/walk.ts';
import { environment, fromSource, INI, NOTHING, type Origin, UNKNOWN, URL_KEY, union } from './origin.ts';
import { overridesOf } from './url-overrides.ts';

/** Readers of the environment: full dotted name → nothing more to know. */
const ENV_CALLS = new Set([
  'os.getenv',
  'os.environ.get',
  'os.environ.pop',
  'decouple.config',
  'environs.Env',
  'environ.Env',
  'dotenv.dotenv_values',
]);
const ENV_VALUES = new Set(['os.environ', 'os.environb']);
/** Calls that pass their arguments on. */
const TRANSPARENT = /^(?:str|make_url|URL|create|format|quote|quote_plus|urlparse|PostgresDsn|build|get_secret_value)$/;

/** Follows values of one env.py. Every answer is a union over what may be assigned: never less than what can happen. */
export class UrlTracer {
  readonly module: PythonModule;
  private readonly modules: ModuleGraph;
  private readonly path: string;
  private readonly visiting = new Set<string>();

  constructor(modules: ModuleGraph, path: string, module: PythonModule) {
    this.modules = modules;
    this.path = path;
    this.module = module;
  }

  /** Where the value of `expr` comes from, for an expression inside `around`. */
  trace(expr: Expr, around: readonly Stmt[]): Origin {
    switch (expr.kind) {
      case 'string':
        return union(...expr.holes.map((h) => this.trace(h, around)));
      case 'number':
      case 'constant':
        return NOTHING;
      case 'name':
        return this.name(expr.id, around);
      case 'attribute':
        return this.external(expr, around) ?? this.trace(expr.value, around);
      case 'subscript': {
        const [index] = expr.index;
        if (this.isEnvironment(expr.value, around)) return environment(stringValue(index));
        const base = this.section(expr.value, around);
        return stringValue(index) === URL_KEY || !base.sources.has('ini') ? base : UNKNOWN;
      }
      case 'call':
        return this.call(expr, around);
      case 'bool':
      case 'binary':
        return union(this.trace(expr.left, around), this.trace(expr.right, around));
      case 'conditional':
        return union(this.trace(expr.then, around), this.trace(expr.otherwise, around));
      case 'await':
      case 'named':
        return this.trace(expr.value, around);
      case 'tuple':
      case 'list':
        return union(...expr.items.map((i) => this.trace(i, around)));
      default:
        return UNKNOWN;
    }
  }

  /** The URL that a section (the mapping that engine_from_config takes) brings. */
  section(expr: Expr, around: readonly Stmt[]): Origin {
    if (expr.kind === 'call') {
      const name = lastName(expr.func);
      if (name === 'get_section') return this.option(around);
      if (name === 'dict' && expr.args.length > 0) {
        return union(...expr.args.map((a) => this.section(a.value, around)));
      }
    }
    if (expr.kind === 'dict') {
      const own = expr.entries.findLast((e) => e.key && stringValue(e.key) === URL_KEY);
      if (own) return this.trace(own.value, around);
      return union(...expr.entries.filter((e) => e.key === null).map((e) => this.section(e.value, around)));
    }
    if (expr.kind === 'bool') return union(this.section(expr.left, around), this.section(expr.right, around));
    if (expr.kind === 'name') return this.sectionName(expr.id, around);
    return this.trace(expr, around);
  }

  /** What `get_main_option("sqlalchemy.url")` answers inside `around`: the ini, or what the program put there. */
  option(around: readonly Stmt[]): Origin {
    return this.once('option', INI, () => {
      const found = overridesOf(this.module.body, around);
      const set = union(...found.values.map((v) => this.trace(v.expr, v.around)));
      if (found.kind === 'always') return set;
      if (found.kind === 'fallback') return union(set, INI);
      return found.kind === 'sometimes' ? union(set, INI, UNKNOWN) : INI;
    });
  }

  private sectionName(id: string, around: readonly Stmt[]): Origin {
    return this.once(`section ${id} ${scopeId(around)}`, NOTHING, () => {
      const values = this.assigned(id, around);
      if (!values) return this.name(id, around);
      let base = union(...values.map((v) => this.section(v.value, v.around)));
      const scope = around.findLast((s): s is FunctionStmt => s.kind === 'function');
      const outer = scope ? aroundOf(around, scope) : [];
      for (const { stmt, around: where } of statementsWithin(scope?.body ?? this.module.body, outer)) {
        if (!scope && where.some((s) => s.kind === 'function')) continue;
        const put = putUrl(stmt, id);
        if (!put) continue;
        const value = this.trace(put, where);
        const branch = where.some((s) => s.kind === 'if' && !around.includes(s));
        base = branch ? union(base, value) : value;
      }
      return base;
    });
  }

  private name(id: string, around: readonly Stmt[]): Origin {
    return this.once(`name ${id} ${scopeId(around)}`, NOTHING, () => {
      const values = this.assigned(id, around);
      if (values) return union(...values.map((v) => this.trace(v.value, v.around)));
      if (parameterOf(id, around)) return UNKNOWN;
      return this.imported({ kind: 'name', id, start: 0, end: 0, line: 0 }, around) ?? UNKNOWN;
    });
  }

  /** Every value assigned to a name, in the nearest scope that assigns it; undefined when it is bound otherwise. */
  private assigned(id: string, around: readonly Stmt[]): { value: Expr; around: readonly Stmt[] }[] | undefined {
    const functions = around.filter((s): s is FunctionStmt => s.kind === 'function');
    const scopes = [...functions.reverse().map((f) => ({ body: f.body, outer: aroundOf(around, f) })), undefined];
    for (const scope of scopes) {
      const out: { value: Expr; around: readonly Stmt[] }[] = [];
      for (const { stmt, around: where } of statementsWithin(scope?.body ?? this.module.body, scope?.outer ?? [])) {
        if (!scope && where.some((s) => s.kind === 'function')) continue;
        if (stmt.kind !== 'assign' || !stmt.value || !stmt.targets.some((t) => t.kind === 'name' && t.id === id))
          continue;
        out.push({ value: stmt.value, around: where });
      }
      if (out.length > 0) return out;
    }
    return undefined;
  }

  private call(expr: CallExpr, around: readonly Stmt[]): Origin {
    const name = lastName(expr.func);
    const args = positional(expr);
    if (name === 'get_main_option' || name === 'get_alembic_option' || name === 'get_section_option') {
      const key = args[name === 'get_section_option' ? 1 : 0];
      if (stringValue(key) !== URL_KEY) return UNKNOWN;
      const fallback = args[name === 'get_section_option' ? 2 : 1];
      return union(this.option(around), fallback ? this.trace(fallback, around) : NOTHING);
    }
    if (name === 'get_section') return this.option(around);
    if (name === 'get_x_argument') return NOTHING;
    const full = this.modules.external(this.path, expr.func, around);
    if (full !== undefined && ENV_CALLS.has(full)) {
      const rest = [...args.slice(1), ...expr.args.filter((a) => a.name).map((a) => a.value)];
      return union(environment(stringValue(args[0])), ...rest.map((a) => this.trace(a, around)));
    }
    if (expr.func.kind === 'name') {
      const local = this.localFunction(expr.func.id);
      if (local) return this.returns(local);
      const origin = this.imported(expr.func, around);
      if (origin && !origin.sources.has('unknown')) return origin;
      const made = this.assigned(expr.func.id, around) ? this.name(expr.func.id, around) : UNKNOWN;
      // `config = Config(".env")`, then `config("DATABASE_URL")`.
      if (made.sources.size === 1 && made.sources.has('env')) return environment(stringValue(args[0]));
    }
    const inputs = union(...expr.args.map((a) => this.trace(a.value, around)));
    if (expr.func.kind === 'attribute') {
      const base = this.trace(expr.func.value, around);
      if (name === 'get' && base.sources.has('ini') && stringValue(args[0]) !== URL_KEY) return UNKNOWN;
      if (!base.sources.has('unknown')) return union(base, inputs);
    }
    return name !== undefined && TRANSPARENT.test(name) ? inputs : UNKNOWN;
  }

  private localFunction(id: string): FunctionStmt | undefined {
    return topLevel(this.module.body).find((s): s is FunctionStmt => s.kind === 'function' && s.name === id);
  }

  /** Union over what a function of env.py returns. */
  private returns(fn: FunctionStmt): Origin {
    return this.once(`returns ${fn.name}`, NOTHING, () => {
      const out: Origin[] = [];
      for (const { stmt, around } of statementsWithin(fn.body, [fn])) {
        if (stmt.kind === 'return' && stmt.value) out.push(this.trace(stmt.value, around));
      }
      return out.length > 0 ? union(...out) : UNKNOWN;
    });
  }

  private external(expr: Expr, around: readonly Stmt[]): Origin | undefined {
    return this.isEnvironment(expr, around) ? environment(undefined) : this.imported(expr, around);
  }

  /** What an imported name or an attribute of one is. */
  private imported(expr: Expr, around: readonly Stmt[]): Origin | undefined {
    const found = this.modules.resolveExpr(this.path, expr, around);
    if (!found) return undefined;
    if (found.kind !== 'external') return found.path === this.path ? undefined : fromSource('settings');
    const [first = ''] = found.name.split('.');
    if (found.name.startsWith('flask.current_app')) return fromSource('app');
    if (
      ENV_VALUES.has(found.name) ||
      ENV_CALLS.has(found.name) ||
      /^starlette\.config\.(?:Config|environ)$/.test(found.name)
    )
      return environment(undefined);
    // An installed package that is neither a library of this trade nor the standard library may be the application's.
    return first === '' ? undefined : UNKNOWN;
  }

  private isEnvironment(expr: Expr, around: readonly Stmt[]): boolean {
    const full = this.modules.external(this.path, expr, around);
    return full !== undefined && ENV_VALUES.has(full);
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

function parameterOf(id: string, around: readonly Stmt[]): boolean {
  return around.some((s) => s.kind === 'function' && s.params.some((p) => p.name === id));
}

/** The innermost function, by its place. */
function scopeId(around: readonly Stmt[]): number {
  return around.findLast((s) => s.kind === 'function')?.start ?? -1;
}

function aroundOf(around: readonly Stmt[], inner: Stmt): readonly Stmt[] {
  return around.slice(0, around.indexOf(inner) + 1);
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
    return arg.entries.find((e) => e.key && stringValue(e.key) === URL_KEY)?.value;
  }
  return undefined;
}
