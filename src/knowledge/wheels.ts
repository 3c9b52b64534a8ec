/**
 * The newest Python that has a wheel of each version of a distribution, on Linux and x86-64: `npm run wheel-table` reads it from
 * the names of the files in the index. One text for each, taken apart when somebody asks for it.
 */
import table from './wheels.json' with { type: 'json' };

/** Versions that follow each other and have wheels for the same Pythons. */
export interface WheelRow {
  readonly from: string;
  readonly to: string;
  /** '3.12'; 'any' for wheels of every Python; undefined where there is no wheel. */
  readonly newest?: string;
}

// The compiler gives the JSON every key that it has.
const wheels = table.wheels as Readonly<Record<string, string>>;

/** Oldest first; none for what is not compiled, or not in the table. */
export function wheelRows(name: string): readonly WheelRow[] {
  const text = Object.hasOwn(wheels, name) ? (wheels[name] ?? '') : '';
  return text
    .split('|')
    .filter((row) => row !== '')
    .map((row): WheelRow => {
      const [versions = '', newest = '?'] = row.split(' ');
      const [from = '', to = from] = versions.split('..');
      return { from, to, ...(newest === '?' ? {} : { newest }) };
    });
}
