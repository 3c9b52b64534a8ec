/** Whether a route answers a stranger: no login, no required parameters, no call to somebody else's service. */

import type { Evidence } from '../model/facts.ts';
import type { Place } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import type { CallExpr, Expr, FunctionStmt } from '../syntax/python/ast.ts';
import { calls, descend, dotted, keyword, positional, stringValue } from '../syntax/python/walk.ts';

/** A GET route without parameters that answers a stranger. */
export interface OpenRoute {
  readonly path: string;
  readonly at: Evidence;
  /** Returns a constant, a page or a redirect. */
  readonly trivial: boolean;
}

/** Words in the name of a dependency, decorator or type that asks who is calling. */
const AUTH =
  /auth|user|token|login|permission|role|admin|verif|require|jwt|api_?key|secur|principal|credential|bearer|account|tenant|identity|protect|access|guard|member|scope|signed|staff|superuser/i;
/** Router-wide dependencies that let everybody pass. */
const HARMLESS =
  /db|session|database|conn|setting|config|log|rate|limit|throttle|redis|cache|timing|metric|trac|context|uow|unit_of_work|version|header/i;
/** Parameters that the framework fills in by itself. */
const GIVEN = /^(?:\w+\.)*(?:Request|Response|BackgroundTasks|HTTPConnection|HttpRequest)$/;
/** Packages with which a handler calls another service. */
const NETWORK = /^(?:requests|httpx|aiohttp|urllib|urllib3|boto3|twilio|openai|anthropic|stripe|google)\./;

/** True for a name that asks who is calling. */
export function isAuthName(name: string): boolean {
  return AUTH.test(name);
}

/** True when `dependencies=[…]` holds one that may refuse; what cannot be judged counts as refusing. */
export function refuses(place: Place, list: Expr | undefined): boolean {
  if (!list) return false;
  if (list.kind !== 'list' && list.kind !== 'tuple') {
    const meaning = meaningOf(place, list);
    if (meaning?.kind === 'value' && (meaning.expr.kind === 'list' || meaning.expr.kind === 'tuple')) {
      return refuses(meaning, meaning.expr);
    }
    return true;
  }
  return list.items.some((item) => {
    const name = dependencyName(item);
    if (name === undefined) return true;
    return isAuthName(name) || !HARMLESS.test(name) || dependencyAsks(place, item, 0);
  });
}

/** Name of what `Depends(x)` or `Security(x)` calls; 'security' for Security. */
function dependencyName(expr: Expr): string | undefined {
  if (expr.kind !== 'call') return undefined;
  const called = dotted(expr.func) ?? '';
  if (/(?:^|\.)Security$/.test(called)) return 'security';
  if (!/(?:^|\.)(?:Depends|Inject)$/.test(called)) return undefined;
  const target = positional(expr)[0] ?? keyword(expr, 'dependency');
  if (!target) return '';
  return dotted(target.kind === 'call' ? target.func : target) ?? '';
}

/** True when a dependency, or one that it depends on, asks who is calling. */
function dependencyAsks(place: Place, expr: Expr, depth: number): boolean {
  const name = dependencyName(expr);
  if (name === undefined) return false;
  if (isAuthName(name)) return true;
  const target = expr.kind === 'call' ? positional(expr)[0] : undefined;
  if (!target || depth > 3) return false;
  const meaning = meaningOf(place, target);
  return meaning?.kind === 'function' && asks(meaning, meaning.stmt, depth + 1);
}

/** True when a parameter asks who is calling, or must be given by the caller. */
function asks(place: Place, handler: FunctionStmt, depth = 0): boolean {
  return handler.params.some((param) => {
    if (param.star || param.name === '' || param.name === 'self' || param.name === 'cls') return false;
    const types = param.annotation ? annotationsOf(place, param.annotation) : [];
    const dependencies = [...types, ...(param.default ? [param.default] : [])].filter(
      (e) => dependencyName(e) !== undefined,
    );
    if (dependencies.some((d) => dependencyAsks(place, d, depth))) return true;
    if (dependencies.length > 0) return false;
    if (param.default) return isRequired(param.default);
    const type = param.annotation ? (dotted(param.annotation) ?? '') : '';
    return !GIVEN.test(type) && !(type === '' && param.name === 'request');
  });
}

/** `Query(...)`, `Header()`: a value that the caller must give. */
function isRequired(value: Expr): boolean {
  if (value.kind === 'constant') return value.value === '...';
  if (value.kind !== 'call' || !/(?:^|\.)(?:Query|Header|Body|Cookie|Path|Form|File)$/.test(dotted(value.func) ?? ''))
    return false;
  const first = positional(value)[0] ?? keyword(value, 'default');
  return !first || (first.kind === 'constant' && first.value === '...');
}

/** The metadata of `Annotated[T, …]`, also behind an alias. */
function annotationsOf(place: Place, expr: Expr): readonly Expr[] {
  if (expr.kind === 'subscript' && /(?:^|\.)Annotated$/.test(dotted(expr.value) ?? ''))
    return expr.index.flatMap((e) => (e.kind === 'tuple' ? e.items : [e]));
  if (expr.kind !== 'name' && expr.kind !== 'attribute') return [];
  const meaning = meaningOf(place, expr);
  return meaning?.kind === 'value' && meaning.expr.kind === 'subscript' ? annotationsOf(meaning, meaning.expr) : [];
}

export interface HandlerJudgement {
  /** Answers without credentials and parameters, and calls no other service. */
  readonly open: boolean;
  /** Returns a constant, a page or a redirect. */
  readonly trivial: boolean;
}

/** Calls that cannot fail for want of something outside of the process. */
const TRIVIAL =
  /(?:^|\.)(?:\w*Response|\w*Form|jsonify|render|render_template|TemplateResponse|redirect|url_for|make_response|now|utcnow|today|time|isoformat|str|int|dict|len|round|getenv|get|info|debug|print|strftime|text|json|html|HttpResponse|version|uuid4|get_template|context)$/;

/** Judges a handler. `fastapi`: parameters are read as dependencies and query parameters. */
export function judgeHandler(place: Place, handler: FunctionStmt, fastapi: boolean): HandlerJudgement {
  const { modules, path, around } = place;
  const inside = [...around, handler];
  const decorated = handler.decorators.some((d) => {
    const name = dotted(d.kind === 'call' ? d.func : d) ?? '';
    // Starlette's requires(…, status_code=200) answers strangers with 200.
    const status = d.kind === 'call' ? keyword(d, 'status_code') : undefined;
    if (status?.kind === 'number' && status.text === '200') return false;
    return isAuthName(name.slice(name.lastIndexOf('.') + 1));
  });
  const made = [...calls(handler.body)];
  const network = made.some(({ call }) => callsNetwork({ modules, path, around: inside }, call));
  const open =
    !decorated && !network && !made.some(({ call }) => executesText(call)) && !(fastapi && asks(place, handler));
  const depends =
    fastapi && handler.params.some((p) => p.default?.kind === 'call' || p.annotation?.kind === 'subscript');
  return { open, trivial: open && !depends && made.every(({ call }) => TRIVIAL.test(calledName(call))) };
}

/** SQLAlchemy 2 raises on plain text. https://docs.sqlalchemy.org/en/20/changelog/migration_20.html#migration-20-implicit-execution */
function executesText({ func, args }: CallExpr): boolean {
  if (func.kind !== 'attribute' || func.attr !== 'execute' || stringValue(args[0]?.value) === undefined) return false;
  return /(?:^|\.)(?:session|engine)$/i.test(dotted(func.value) ?? '');
}

function callsNetwork(place: Place, call: CallExpr): boolean {
  const meaning = meaningOf(place, call.func);
  return meaning?.kind === 'external' && NETWORK.test(meaning.name);
}

function calledName(call: CallExpr): string {
  const name = dotted(call.func);
  if (name !== undefined) return name;
  if (call.func.kind !== 'attribute') return '';
  // `datetime.now(tz).isoformat()`: the inner call is judged by itself.
  return [...descend(call.func.value)].some((e) => e.kind === 'call') ? call.func.attr : '';
}

/** True for a source that looks for credentials and may answer 401 or 403. */
export function refusesIn(text: string): boolean {
  const asks = /authori[sz]ation|token|api_?key|cookie|bearer|jwt|session|login|is_authenticated/i.test(text);
  return asks && /\b40[13]\b|UNAUTHORIZED|FORBIDDEN|Unauthorized|Forbidden|login/.test(text);
}

/** True where the path stands in a source as a string of its own. */
export function spelled(text: string, path: string): boolean {
  return ['"', "'"].some((q) => text.includes(`${q}${path}${q}`));
}
