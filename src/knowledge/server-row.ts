/** The form of a row of the table of servers: servers.ts. */

/** What an application speaks: aiohttp's own protocol is neither ASGI nor WSGI. */
export type Protocol = 'asgi' | 'wsgi' | 'aiohttp';

/** A word of a command line; `sh` where sh expands it: `$PORT`. */
export type StartWord = string | { readonly sh: string };

/** The application that a server is to start, and where it listens. */
export interface Startable {
  /** `module:attr` */
  readonly target: string;
  /** The same, as the call of a factory where it is one: `module:attr()`. */
  readonly called: string;
  readonly interface: 'asgi' | 'wsgi';
  readonly factory: boolean;
  readonly host: string;
  /** Folder to import from, where that is not the one that it runs in. */
  readonly folder?: string;
  /** It imports from the folder that it runs in as well. */
  readonly alsoHere?: boolean;
}

/** How a server is started with an application that it serves. */
export interface ServerStart {
  /** Option that names the folder to import from; absent where it has none that does. */
  readonly folder?: string;
  /** It cannot be told to call a factory. */
  readonly noFactory?: true;
  /** Words by which it is one process whatever WEB_CONCURRENCY or a variable of its own says. */
  readonly one?: readonly string[];
  /** Program and arguments. */
  readonly words: (app: Startable) => readonly StartWord[];
}

export interface Server {
  /** Options that give host and port in one: `0.0.0.0:$PORT`. */
  readonly bind?: readonly string[];
  readonly host?: readonly string[];
  readonly port?: readonly string[];
  /** Arguments that are files of a configuration, which may say where it listens. */
  readonly files?: RegExp;
  /** Options that name its configuration in Python, which is read. */
  readonly configuration?: readonly string[];
  /** The address is the word behind its own: `runserver 0.0.0.0:8000`. */
  readonly addressWord?: true;
  /** Where it listens when no option says so; port 'PORT' when it reads that variable itself, 0 when nowhere. */
  readonly otherwise: { readonly host: string; readonly port: number | 'PORT' };
  /** Variables that it reads beside its options. */
  readonly variables?: readonly string[];
  /** Options under which the address stands elsewhere: a socket, a configuration file. */
  readonly elsewhere?: readonly string[];
  /** Protocols that it serves; absent where an option or the application itself decides. */
  readonly serves?: readonly Protocol[];
  /** Options that name its worker class, which decides what it serves and needs: `WORKER_CLASSES`. */
  readonly workerClass?: readonly string[];
  /** The option that says what the application speaks, and what it is taken for without. */
  readonly told?: { readonly by: string; readonly without: string };
  /** Where a program of its own finds the application: `module:attr` among its words, also a bare module, or options. */
  readonly target?: 'string' | 'module' | readonly string[];
  /** Distribution that brings the program. */
  readonly package: string;
  /** For a server other than gunicorn that a start command may be written for. */
  readonly start?: ServerStart;
  /** It brings a WebSocket library of its own. */
  readonly sockets?: true;
  /** It serves applications of its own framework only. */
  readonly framework?: true;
  /** A server that its own documentation keeps for development. */
  readonly development?: true;
  /** Where the rule stands. */
  readonly source: string;
}
