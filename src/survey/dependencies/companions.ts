/** What the versions that a requirement admits ask of other distributions, and of Python. */
import { type CompanionRow, companionRows, type PythonSpan } from '../../knowledge/companions.ts';
import { areDisjoint, between, rangeOf, type VersionRange } from './ranges.ts';
import { compareVersions } from './versions.ts';

/** A specifier, and what it admits. */
export interface Asked {
  readonly specifier: string;
  readonly range: VersionRange;
}

/**
 * The rows that a specifier reaches into; undefined where it admits what the table does not know. With `newer` versions
 * behind the end of the table count as its last.
 */
export function rowsWithin(name: string, range: VersionRange, newer = false): readonly CompanionRow[] | undefined {
  const rows = companionRows(name);
  const first = rows[0];
  const last = rows.at(-1);
  const { low, high } = range;
  if (!first || !last || !low || compareVersions(low.version, first.from) < 0) return undefined;
  if (!newer && (!high || compareVersions(high.version, last.to) > 0)) return undefined;
  const within: CompanionRow[] = [];
  for (const row of rows.slice(firstUpTo(rows, low.version))) {
    if (high && compareVersions(row.from, high.version) > 0) break;
    if (!areDisjoint(range, between(row.from, row.to))) within.push(row);
  }
  return within.length === 0 || within.some((row) => row.asks === undefined) ? undefined : within;
}

/** Number of the first row that does not end before a version. */
function firstUpTo(rows: readonly CompanionRow[], version: string): number {
  let [start, end] = [0, rows.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if (compareVersions(rows[middle]?.to ?? '', version) < 0) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** What a row asks of each name on a Python; several clauses of one name stand one behind the other. */
export function asksOf(row: CompanionRow, python: string): ReadonlyMap<string, readonly Asked[]> {
  const out = new Map<string, Asked[]>();
  for (const { name, specifier, on } of row.asks ?? []) {
    const range = holdsOn(on, python) ? rangeOf(specifier) : undefined;
    if (range) out.set(name, [...(out.get(name) ?? []), { specifier, range }]);
  }
  return out;
}

/** The specifiers with which each version that is admitted asks for another directly; undefined where some may not. */
export function askedBy(
  { name, specifier }: { readonly name: string; readonly specifier: string },
  other: string,
  python: string,
): readonly string[] | undefined {
  const range = rangeOf(specifier);
  const rows = range && rowsWithin(name, range);
  const asked = rows?.map((row) => asksOf(row, python).get(other) ?? []);
  if (!asked || asked.some((one) => one.length === 0)) return undefined;
  return asked.flatMap((one) => one.map((a) => a.specifier));
}

/** True where a minor version is within the span. */
export function holdsOn(span: PythonSpan | undefined, python: string): boolean {
  const minor = python.split('.').slice(0, 2).join('.');
  if (span?.from !== undefined && compareVersions(minor, span.from) < 0) return false;
  return span?.to === undefined || compareVersions(minor, span.to) <= 0;
}

/** The version nearest to a range whose row passes the test: the next newer one, else the next older of the same major. */
export function nearest(name: string, range: VersionRange, passes: (row: CompanionRow) => boolean): string | undefined {
  const { newer, older } = around(name, range, passes);
  return newer ?? (older?.split('.')[0] === range.low?.version.split('.')[0] ? older : undefined);
}

/** The oldest version above a range, and the newest below it, of those whose rows pass the test. */
export function around(
  name: string,
  { low, high }: VersionRange,
  passes: (row: CompanionRow) => boolean,
): { readonly newer?: string | undefined; readonly older?: string | undefined } {
  const good = companionRows(name).filter((row) => row.asks !== undefined && passes(row));
  return {
    newer: high && good.find((row) => compareVersions(row.from, high.version) > 0)?.from,
    older: low && good.filter((row) => compareVersions(row.to, low.version) < 0).at(-1)?.to,
  };
}
