/** Half-open, in UTF-16 units of the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Sorted, with those that overlap or touch made one. */
export function merged(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && range.start <= last.end)
      out[out.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else out.push(range);
  }
  return out;
}
