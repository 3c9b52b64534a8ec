/** Where a new dependency goes in a list that somebody keeps, and how its version is written there. */
import { normalizeName } from '../syntax/requirements.ts';

/** One entry of the list, as written. */
export interface Entry {
  readonly name: string;
  /** White space between the name (with extras) and the specifier. */
  readonly gap: string;
  /** '' when unpinned; a direct reference counts as undefined. */
  readonly specifier: string | undefined;
}

/** A package to add. */
export interface Addition {
  readonly name: string;
  /** Full version that is known to be right, such as '23.0.0'; undefined: written without one. */
  readonly version?: string;
  /** First major version that is wrong: '26'. */
  readonly below?: string;
  /** The specifier to write, whatever the neighbours': '<2.1'. */
  readonly range?: string;
}

export interface Placement {
  /** Index of the entry that the new one goes behind; -1: before the first. */
  readonly after: number;
  readonly sorted: boolean;
}

/** A list this short may be in order by chance. */
const SHORTEST_SORTED = 3;

type Key = (name: string, rest: string) => string;

/** How tools sort: pip freeze by lower-case name, others by normalised name, `sort` by the whole line. */
const ORDERS: readonly Key[] = [
  (name) => name.toLowerCase(),
  normalizeName,
  (name, rest) => (name + rest).toLowerCase(),
  (name, rest) => name + rest,
];

/** Alphabetical in a sorted list, else behind an anchor. */
export function place(entries: readonly Entry[], name: string, anchors: readonly string[]): Placement | undefined {
  const order = sortedBy(entries);
  if (order) {
    const wanted = order(name, '');
    const keys = entries.map((e) => order(e.name, e.gap + (e.specifier ?? '')));
    // The first place between a smaller and a larger neighbour: a straggler elsewhere does not move it.
    for (let after = -1; after < keys.length; after++) {
      const left = after < 0 ? '' : (keys[after] ?? '');
      const right = keys[after + 1];
      if (left <= wanted && (right === undefined || wanted < right)) return { after, sorted: true };
    }
  }
  return behind(entries, anchors);
}

/** Behind the first of `anchors` that is in the list, else at its end; undefined for an empty list. */
export function behind(entries: readonly Entry[], anchors: readonly string[]): Placement | undefined {
  for (const anchor of anchors) {
    const index = entries.findIndex((e) => normalizeName(e.name) === anchor);
    if (index !== -1) return { after: index, sorted: false };
  }
  return entries.length === 0 ? undefined : { after: entries.length - 1, sorted: false };
}

/** The order that the list keeps but for one entry in ten; undefined for an unsorted or very short list. */
function sortedBy(entries: readonly Entry[]): Key | undefined {
  if (entries.length < SHORTEST_SORTED) return undefined;
  let best: { order: Key; breaks: number } | undefined;
  for (const order of ORDERS) {
    const keys = entries.map((e) => order(e.name, e.gap + (e.specifier ?? '')));
    const breaks = keys.filter((key, i) => i > 0 && key < (keys[i - 1] ?? '')).length;
    if (!best || breaks < best.breaks) best = { order, breaks };
  }
  return best && best.breaks * 10 <= entries.length ? best.order : undefined;
}

type Style = 'exact' | 'range' | 'bare';

/** Gap and specifier for `addition` as its neighbours write theirs; the majority decides where they differ. */
export function versionLike(entries: readonly Entry[], at: Placement, addition: Addition, inTable = false): string {
  const { version, range } = addition;
  if (range !== undefined) return range;
  if (version === undefined) return inTable ? '*' : '';
  const near = [entries[at.after], at.sorted ? entries[at.after + 1] : undefined].filter((e) => e !== undefined);
  const [first, second] = near.map(styleOf);
  const agreed = near.length === 1 || first === second ? first : undefined;
  const style = agreed ?? majority(entries);
  const model = [...near, ...entries].find((e) => styleOf(e) === style);
  const gap = style === 'bare' && !inTable ? '' : (model?.gap ?? '');
  const text = written(style, model?.specifier ?? '', version, inTable);
  return gap + bounded(text, version, addition.below);
}

/** With the upper bound, where the style sets none of its own. */
function bounded(text: string, version: string, below: string | undefined): string {
  if (below === undefined) return text;
  if (text === '' || text === '*') return `>=${version},<${below}`;
  return /^\(?>=[^<]*$/.test(text) ? text.replace(/\)?$/, (end) => `,<${below}${end}`) : text;
}

function styleOf(entry: Entry): Style | undefined {
  const { specifier } = entry;
  if (specifier === undefined) return undefined;
  if (specifier === '' || specifier === '*') return 'bare';
  return /^\(?\s*(?:===?|\d)/.test(specifier) && !specifier.includes('*') ? 'exact' : 'range';
}

function majority(entries: readonly Entry[]): Style {
  const count = (style: Style): number => entries.filter((e) => styleOf(e) === style).length;
  const exact = count('exact');
  const range = count('range');
  const bare = count('bare');
  if (exact > 0 && exact >= range && exact >= bare) return 'exact';
  return range > 0 && range >= bare ? 'range' : 'bare';
}

function written(style: Style, model: string, version: string, inTable: boolean): string {
  const [major = '0', minor = '0'] = version.split('.');
  if (style === 'bare') return inTable ? '*' : '';
  if (style === 'exact') {
    const operator = /^\s*(===?\s*)/.exec(model)?.[1];
    return operator ? `${operator.replace('===', '==')}${version}` : inTable ? version : `==${version}`;
  }
  // As long as the bound of the model.
  const upper = (bound = ''): string => `${Number(major) + 1}${'.0'.repeat(bound.split('.').length - 1)}`;
  if (model.startsWith('(') && model.endsWith(')')) return `(${written(style, model.slice(1, -1), version, inTable)})`;
  const up = /^>=(\s*)[^,\s]+(\s*,\s*)<(\s*)([\d.]+)$/.exec(model);
  if (up) return `>=${up[1]}${version}${up[2]}<${up[3]}${upper(up[4])}`;
  const down = /^<(\s*)([\d.]+)(\s*,\s*)>=(\s*)[^,\s]+$/.exec(model);
  if (down) return `<${down[1]}${upper(down[2])}${down[3]}>=${down[4]}${version}`;
  const compatible = /^~=(\s*)/.exec(model);
  if (compatible) return `~=${compatible[1]}${major}.${minor}`;
  if (inTable && /^[\^~]/.test(model)) return `${model[0]}${model.startsWith('~') ? `${major}.${minor}` : version}`;
  const space = /^[<>=!~^]+(\s*)/.exec(model)?.[1] ?? '';
  return `>=${space}${version}`;
}
