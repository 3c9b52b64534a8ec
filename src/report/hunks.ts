/** Edits that are already known → the hunks of a unified diff. Looks only at the lines around the edits. */
import { applyEdits, type Edit, lineEnd, lineStart, mergeEdits } from '../syntax/edit.ts';

export interface HunkLine {
  readonly kind: ' ' | '-' | '+';
  /** With its line end, unless it is the last of a text that has none. */
  readonly text: string;
}

export interface Hunk {
  /** As in `@@ -oldStart,oldCount +newStart,newCount @@`. */
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly lines: readonly HunkLine[];
}

/** Lines shown around a change. */
const SHOWN = 3;

/** Lines that differ: `start`–`end` are whole lines of the text before, in UTF-16 offsets. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * The hunks that turn `before` into `before` with `edits` applied.
 * @throws OverlapError
 */
export function hunksOf(before: string, edits: readonly Edit[]): Hunk[] {
  const blocks = regions(before, edits).flatMap((r) => blocksOf(before, r));
  const groups: Block[][] = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group && previous && !moreLinesThan(before, previous.end, block.start, 2 * SHOWN)) group.push(block);
    else groups.push([block]);
  }
  const out: Hunk[] = [];
  let counted = 0;
  let line = 1;
  let shift = 0;
  for (const group of groups) {
    const hunk = assemble(before, group);
    for (let at = before.indexOf('\n', counted); at !== -1 && at < hunk.start; at = before.indexOf('\n', at + 1))
      line++;
    counted = hunk.start;
    const oldCount = hunk.lines.filter((l) => l.kind !== '+').length;
    const newCount = hunk.lines.filter((l) => l.kind !== '-').length;
    // An empty side starts at the line before it, as in git's own diffs.
    const oldStart = oldCount === 0 ? line - 1 : line;
    const newStart = newCount === 0 ? line + shift - 1 : line + shift;
    out.push({ oldStart, oldCount, newStart, newCount, lines: hunk.lines });
    shift += newCount - oldCount;
  }
  return out;
}

/** The lines of a text, each with its line end. */
export function splitLines(text: string): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    out.push(text.slice(at, end));
    at = end;
  }
  return out;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/** Edits grouped by the whole lines that they touch. */
function regions(before: string, edits: readonly Edit[]): Region[] {
  const out: { start: number; end: number; edits: Edit[] }[] = [];
  for (const edit of mergeEdits(edits)) {
    const start = lineStart(before, edit.start);
    const end = lineEnd(before, edit.end);
    const previous = out.at(-1);
    // At the end of the text there is no line end between two regions that meet.
    if (previous && (start < previous.end || start === before.length)) {
      previous.end = Math.max(previous.end, end);
      previous.edits.push(edit);
    } else out.push({ start, end, edits: [edit] });
  }
  return out;
}

function blocksOf(before: string, region: Region): Block[] {
  const local = region.edits.map((e) => ({ ...e, start: e.start - region.start, end: e.end - region.start }));
  const text = before.slice(region.start, region.end);
  const old = splitLines(text);
  const fresh = splitLines(applyEdits(text, local));
  const out: Block[] = [];
  let start = region.start;
  let i = 0;
  let j = 0;
  for (const run of [...commonRuns(old, fresh), { i: old.length, j: fresh.length, length: 0 }]) {
    const removed = old.slice(i, run.i);
    const added = fresh.slice(j, run.j);
    const end = start + totalLength(removed);
    if (removed.length + added.length > 0) out.push({ start, end, removed, added });
    start = end + totalLength(old.slice(run.i, run.i + run.length));
    i = run.i + run.length;
    j = run.j + run.length;
  }
  return out;
}

function totalLength(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

interface Run {
  readonly i: number;
  readonly j: number;
  readonly length: number;
}

/** Cells of the table below; beyond it the differing middle counts as replaced whole. */
const MAX_CELLS = 1_000_000;

/** Runs of equal lines of a longest common subsequence, in order. */
function commonRuns(a: readonly string[], b: readonly string[]): Run[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const rows = a.length - head - tail;
  const columns = b.length - head - tail;
  const pairs: Run[] = [{ i: 0, j: 0, length: head }];
  if (rows > 0 && columns > 0 && rows * columns <= MAX_CELLS) {
    const middle = longestCommon(rows, columns, (i, j) => a[head + i] === b[head + j]);
    pairs.push(...middle.map(({ i, j }) => ({ i: head + i, j: head + j, length: 1 })));
  }
  pairs.push({ i: a.length - tail, j: b.length - tail, length: tail });
  return pairs.filter((run) => run.length > 0);
}

/** The pairs of a longest common subsequence, by the table of all lengths. */
function longestCommon(rows: number, columns: number, equal: (i: number, j: number) => boolean) {
  const width = columns + 1;
  const best = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      best[i * width + j] = equal(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: { readonly i: number; readonly j: number }[] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (equal(i, j)) out.push({ i: i++, j: j++ });
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return out;
}

/** A hunk's lines and the offset at which it starts. */
function assemble(before: string, group: readonly Block[]): { readonly start: number; readonly lines: HunkLine[] } {
  const first = group[0]?.start ?? 0;
  const start = linesBack(before, first);
  const lines: HunkLine[] = [];
  const put = (kind: HunkLine['kind'], texts: readonly string[]): void => {
    for (const text of texts) lines.push({ kind, text });
  };
  let at = start;
  for (const block of group) {
    put(' ', splitLines(before.slice(at, block.start)));
    put('-', block.removed);
    put('+', block.added);
    at = block.end;
  }
  put(' ', splitLines(before.slice(at, linesForward(before, at))));
  return { start, lines };
}

function linesBack(text: string, from: number): number {
  let at = from;
  for (let n = 0; n < SHOWN && at > 0; n++) at = lineStart(text, at - 1);
  return at;
}

function linesForward(text: string, from: number): number {
  let at = from;
  for (let n = 0; n < SHOWN && at < text.length; n++) at = lineEnd(text, at);
  return at;
}

function moreLinesThan(text: string, start: number, end: number, limit: number): boolean {
  let lines = 0;
  for (let at = start; at < end; lines++) {
    if (lines === limit) return true;
    at = lineEnd(text, at);
  }
  return false;
}
