/** Edits are ranges on the original text; the text between them is never touched. */

export interface Edit {
  /** UTF-16 offsets into the original text, end exclusive; `start === end` inserts. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Raised when two edits claim the same range: a fault of the transforms, never of the repository. */
export class OverlapError extends Error {}

/**
 * Sorts edits by position; insertions at one offset keep their order, and an identical edit given twice counts once
 * (two parts may both need `import os`).
 * @throws OverlapError when two different edits overlap.
 */
export function mergeEdits(edits: readonly Edit[]): Edit[] {
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order)
    .map(({ edit }) => edit);
  const out: Edit[] = [];
  for (const edit of sorted) {
    if (repeats(out, edit)) continue;
    const previous = out.at(-1);
    if (previous && edit.start < previous.end) {
      throw new OverlapError(`edits overlap at ${edit.start} (${previous.start}–${previous.end})`);
    }
    out.push(edit);
  }
  return out;
}

/** True when `edit` is among the last of `sorted`, those with its range. */
function repeats(sorted: readonly Edit[], edit: Edit): boolean {
  for (let i = sorted.length - 1; i >= 0; i--) {
    const other = sorted[i];
    if (other?.start !== edit.start || other.end !== edit.end) return false;
    if (other.text === edit.text) return true;
  }
  return false;
}

/**
 * The text with the edits applied.
 * @throws OverlapError
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const edit of mergeEdits(edits)) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

/** A changed region: a range of the first text, and the range of the latest one that stands in its place. */
interface Region {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** Edits made one after the other, each on the text of the one before, as edits on the first text. */
export class EditTrail {
  private regions: Region[] = [];
  private readonly first: string;
  text: string;

  constructor(text: string) {
    this.first = text;
    this.text = text;
  }

  /**
   * Applies edits to the latest text.
   * @throws OverlapError
   */
  apply(edits: readonly Edit[]): void {
    // From the end, so that the offsets before stay as they are.
    for (const edit of mergeEdits(edits).reverse()) this.applyOne(edit);
  }

  private applyOne({ start, end, text }: Edit): void {
    const grown = text.length - (end - start);
    const before = this.regions.filter((r) => r.end < start);
    const after = this.regions.filter((r) => r.start > end);
    const touched = this.regions.filter((r) => r.end >= start && r.start <= end);
    const moved = (regions: readonly Region[]): number =>
      regions.reduce((sum, r) => sum + (r.end - r.start) - (r.to - r.from), 0);
    const shift = moved(before);
    const region: Region = {
      from: Math.min(start - shift, ...touched.map((r) => r.from)),
      to: Math.max(end - shift - moved(touched), ...touched.map((r) => r.to)),
      start: Math.min(start, ...touched.map((r) => r.start)),
      end: Math.max(end, ...touched.map((r) => r.end)) + grown,
    };
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.regions = [...before, region, ...after.map((r) => ({ ...r, start: r.start + grown, end: r.end + grown }))];
  }

  /** All of them, on the first text; what became of a region in the end is one edit. */
  edits(): Edit[] {
    return this.regions
      .map(({ from, to, start, end }) => ({ start: from, end: to, text: this.text.slice(start, end) }))
      .filter((edit) => this.first.slice(edit.start, edit.end) !== edit.text);
  }
}

/** Offset of the start of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset just past the line end of the line that holds `offset` (or the end of the text). */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

/** Leading spaces and tabs of the line that holds `offset`. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t\f]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** 1-based line of a UTF-16 offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The line end that a text uses: that of its first line; '\n' for a single line. */
export function lineEnding(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}
