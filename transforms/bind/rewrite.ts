/** Decides about one run call and makes its edits. */

import { type Signature, signatureOf } from '../../src/knowledge/server-calls.ts';
import type { Facts, RunCall } from '../../src/model/facts.ts';
import type { Outcome } from '../../src/model/transform.ts';
import { type Edit, indentAt, lineEnding, lineStart } from '../../src/syntax/edit.ts';
import type { Argument, Expr, PythonModule } from '../../src/syntax/python/ast.ts';
import { osAt, usesName } from '../../src/syntax/python/imports.ts';
import { isNone } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';
import { insertArguments } from './arguments.ts';
import { debugLine, isTrue, type Origin, originOf, originOfDefault } from './origin.ts';
import { argumentOf } from './servers.ts';
import { rewriteSpawned } from './spawned.ts';

export interface Style {
  /** Comment line above the new lines; '' for none. */
  readonly comment: string;
  /** Write the expressions into the call instead of variables above it. */
  readonly inline: boolean;
}

/** A value that an argument shall get: an expression, or undefined to leave it. */
interface Wanted {
  readonly name: string;
  /** Keyword of the call. */
  readonly keyword: string;
  readonly argument: Argument | undefined;
  readonly text: string;
}

const ANY = new Set(['0.0.0.0', '::', '[::]', '']);
const DEVELOPMENT = '{"development", "dev", "local"}';

export function rewrite(facts: Facts, run: RunCall, module: PythonModule, style: Style): Outcome {
  const at = [run.at];
  if (run.server === 'spawned') return rewriteSpawned(run, module, starBinds(facts, run.path, 'os'));
  const signature = signatureOf(run.server, run.callee);
  if (!signature) {
    return {
      kind: 'manual',
      reason: say`${run.callee} does not take host and port as plain arguments`,
      at,
      snippet: 'bind to 0.0.0.0 and int(os.getenv("PORT", "8000"))',
    };
  }
  const { args } = run.call;
  const socket = args.find((a) => a.name === 'uds' || a.name === 'fd' || a.name === 'sock' || a.name === 'unix_socket');
  if (socket) return { kind: 'satisfied', reason: say`${run.callee} listens on a socket given by ${socket.name}`, at };

  const os = osAt(module, run.call.start, run.around, starBinds(facts, run.path, 'os'));
  const host = hostText(facts, run, signature, argumentOf(args, signature, 'host'), os.name);
  const port = portText(facts, run, signature, argumentOf(args, signature, 'port'), os.name);
  for (const answer of [host, port])
    if (typeof answer === 'object' && 'kind' in answer) return { ...answer, at: [...at, ...answer.at] };
  // Where the port is changed, a plain host is written out with it.
  const beside =
    typeof port === 'string' ? plainHost(facts, run, argumentOf(args, signature, 'host'), os.name) : undefined;
  const texts = { host: host ?? beside, port };
  const wanted = (['host', 'port'] as const).flatMap((name): Wanted[] => {
    const text = texts[name];
    const argument = argumentOf(args, signature, name);
    return text && typeof text === 'string' ? [{ name, keyword: signature[name], argument, text }] : [];
  });
  if (wanted.length === 0)
    return { kind: 'satisfied', reason: say`${run.callee} listens on all addresses and on PORT`, at };
  if (args.some((a) => a.star) && wanted.some((w) => !w.argument)) {
    return {
      kind: 'manual',
      reason: say`${run.callee} takes more arguments from a dictionary or list; host or port may be in it`,
      at,
      snippet: wanted.map((w) => `${w.keyword}=${w.text}`).join(', '),
    };
  }
  const switches = switchesOf(facts, run, signature, os.name);
  wanted.push(...switches.wanted);
  const warnings = [...switches.warnings, ...debuggerOf(run, signature, module)];
  const edits = [...callEdits(run, module, wanted, style), ...(os.edit ? [os.edit] : [])];
  const what = wanted.map((w) =>
    w.keyword === signature.host ? 'HOST' : w.keyword === signature.port ? 'PORT' : 'APP_ENV',
  );
  return {
    kind: 'edits',
    reason: say`${run.callee} takes ${[...new Set(what)].join(', ')} from the environment (${run.why})`,
    at,
    edits: { [run.path]: edits },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Reloading and debugging, which are turned on: they are to follow APP_ENV. */
function switchesOf(facts: Facts, run: RunCall, signature: Signature, os: string) {
  const { args } = run.call;
  const wanted: Wanted[] = [];
  const warnings: string[] = [];
  const switches = [
    [signature.reload, args.find((a) => a.name !== undefined && a.name === signature.reload)],
    [signature.debug, signature.debug && argumentOf(args, signature, 'debug')],
  ] as const;
  for (const [keyword, argument] of switches) {
    if (!keyword || !argument || !isTrue(facts, run, argument.value)) continue;
    const text = `${os}.getenv("APP_ENV", "production").lower() in ${DEVELOPMENT}`;
    wanted.push({ name: keyword === 'debug' ? 'debug' : 'reload', keyword, argument, text });
    warnings.push(say`${keyword}=True now follows APP_ENV: set APP_ENV=development on your own machine`);
  }
  return { wanted, warnings };
}

/** What is to be known where another line turns the debugger on. */
function debuggerOf({ path, call }: RunCall, signature: Signature, module: PythonModule): string[] {
  const line = signature.debug && !argumentOf(call.args, signature, 'debug') ? debugLine(module) : undefined;
  if (!line) return [];
  const place = `${path}:${line}`;
  return [say`${place} turns the debugger on: whoever reaches the port could run code, so turn it off to deploy`];
}

/** The new expression; 'satisfied' as undefined; or the outcome that stops the whole call. */
type Answer = string | undefined | (Outcome & { kind: 'skipped' | 'manual' });

function hostText(
  facts: Facts,
  run: RunCall,
  signature: Signature,
  argument: Argument | undefined,
  os: string,
): Answer {
  const fresh = `${os}.getenv("HOST", "0.0.0.0")`;
  if (!argument) return ANY.has(signature.defaultHost) ? undefined : fresh;
  const origin = originOf(facts, run, argument.value);
  switch (origin.kind) {
    case 'literal':
      return ANY.has(origin.value) ? undefined : fresh;
    case 'env':
      return hostOfVariable(run, argument, origin, os);
    case 'settings':
      return origin.default !== undefined && ANY.has(origin.default) ? undefined : settings(origin, 'host');
    case 'option':
      return option(origin);
    case 'unknown':
      return isNone(argument.value) ? fresh : unsure(argument, 'host');
  }
}

function hostOfVariable(run: RunCall, argument: Argument, origin: Origin & { kind: 'env' }, os: string): Answer {
  const fallback = origin.fallback ? originOfDefault(run, origin.fallback) : undefined;
  if (fallback?.kind === 'literal' && ANY.has(fallback.value)) return undefined;
  if (fallback && fallback.kind !== 'literal') return unsure(argument, 'host');
  // A library, or the application's own function, looks into more than the environment.
  if (!origin.direct) return settings({ kind: 'settings', variable: origin.variable, at: origin.at }, 'host');
  return `${os}.getenv("${origin.variable}", "0.0.0.0")`;
}

function portText(
  facts: Facts,
  run: RunCall,
  signature: Signature,
  argument: Argument | undefined,
  os: string,
): Answer {
  const fresh = `int(${os}.getenv("PORT", "${signature.defaultPort}"))`;
  if (!argument) return fresh;
  const origin = originOf(facts, run, argument.value);
  const source = facts.modules.module(run.path)?.text ?? '';
  const written = source.slice(argument.value.start, argument.value.end);
  switch (origin.kind) {
    case 'literal':
      if (!/^\d+$/.test(origin.value)) return unsure(argument, 'port');
      if (argument.value.kind === 'name' || argument.value.kind === 'attribute')
        return `int(${os}.getenv("PORT") or ${written})`;
      return `int(${os}.getenv("PORT", "${origin.value}"))`;
    case 'env': {
      const bare = origin.variable === 'PORT' ? written : unwrapped(argument.value, source);
      return portOfVariable(origin, written, bare, signature, os);
    }
    case 'settings':
      return origin.variable?.toUpperCase() === 'PORT' ? undefined : settings(origin, 'port');
    case 'option':
      return option(origin);
    case 'unknown':
      return isNone(argument.value) ? fresh : unsure(argument, 'port');
  }
}

/** `bare`: what is `written`, without a conversion that would be done twice. */
function portOfVariable(
  { variable, converted, mayBeNone }: Origin & { kind: 'env' },
  written: string,
  bare: string,
  { defaultPort }: Signature,
  os: string,
): Answer {
  if (variable === 'PORT' && converted) return undefined;
  const first = variable === 'PORT' ? '' : `${os}.getenv("PORT") or `;
  // A value that may be None meant the server's own default, and int(None) would fail.
  return mayBeNone && !converted ? `int(${first}${written} or ${defaultPort})` : `int(${first}${bare})`;
}

/** When the port alone must change, a literal 0.0.0.0 follows HOST too, so that both can be set from outside. */
function plainHost(facts: Facts, run: RunCall, argument: Argument | undefined, os: string): string | undefined {
  if (argument?.value.kind !== 'string') return undefined;
  const origin = originOf(facts, run, argument.value);
  return origin.kind === 'literal' && origin.value === '0.0.0.0' ? `${os}.getenv("HOST", "0.0.0.0")` : undefined;
}

/** True when a star import gives `name` another meaning than the module of that name. */
function starBinds(facts: Facts, path: string, name: string): boolean {
  return facts.modules.stars(path).some((star) => {
    const source = facts.modules.resolve(path, star.module, star.level)?.path;
    const bound = source === undefined ? undefined : facts.modules.bindings(source).get(name);
    return bound?.some((b) => b.kind !== 'import' || b.module !== name) ?? false;
  });
}

/** The argument of `int(…)`, else the expression as written. */
function unwrapped(expr: Expr, source: string): string {
  const inner =
    expr.kind === 'call' && expr.func.kind === 'name' && expr.func.id === 'int' ? expr.args[0]?.value : undefined;
  const shown = inner ?? expr;
  return source.slice(shown.start, shown.end);
}

function option(origin: Origin & { kind: 'option' }): Answer {
  return {
    kind: 'skipped',
    reason: say`host and port are given by whoever starts it: use --host 0.0.0.0 --port $PORT or the start command of the Procfile`,
    at: [origin.at],
  };
}

function settings(origin: Origin & { kind: 'settings' }, what: 'host' | 'port'): Answer {
  const want = what === 'host' ? '0.0.0.0' : say`the platform’s $PORT`;
  const name = origin.variable ?? origin.at.note ?? say`the setting`;
  return {
    kind: 'manual',
    reason: say`the ${what} comes from ${origin.at.note ?? origin.variable ?? say`a settings object`}: set ${name} to ${want} where you deploy, or read ${what === 'host' ? 'HOST' : 'PORT'} there`,
    at: [origin.at],
    snippet: what === 'host' ? `${name}=0.0.0.0` : `port=int(os.getenv("PORT", "8000"))`,
  };
}

function unsure(argument: Argument, what: 'host' | 'port'): Answer {
  return {
    kind: 'manual',
    reason: say`where the ${what} (line ${argument.line}) comes from cannot be told from the source`,
    at: [],
    snippet: what === 'host' ? 'host=os.getenv("HOST", "0.0.0.0")' : 'port=int(os.getenv("PORT", "8000"))',
  };
}

function callEdits(run: RunCall, module: PythonModule, wanted: readonly Wanted[], style: Style): Edit[] {
  const { text } = module;
  const start = lineStart(text, run.stmt.start);
  const alone = text.slice(start, run.stmt.start).trim() === '';
  const free =
    wanted.every((w) => !usesName(module, w.name)) && new Set(wanted.map((w) => w.name)).size === wanted.length;
  const variables = alone && free && !style.inline && run.stmt.kind !== 'with' && run.stmt.kind !== 'if';
  const value = (w: Wanted): string => (variables ? w.name : w.text);
  const edits: Edit[] = [];
  const missing: { keyword: string; text: string }[] = [];
  for (const w of wanted) {
    if (w.argument) edits.push({ start: w.argument.value.start, end: w.argument.value.end, text: value(w) });
    else missing.push({ keyword: w.keyword, text: value(w) });
  }
  const host = wanted.find((w) => w.name === 'host' && w.argument?.name !== undefined)?.argument;
  if (missing.length > 0) edits.push(insertArguments(module, run.call, missing, host));
  const indent = indentAt(text, run.stmt.start);
  const eol = lineEnding(text);
  const above = style.comment === '' ? [] : [`# ${style.comment}`];
  if (variables) above.push(...wanted.map((w) => `${w.name} = ${w.text}`));
  if (above.length > 0 && alone) {
    edits.push({ start, end: start, text: above.map((line) => indent + line + eol).join('') });
  }
  return edits;
}
