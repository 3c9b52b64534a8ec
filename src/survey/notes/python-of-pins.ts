/** Requirements of which no version that is admitted is for the Python of the service, by their own Requires-Python. */
import type { CompanionRow } from '../../knowledge/companions.ts';
import type { Requirement, Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { around, holdsOn, rowsWithin } from '../dependencies/companions.ts';
import type { VersionRange } from '../dependencies/ranges.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { isStated, runsOn } from '../python-version/runs-on.ts';
import { listedOf, named } from './contradictions.ts';
import type { Note } from './note.ts';

interface Refused {
  readonly requirement: Requirement;
  readonly range: VersionRange;
  /** The oldest Python that it takes, or the newest. */
  readonly bound: string;
}

/**
 * At most one of those that need a newer Python, and one of those that need an older: the one that needs most.
 * https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python
 */
export function pythonOfPins(repo: Snapshot, service: Service): Note[] {
  const python = runsOn(service);
  // What is known of the distribution as a break says it already.
  const told = new Set(service.needs.filter((n) => n.kind === 'told').map(({ at }) => `${at.path}:${at.line}`));
  const listed = (listedOf(repo, service) ?? []).filter(
    ({ requirement: { at } }) => !told.has(`${at.path}:${at.line}`),
  );
  const refusing = (side: 'from' | 'to'): Refused[] =>
    listed
      .flatMap((one) => {
        // What was released after the table was made needs no older Python than before.
        const rows = rowsWithin(one.requirement.name, one.range, side === 'from');
        const bound = boundOf(rows, python, side);
        return bound === undefined ? [] : [{ ...one, bound }];
      })
      .sort((a, b) => compareVersions(a.bound, b.bound));
  const newer = refusing('from').at(-1);
  const [older] = refusing('to');
  const { dependencies } = service;
  if (!dependencies) return [];
  const says = isStated(service.python)
    ? say`${service.python.at.path}:${service.python.at.line} says ${service.python.version}`
    : say`no Python is stated, and Render takes ${python}`;
  const { install } = dependencies;
  const out: Note[] = [];
  if (newer) {
    const text = say`${named(newer.requirement)} needs Python ${newer.bound} or newer, and ${says}`;
    out.push(noteOf(newer, text, python, install));
  }
  if (older) {
    const text = say`${named(older.requirement)} needs Python ${older.bound} or older, and ${says}`;
    out.push(noteOf(older, text, python, install));
  }
  return out;
}

/** The mildest bound of the rows; none where one of them takes this Python, or is bounded on the other side. */
function boundOf(rows: readonly CompanionRow[] | undefined, python: string, side: 'from' | 'to'): string | undefined {
  if (!rows || rows.some((row) => holdsOn(row.python, python))) return undefined;
  const outside = (bound: string): boolean => !holdsOn({ [side]: bound }, python);
  const bounds = rows.map((row) => row.python?.[side]).filter((b): b is string => b !== undefined && outside(b));
  if (bounds.length < rows.length) return undefined;
  bounds.sort(compareVersions);
  return side === 'from' ? bounds[0] : bounds.at(-1);
}

function noteOf({ requirement, range, bound }: Refused, text: string, python: string, install: string): Note {
  const { name, at } = requirement;
  const other = otherVersion(name, range, python);
  const instead =
    other === undefined
      ? say` Have the service run on Python ${bound}.`
      : say` Have the service run on Python ${bound}, or take ${`${name}==${other}`}.`;
  return { text: say`${text}: \`${install}\` stops there.${instead}`, at, stops: true };
}

/** The oldest version above the range that is for this Python, else the newest below it. */
function otherVersion(name: string, range: VersionRange, python: string): string | undefined {
  const { newer, older } = around(name, range, (row) => holdsOn(row.python, python));
  return newer ?? older;
}
