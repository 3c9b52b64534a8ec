/** Variables that a library demands as the program is loaded: by what it is given, or by reading them itself. */
import {
  DEMANDING_CALLS,
  DEMANDING_SETTINGS,
  type DemandingCall,
  MENTIONS_DEMANDING,
} from '../../knowledge/demanding-calls.ts';
import type { ServiceSeed } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import { keyword, positional } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { callsAtImport, callsAtStart, type RunningCall } from '../at-import.ts';
import { settingsFiles } from '../django-settings.ts';
import type { Refused } from './need.ts';
import type { EnvRead } from './read.ts';
import type { Variables } from './variables.ts';

interface Demanding {
  readonly place: RunningCall;
  readonly row: DemandingCall;
}

/**
 * Names of the variables that go into a call which refuses what they hold when they are not set, and which is made as its
 * module is loaded, by whatever loads it.
 */
export function* demandedByCalls(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  variables: Variables,
): Generator<readonly [string, Refused]> {
  const loaded = repo.matching(files, MENTIONS_DEMANDING).flatMap((path) => callsAtImport(modules, path));
  for (const { place, row } of demanding(loaded)) {
    for (const [name, refused] of Object.entries(row.refuses)) {
      const given = keyword(place.expr, name);
      // `… or "x"`, `x if y else z`: another value stands beside it.
      const other = given === undefined || given.kind === 'bool' || given.kind === 'conditional';
      const variable = other ? undefined : variables.heldBy(place, given);
      // A library that reads a variable of its own takes that where it is given nothing.
      const spared = row.reads && isMentioned(repo, files, row.reads.variable) && variable !== row.reads.variable;
      if (variable !== undefined && !spared) yield [variable, refused];
    }
  }
}

/** Reads that stand in the library alone; none of what the code sets or reads itself. */
export function libraryReads(
  repo: Snapshot,
  modules: ModuleGraph,
  seed: ServiceSeed,
  files: readonly string[],
): EnvRead[] {
  const out = new Map<string, EnvRead>();
  const some = repo.matching(files, MENTIONS_DEMANDING).length > 0;
  for (const { place, row } of demanding(some ? callsAtStart(modules, seed.entry) : [])) {
    const { expr, path } = place;
    const { variable, unless } = row.reads ?? { variable: '', unless: [] };
    const mayGive = positional(expr).length > 0 || expr.args.some((a) => a.star || (a.name && unless.includes(a.name)));
    if (variable === '' || mayGive || out.has(variable) || isMentioned(repo, files, variable)) continue;
    out.set(variable, { name: variable, required: true, path, line: expr.line, start: expr.start, end: expr.end });
  }
  if (seed.entry.framework !== 'django') return [...out.values()];
  const settings = settingsFiles(repo, modules, seed) ?? [];
  for (const { named, unless, variable } of DEMANDING_SETTINGS) {
    const [path] = repo.matching(settings, named);
    const text = path === undefined ? '' : (repo.read(path)?.text ?? '');
    const found = named.exec(text);
    if (path === undefined || !found || repo.matching([...files, ...settings], unless).length > 0) continue;
    const [start, end] = [found.index, found.index + found[0].length];
    out.set(variable, { name: variable, required: true, path, line: lineOf(text, start), start, end });
  }
  return [...out.values()];
}

function demanding(calls: readonly RunningCall[]): Demanding[] {
  return calls.flatMap((place) => {
    const name = externalName(place, place.expr.func) ?? '';
    const row = Object.hasOwn(DEMANDING_CALLS, name) ? DEMANDING_CALLS[name] : undefined;
    return row ? [{ place, row }] : [];
  });
}

function isMentioned(repo: Snapshot, files: readonly string[], variable: string): boolean {
  return repo.matching(files, new RegExp(String.raw`\b${literally(variable)}\b`)).length > 0;
}
