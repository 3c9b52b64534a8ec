/** The Python on which a service is installed and runs. */
import type { Service } from '../../model/facts.ts';
import { compareVersions } from '../dependencies/versions.ts';

/** Render's when nothing is said. https://render.com/docs/python-version */
const PLATFORM_PYTHON = '3.14';
/** From here on a lower bound is taken for the version. */
const CURRENT_PYTHON = '3.10';

/** The stated version; the platform's own where none is, or only an old lower bound, which is no statement. */
export function runsOn({ python }: Pick<Service, 'python'>): string {
  return isStated(python) ? python.version : PLATFORM_PYTHON;
}

/** True where the version that is stated is the one that runs. */
export function isStated(python: Service['python']): python is NonNullable<Service['python']> {
  return python !== undefined && !(python.bound === true && compareVersions(python.version, CURRENT_PYTHON) < 0);
}
