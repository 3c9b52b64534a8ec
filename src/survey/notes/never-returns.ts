/** What keeps the import of the service's module from coming to an end, so that no server answers. */
import type { Service } from '../../model/facts.ts';
import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lastName } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { callsAtImport, type RunningCall } from '../at-import.ts';
import { polls } from '../bots.ts';
import { serverCall } from '../server-calls.ts';
import { startsAsProgram } from './main-guard.ts';
import type { Note } from './note.ts';

const ENDS = /^(?:sys\.exit|os\._exit|builtins\.exit)$/;

const NEEDLE =
  /polling\(|run_until_disconnected\(|_webhook\(|_forever\(|BlockingScheduler|\binput\(|\bexit\(|\.run\(|\brun_app\(|\b(?:uvicorn|hypercorn|waitress|serve)\b/;

/** At most one: what comes after the first never runs. */
export function neverReturns(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  if (repo.matching(files, NEEDLE).length === 0) return undefined;
  for (const place of callsAtImport(modules, service.entry.path)) {
    const why = whyNot(place);
    if (why === undefined) continue;
    if (startsAsProgram(repo, service)) return undefined;
    const { text: source } = modules.module(place.path) ?? { text: '' };
    const quoted = source.slice(place.expr.start, place.expr.end).replace(/\s+/g, ' ').slice(0, 60);
    return { text: sentence(why, quoted, service), at: { path: place.path, line: place.expr.line }, stops: true };
  }
  return undefined;
}

type Why = 'serves' | 'polls' | 'asks' | 'ends';

function whyNot(place: RunningCall): Why | undefined {
  const { expr } = place;
  const { func } = expr;
  if (serverCall(place, expr) && !/Config$/.test(lastName(func))) return 'serves';
  const name = lastName(func);
  if (func.kind === 'name') {
    const builtin = !definitionOf(place, func);
    if (builtin && name === 'input') return 'asks';
    if (builtin && /^(?:exit|quit)$/.test(name)) return 'ends';
  }
  const external = externalName(place, func) ?? '';
  if (ENDS.test(external)) return 'ends';
  return polls(place, expr) ? 'polls' : undefined;
}

function sentence(why: Why, quoted: string, { entry }: Service): string {
  const guard = 'if __name__ == "__main__":';
  switch (why) {
    case 'serves':
      return say`\`${quoted}\` starts a server of its own when ${entry.module} is imported: the server that imports it never answers. Put it below \`${guard}\`.`;
    case 'polls':
      return say`\`${quoted}\` runs when ${entry.module} is imported and never returns: no server comes to answer. Put it below \`${guard}\` and start it as a worker of its own.`;
    case 'asks':
      return say`\`${quoted}\` runs when ${entry.module} is imported, where nobody can answer: it ends with EOFError. Read an environment variable in its place.`;
    case 'ends':
      return say`\`${quoted}\` runs when ${entry.module} is imported: the server that imports it ends there.`;
  }
}
