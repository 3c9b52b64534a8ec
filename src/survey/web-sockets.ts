/** Connections that stay open: what a server must have to hold them, and which of them one process keeps to itself. */

import { brings } from '../knowledge/distributions.ts';
import { speaksWebSocket } from '../knowledge/servers.ts';
import type { Evidence, Service } from '../model/facts.ts';
import { externalName } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineOf } from '../syntax/edit.ts';
import { calls, keyword } from '../syntax/python/walk.ts';
import { type CommandSource, startCommands } from './commands.ts';

/** A route for WebSockets of FastAPI, Starlette, Litestar, Channels or Socket.IO. */
const ROUTE =
  /\.websocket(?:_route)?\(|\b(?:WebSocketRoute|add_api_websocket_route|add_websocket_route)\(|\(WebSocketEndpoint\)|@websocket(?:_listener)?\(|\bProtocolTypeRouter\b[^#]{0,2000}["']websocket["']/;

/** One of these uvicorn must find. https://www.uvicorn.org/settings/#implementation */
const LIBRARIES = ['websockets', 'wsproto'];

const DEPLOYED = new Set<CommandSource>(['procfile', 'render']);

/**
 * Where an ASGI service has a WebSocket route and none of its requirements brings a library for it: uvicorn answers 404 or
 * closes the connection then. Undefined where all is there, or nothing is known of what is installed.
 */
export function lacksWebSockets(repo: Snapshot, service: Service, files: readonly string[]): Evidence | undefined {
  const { entry, dependencies } = service;
  if (entry.interface !== 'asgi' || !dependencies || entry.framework === 'aiohttp') return undefined;
  // A server that the project deploys with, and that speaks WebSocket by itself.
  const deployed = startCommands(repo).filter((c) => DEPLOYED.has(c.source));
  if (deployed.some((c) => c.targets.some(({ server }) => speaksWebSocket(server)))) return undefined;
  const brought = dependencies.requirements.some(({ name, extras }) =>
    LIBRARIES.some((library) => name === library || brings(name, extras, library)),
  );
  if (brought || dependencies.locks.some((lock) => /\b(?:websockets|wsproto)\b/.test(repo.read(lock)?.text ?? ''))) {
    return undefined;
  }
  const [path] = repo.matching(files, ROUTE);
  const text = path === undefined ? '' : (repo.read(path)?.text ?? '');
  const found = ROUTE.exec(text);
  if (path === undefined || !found) return undefined;
  return { path, line: lineOf(text, found.index) };
}

/**
 * A Socket.IO server without a message queue: its clients are known to one process, and their requests must come back to
 * it. https://python-socketio.readthedocs.io/en/stable/server.html#using-a-message-queue
 */
export function aloneSocketIo(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Evidence | undefined {
  for (const path of repo.matching(files, /\b(?:AsyncServer|SocketIO|socketio\.Server)\b/)) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], /AsyncServer|SocketIO|Server/)) {
      const full = externalName({ modules, path, around }, call.func) ?? '';
      if (!/^(?:socketio(?:\.\w+)*\.(?:AsyncServer|Server)|flask_socketio\.SocketIO)$/.test(full)) continue;
      if (keyword(call, 'client_manager') || keyword(call, 'message_queue') || call.args.some((a) => a.star)) continue;
      return { path, line: call.line };
    }
  }
  return undefined;
}
