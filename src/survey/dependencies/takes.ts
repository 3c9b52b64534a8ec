/** Which versions an install takes, as far as lists, locks and today's metadata tell. */
import { companionRows } from '../../knowledge/companions.ts';
import { bringsOf, heldBy } from '../../knowledge/distributions.ts';
import { toolOf, tools } from '../../knowledge/managers.ts';
import type { Dependencies, Requirement } from '../../model/facts.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { askedBy, asksOf, rowsWithin } from './companions.ts';
import type { Installed } from './installs-all.ts';
import { lockedVersion } from './locks.ts';
import { exactVersion, rangeOf } from './ranges.ts';
import { readRequirementTree } from './requirement-files.ts';
import { admitsFrom, compareVersions, lowerBound } from './versions.ts';

/** Families whose older versions set no upper bounds on what they need. */
const UNBOUNDED =
  /^(?:flask(?:-.*)?|django-.*|jinja2|wtforms|alembic|passlib|pandas|scikit-learn|matplotlib|seaborn|statsmodels|gunicorn)$/;

export interface Taken {
  readonly repo: Snapshot;
  readonly dependencies: Dependencies;
  readonly installed: Installed;
  /** On which it is installed, where that is known. */
  readonly python?: string;
}

/** The version in a lock; '' where the lock leaves it out; undefined without a lock that can be read. */
export function versionInLock({ repo, dependencies }: Taken, name: string): string | undefined {
  let seen = false;
  for (const path of dependencies.locks) {
    const id = tools.find((tool) => tool.lock?.file === basename(path))?.id;
    const tool = toolOf(id);
    const pins = tool ? [] : readRequirementTree(repo, path).requirements.filter((r) => r.name === name);
    const version = tool
      ? lockedVersion(repo, { tool, path }, name)
      : pins.map((r) => lowerBound(r.specifier)).find((v) => v !== undefined);
    if (version !== undefined) return version;
    seen = true;
  }
  return seen ? '' : undefined;
}

/** True where an install may take this version or a newer one. `vouched`: listed ones that set no bound on it. */
export function takesFrom(taken: Taken, name: string, floor: string, vouched: ReadonlySet<string>): boolean {
  const locked = versionInLock(taken, name);
  if (locked !== undefined) return locked !== '' && compareVersions(locked, floor) >= 0;
  const { requirements } = taken.dependencies;
  const own = requirements.filter((r) => r.name === name);
  if (!own.every((r) => admitsFrom(r.specifier, floor))) return false;
  // One version is taken, or the install stops.
  if (own.some((r) => exactVersion(r.specifier) !== undefined)) return true;
  const bring = requirements.filter((r) => r.name !== name && bringsOf(r.name, r.extras)?.includes(name));
  // A version that is held may bring what today's does not: the row that vouches for it knows.
  if (own.length === 0 && bring.length === 0 && !requirements.some((r) => vouched.has(r.name))) return false;
  return bring.every(
    (r) => leavesToListed(taken, r, name) || setsNoBound(taken.installed, r, name, floor, vouched, taken.python),
  );
}

/**
 * True where no version that is admitted asks for the other one itself, and all through which it comes are listed: they
 * are looked at on their own.
 */
function leavesToListed({ dependencies, python }: Taken, { name, specifier }: Requirement, other: string): boolean {
  const range = rangeOf(specifier);
  const rows = range && companionRows(other).length > 0 ? rowsWithin(name, range) : undefined;
  if (!rows || python === undefined) return false;
  const listed = new Set(dependencies.requirements.map((r) => r.name));
  const isFine = (one: string): boolean => one !== other && (listed.has(one) || !bringsOf(one, [])?.includes(other));
  return rows.every((row) => [...asksOf(row, python).keys()].every(isFine));
}

function setsNoBound(
  installed: Installed,
  { name, extras, specifier }: Requirement,
  other: string,
  floor: string,
  vouched: ReadonlySet<string>,
  python: string | undefined,
): boolean {
  if (vouched.has(name)) return true;
  const asked = python === undefined ? undefined : askedBy({ name, specifier }, other, python);
  if (asked) return asked.every((one) => admitsFrom(one, floor));
  if (installed.held.some((r) => r.name === name && r.specifier === specifier)) return UNBOUNDED.test(name);
  const bound = heldBy(name, extras, other);
  return bound === undefined || admitsFrom(bound, floor);
}

/** True where every listed requirement, or the lock, keeps a distribution below a version. */
export function keptBelow(taken: Taken, name: string, below: string): boolean {
  const locked = versionInLock(taken, name);
  if (locked) return compareVersions(locked, below) < 0;
  const own = taken.dependencies.requirements.filter((r) => r.name === name);
  return own.length > 0 && own.every((r) => r.specifier !== '' && !admitsFrom(r.specifier, below));
}

/** True where every listed requirement, or the lock, keeps a distribution at a version or above. */
export function keptFrom(taken: Taken, name: string, since: string): boolean {
  const locked = versionInLock(taken, name);
  if (locked) return compareVersions(locked, since) >= 0;
  const own = taken.dependencies.requirements.filter((r) => r.name === name);
  return own.length > 0 && own.every((r) => compareVersions(lowerBound(r.specifier) ?? '0', since) >= 0);
}
