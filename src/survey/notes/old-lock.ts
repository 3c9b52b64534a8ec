/** Locks that the project file has left behind: the install stops, or does without what was listed since. */
import { distributionsOf } from '../../knowledge/distributions.ts';
import type { Requirement, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { lacking, lockInUse } from '../dependencies/lacking.ts';
import { type ImportsAtStart, importsAtStart } from '../imports-at-start.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** Names that a message has room for. */
const SHOWN = 4;

/** At most one, of the lock that the build installs from. */
export function oldLock(
  repo: Snapshot,
  modules: ModuleGraph,
  { dependencies }: Service,
  started: readonly Started[],
): Note | undefined {
  const lock = dependencies && lockInUse(repo, dependencies);
  if (!dependencies || !lock) return undefined;
  const { path, install, at } = dependencies;
  const renew = say`Run \`${lock.renew}\` and commit ${lock.path}.`;
  if (lock.stops) {
    const text = say`${lock.path} is not of this ${path}: \`${install}\` stops there. ${renew}`;
    return { text, at: { path: lock.path, line: 1 }, stops: true };
  }
  const { absent, other } = lacking(repo, dependencies, lock);
  if (absent.length > 0) {
    const stops = isStarted(importsAtStart(modules, started), absent);
    const names = shown(absent.map((r) => r.name));
    const text = say`${lock.path} is older than ${path}: \`${install}\` does not install ${names}. ${renew}`;
    return { text, at: absent[0]?.at ?? at, ...(stops ? { stops: true } : {}) };
  }
  if (other.length === 0) return undefined;
  const versions = shown(other.map((r) => `${r.name} ${lock.version(r.name)} (${r.specifier})`));
  const text = say`${lock.path} is older than ${path}: it holds versions that are not asked for, ${versions}. ${renew}`;
  return { text, at: other[0]?.at ?? at };
}

function shown(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return [...names.slice(0, SHOWN), ...(more > 0 ? [say`${more} more`] : [])].join(', ');
}

/** True where the start imports one of them. */
function isStarted(imports: ImportsAtStart, absent: readonly Requirement[]): boolean {
  const names = new Set(absent.map((r) => r.name));
  return [...imports.keys()].some((module) => distributionsOf(module)?.some((name) => names.has(name)));
}
