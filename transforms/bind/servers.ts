/** How each server takes its host and port. */
import type { RunCall } from '../../src/model/facts.ts';
import type { Argument } from '../../src/syntax/python/ast.ts';

export interface Signature {
  readonly host: string;
  readonly port: string;
  /** Positions of host, port and debug when they may be positional (0-based); absent for keyword-only ones. */
  readonly positions?: readonly [host: number, port: number, debug?: number];
  /** What the server uses when they are not given. */
  readonly defaultHost: string;
  readonly defaultPort: string;
  /** Keyword that turns on the reloader. */
  readonly reload?: string;
  /** Keyword that opens the interactive debugger: not to be reachable from outside. */
  readonly debug?: string;
  /** Where that is written. */
  readonly source: string;
}

const UVICORN = {
  host: 'host',
  port: 'port',
  defaultHost: '127.0.0.1',
  defaultPort: '8000',
  reload: 'reload',
  source: 'https://www.uvicorn.org/settings/#socket-binding',
};
const FLASK = {
  host: 'host',
  port: 'port',
  positions: [0, 1, 2],
  defaultHost: '127.0.0.1',
  defaultPort: '5000',
  reload: 'use_reloader',
  debug: 'debug',
  source: 'https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run',
} as const;

/** Undefined for a server whose call does not carry host and port as plain arguments. */
export function signatureOf(run: RunCall): Signature | undefined {
  switch (run.server) {
    case 'uvicorn':
      return run.callee.endsWith('Config') ? { ...UVICORN, positions: [1, 2] } : UVICORN;
    case 'flask':
      return FLASK;
    case 'dash':
      return { ...FLASK, positions: [0, 1], defaultPort: '8050', source: 'https://dash.plotly.com/reference#app.run' };
    case 'quart':
      return { ...FLASK, source: 'https://quart.palletsprojects.com/en/latest/reference/source/quart.app.html' };
    case 'socketio':
      return {
        ...FLASK,
        positions: [1, 2],
        source: 'https://flask-socketio.readthedocs.io/en/latest/api.html#flask_socketio.SocketIO.run',
      };
    case 'sanic':
      return {
        ...FLASK,
        positions: [0, 1],
        defaultPort: '8000',
        reload: 'auto_reload',
        source: 'https://sanic.dev/en/guide/running/running.html',
      };
    case 'waitress':
      return {
        host: 'host',
        port: 'port',
        defaultHost: '0.0.0.0',
        defaultPort: '8080',
        source: 'https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html',
      };
    case 'aiohttp':
      return {
        host: 'host',
        port: 'port',
        defaultHost: '0.0.0.0',
        defaultPort: '8080',
        source: 'https://docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.run_app',
      };
    default:
      return undefined;
  }
}

const ORDER = ['host', 'port', 'debug'] as const;

/** The argument for `which`, by keyword or position. */
export function argumentOf(
  args: readonly Argument[],
  signature: Signature,
  which: (typeof ORDER)[number],
): Argument | undefined {
  const named = args.find((a) => a.name !== undefined && a.name === signature[which]);
  const position = signature.positions?.[ORDER.indexOf(which)];
  if (named || position === undefined) return named;
  const plain = args.filter((a) => a.name === undefined && a.star === undefined);
  const unpacked = args.findIndex((a) => a.star === '*');
  if (unpacked !== -1 && unpacked <= position) return undefined;
  return plain[position];
}
