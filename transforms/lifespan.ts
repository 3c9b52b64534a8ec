/**
 * Functions for start and stop move from `on_event` to a lifespan, which is what Starlette 1 still knows.
 * https://fastapi.tiangolo.com/advanced/events/
 */
import type { Facts } from '../src/model/facts.ts';
import type { Part } from '../src/model/transform.ts';
import { definitionOf, externalName } from '../src/python/definition.ts';
import { placeIn, topOf } from '../src/python/place.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { admitsFrom } from '../src/survey/dependencies/versions.ts';
import { isNotDeployed } from '../src/survey/deployed.ts';
import { type Edit, indentAt, lineEnd, lineEnding, lineStart } from '../src/syntax/edit.ts';
import type { CallExpr } from '../src/syntax/python/ast.ts';
import { ensureImport } from '../src/syntax/python/ensure-import.ts';
import { calls, lastName } from '../src/syntax/python/walk.ts';
import { say } from '../src/system/say.ts';
import type { Application } from './handlers/registered.ts';
import { rewritten } from './handlers/rewritten.ts';
import { words } from './lifespan/words.ts';

const HOW = {
  classes: ['fastapi.FastAPI', 'fastapi.applications.FastAPI', 'starlette.applications.Starlette'],
  decorator: 'on_event',
  method: 'add_event_handler',
  events: ['startup', 'shutdown'],
};
/** All that has a part in start and stop: with a lifespan, Starlette calls nothing else. */
const WORDS = /(?<=\.)(?:on_event|add_event_handler)\b|\b(?:on_startup|on_shutdown|lifespan(?:_context)?)\b/;
/** The first version that takes a lifespan. https://fastapi.tiangolo.com/release-notes/#0930 */
const SINCE = '0.93';

/** They hand the application on and register nothing. */
const HARMLESS = new Set([
  'uvicorn.run', 'uvicorn.Config', 'fastapi.testclient.TestClient', 'starlette.testclient.TestClient', 'mangum.Mangum',
  'httpx.ASGITransport', 'httpx.AsyncClient', 'asgi_lifespan.LifespanManager', 'fastapi_pagination.add_pagination',
]); // biome-ignore format: a list of names
/** Methods of objects that add routes and middleware only. */
const HARMLESS_METHODS = new Set(['include_router', 'mount', 'instrument', 'expose', 'print', 'isinstance', 'getattr']);

export const lifespan: Part = {
  id: 'lifespan',
  summary:
    'Functions for start and stop of FastAPI move from on_event, which Starlette 1 does not have, to a lifespan.',
  severity: 'important',
  words,
  source: 'https://fastapi.tiangolo.com/advanced/events/',
  options: {},
  anywhere: true,
  plan(repo, facts) {
    return rewritten(repo, facts, {
      id: 'lifespan',
      how: HOW,
      words: WORDS,
      ask: /^(?:on_event|add_event_handler)$/,
      unused: say`nothing uses on_event`,
      snippet: SNIPPET,
      whyNot: (app) => whyNot(repo, facts, app),
      edits,
      done: (names) => say`${names} in a lifespan`,
    });
  },
};

const SNIPPET = `@asynccontextmanager
async def lifespan(app: FastAPI):
    # what on_event("startup") did
    yield
    # what on_event("shutdown") did

app = FastAPI(lifespan=lifespan)
`;

function whyNot(repo: Snapshot, facts: Facts, app: Application): string | undefined {
  const old = facts.services
    .flatMap((s) => s.dependencies?.requirements ?? [])
    .find((r) => r.name === 'fastapi' && !admitsFrom(r.specifier, SINCE));
  if (old) return say`fastapi${old.specifier} has no lifespan: it came with ${SINCE}`;
  if (app.call.args.some((a) => a.star)) return say`what the application is given cannot be told`;
  const { modules } = facts;
  for (const path of repo.matching(
    modules.files.filter((p) => !isNotDeployed(p)),
    new RegExp(`\\b${app.name}\\b`),
  )) {
    const module = modules.module(path);
    for (const { call, around } of calls(module?.body ?? [], new RegExp(`\\b${app.name}\\b`))) {
      const place = placeIn(topOf(modules, path), ...around);
      const given = call.args.some(({ value }) => {
        if (value.kind !== 'name') return false;
        if (path === app.path && value.id === app.name) return true;
        const means = definitionOf(place, value);
        return means?.kind === 'assign' && means.path === app.path && means.name === app.name;
      });
      if (!given || HARMLESS_METHODS.has(lastName(call.func)) || HARMLESS.has(externalName(place, call.func) ?? ''))
        continue;
      const means = definitionOf(place, call.func);
      if (means?.kind === 'function' || means?.kind === 'class') continue;
      return say`${lastName(call.func)} (${path}:${call.line}) is given the application and may register functions`;
    }
  }
  return undefined;
}

function edits(app: Application): Edit[] {
  const { module, stmt, call, handlers } = app;
  const { text } = module;
  const end = lineEnding(text);
  const indent = indentAt(text, stmt.start);
  const manager = ensureImport(module, { module: 'contextlib', name: 'asynccontextmanager' });
  const run = (event: string): string[] =>
    handlers.filter((h) => h.event === event).map((h) => `${h.fn.async ? 'await ' : ''}${h.name}()`);
  const stops = run('shutdown');
  const body = [
    ...run('startup').map((line) => `    ${line}`),
    ...(stops.length === 0
      ? ['    yield']
      : ['    try:', '        yield', '    finally:', ...stops.map((l) => `        ${l}`)]),
  ];
  const head = [`@${manager.name}`, `async def lifespan(_app: ${text.slice(call.func.start, call.func.end)}):`];
  const blank = indent === '' ? ['', ''] : [''];
  const made = [...head, ...body, ...blank].map((line) => (line === '' ? '' : indent + line) + end).join('');
  const at = lineStart(text, stmt.start);
  return [
    ...(manager.edit ? [manager.edit] : []),
    { start: at, end: at, text: made },
    withKeyword(text, call),
    ...handlers.map((h) => h.without),
  ];
}

/** `lifespan=lifespan` behind the last argument, on a line of its own where that has one. */
function withKeyword(text: string, call: CallExpr): Edit {
  const last = call.args.at(-1);
  if (!last) return { start: call.argsStart, end: call.argsEnd, text: '(lifespan=lifespan)' };
  const indent = indentAt(text, last.start);
  const own = text.slice(lineStart(text, last.start), last.start).trim() === '';
  const next = lineEnd(text, last.end);
  const end = lineEnding(text);
  if (own && /^\s*,\s*(?:#.*)?\s*$/.test(text.slice(last.end, next)) && next < call.argsEnd) {
    return { start: next, end: next, text: `${indent}lifespan=lifespan,${end}` };
  }
  return { start: last.end, end: last.end, text: `,${own ? end + indent : ' '}lifespan=lifespan` };
}
