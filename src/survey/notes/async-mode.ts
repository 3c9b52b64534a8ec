/** A Socket.IO server that is told to run on a library which nothing installs. */
import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, keyword, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { installed } from '../dependencies/installed.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** By async mode. https://python-socketio.readthedocs.io/en/stable/server.html#deployment-strategies */
const LIBRARIES: Readonly<Record<string, string>> = {
  eventlet: 'eventlet',
  gevent: 'gevent',
  gevent_uwsgi: 'gevent',
};
const SERVERS = /^(?:flask_socketio\.SocketIO|(?:socketio|engineio)(?:\.\w+)*\.Server)$/;

/** At most one. Only what surely runs at start, and where all that is installed is known. */
export function asyncMode(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  started: readonly Started[],
): Note | undefined {
  const served = started.filter(({ when }) => when === 'service');
  // Once for a file, not for each of its statements.
  const named = new Set(repo.matching([...new Set(served.map(({ path }) => path))], /\basync_mode\b/));
  for (const { path, stmt } of served) {
    if (!named.has(path)) continue;
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    const call = expressionsOf(stmt)
      .flatMap((e) => [...descend(e)])
      .find((e): e is CallExpr => e.kind === 'call' && SERVERS.test(externalName(topOf(modules, path), e.func) ?? ''));
    const mode = stringValue(call && keyword(call, 'async_mode'));
    const library = mode === undefined ? undefined : LIBRARIES[mode];
    if (!call || library === undefined || installed(service, library) !== 'no') continue;
    const text = say`The Socket.IO server is made with async_mode ${mode}, and ${library} is not installed: it ends with "ValueError: Invalid async_mode specified". List ${library}, or leave async_mode out.`;
    return { text, at: { path, line: call.line }, stops: true };
  }
  return undefined;
}
