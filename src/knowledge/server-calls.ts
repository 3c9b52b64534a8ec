/** Calls in a program that start a server: a row a server. */

/** Which arguments of a call carry host, port and debug mode. */
export interface Signature {
  /** Keywords. */
  readonly host: string;
  readonly port: string;
  /** Positions of host, port and debug; absent where they can only be keywords. */
  readonly positions?: readonly number[];
  readonly defaultHost: string;
  readonly defaultPort: string;
  /** Keyword of the development reloader. */
  readonly reload?: string;
  /** Keyword that opens the interactive debugger: not to be reachable from outside. */
  readonly debug?: string;
  /** Where that is written. */
  readonly source: string;
}

export interface ServerCalls {
  /** Dotted names of functions, each with the position of the application among its arguments. */
  readonly functions?: Readonly<Record<string, number>>;
  /** What the bytes of every file that makes such a call hold, as alternatives. */
  readonly mention?: string;
  /** `.run()` of an application of this framework. */
  readonly framework?: string;
  /** A method of an object of such a class; it serves what the object carries, else its argument. */
  readonly object?: {
    readonly of: readonly string[];
    readonly methods: readonly string[];
    readonly carries?: string;
    /** Methods that give the object itself: `demo.queue().launch()`. */
    readonly itself?: readonly string[];
  };
  /** A deployed service does not start by it: it is for development, or leads to another program. */
  readonly aside?: true;
  /** How the call takes its address; undefined where it is not by plain arguments. `callee` is as written. */
  readonly listens?: (callee: string) => Signature;
}

const UVICORN: Signature = {
  host: 'host',
  port: 'port',
  defaultHost: '127.0.0.1',
  defaultPort: '8000',
  reload: 'reload',
  source: 'https://www.uvicorn.org/settings/#socket-binding',
};
const FLASK: Signature = {
  host: 'host',
  port: 'port',
  positions: [0, 1, 2],
  defaultHost: '127.0.0.1',
  defaultPort: '5000',
  reload: 'use_reloader',
  debug: 'debug',
  source: 'https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run',
};

export const SERVER_CALLS = {
  uvicorn: {
    functions: { 'uvicorn.run': 0, 'uvicorn.main.run': 0, 'uvicorn.Config': 0, 'uvicorn.config.Config': 0 },
    mention: 'uvicorn',
    listens: (callee) => (callee.endsWith('Config') ? { ...UVICORN, positions: [1, 2] } : UVICORN),
  },
  /** https://hypercorn.readthedocs.io/en/latest/how_to_guides/api_usage.html */
  hypercorn: {
    functions: { 'hypercorn.asyncio.serve': 0, 'hypercorn.trio.serve': 0, 'hypercorn.run.run': 0 },
    mention: 'hypercorn',
  },
  granian: { functions: { 'granian.Granian': 0, 'granian.server.Granian': 0 }, mention: '[gG]ranian' },
  waitress: {
    functions: { 'waitress.serve': 0 },
    mention: 'waitress',
    listens: () => ({
      host: 'host',
      port: 'port',
      defaultHost: '0.0.0.0',
      defaultPort: '8080',
      source: 'https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html',
    }),
  },
  aiohttp: {
    functions: { 'aiohttp.web.run_app': 0, 'aiohttp.web_runner.run_app': 0 },
    mention: 'run_app',
    listens: () => ({
      host: 'host',
      port: 'port',
      defaultHost: '0.0.0.0',
      defaultPort: '8080',
      source: 'https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app',
    }),
  },
  flask: { framework: 'flask', aside: true, listens: () => FLASK },
  quart: {
    framework: 'quart',
    aside: true,
    listens: () => ({
      ...FLASK,
      source: 'https://quart.palletsprojects.com/en/latest/reference/source/quart.app.html',
    }),
  },
  sanic: {
    framework: 'sanic',
    listens: () => ({
      ...FLASK,
      positions: [0, 1],
      defaultPort: '8000',
      reload: 'auto_reload',
      source: 'https://sanic.dev/en/guide/running/running.html',
    }),
  },
  socketio: {
    object: { of: ['flask_socketio.SocketIO'], methods: ['run'] },
    listens: () => ({
      ...FLASK,
      positions: [1, 2],
      source: 'https://flask-socketio.readthedocs.io/en/latest/api.html#flask_socketio.SocketIO.run',
    }),
  },
  dash: {
    object: { of: ['dash.Dash', 'dash.dash.Dash'], methods: ['run', 'run_server'], carries: 'server' },
    mention: 'run_server',
    listens: () => ({
      ...FLASK,
      positions: [0, 1],
      defaultPort: '8050',
      source: 'https://dash.plotly.com/reference#app.run',
    }),
  },
  gradio: {
    object: {
      of: ['Blocks', 'Interface', 'ChatInterface', 'TabbedInterface'].map((name) => `gradio.${name}`),
      itself: ['queue'],
      methods: ['launch'],
    },
    mention: 'gradio',
    listens: () => ({
      host: 'server_name',
      port: 'server_port',
      defaultHost: '127.0.0.1',
      defaultPort: '7860',
      source: 'https://www.gradio.app/docs/gradio/blocks#blocks-launch',
    }),
  },
  nicegui: {
    functions: { 'nicegui.ui.run': 0 },
    mention: 'nicegui',
    listens: () => ({
      host: 'host',
      port: 'port',
      defaultHost: '0.0.0.0',
      defaultPort: '8080',
      reload: 'reload',
      source: 'https://nicegui.io/documentation/run',
    }),
  },
  tornado: {
    object: { of: ['tornado.web.Application', 'tornado.httpserver.HTTPServer'], methods: ['listen'] },
    mention: 'tornado',
    listens: () => ({
      host: 'address',
      port: 'port',
      positions: [1, 0],
      defaultHost: '',
      defaultPort: '8888',
      source: 'https://www.tornadoweb.org/en/stable/web.html#tornado.web.Application.listen',
    }),
  },
  bottle: {
    functions: { 'bottle.run': 0 },
    mention: '\\bbottle\\b',
    listens: () => ({
      host: 'host',
      port: 'port',
      positions: [2, 3],
      defaultHost: '127.0.0.1',
      defaultPort: '8080',
      reload: 'reloader',
      source: 'https://bottlepy.org/docs/stable/api.html#bottle.run',
    }),
  },
  /** A server as a process of its own: the words of its list say which. */
  spawned: {
    functions: {
      'subprocess.run': 0,
      'subprocess.call': 0,
      'subprocess.check_call': 0,
      'subprocess.Popen': 0,
      'os.execvp': 1,
      'os.execv': 1,
    },
    aside: true,
    mention: `["'](?:gunicorn|waitress-serve|daphne)["']`,
  },
  /** Werkzeug, wsgiref, gevent. */
  other: {
    functions: {
      'werkzeug.serving.run_simple': 2,
      'werkzeug.run_simple': 2,
      'wsgiref.simple_server.make_server': 2,
      'gevent.pywsgi.WSGIServer': 1,
    },
    aside: true,
    mention: 'run_simple|make_server|WSGIServer',
  },
} as const satisfies Readonly<Record<string, ServerCalls>>;

export type CalledServer = keyof typeof SERVER_CALLS;

const rows = Object.entries(SERVER_CALLS) as [CalledServer, ServerCalls][];

/** Dotted name of each function that starts a server → the server, and the position of the application. */
export const SERVER_FUNCTIONS: ReadonlyMap<string, { readonly server: CalledServer; readonly served: number }> =
  new Map(
    rows.flatMap(([server, { functions = {} }]) =>
      Object.entries(functions).map(([name, served]) => [name, { server, served }] as const),
    ),
  );

/** What the bytes of a file that calls one of them hold, as alternatives. */
export const SERVER_MENTIONS = rows.flatMap(([, { mention }]) => mention ?? []).join('|');

/** False for a call that no deployed service starts by: a development server, another program. */
export function isDeployedBy(server: CalledServer): boolean {
  const row: ServerCalls = SERVER_CALLS[server];
  return row.aside !== true;
}

/** The server that `.run()` of an application of this framework starts. */
export function runOfFramework(framework: string): CalledServer | undefined {
  return rows.find(([, row]) => row.framework === framework)?.[0];
}

/** Methods of objects that start a server. */
export const SERVER_METHODS: readonly string[] = [
  'run',
  ...new Set(rows.flatMap(([, { object }]) => object?.methods ?? []).filter((name) => name !== 'run')),
];

/** Methods of objects that start a server, which give the object itself. */
export const FLUENT: ReadonlySet<string> = new Set(rows.flatMap(([, { object }]) => object?.itself ?? []));

/** The server that this method of an object of this class starts, and the attribute that holds its application. */
export function runOfObject(
  made: string,
  method: string,
): { readonly server: CalledServer; readonly carries?: string } | undefined {
  const [server, row] =
    rows.find(([, { object }]) => object?.of.includes(made) && object.methods.includes(method)) ?? [];
  return server && { server, ...(row?.object?.carries ? { carries: row.object.carries } : {}) };
}

/** How a function of a server takes host and port; undefined where it is none of its. */
export function signatureOf(server: CalledServer, callee: string): Signature | undefined {
  const row: ServerCalls = SERVER_CALLS[server];
  return row.listens?.(callee);
}
