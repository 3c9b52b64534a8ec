/** Web frameworks: what makes an application of each, what brings it, and how it starts where no server is given an object. */
import type { CalledServer } from './server-calls.ts';

/** How a file starts that is run, and of which no server imports anything. */
export interface Script {
  /** Module that the file imports; absent where the call tells it. */
  readonly imports?: string;
  /** The row of server-calls.ts by which the file starts the server itself. */
  readonly call?: CalledServer;
  /** Words that start it: `{file}`, `{host}` and the shell's `$PORT` among them. Absent: `python {file}`. */
  readonly words?: readonly string[];
  /** Files that look like one and are parts of another. */
  readonly part?: RegExp;
  /** What its server answers when it is well. */
  readonly health?: string;
  /** A server that is for development: the line that makes an object for another one. */
  readonly instead?: string;
  readonly source: string;
}

export interface Framework {
  /** Dotted names of what makes an application, by the protocol that it speaks; `()` is a call on the way. */
  readonly asgi?: readonly string[];
  readonly wsgi?: readonly string[];
  /** What the bytes of every file that makes one hold: words, as alternatives of a regular expression. */
  readonly mention: readonly string[];
  /** Distributions that bring it under another name. */
  readonly within?: readonly string[];
  /** A server may be given a coroutine function that makes the application. */
  readonly asyncFactory?: true;
  /** Where nothing else of the repository is an application. */
  readonly script?: Script;
}

/** `app, rt = fast_app()`. https://fastht.ml/docs/ref/defining_xt_component.html */
const FAST_APP = ['common', 'fastapp'].map((module) => `fasthtml.${module}.fast_app()[0]`);
const MCP = ['streamable_http_app', 'sse_app', 'http_app'] as const;

export const FRAMEWORKS = {
  fastapi: {
    asgi: ['fastapi.FastAPI', 'fastapi.applications.FastAPI', 'fastapi_offline.FastAPIOffline'],
    mention: ['FastAPI\\w*'],
  },
  starlette: {
    asgi: [
      'starlette.applications.Starlette',
      'fasthtml.common.FastHTML',
      'fasthtml.core.FastHTML',
      'fasthtml.FastHTML',
      ...FAST_APP,
      'fastmcp.FastMCP().http_app',
      'fastmcp.FastMCP().streamable_http_app',
      ...MCP.map((method) => `mcp.server.fastmcp.FastMCP().${method}`),
    ],
    mention: ['Starlette', 'FastHTML', 'fast_app', ...MCP],
    within: ['fastapi', 'python-fasthtml'],
  },
  litestar: {
    asgi: ['litestar.Litestar', 'litestar.app.Litestar', 'starlite.Starlite', 'starlite.app.Starlite'],
    mention: ['Starlite', 'Litestar'],
  },
  quart: { asgi: ['quart.Quart', 'quart.app.Quart', 'quart_trio.QuartTrio'], mention: ['QuartTrio', 'Quart'] },
  sanic: { asgi: ['sanic.Sanic', 'sanic.app.Sanic'], mention: ['Sanic'] },
  flask: {
    wsgi: [
      'flask.Flask',
      'flask.app.Flask',
      'apiflask.APIFlask',
      'flask_openapi3.OpenAPI',
      'flask_api.FlaskAPI',
      'dash.Dash().server',
      'dash.dash.Dash().server',
      'eve.Eve',
    ],
    mention: ['APIFlask', 'FlaskAPI', 'Flask', 'flask_openapi3', 'Dash', 'Eve'],
    within: ['connexion', 'apiflask', 'dash', 'eve'],
  },
  django: {
    wsgi: ['django.core.wsgi.get_wsgi_application', 'configurations.wsgi.get_wsgi_application'],
    asgi: [
      'django.core.asgi.get_asgi_application',
      'configurations.asgi.get_asgi_application',
      'channels.routing.ProtocolTypeRouter',
      'channels.routing.get_default_application',
    ],
    mention: ['get_[aw]sgi_application', 'get_default_application', 'ProtocolTypeRouter'],
    within: ['djangorestframework', 'wagtail'],
  },
  aiohttp: {
    asgi: ['aiohttp.web.Application', 'aiohttp.web_app.Application'],
    mention: ['Application'],
    asyncFactory: true,
    script: {
      call: 'aiohttp',
      source: 'https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app',
    },
  },
  falcon: { asgi: ['falcon.asgi.App'], wsgi: ['falcon.App', 'falcon.API'], mention: ['falcon'] },
  blacksheep: { asgi: ['blacksheep.Application', 'blacksheep.server.Application'], mention: ['Application'] },
  esmerald: { asgi: ['esmerald.Esmerald'], mention: ['Esmerald'] },
  pyramid: { wsgi: ['pyramid.config.Configurator().make_wsgi_app'], mention: ['make_wsgi_app'] },
  bottle: {
    wsgi: ['bottle.Bottle', 'bottle.default_app', 'bottle.app'],
    mention: ['Bottle', 'bottle'],
    script: {
      call: 'bottle',
      instead: 'app = bottle.default_app()',
      source: 'https://bottlepy.org/docs/stable/deployment.html',
    },
  },
  /** Its Flask application is a row of flask's. */
  dash: {
    mention: ['Dash'],
    script: { call: 'dash', instead: 'server = app.server', source: 'https://dash.plotly.com/deployment' },
  },
  streamlit: {
    mention: ['streamlit'],
    script: {
      imports: 'streamlit',
      words: [
        'streamlit',
        'run',
        '{file}',
        '--server.port',
        '$PORT',
        '--server.address',
        '{host}',
        '--server.headless',
        'true',
      ],
      part: /(?:^|\/)pages\//,
      health: '/_stcore/health',
      source: 'https://docs.streamlit.io/develop/api-reference/configuration/config.toml',
    },
  },
  chainlit: {
    mention: ['chainlit'],
    script: {
      imports: 'chainlit',
      words: ['chainlit', 'run', '{file}', '--headless', '--host', '{host}', '--port', '$PORT'],
      source: 'https://docs.chainlit.io/backend/command-line',
    },
  },
  gradio: {
    mention: ['gradio'],
    script: { call: 'gradio', source: 'https://www.gradio.app/docs/gradio/blocks#blocks-launch' },
  },
  nicegui: { mention: ['nicegui'], script: { call: 'nicegui', source: 'https://nicegui.io/documentation/run' } },
  tornado: {
    mention: ['tornado'],
    script: { call: 'tornado', source: 'https://www.tornadoweb.org/en/stable/guide/running.html' },
  },
  /** Socket.IO alone. */
  other: { mention: [] },
} as const satisfies Readonly<Record<string, Framework>>;

export type FrameworkId = keyof typeof FRAMEWORKS;

export interface Makes {
  readonly framework: FrameworkId;
  readonly interface: 'asgi' | 'wsgi';
}

const rows = Object.entries(FRAMEWORKS) as [FrameworkId, Framework][];

/** Dotted name of what makes an application → what it makes. */
export const APPLICATIONS: ReadonlyMap<string, Makes> = new Map(
  rows.flatMap(([framework, row]) =>
    (['asgi', 'wsgi'] as const).flatMap((protocol) =>
      (row[protocol] ?? []).map((name) => [name, { framework, interface: protocol }] as const),
    ),
  ),
);

/** Words of which every file that makes an application holds one, as alternatives. */
export const APPLICATION_WORDS = [...new Set(rows.flatMap(([, { mention }]) => mention))].join('|');

/** The frameworks whose files are run as they are. */
export const SCRIPTS: readonly (readonly [FrameworkId, Script])[] = rows.flatMap(([id, { script }]) =>
  script ? [[id, script] as const] : [],
);

/** How a file of this framework starts; undefined where a server is given an object. */
export function scriptOf(framework: FrameworkId): Script | undefined {
  const row: Framework = FRAMEWORKS[framework];
  return row.script;
}

/** True where a server may be given a coroutine function that makes the application. https://docs.aiohttp.org/en/stable/deployment.html#gunicorn */
export function takesAsyncFactory(framework: FrameworkId): boolean {
  const row: Framework = FRAMEWORKS[framework];
  return row.asyncFactory === true;
}

/** Distributions that bring a framework under another name. */
export function broughtWithin(framework: FrameworkId): readonly string[] {
  const row: Framework = FRAMEWORKS[framework];
  return row.within ?? [];
}
