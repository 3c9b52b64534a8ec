/** Every distribution that the build of a service installs, as far as it can be known. */
import { bringersOf, bringsOf, newestOf } from '../../knowledge/distributions.ts';
import { tools } from '../../knowledge/managers.ts';
import { ONCE_BROUGHT } from '../../knowledge/once-brought.ts';
import type { Dependencies, Requirement } from '../../model/facts.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { normalizeName } from '../../syntax/requirements.ts';
import { isPartial, leftOut } from './installed.ts';
import { admitsFrom, compareVersions, lowerBound } from './versions.ts';

export interface Installed {
  /** Normalised names. */
  readonly names: ReadonlySet<string>;
  /** True where nothing more can come along. */
  readonly whole: boolean;
  /** Listed ones that are held at another version than today's, which may bring something else. */
  readonly held: readonly Requirement[];
}

/** Of 2,578 distributions: stripe is brought by one, celery by six, requests by 402. */
const FEW = 8;

/** True where no version of what is listed brings a distribution along (normalised name). */
export function surelyLacks({ names, whole, held }: Installed, name: string): boolean {
  return whole && !names.has(name) && held.every((one) => neverBrought(one, name));
}

function neverBrought({ name, specifier }: Requirement, wanted: string): boolean {
  const row = ONCE_BROUGHT[name];
  // Where nobody has looked: what hardly anything brings came with none, but for those of one family (flask-…).
  if (!row) return bringersOf(wanted) <= FEW && name.split('-')[0] !== wanted.split('-')[0];
  if ('below' in row)
    return !row.brought.includes(wanted) || compareVersions(lowerBound(specifier) ?? '0', row.below) >= 0;
  return !row.includes(wanted);
}

/** Undefined where what is declared cannot be read (conda, setup.py), or nothing is. */
export function installedBy(repo: Snapshot, dependencies: Dependencies): Installed | undefined {
  if (isPartial(dependencies)) return undefined;
  const requirements = dependencies.requirements.filter((r) => !leftOut(dependencies, r));
  const locked = dependencies.locks.flatMap((lock) => namesInLock(repo, lock) ?? []);
  const names = new Set([...requirements.map((r) => r.name), ...locked]);
  let whole = true;
  const held: Requirement[] = [];
  for (const requirement of requirements) {
    const { name, extras, specifier } = requirement;
    const brought = bringsOf(name, extras);
    for (const one of brought ?? []) names.add(one);
    // A lock has all; an extra that nobody knows may bring anything.
    if (!brought && locked.length === 0) whole = false;
    const newest = newestOf(name);
    const today = specifier === '' || (newest !== undefined && admitsFrom(specifier, newest));
    if (locked.length === 0 && !today) held.push(requirement);
  }
  return { names, whole, held };
}

/** The normalised names in a lock file, one for each version; undefined for one in a form that is not known. */
export function namesInLock(repo: Snapshot, lock: string): string[] | undefined {
  const grammar = tools.find((tool) => tool.lock?.file === basename(lock))?.lock?.grammar;
  const text = repo.read(lock)?.text;
  if (text === undefined || grammar === undefined) return undefined;
  const pattern = grammar === 'json' ? /^ {8}"([\w.-]+)": \{/gm : /^name = "([^"]+)"/gm;
  return [...text.matchAll(pattern)].map((m) => normalizeName(m[1] ?? ''));
}
