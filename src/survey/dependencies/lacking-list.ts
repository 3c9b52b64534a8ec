/** Between lists of one folder: that from which the service starts, where the first one lacks what it imports. */
import type { Dependencies, Need, Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { installedBy } from './installs-all.ts';

interface Listed {
  readonly dependencies: Dependencies;
  /** The repository's own build installs it. */
  readonly named: boolean;
}

export interface PassedOver {
  /** Index of the list that has all. */
  readonly chosen: number;
  /** The list that lacks something, and what. */
  readonly path: string;
  readonly lacks: readonly string[];
}

/**
 * Undefined where the first of the lists has all, where none has, or where what is missing is rather added to the first:
 * the repository's own build installs that one, and no lock is in the way. `services[i]` is installed from `choices[i]`.
 */
export function lackingList(
  repo: Snapshot,
  choices: readonly Listed[],
  services: readonly Service[],
): PassedOver | undefined {
  const [first] = choices;
  const lacks = services[0]?.needs.filter(isAbsent(first?.dependencies)).map((need) => need.name) ?? [];
  if (!first || lacks.length === 0 || (first.named && first.dependencies.locks.length === 0)) return undefined;
  const chosen = choices.findIndex(({ dependencies }, i) => {
    if (i === 0 || !installedBy(repo, dependencies)) return false;
    const needs = services[i]?.needs ?? [];
    return !needs.some((need) => isAbsent(dependencies)(need) || (need.kind !== 'told' && lacks.includes(need.name)));
  });
  return chosen < 0 ? undefined : { chosen, path: first.dependencies.path, lacks };
}

/** Not in the list at all: a bound on what is listed can be added anywhere. */
function isAbsent(dependencies: Dependencies | undefined): (need: Need) => boolean {
  const listed = new Set(dependencies?.requirements.map((r) => r.name));
  return ({ kind, name }) => kind === 'missing' && !listed.has(name);
}
