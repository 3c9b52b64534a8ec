/** Requirements that no install can take together: what one asks of another, by its own metadata, is not what is listed. */
import type { Requirement, Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { type Asked, asksOf, nearest, rowsWithin } from '../dependencies/companions.ts';
import { isPartial } from '../dependencies/installed.ts';
import { isConditional } from '../dependencies/lacking.ts';
import { areDisjoint, rangeOf, type VersionRange, versionText } from '../dependencies/ranges.ts';
import { readRequirementTree } from '../dependencies/requirement-files.ts';
import { runsOn } from '../python-version/runs-on.ts';
import type { Note } from './note.ts';

/** A line of the list, and what each version that it admits asks for; `asks` is missing where that is not known. */
export interface Listed {
  readonly requirement: Requirement;
  readonly range: VersionRange;
  readonly python: string;
  readonly asks?: readonly ReadonlyMap<string, readonly Asked[]>[];
}

const kept = new WeakMap<Service, { readonly listed: readonly Listed[] | undefined }>();

/** Worked out once for a service, as `readList` says it. */
export function listedOf(repo: Snapshot, service: Service): readonly Listed[] | undefined {
  const known = kept.get(service) ?? { listed: readList(repo, service) };
  kept.set(service, known);
  return known.listed;
}

/** What is installed without conditions; undefined where a lock has been solved, or the list cannot be read in full. */
function readList(repo: Snapshot, service: Service): readonly Listed[] | undefined {
  const { dependencies } = service;
  if (!dependencies || isPartial(dependencies) || /--no-deps\b/.test(dependencies.install)) return undefined;
  const { locks, at } = dependencies;
  const compiled = locks.includes(at.path);
  if (locks.length > 0 && !compiled) return undefined;
  const all = compiled ? readRequirementTree(repo, at.path).requirements : dependencies.requirements;
  const python = runsOn(service);
  return all.flatMap((requirement): Listed[] => {
    const range = requirement.group === undefined ? rangeOf(requirement.specifier) : undefined;
    if (!range || isConditional(repo, requirement)) return [];
    const rows = rowsWithin(requirement.name, range);
    return [{ requirement, range, python, ...(rows ? { asks: rows.map((row) => asksOf(row, python)) } : {}) }];
  });
}

/** Lines of a list beyond which nobody wrote it. */
const MOST = 5000;

/** One for each two that cannot agree. https://pip.pypa.io/en/stable/topics/dependency-resolution/ */
export function contradictions(repo: Snapshot, service: Service): Note[] {
  const listed = listedOf(repo, service) ?? [];
  if (listed.length > MOST) return [];
  const install = service.dependencies?.install ?? '';
  const besides = neighbours(listed);
  return listed.flatMap((one, index) =>
    besides(one).flatMap((at) => {
      const other = listed[at];
      if (!other || one === other) return [];
      const first = index < at;
      const found =
        (first ? twice(one, other) : undefined) ??
        refuses(one, other, listed) ??
        (first ? bothAsk(one, other, listed) : undefined);
      return found ? [noteOf(found, one, install)] : [];
    }),
  );
}

/** Tells the places of those that one may contradict: of its name, of what it asks for, and who asks for the same. */
function neighbours(listed: readonly Listed[]): (one: Listed) => readonly number[] {
  const places = new Map<string, number[]>();
  const put = (key: string, at: number): void => {
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  };
  const asked = ({ asks = [] }: Listed): string[] => [...(asks[0]?.keys() ?? [])];
  for (const [at, one] of listed.entries()) {
    put(one.requirement.name, at);
    for (const name of asked(one)) put(`asks ${name}`, at);
  }
  return (one) => {
    const keys = [one.requirement.name, ...asked(one).flatMap((name) => [name, `asks ${name}`])];
    return [...new Set(keys.flatMap((key) => places.get(key) ?? []))].sort((a, b) => a - b);
  };
}

interface Found {
  /** A clause. */
  readonly text: string;
  /** What would agree, as requirements. */
  readonly instead: readonly string[];
}

function noteOf({ text, instead }: Found, { requirement }: Listed, install: string): Note {
  const [first, second] = instead;
  const take =
    first === undefined ? '' : second === undefined ? say` Take ${first}.` : say` Take ${first}, or ${second}.`;
  return { text: say`${text}: \`${install}\` stops there.${take}`, at: requirement.at, stops: true };
}

/** https://pip.pypa.io/en/stable/topics/more-dependency-resolution/ */
function twice(one: Listed, other: Listed): Found | undefined {
  const [a, b] = [one.requirement, other.requirement];
  if (a.name !== b.name || !areDisjoint(one.range, other.range)) return undefined;
  return { text: say`${named(a)} is listed, and ${placeOf(b)} lists ${versionText(b.specifier)}`, instead: [] };
}

/** Every version that `one` admits asks for other versions of `other` than are listed. */
function refuses(one: Listed, other: Listed, listed: readonly Listed[]): Found | undefined {
  const { name } = other.requirement;
  const clashes = (one.asks ?? []).map((asks) => asks.get(name)?.find((a) => areDisjoint(a.range, other.range)));
  const [asked] = clashes;
  if (!asked || clashes.some((a) => a === undefined)) return undefined;
  const { requirement } = one;
  const text = say`${named(requirement)} asks for ${name} ${shown(asked.specifier)}, and ${placeOf(other.requirement)} for ${versionText(other.requirement.specifier)}`;
  const others = listed.filter((l) => l !== one && l !== other);
  const agreed = others.every((l) => agrees(l, name, asked.range));
  return { text, instead: [...(agreed ? [`${name}${shown(asked.specifier)}`] : []), ...nearestOf(one, listed)] };
}

/** What all versions of the one ask of a third, none of the other can take. */
function bothAsk(one: Listed, other: Listed, listed: readonly Listed[]): Found | undefined {
  const [first, ...more] = one.asks ?? [];
  const theirs = other.asks ?? [];
  for (const name of first?.keys() ?? []) {
    // Most two have nothing in common.
    if (theirs.length === 0 || !theirs.every((asks) => asks.has(name))) continue;
    const clashes = [first, ...more].flatMap((mine) =>
      theirs.map((asks) => clashOf(mine?.get(name) ?? [], asks.get(name) ?? [])),
    );
    const [found] = clashes;
    if (!found || clashes.includes(undefined)) continue;
    const [a, b] = found;
    const text = say`${named(one.requirement)} asks for ${name} ${shown(a.specifier)}, and ${named(other.requirement)} of ${placeOf(other.requirement)} for ${shown(b.specifier)}`;
    return { text, instead: [...nearestOf(one, listed), ...nearestOf(other, listed)] };
  }
  return undefined;
}

function clashOf(mine: readonly Asked[], theirs: readonly Asked[]): readonly [Asked, Asked] | undefined {
  for (const a of mine) {
    const b = theirs.find((other) => areDisjoint(a.range, other.range));
    if (b) return [a, b];
  }
  return undefined;
}

/** False where some version of it surely asks for something else. */
function agrees({ asks = [] }: Listed, name: string, range: VersionRange): boolean {
  return !asks.some((one) => one.get(name)?.some((a) => areDisjoint(a.range, range)));
}

/** The nearest version that agrees with all that is listed. */
function nearestOf(one: Listed, listed: readonly Listed[]): string[] {
  const { name } = one.requirement;
  const others = listed.filter((l) => l !== one);
  const version = nearest(name, one.range, (row) =>
    [...asksOf(row, one.python)].every(([asked, all]) =>
      all.every(({ range }) =>
        others.every((l) => (l.requirement.name === asked ? !areDisjoint(range, l.range) : agrees(l, asked, range))),
      ),
    ),
  );
  return version === undefined || others.some((l) => l.requirement.name === name) ? [] : [`${name}==${version}`];
}

export function named({ name, specifier }: Requirement): string {
  return `${name} ${versionText(specifier)}`;
}

function placeOf({ at }: Requirement): string {
  return `${at.path}:${at.line}`;
}

/** The bounds, the lower one first. */
function shown(specifier: string): string {
  const clauses = specifier.split(',');
  const bounds = clauses.filter((clause) => !clause.startsWith('!='));
  return (bounds.length > 0 ? bounds : clauses).sort((a, b) => Number(a[0] === '<') - Number(b[0] === '<')).join(',');
}
