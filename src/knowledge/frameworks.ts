/** Web frameworks: what makes an application of each, and what brings it. */

export interface Framework {
  /** Dotted names of what makes an application, by the protocol that it speaks; `()` is a call on the way. */
  readonly asgi?: readonly string[];
  readonly wsgi?: readonly string[];
  /** What the bytes of every file that makes one hold: words, as alternatives of a regular expression. */
  readonly mention: readonly string[];
  /** Distributions that bring it under another name. */
  readonly within?: readonly string[];
}

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
      'fastmcp.FastMCP().http_app',
      'fastmcp.FastMCP().streamable_http_app',
      ...MCP.map((method) => `mcp.server.fastmcp.FastMCP().${method}`),
    ],
    mention: ['Starlette', 'FastHTML', ...MCP],
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
  aiohttp: { asgi: ['aiohttp.web.Application', 'aiohttp.web_app.Application'], mention: ['Application'] },
  /** Falcon, BlackSheep, Esmerald, Bottle, Pyramid. */
  other: {
    asgi: ['falcon.asgi.App', 'blacksheep.Application', 'blacksheep.server.Application', 'esmerald.Esmerald'],
    wsgi: [
      'falcon.App',
      'falcon.API',
      'bottle.Bottle',
      'bottle.default_app',
      'bottle.app',
      'pyramid.config.Configurator().make_wsgi_app',
    ],
    mention: ['Application', 'Bottle', 'bottle', 'falcon', 'Esmerald', 'make_wsgi_app'],
  },
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

/** Distributions that bring a framework under another name. */
export function broughtWithin(framework: FrameworkId): readonly string[] {
  const row: Framework = FRAMEWORKS[framework];
  return row.within ?? [];
}
