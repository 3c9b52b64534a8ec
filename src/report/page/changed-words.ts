/** What differs between a line and the one that takes its place, by words. */
import { diffWordsWithSpace } from 'diff';

/** From and to, in UTF-16 units, end exclusive; sorted. */
export type Ranges = readonly (readonly [number, number])[];

/** Longer lines are no prose to read word by word. UTF-16 units. */
const MAX_LENGTH = 600;
/** Of lines that share less than this part of their text everything differs. */
const ALIKE = 0.35;

/** Undefined where the two lines have too little in common for single words to say anything. */
export function changedWords(old: string, fresh: string): { readonly old: Ranges; readonly fresh: Ranges } | undefined {
  if (old.length > MAX_LENGTH || fresh.length > MAX_LENGTH) return undefined;
  const ranges = { old: [] as [number, number][], fresh: [] as [number, number][] };
  let [o, f, same] = [0, 0, 0];
  for (const { value, added, removed } of diffWordsWithSpace(old, fresh)) {
    if (added) ranges.fresh.push([f, f + value.length]);
    else if (removed) ranges.old.push([o, o + value.length]);
    else same += value.trim().length;
    if (!added) o += value.length;
    if (!removed) f += value.length;
  }
  return same >= ALIKE * Math.min(old.trim().length, fresh.trim().length) && same > 0 ? ranges : undefined;
}

/**
 * Pairs of a removed and an added line, by their indexes: those of a block of removed lines with the block of added ones
 * right behind it, in order. The shorter block lies where it fits the longer one best. `texts` are lines of a diff.
 */
export function pairs(texts: readonly string[]): [number, number][] {
  const kinds = texts.map((text) => text[0] ?? ' ');
  const out: [number, number][] = [];
  for (let at = 0; at < kinds.length; ) {
    const removed = run(kinds, at, '-');
    const added = run(kinds, at + removed, '+');
    const [left, right] = [texts.slice(at, at + removed), texts.slice(at + removed, at + removed + added)];
    const shift = removed <= added ? bestShift(left, right) : -bestShift(right, left);
    for (let i = 0; i < Math.min(removed, added); i++) {
      out.push([at + i + Math.max(0, -shift), at + removed + i + Math.max(0, shift)]);
    }
    at += Math.max(1, removed + added);
  }
  return out;
}

/** Places that are tried; of longer blocks the first ones. */
const MAX_SHIFTS = 40;

function bestShift(short: readonly string[], long: readonly string[]): number {
  let [best, most] = [0, -1];
  for (let shift = 0; shift <= Math.min(long.length - short.length, MAX_SHIFTS); shift++) {
    const shared = short.reduce((sum, text, i) => sum + alike(text, long[i + shift] ?? ''), 0);
    if (shared > most) [best, most] = [shift, shared];
  }
  return best;
}

/** Characters that two lines of a diff start and end with alike, indentation left out. */
function alike(a: string, b: string): number {
  const [x, y] = [a.slice(1).trim(), b.slice(1).trim()];
  let head = 0;
  while (head < Math.min(x.length, y.length) && x[head] === y[head]) head++;
  let tail = 0;
  while (tail < Math.min(x.length, y.length) - head && x.at(-1 - tail) === y.at(-1 - tail)) tail++;
  return head + tail;
}

function run(kinds: readonly string[], from: number, kind: string): number {
  let at = from;
  while (kinds[at] === kind) at++;
  return at - from;
}
