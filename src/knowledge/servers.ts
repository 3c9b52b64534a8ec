/** What each server listens on, serves and is installed by: the table that start commands are judged with. */
import type { Protocol, Server, StartWord } from './server-row.ts';

const PORT: StartWord = { sh: '$PORT' };
const address = (host: string): StartWord => ({ sh: `${host}:$PORT` });
const when = (given: unknown, ...words: string[]): string[] => (given ? words : []);

/** By the name of the program; `flask run` and the like by the first two words. */
export const SERVERS = {
  gunicorn: {
    target: 'module',
    bind: ['--bind', '-b'],
    otherwise: { host: '0.0.0.0', port: 'PORT' },
    variables: ['GUNICORN_CMD_ARGS'],
    configuration: ['-c', '--config'],
    workerClass: ['--worker-class', '-k'],
    package: 'gunicorn',
    source: 'https://docs.gunicorn.org/en/stable/settings.html#bind',
  },
  uvicorn: {
    target: 'string',
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    variables: ['UVICORN_HOST', 'UVICORN_PORT'],
    elsewhere: ['--uds', '--fd'],
    serves: ['asgi'],
    package: 'uvicorn',
    start: {
      folder: '--app-dir',
      one: ['--workers', '1'],
      // --app-dir stands in the place of the folder that it runs in, which `python -m` puts there again.
      words: ({ target, factory, folder, alsoHere, host }) => [
        ...when(folder !== undefined && alsoHere, 'python', '-m'),
        ...['uvicorn', target, ...when(factory, '--factory'), ...when(folder, '--app-dir', folder ?? '')],
        ...['--host', host, '--port', PORT],
      ],
    },
    source: 'https://www.uvicorn.org/settings/#socket-binding',
  },
  hypercorn: {
    target: 'string',
    bind: ['--bind', '-b'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    elsewhere: ['--config', '-c'],
    serves: ['asgi', 'wsgi'],
    package: 'hypercorn',
    sockets: true,
    start: { words: ({ called, host }) => ['hypercorn', called, '--bind', address(host)] },
    source: 'https://hypercorn.readthedocs.io/en/latest/how_to_guides/binds.html',
  },
  daphne: {
    target: 'module',
    host: ['--bind', '-b'],
    port: ['--port', '-p'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    elsewhere: ['--endpoint', '-e', '--unix-socket', '-u', '--fd'],
    serves: ['asgi'],
    package: 'daphne',
    sockets: true,
    start: { noFactory: true, words: ({ target, host }) => ['daphne', '-b', host, '-p', PORT, target] },
    source: 'https://github.com/django/daphne#running',
  },
  granian: {
    target: 'string',
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    variables: ['GRANIAN_HOST', 'GRANIAN_PORT', 'GRANIAN_INTERFACE'],
    elsewhere: ['--uds'],
    told: { by: '--interface', without: 'RSGI' },
    package: 'granian',
    sockets: true,
    start: {
      one: ['--workers', '1'],
      words: ({ target, factory, interface: spoken, host }) => [
        ...['granian', '--interface', spoken, ...when(factory, '--factory')],
        ...['--host', host, '--port', PORT, target],
      ],
    },
    source: 'https://github.com/emmett-framework/granian#options',
  },
  'waitress-serve': {
    target: 'string',
    bind: ['--listen'],
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '0.0.0.0', port: 8080 },
    elsewhere: ['--unix-socket'],
    serves: ['wsgi'],
    package: 'waitress',
    start: {
      words: ({ target, factory, host }) => [
        ...['waitress-serve', '--listen', address(host), ...when(factory, '--call'), target],
      ],
    },
    source: 'https://docs.pylonsproject.org/projects/waitress/en/latest/runner.html',
  },
  uwsgi: {
    target: ['--module', '-w', '--wsgi'],
    bind: ['--http', '--http-socket', '--http11-socket', '--https'],
    otherwise: { host: '0.0.0.0', port: 0 },
    elsewhere: ['--ini', '--yaml', '--json', '--xml', '--socket', '-s', '--uwsgi-socket'],
    files: /\.(?:ini|ya?ml|json|xml)$/,
    serves: ['wsgi'],
    package: 'uwsgi',
    start: {
      folder: '--pythonpath',
      words: ({ called, folder, host }) => [
        ...['uwsgi', '--http', address(host), '--master', '--die-on-term'],
        ...[...when(folder, '--pythonpath', folder ?? ''), '--module', called],
      ],
    },
    source: 'https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html',
  },
  'fastapi run': {
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '0.0.0.0', port: 'PORT' },
    serves: ['asgi'],
    package: 'fastapi-cli',
    source: 'https://fastapi.tiangolo.com/deployment/manually/',
  },
  'fastapi dev': {
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    serves: ['asgi'],
    package: 'fastapi-cli',
    development: true,
    source: 'https://fastapi.tiangolo.com/fastapi-cli/#fastapi-dev',
  },
  'flask run': {
    host: ['--host', '-h'],
    port: ['--port', '-p'],
    otherwise: { host: '127.0.0.1', port: 5000 },
    variables: ['FLASK_RUN_HOST', 'FLASK_RUN_PORT'],
    serves: ['wsgi'],
    package: 'flask',
    development: true,
    source: 'https://flask.palletsprojects.com/en/stable/deploying/',
  },
  'quart run': {
    host: ['--host', '-h'],
    port: ['--port', '-p'],
    otherwise: { host: '127.0.0.1', port: 5000 },
    serves: ['asgi'],
    package: 'quart',
    development: true,
    source: 'https://quart.palletsprojects.com/en/latest/tutorials/deployment/',
  },
  'litestar run': {
    host: ['--host', '-H'],
    port: ['--port', '-p'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    variables: ['LITESTAR_HOST', 'LITESTAR_PORT'],
    elsewhere: ['--uds', '-U', '--fd', '-F'],
    serves: ['asgi'],
    package: 'litestar',
    source: 'https://docs.litestar.dev/latest/usage/cli.html#run',
  },
  sanic: {
    target: 'string',
    host: ['--host', '-H'],
    port: ['--port', '-p'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    elsewhere: ['--unix', '-u'],
    framework: true,
    package: 'sanic',
    source: 'https://sanic.dev/en/guide/running/running.html',
  },
  'streamlit run': {
    host: ['--server.address'],
    port: ['--server.port'],
    otherwise: { host: '0.0.0.0', port: 8501 },
    variables: ['STREAMLIT_SERVER_ADDRESS', 'STREAMLIT_SERVER_PORT'],
    framework: true,
    package: 'streamlit',
    source: 'https://docs.streamlit.io/develop/api-reference/configuration/config.toml',
  },
  'chainlit run': {
    host: ['--host'],
    port: ['--port'],
    otherwise: { host: '127.0.0.1', port: 8000 },
    variables: ['CHAINLIT_HOST', 'CHAINLIT_PORT'],
    framework: true,
    package: 'chainlit',
    source: 'https://docs.chainlit.io/backend/command-line',
  },
  runserver: {
    addressWord: true,
    otherwise: { host: '127.0.0.1', port: 8000 },
    package: 'django',
    development: true,
    source: 'https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver',
  },
} as const satisfies Readonly<Record<string, Server>>;

export type ServerName = keyof typeof SERVERS;

/** Servers that a start command may be written for, but for gunicorn. */
export type OtherServer = { [K in ServerName]: (typeof SERVERS)[K] extends { start: unknown } ? K : never }[ServerName];

const rows = Object.entries(SERVERS) as [ServerName, Server][];

/** Programs that are nothing but servers. */
export const SERVER_PROGRAMS: readonly ServerName[] = rows.flatMap(([name, row]) => (row.target ? [name] : []));

/** Servers that nothing but their own start needs: whoever lists one of them has chosen it. uvicorn comes with frameworks. */
export const CHOSEN_BY_LISTING: readonly OtherServer[] = rows.flatMap(([name, row]) =>
  row.start && name !== 'uvicorn' ? [name as OtherServer] : [],
);

/** Distributions of servers that serve any framework's applications. */
export const SERVER_PACKAGES: readonly string[] = rows.flatMap(([, row]) =>
  row.target && !row.framework ? [row.package] : [],
);

/** Words of commands that start a server, as alternatives: 'gunicorn', 'waitress', 'fastapi', … */
export const SERVER_WORDS = [...new Set(rows.map(([name]) => name.split(/[ -]/)[0]))].join('|');

/** True for a server that answers WebSocket connections by what it brings itself. */
export function speaksWebSocket(name: string): boolean {
  const row: Server | undefined = Object.hasOwn(SERVERS, name) ? SERVERS[name as ServerName] : undefined;
  return row?.sockets === true;
}

/** Where a program that is nothing but a server finds its application. */
export function applicationWord(name: string): Server['target'] {
  const row: Server | undefined = Object.hasOwn(SERVERS, name) ? SERVERS[name as ServerName] : undefined;
  return row?.target;
}

/** Programs that serve by a word among their arguments. */
const TWO_WORDS: ReadonlySet<string> = new Set(
  rows.flatMap(([name]) => (name.includes(' ') ? [name.replace(/ .*$/, '')] : [])),
);

/** The server that a program is: by its name, its first two words, or `manage.py runserver`; undefined for another. */
export function serverNamed(name: string, args: readonly string[]): ServerName | undefined {
  if (/^python[\d.]*$|^manage\.py$|^django-admin$|^django$/.test(name)) {
    const at = args.indexOf('runserver');
    return at !== -1 && (name !== 'python' || /(?:^|\/)manage\.py$/.test(args[0] ?? '')) ? 'runserver' : undefined;
  }
  if (TWO_WORDS.has(name)) {
    const said = args.find((arg) => arg === 'run' || arg === 'dev');
    return said && `${name} ${said}` in SERVERS ? (`${name} ${said}` as ServerName) : undefined;
  }
  return Object.hasOwn(SERVERS, name) ? (name as ServerName) : undefined;
}

/** True for a server whose worker class decides what it serves. */
export function hasWorkerClass(name: ServerName | undefined): boolean {
  const row: Server | undefined = name && SERVERS[name];
  return row?.workerClass !== undefined;
}

interface WorkerClassRow {
  readonly named: RegExp;
  readonly serves: Protocol;
  /** Distribution that brings it; absent where the server does. */
  readonly package?: string;
}

/** https://docs.gunicorn.org/en/stable/settings.html#worker-class */
const WORKER_CLASSES: readonly WorkerClassRow[] = [
  { named: /^(?:sync|gthread)$|^gunicorn\.workers\.(?:sync|gthread|geventlet|ggevent|gtornado)\./, serves: 'wsgi' },
  { named: /^eventlet$/, serves: 'wsgi', package: 'eventlet' },
  { named: /^gevent/, serves: 'wsgi', package: 'gevent' },
  { named: /^tornado$/, serves: 'wsgi', package: 'tornado' },
  { named: /^aiohttp\.(?:worker\.)?Gunicorn/, serves: 'aiohttp' },
  { named: /^asgi$/, serves: 'asgi' },
  { named: /^uvicorn\.workers\./, serves: 'asgi', package: 'uvicorn' },
  { named: /^uvicorn_worker\./, serves: 'asgi', package: 'uvicorn-worker' },
];

/** gunicorn and what brings its worker classes for ASGI. */
export const WITH_GUNICORN: readonly string[] = [
  SERVERS.gunicorn.package,
  ...WORKER_CLASSES.flatMap((row) => (row.serves === 'asgi' && row.package ? [row.package] : [])),
];

/** What is known of a worker class of gunicorn. */
export function workerRow(workerClass: string): WorkerClassRow | undefined {
  return WORKER_CLASSES.find(({ named }) => named.test(workerClass));
}
