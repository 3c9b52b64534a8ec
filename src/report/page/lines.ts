/** The text of a diff → its hunks, each line with its numbers, colours and changed words. For every screen: page and terminal. */
import { changedWords, pairs, type Ranges } from './changed-words.ts';
import { highlighted, type Piece } from './highlight.ts';

export interface ShownPiece extends Piece {
  /** A word that the other side does not have. */
  readonly changed: boolean;
}

export interface ShownLine {
  readonly kind: ' ' | '-' | '+';
  /** From 1; undefined on the side that has no such line. */
  readonly oldLine: number | undefined;
  readonly newLine: number | undefined;
  readonly pieces: readonly ShownPiece[];
  /** The last line of a file that does not end with a line end. */
  readonly open: boolean;
}

export interface ShownHunk {
  /** As in the diff: `@@ -1,3 +1,4 @@`. */
  readonly head: string;
  readonly lines: readonly ShownLine[];
}

/** The hunks of the diff of one file, as `shownFile` writes it. */
export function shownHunks(diff: string, path: string): ShownHunk[] {
  const hunks: { head: string; raw: string[] }[] = [];
  for (const line of diff.split('\n')) {
    if (line.startsWith('@@ ')) hunks.push({ head: line, raw: [] });
    else hunks.at(-1)?.raw.push(line);
  }
  return hunks.map(({ head, raw }) => ({ head, lines: linesOf(head, raw, path) }));
}

function linesOf(head: string, raw: readonly string[], path: string): ShownLine[] {
  const [, old = '1', fresh = '1'] = /^@@ -(\d+)\S* \+(\d+)/.exec(head) ?? [];
  const texts = raw.filter((line) => !line.startsWith('\\'));
  const open = new Set(
    raw.flatMap((line, i) =>
      line.startsWith('\\') ? [raw.slice(0, i).filter((l) => !l.startsWith('\\')).length - 1] : [],
    ),
  );
  const kinds = texts.map((line) => line[0] ?? ' ');
  const sides = { old: sideOf(texts, '+', path), fresh: sideOf(texts, '-', path) };
  const words = new Map<number, Ranges>();
  for (const [o, f] of pairs(texts)) {
    const ranges = changedWords(texts[o]?.slice(1) ?? '', texts[f]?.slice(1) ?? '');
    if (!ranges) continue;
    words.set(o, ranges.old);
    words.set(f, ranges.fresh);
  }
  let [oldLine, newLine] = [Number(old), Number(fresh)];
  return texts.map((_, index) => {
    const kind = kinds[index] === '-' || kinds[index] === '+' ? kinds[index] : ' ';
    const pieces = (kind === '-' ? sides.old : sides.fresh).get(index) ?? [];
    return {
      kind,
      oldLine: kind === '+' ? undefined : oldLine++,
      newLine: kind === '-' ? undefined : newLine++,
      pieces: cut(pieces, words.get(index) ?? []),
      open: open.has(index),
    };
  });
}

/** The lines of one side, coloured together: index of the line in the hunk → its pieces. */
function sideOf(texts: readonly string[], without: '-' | '+', path: string): Map<number, readonly Piece[]> {
  const own = [...texts.entries()].filter(([, line]) => !line.startsWith(without));
  const lines = highlighted(own.map(([, line]) => line.slice(1)).join('\n'), path);
  return new Map(own.map(([index], at) => [index, lines[at] ?? []]));
}

/** Cuts pieces where a changed word starts or ends. */
function cut(pieces: readonly Piece[], ranges: Ranges): ShownPiece[] {
  const out: ShownPiece[] = [];
  let at = 0;
  for (const { text, look } of pieces) {
    const end = at + text.length;
    const borders = [at, ...ranges.flat().filter((b) => b > at && b < end), end];
    for (const [index, from] of borders.slice(0, -1).entries()) {
      const to = borders[index + 1] ?? end;
      const changed = ranges.some(([a, b]) => a <= from && to <= b);
      out.push({ text: text.slice(from - at, to - at), look, changed });
    }
    at = end;
  }
  return out;
}
