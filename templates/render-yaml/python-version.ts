/** PYTHON_VERSION for Render. */
import { isReleased, PYTHONS, RENDER_OLDEST, RENDER_PYTHON, seriesOf } from '../../src/knowledge/pythons.ts';
import type { PythonVersion } from '../../src/model/facts.ts';
import { compareVersions } from '../../src/survey/dependencies/versions.ts';
import { say } from '../../src/system/say.ts';

/** From this minor version on, what a project needs at least is a version that its packages still support. */
const CURRENT = 10;

/**
 * The fully qualified version ('3.11.15') of the version that the project states, or why it is left out. A lower bound
 * counts where a lock was resolved for it (`locked`), or where it is a current version. In place of a patch release that
 * was never made, the usual one of its series; of a series that Render does not have any more, the oldest that it has.
 * https://render.com/docs/python-version
 */
export function pythonVersion(
  found: PythonVersion | undefined,
  locked: boolean,
): { readonly version: string; readonly warning?: string } | { readonly warning: string } {
  const otherwise = say`PYTHON_VERSION is left out: Render takes ${RENDER_PYTHON}`;
  if (!found) return { warning: say`no Python version is stated anywhere, so ${otherwise}` };
  const { version, bound, at, refused } = found;
  if (refused)
    return { warning: say`${refused.at.path} does not admit Python ${version}, so PYTHON_VERSION is left out` };
  const series = seriesOf(version);
  const minor = Number(series.split('.')[1]);
  if (bound && !locked && minor < CURRENT) {
    return { warning: say`${at.path}:${at.line} gives only a lower bound (${version}), so ${otherwise}` };
  }
  const oldest = PYTHONS[RENDER_OLDEST]?.usual;
  if (compareVersions(series, RENDER_OLDEST) < 0 && oldest !== undefined) {
    return { version: oldest, warning: say`Render has no Python ${version}: PYTHON_VERSION is ${oldest}, the nearest` };
  }
  const usual = PYTHONS[series]?.usual;
  const released = isReleased(version);
  if (released && /^3\.\d+\.\d+$/.test(version)) return { version };
  if (usual === undefined) return { warning: say`${version} is no version that Render takes, so ${otherwise}` };
  if (released) return { version: usual };
  return { version: usual, warning: say`Python ${version} was never released: PYTHON_VERSION is ${usual}` };
}
