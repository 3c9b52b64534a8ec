/** PYTHON_VERSION for Render. */
import type { PythonVersion } from '../../src/model/facts.ts';
import { say } from '../../src/system/say.ts';

/** A released patch for each minor version; Render wants the version in full. https://www.python.org/downloads/ */
const PATCH: Readonly<Record<string, string>> = {
  '3.7': '3.7.17',
  '3.8': '3.8.20',
  '3.9': '3.9.25',
  '3.10': '3.10.20',
  '3.11': '3.11.15',
  '3.12': '3.12.13',
  '3.13': '3.13.13',
  '3.14': '3.14.4',
};

/** What Render takes when nothing is said. */
const RENDER_DEFAULT = '3.14.3';

/** From this minor version on, what a project needs at least is a version that its packages still support. */
const CURRENT = 10;

/**
 * The fully qualified version ('3.11.15') of the version that the project states, or why it is left out. A lower bound
 * counts where a lock was resolved for it (`locked`), or where it is a current version.
 * https://render.com/docs/python-version
 */
export function pythonVersion(
  found: PythonVersion | undefined,
  locked: boolean,
): { readonly version: string } | { readonly warning: string } {
  const otherwise = say`PYTHON_VERSION is left out: Render takes ${RENDER_DEFAULT}`;
  if (!found) return { warning: say`no Python version is stated anywhere, so ${otherwise}` };
  const usable = locked || Number(found.version.split('.')[1]) >= CURRENT;
  if (found.bound && !usable) {
    return {
      warning: say`${found.at.path}:${found.at.line} gives only a lower bound (${found.version}), so ${otherwise}`,
    };
  }
  if (/^3\.\d+\.\d+$/.test(found.version)) return { version: found.version };
  const full = PATCH[found.version];
  return full ? { version: full } : { warning: say`${found.version} is no version that Render takes, so ${otherwise}` };
}
