/** Versions between two bounds, as specifiers give them; final releases only. */
import { compareVersions } from './versions.ts';

interface Bound {
  readonly version: string;
  readonly included: boolean;
}

/** Open where a bound is missing. */
export interface VersionRange {
  readonly low?: Bound;
  readonly high?: Bound;
  /** Single versions that are left out. */
  readonly not: readonly string[];
}

const CLAUSE = /^(===|==|~=|!=|<=|>=|<|>|\^|~|=)?\s*v?(\d+(?:\.\d+)*)(\.\*|[._-]?[a-z][\w.!-]*)?(?:\+[\w.]+)?$/i;
const POST = /^[._-]?(?:post|r|rev)[._-]?\d*$/i;

/**
 * The range of a specifier of PEP 440, Poetry or Pipenv; undefined for one that is not understood: alternatives, an
 * exact pre-release.
 */
export function rangeOf(specifier: string): VersionRange | undefined {
  if (!kept.has(specifier)) kept.set(specifier, readRange(specifier));
  return kept.get(specifier);
}

/** Distributions ask for the same again and again. */
const kept = new Map<string, VersionRange | undefined>();

function readRange(specifier: string): VersionRange | undefined {
  let range: VersionRange = { not: [] };
  for (const clause of specifier.replace(/[()]/g, '').split(',')) {
    const text = clause.trim();
    if (text === '' || text === '*') continue;
    const next = ofClause(text);
    if (!next) return undefined;
    range = both(range, next);
  }
  return range;
}

/** True where no version satisfies both. */
export function areDisjoint(a: VersionRange, b: VersionRange): boolean {
  const { low, high, not } = both(a, b);
  if (!low || !high) return false;
  const by = compareVersions(low.version, high.version);
  if (by !== 0) return by > 0;
  return !low.included || !high.included || not.some((version) => compareVersions(version, low.version) === 0);
}

/** Every version from one to another. */
export function between(from: string, to: string): VersionRange {
  return { low: { version: from, included: true }, high: { version: to, included: true }, not: [] };
}

/** The version that a specifier names with `==`, where it names one. */
export function exactVersion(specifier: string): string | undefined {
  const { low, high } = rangeOf(specifier) ?? {};
  return low && high && low.included && high.included && compareVersions(low.version, high.version) === 0
    ? low.version
    : undefined;
}

/** A specifier in a sentence: '1.4' of '==1.4', any other as it is. */
export function versionText(specifier: string): string {
  return exactVersion(specifier) ?? specifier;
}

function ofClause(text: string): VersionRange | undefined {
  const [, operator = '==', version = '', rest = ''] = CLAUSE.exec(text) ?? [];
  if (version === '') return undefined;
  if (rest === '.*') return ofSeries(operator, version);
  // A final release is newer than its pre-releases: '<2.0rc1' leaves it out as '<2.0' does; and older than '.post1'.
  const late = POST.test(rest);
  const early = rest !== '' && !late;
  switch (operator) {
    case '>=':
      return { low: { version, included: true }, not: [] };
    case '>':
      return { low: { version, included: early || late }, not: [] };
    case '<':
      return { high: { version, included: late }, not: [] };
    case '<=':
      return { high: { version, included: !early }, not: [] };
    case '!=':
      return { not: early || late ? [] : [version] };
    case '^':
    case '~':
    case '~=':
      return upTo(version, partOf(operator, version.split('.').map(Number)));
    default:
      return early ? undefined : between(version, version);
  }
}

/** Number of the part that must stay. */
function partOf(operator: string, parts: readonly number[]): number {
  if (operator === '~=') return Math.max(parts.length - 2, 0);
  if (operator === '~') return Math.min(1, parts.length - 1);
  const first = parts.findIndex((n) => n > 0);
  return first < 0 ? parts.length - 1 : first;
}

function ofSeries(operator: string, version: string): VersionRange | undefined {
  if (operator === '!=') return { not: [] };
  return /^={1,2}$/.test(operator) ? upTo(version, version.split('.').length - 1) : undefined;
}

/** From a version on, as long as its part of this number stays. */
function upTo(version: string, part: number): VersionRange {
  const parts = version.split('.').slice(0, part + 1);
  parts[part] = String(Number(parts[part] ?? 0) + 1);
  return { low: { version, included: true }, high: { version: parts.join('.'), included: false }, not: [] };
}

function both(a: VersionRange, b: VersionRange): VersionRange {
  const low = tighter(a.low, b.low, 1);
  const high = tighter(a.high, b.high, -1);
  return { ...(low ? { low } : {}), ...(high ? { high } : {}), not: [...a.not, ...b.not] };
}

function tighter(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): Bound | undefined {
  if (!a || !b) return a ?? b;
  const by = sign * compareVersions(a.version, b.version);
  if (by !== 0) return by > 0 ? a : b;
  return a.included ? b : a;
}
