/** The Python that what is listed runs on, where the repository states none and a platform's newest is too new for it. */
import { DRIFT } from '../../knowledge/drift.ts';
import type { Dependencies, FittingPython, PythonVersion } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { holdsOn, rowsWithin } from '../dependencies/companions.ts';
import { installedBy } from '../dependencies/installs-all.ts';
import { exactVersion, rangeOf } from '../dependencies/ranges.ts';
import type { Taken } from '../dependencies/takes.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { listsHold } from '../needs/drift.ts';
import { isStated, PLATFORM_PYTHON } from './runs-on.ts';

/** Rows that the lists alone decide: what they hold has no wheel for a newer Python, or does not run on it. */
const ROWS = DRIFT.flatMap((row) => {
  const newest = row.older ?? row.newest;
  const { python, imports, uses, state } = row.when;
  return newest === undefined || python === undefined || imports || uses || state ? [] : [{ ...row, newest, python }];
});

/** Undefined where a version is stated, where the newest will do, or where no version does for all that is listed. */
export function fittingPython(
  repo: Snapshot,
  stated: PythonVersion | undefined,
  dependencies: Dependencies | undefined,
): FittingPython | undefined {
  const installed = isStated(stated) || !dependencies ? undefined : installedBy(repo, dependencies);
  if (!dependencies || !installed) return undefined;
  const taken: Taken = { repo, dependencies, installed };
  let version = PLATFORM_PYTHON;
  let by: string | undefined;
  for (const { newest, python, when } of ROWS) {
    const breaks = compareVersions(version, python) >= 0 && compareVersions(newest, version) < 0;
    if (!breaks || !listsHold(taken, when)) continue;
    version = newest;
    by = Object.keys(when.held ?? {})[0];
  }
  const asked = dependencies.requirements.find((r) => r.name === by);
  if (by === undefined || !asked || isTooOld(version, stated, dependencies)) return undefined;
  return { version, name: by, specifier: asked.specifier, at: asked.at };
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
