/** How an env.py takes its database URL, offline and online. */
import type { AlembicUrlSource } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { CallExpr, Expr, PythonModule, Stmt } from '../../syntax/python/ast.ts';
import { calls, expressions, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { type Origin, UNKNOWN } from './origin.ts';
import { UrlTracer } from './url-sources.ts';

/** One place that uses a URL. */
export interface UrlSite {
  readonly mode: 'offline' | 'online';
  readonly line: number;
  readonly origin: Origin;
}

export interface EnvFile {
  readonly path: string;
  readonly module: PythonModule;
  readonly sites: readonly UrlSite[];
  /** The engine is an asynchronous one: the URL must name an asynchronous driver. */
  readonly async: boolean;
  /** Keys of `config.attributes` that it reads: a program hands something over there. */
  readonly attributes: readonly string[];
}

const ENGINES = new Set(['engine_from_config', 'async_engine_from_config', 'create_engine', 'create_async_engine']);

/**
 * Reads env.py at `path`; undefined when it does not parse. The sites are those of the official templates:
 * `context.configure(url=…)` offline, an engine's constructor online.
 * https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file
 */
export function readEnvFile(modules: ModuleGraph, path: string): EnvFile | undefined {
  const module = modules.module(path);
  if (!module || module.errors > 0) return undefined;
  const tracer = new UrlTracer(modules, path, module);
  const sites: UrlSite[] = [];
  let asynchronous = false;
  for (const { call, around } of calls(module.body)) {
    const name = lastName(call.func);
    if (name === 'configure') {
      const url = keyword(call, 'url');
      if (url) sites.push({ mode: 'offline', line: call.line, origin: tracer.trace(tracer.at(around), url) });
    }
    if (name === 'AsyncEngine' || name?.includes('async_engine')) asynchronous = true;
    const origin = name !== undefined && ENGINES.has(name) ? engineOrigin(tracer, call, name, around) : undefined;
    if (origin) sites.push({ mode: 'online', line: call.line, origin });
  }
  if (!sites.some((s) => s.mode === 'online')) sites.push(...connections(tracer, module));
  return { path, module, sites, async: asynchronous, attributes: attributesRead(module) };
}

function engineOrigin(tracer: UrlTracer, call: CallExpr, name: string, around: readonly Stmt[]): Origin {
  const own = keyword(call, 'url');
  if (own) return tracer.trace(tracer.at(around), own);
  const [first, prefix] = positional(call);
  const given: Expr | undefined = first ?? keyword(call, 'configuration');
  if (!given) return UNKNOWN;
  if (!name.endsWith('from_config')) return tracer.trace(tracer.at(around), given);
  const named = keyword(call, 'prefix') ?? prefix;
  if (named && stringValue(named) !== 'sqlalchemy.') return UNKNOWN;
  return tracer.section(tracer.at(around), given);
}

/** Without an engine made here: what `.connect()` or `.begin()` is called on, such as the application's engine. */
function connections(tracer: UrlTracer, module: PythonModule): UrlSite[] {
  const out: UrlSite[] = [];
  for (const { call, around } of calls(module.body)) {
    if (call.func.kind !== 'attribute' || (call.func.attr !== 'connect' && call.func.attr !== 'begin')) continue;
    out.push({ mode: 'online', line: call.line, origin: tracer.trace(tracer.at(around), call.func.value) });
  }
  return out;
}

function attributesRead(module: PythonModule): string[] {
  const out = new Set<string>();
  for (const { expr } of expressions(module.body)) {
    if (expr.kind === 'call' && expr.func.kind === 'attribute' && isAttributes(expr.func.value)) {
      const key = stringValue(positional(expr)[0]);
      if (key !== undefined) out.add(key);
    }
    if (expr.kind === 'subscript' && isAttributes(expr.value)) {
      const key = stringValue(expr.index[0]);
      if (key !== undefined) out.add(key);
    }
  }
  return [...out];
}

function isAttributes(expr: Expr): boolean {
  return expr.kind === 'attribute' && expr.attr === 'attributes';
}

/** The short form for the facts. */
export function summarise(env: EnvFile): AlembicUrlSource {
  const { sites, path } = env;
  const at = { path, line: sites[0]?.line ?? 1 };
  const variable = sites.flatMap((s) => s.origin.variables)[0];
  const named = variable === undefined ? {} : { variable };
  if (sites.length === 0 || sites.some((s) => s.origin.sources.has('unknown') || s.origin.sources.size === 0))
    return { kind: 'unknown', at, ...named };
  const pure = sites.filter(iniOnly);
  if (pure.length === sites.length) return { kind: 'ini', at };
  if (pure.length > 0) return { kind: 'mixed', at, ...named };
  const all = new Set(sites.flatMap((s) => [...s.origin.sources]));
  return { kind: all.has('env') ? 'env' : all.has('settings') ? 'settings' : 'app', at, ...named };
}

/** True when a site has nothing but alembic.ini. */
export function iniOnly(site: UrlSite): boolean {
  return site.origin.sources.size === 1 && site.origin.sources.has('ini');
}
