/** Strings and comments of Python text, also of a piece of it: what is code, and what is text. */

export interface Part {
  readonly kind: 'string' | 'comment';
  /** Of the content: without quotes, with '#'. */
  readonly start: number;
  readonly end: number;
  /** Length of the quote. */
  readonly quote: number;
}

const OPENS = /"""|'''|["'#]/g;

/** In the order of the text. A literal that is not closed ends with its line, or with the text where it is a long one. */
export function pythonParts(text: string): Part[] {
  const out: Part[] = [];
  const opens = new RegExp(OPENS);
  for (let match = opens.exec(text); match; match = opens.exec(text)) {
    const [mark] = match;
    const start = match.index + (mark === '#' ? 0 : mark.length);
    const end = mark === '#' ? lineEnd(text, start) : closing(text, start, mark);
    out.push({ kind: mark === '#' ? 'comment' : 'string', start, end, quote: mark.length });
    opens.lastIndex = mark === '#' ? end : end + (text.startsWith(mark, end) ? mark.length : 0);
    if (opens.lastIndex < start) break;
  }
  return out;
}

/** The part that holds `at`, by halves. */
export function partAt(parts: readonly Part[], at: number): Part | undefined {
  let [low, high] = [0, parts.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const part = parts[middle] as Part;
    if (at < part.start) high = middle - 1;
    else if (at >= part.end) low = middle + 1;
    else return part;
  }
  return undefined;
}

/** Offset of the quote that closes a literal whose content begins at `start`; else where it must end. */
export function closing(text: string, start: number, quote: string): number {
  const long = quote.length === 3;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '\n' && !long) return at;
    else if (text.startsWith(quote, at)) return at;
  }
  return text.length;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}
