/** Lines broken at words, as a terminal would break them anywhere. */
import { stripVTControlCharacters } from 'node:util';

/** Narrower than this there is no room for an indent that follows the columns. */
const NARROW = 60;
/** Below this nothing is broken: the terminal says nothing sensible. */
const LEAST = 20;

/**
 * One line as lines of at most `width` characters, where it has spaces; those behind the first begin with `indent`
 * spaces. A word that is longer, such as a path or a command, stays whole, so that it can be copied. Undefined: as it is.
 */
export function wrap(line: string, width: number | undefined, indent: number): string {
  if (width === undefined || width < LEAST || length(line) <= width) return line;
  const hang = ' '.repeat(width < NARROW ? Math.min(indent, 4) : indent);
  const out: string[] = [];
  let current = '';
  // French has a space before these signs, at which no line ends.
  for (const word of line.split(/(?<=\S) (?=\S)(?![;:?!»](?: |$))/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current === '' || length(longer) <= width) current = longer;
    else {
      out.push(current);
      current = hang + word;
    }
  }
  return [...out, current].join('\n');
}

function length(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
