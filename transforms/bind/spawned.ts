/** A server that a script starts by `subprocess` or `os.exec*`: host and port are words of its list. */

import { programOf } from '../../src/commands/program.ts';
import type { Server } from '../../src/knowledge/server-row.ts';
import { SERVERS, serverNamed } from '../../src/knowledge/servers.ts';
import type { RunCall } from '../../src/model/facts.ts';
import type { Outcome } from '../../src/model/transform.ts';
import { spawnedList, spawnedWords } from '../../src/survey/spawned.ts';
import type { Edit } from '../../src/syntax/edit.ts';
import type { Expr, PythonModule } from '../../src/syntax/python/ast.ts';
import { osAt } from '../../src/syntax/python/imports.ts';
import { say } from '../../src/system/say.ts';

const ANY = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^(?:127(?:\.\d+){3}|localhost|::1)$/;

/** The words that carry the address follow HOST and PORT, where each is a word of its own. */
export function rewriteSpawned(run: RunCall, module: PythonModule, osBound: boolean): Outcome {
  const at = [run.at];
  const list = spawnedList(run.call, run.callee);
  const words = list ? spawnedWords(list) : [];
  const { name, args } = programOf(words);
  const found = serverNamed(name, args);
  const server: Server | undefined = found && SERVERS[found];
  const manual: Outcome = {
    kind: 'manual',
    reason: say`${run.callee} starts ${name}, and where it listens is not a word of its own`,
    at,
    snippet: '"--host", os.getenv("HOST", "0.0.0.0"), "--port", os.getenv("PORT", "8000")',
  };
  if (!list || !server?.host || !server.port || words.some((w) => w.startsWith('--host=') || w.startsWith('--port=')))
    return manual;
  const os = osAt(module, run.call.start, run.around, osBound);
  const host = `${os.name}.getenv("HOST", "0.0.0.0")`;
  const port = (otherwise: string): string => `${os.name}.getenv("PORT", "${otherwise}")`;
  const edits: Edit[] = [];
  const added: string[] = [];
  const given = (options: readonly string[]): { readonly item: Expr; readonly word: string } | undefined => {
    const i = words.findIndex((w) => options.includes(w));
    const item = i === -1 ? undefined : list.items[i + 1];
    return item && { item, word: words[i + 1] ?? '' };
  };
  const hosted = given(server.host);
  if (!hosted && LOOPBACK.test(server.otherwise.host)) added.push(`"${server.host[0]}", ${host}`);
  else if (hosted && hosted.item.kind !== 'string') return manual;
  else if (hosted && !ANY.has(hosted.word)) edits.push({ start: hosted.item.start, end: hosted.item.end, text: host });
  const ported = given(server.port);
  if (!ported) added.push(`"${server.port[0]}", ${port(String(server.otherwise.port))}`);
  else if (ported.item.kind === 'string' && /^\d+$/.test(ported.word)) {
    edits.push({ start: ported.item.start, end: ported.item.end, text: port(ported.word) });
  } else {
    const { text } = module;
    const follows = /["']PORT["']/.test(text.slice(ported.item.start, ported.item.end));
    if (!follows) return manual;
  }
  const last = list.items.at(-1);
  if (added.length > 0 && last) edits.push({ start: last.end, end: last.end, text: `, ${added.join(', ')}` });
  if (edits.length === 0)
    return { kind: 'satisfied', reason: say`${run.callee} listens on all addresses and on PORT`, at };
  return {
    kind: 'edits',
    reason: say`${run.callee} takes ${'HOST, PORT'} from the environment (${run.why})`,
    at,
    edits: { [run.path]: [...edits, ...(os.edit ? [os.edit] : [])] },
  };
}
