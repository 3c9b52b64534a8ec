/** The Python that what is listed runs on, where the repository states none and a platform's newest is too new for it. */
import { DRIFT } from '../../knowledge/drift.ts';
import { RENDER_OLDEST } from '../../knowledge/pythons.ts';
import { wheelRows } from '../../knowledge/wheels.ts';
import type { Dependencies, FittingPython, PythonVersion, Requirement } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { asksOf, holdsOn, rowsWithin } from '../dependencies/companions.ts';
import { installedBy } from '../dependencies/installs-all.ts';
import { isConditional } from '../dependencies/lacking.ts';
import { areDisjoint, between, exactVersion, rangeOf, type VersionRange } from '../dependencies/ranges.ts';
import type { Taken } from '../dependencies/takes.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { listsHold } from '../needs/drift.ts';
import { isStated, PLATFORM_PYTHON } from './runs-on.ts';

/** Rows that the lists alone decide: what they hold has no wheel for a newer Python, or does not run on it. */
const ROWS = DRIFT.flatMap((row) => {
  const newest = row.older ?? row.newest;
  const { imports, uses, state } = row.when;
  return newest === undefined || imports || uses || state ? [] : [{ ...row, newest }];
});

/** Undefined where a version is stated, where the newest will do, or where no version does for all that is listed. */
export function fittingPython(
  repo: Snapshot,
  stated: PythonVersion | undefined,
  dependencies: Dependencies | undefined,
): FittingPython | undefined {
  const installed = isStated(stated) || !dependencies ? undefined : installedBy(repo, dependencies);
  if (!dependencies || !installed) return undefined;
  const main = dependencies.requirements.filter((r) => r.group === undefined && !isConditional(repo, r));
  const limits = [...ofRows({ repo, dependencies, installed }, main), ...main.flatMap((r) => ofWheels(r, main))];
  const [lowest] = limits.sort((a, b) => compareVersions(a.version, b.version));
  if (!lowest || compareVersions(lowest.version, RENDER_OLDEST) < 0 || isTooOld(lowest.version, stated, dependencies)) {
    return undefined;
  }
  const { version, by } = lowest;
  return { version, name: by.name, specifier: by.specifier, at: by.at };
}

/** A Python older than the platform's, and the requirement that takes no newer one. */
interface Limit {
  readonly version: string;
  readonly by: Requirement;
}

function ofRows(taken: Taken, main: readonly Requirement[]): Limit[] {
  return ROWS.flatMap(({ newest, when }) => {
    const [name] = Object.keys(when.held ?? {});
    const by = main.find((r) => r.name === name);
    return by && listsHold(taken, when) ? [{ version: newest, by }] : [];
  });
}

/** By what a pinned version says of Python, by the wheels of what a requirement admits, and of what its one version asks for. */
function ofWheels(by: Requirement, listed: readonly Requirement[]): Limit[] {
  const range = rangeOf(by.specifier);
  if (!range) return [];
  const [row, ...more] = (exactVersion(by.specifier) === undefined ? undefined : rowsWithin(by.name, range)) ?? [];
  const one = more.length === 0 ? row : undefined;
  const asks = one ? [...asksOf(one, PLATFORM_PYTHON)] : [];
  const said = one?.python?.to === undefined ? [] : [{ version: one.python.to, by }];
  const brought = asks.filter(([name]) => listed.every((r) => r.name !== name));
  const compiled = [[by.name, [{ range }]] as const, ...brought].flatMap(([name, asked]) =>
    asked.flatMap((a) => newestWheel(name, a.range) ?? []).map((version) => ({ version, by })),
  );
  return [...said, ...compiled].filter(({ version }) => compareVersions(version, PLATFORM_PYTHON) < 0);
}

/** The newest Python that has a wheel of some version within the range; undefined where every Python has, or nothing is known. */
function newestWheel(name: string, range: VersionRange): string | undefined {
  const within = wheelRows(name).filter((row) => !areDisjoint(range, between(row.from, row.to)));
  // An install takes the last of them, and compiles what has no wheel on any Python.
  if (within.at(-1)?.newest === undefined || within.some((row) => row.newest === 'any')) return undefined;
  const pythons = within.flatMap((row) => row.newest ?? []);
  return pythons.sort(compareVersions).at(-1);
}

/** True where the project's lower bound, or something that is pinned, asks for a newer Python. */
function isTooOld(version: string, stated: PythonVersion | undefined, { requirements }: Dependencies): boolean {
  if (stated?.bound && compareVersions(version, stated.version) < 0) return true;
  return requirements.some(({ name, specifier }) => {
    const range = exactVersion(specifier) === undefined ? undefined : rangeOf(specifier);
    const rows = (range && rowsWithin(name, range)) ?? [];
    return rows.some(({ python }) => !holdsOn(python, version));
  });
}
