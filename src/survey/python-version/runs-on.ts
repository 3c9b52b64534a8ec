/** The Python on which a service is installed and runs. */
import { RENDER_PYTHON, seriesOf } from '../../knowledge/pythons.ts';
import type { Service } from '../../model/facts.ts';
import { compareVersions } from '../dependencies/versions.ts';

/** Render's when nothing is said. https://render.com/docs/python-version */
export const PLATFORM_PYTHON = seriesOf(RENDER_PYTHON);
/** From here on a lower bound is taken for the version. */
const CURRENT_PYTHON = '3.10';

/**
 * The stated version; where none is, or only an old lower bound, which is no statement, that which fits the lists, else
 * the platform's own.
 */
export function runsOn(service: Pick<Service, 'python' | 'fitting'>): string {
  const { python } = service;
  return isStated(python) ? python.version : (service.fitting?.version ?? PLATFORM_PYTHON);
}

/** True where the version that is stated is the one that runs. */
export function isStated(python: Service['python']): python is NonNullable<Service['python']> {
  return python !== undefined && !(python.bound === true && compareVersions(python.version, CURRENT_PYTHON) < 0);
}
