/** What version specifiers admit. Release numbers only: pre- and post-releases count as their release. */

/** Negative, zero or positive as `a` is below, equal to or above `b`; missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const left = release(a);
  const right = release(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const by = (left[i] ?? 0) - (right[i] ?? 0);
    if (by !== 0) return by;
  }
  return 0;
}

/**
 * True when some version at or above `floor` satisfies the specifier. Knows PEP 440 and Poetry's `^`, `~`, `*` and bare
 * versions; an installer without a lock takes the newest that is admitted.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/ https://python-poetry.org/docs/dependency-specification/
 */
export function admitsFrom(specifier: string, floor: string): boolean {
  return specifier.split('||').some((alternative) =>
    alternative
      .replace(/[()]/g, '')
      .split(',')
      .map((clause) => clause.trim())
      .filter((clause) => clause !== '')
      .every((clause) => clauseAdmitsFrom(clause, floor)),
  );
}

/** True unless the specifier certainly leaves this version out; alternatives (`||`) and `!=` are not judged. */
export function admitsVersion(specifier: string, version: string): boolean {
  if (/\|\||!=/.test(specifier)) return true;
  return admitsFrom(specifier, version) && compareVersions(lowerBound(specifier) ?? '0', version) <= 0;
}

/** Smallest version that the specifier names with `>=`, `==`, `~=`, `^`, `~` or bare, if any. */
export function lowerBound(specifier: string): string | undefined {
  for (const clause of specifier.split('||')[0]?.split(',') ?? []) {
    const match = /^\s*(?:\(\s*)?(?:(>=|===?|~=|\^|~|>)\s*)?v?(\d+(?:\.\d+)*)/.exec(clause);
    if (match?.[2]) return match[2];
  }
  return undefined;
}

function clauseAdmitsFrom(clause: string, floor: string): boolean {
  const match = /^(===|==|~=|!=|<=|>=|<|>|\^|~|=)?\s*v?(\d[\w.!+-]*(?:\.\*)?|\*)$/.exec(clause);
  if (!match) return true;
  const operator = match[1] ?? '==';
  const version = match[2] ?? '*';
  if (version === '*') return true;
  switch (operator) {
    case '>=':
    case '>':
    case '!=':
      return true;
    case '<':
      return compareVersions(version, floor) > 0;
    case '<=':
      return compareVersions(version, floor) >= 0;
    case '^':
      return (
        compareVersions(
          bump(
            version,
            Math.max(
              release(version).findIndex((n) => n > 0),
              0,
            ),
          ),
          floor,
        ) > 0
      );
    case '~':
      return compareVersions(bump(version, Math.min(1, release(version).length - 1)), floor) > 0;
    case '~=':
      return compareVersions(bump(version, Math.max(release(version).length - 2, 0)), floor) > 0;
    default:
      if (!version.endsWith('.*')) return compareVersions(version, floor) >= 0;
      return compareVersions(bump(version, release(version).length - 1), floor) > 0;
  }
}

/** The first version whose part `index` is one higher. */
function bump(version: string, index: number): string {
  const parts = release(version).slice(0, index + 1);
  parts[index] = (parts[index] ?? 0) + 1;
  return parts.join('.');
}

/** Read once: the tables of what is asked for are compared with every line of a list. */
const releases = new Map<string, readonly number[]>();
/** In a long batch. */
const MOST_KEPT = 20_000;

function release(version: string): readonly number[] {
  let parts = releases.get(version);
  if (!parts) {
    parts = numbersOf(version);
    if (releases.size >= MOST_KEPT) releases.clear();
    releases.set(version, parts);
  }
  return parts;
}

function numbersOf(version: string): number[] {
  const out: number[] = [];
  for (const part of version.split('.')) {
    const digits = /^\d+/.exec(part)?.[0];
    if (digits === undefined) break;
    out.push(Number(digits));
    if (digits.length < part.length) break;
  }
  return out;
}
