/** Every distribution that the build of a service installs, as far as it can be known. */
import { bringsOf } from '../../knowledge/distributions.ts';
import { tools } from '../../knowledge/managers.ts';
import type { Dependencies } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { normalizeName } from '../../syntax/requirements.ts';
import { isPartial } from './installed.ts';

export interface Installed {
  /** Normalised names. */
  readonly names: ReadonlySet<string>;
  /** True where nothing more can come along. */
  readonly whole: boolean;
}

/** Undefined where what is declared cannot be read (conda, setup.py), or nothing is. */
export function installedBy(repo: Snapshot, dependencies: Dependencies): Installed | undefined {
  const { requirements } = dependencies;
  if (isPartial(dependencies)) return undefined;
  const locked = dependencies.locks.flatMap((lock) => namesIn(repo, lock) ?? []);
  const names = new Set([...requirements.map((r) => r.name), ...locked]);
  let whole = true;
  for (const { name, extras } of requirements) {
    const brought = bringsOf(name, extras);
    for (const one of brought ?? []) names.add(one);
    // A lock has all; an extra that nobody knows may bring anything.
    if (!brought && locked.length === 0) whole = false;
  }
  return { names, whole };
}

/** The names in a lock file; undefined for one in a form that is not known. */
function namesIn(repo: Snapshot, lock: string): string[] | undefined {
  const grammar = tools.find((tool) => tool.lock?.file === lock.slice(lock.lastIndexOf('/') + 1))?.lock?.grammar;
  const text = repo.read(lock)?.text;
  if (text === undefined || grammar === undefined) return undefined;
  const pattern = grammar === 'json' ? /^ {8}"([\w.-]+)": \{/gm : /^name = "([^"]+)"/gm;
  return [...text.matchAll(pattern)].map((m) => normalizeName(m[1] ?? ''));
}
