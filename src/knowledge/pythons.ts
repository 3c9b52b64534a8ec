/** Series of CPython: what has been released, and until when each gets fixes. */

export interface PythonSeries {
  /** A released version that platforms have. */
  readonly usual: string;
  /** Number of the newest patch release on the day below. */
  readonly newest: number;
  /** Month of its last security fix, where that has passed: no release follows. */
  readonly ended?: string;
}

/** https://www.python.org/downloads/ https://devguide.python.org/versions/ as of 2026-11 */
export const PYTHONS: Readonly<Record<string, PythonSeries>> = {
  '3.5': { usual: '3.5.10', newest: 10, ended: '2020-09' },
  '3.6': { usual: '3.6.15', newest: 15, ended: '2021-12' },
  '3.7': { usual: '3.7.17', newest: 17, ended: '2023-06' },
  '3.8': { usual: '3.8.20', newest: 20, ended: '2024-10' },
  '3.9': { usual: '3.9.25', newest: 25, ended: '2025-10' },
  '3.10': { usual: '3.10.20', newest: 20 },
  '3.11': { usual: '3.11.15', newest: 15 },
  '3.12': { usual: '3.12.13', newest: 13 },
  '3.13': { usual: '3.13.13', newest: 15 },
  '3.14': { usual: '3.14.4', newest: 7 },
};

/** What Render takes where PYTHON_VERSION is not set. https://render.com/docs/python-version */
export const RENDER_PYTHON = '3.14.3';

/** The oldest series that Render has. https://render.com/docs/python-version */
export const RENDER_OLDEST = '3.7';

/** A series that lives may have had as many releases since the day of the table. */
const SINCE = 8;

/** The series of a version: '3.11' of '3.11.9'. */
export function seriesOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** False for a patch release that certainly was never made; true for what is no patch release, or of no known series. */
export function isReleased(version: string): boolean {
  const row = PYTHONS[seriesOf(version)];
  const patch = version.split('.')[2];
  if (!row || patch === undefined) return true;
  return Number(patch) <= row.newest + (row.ended === undefined ? SINCE : 0);
}
