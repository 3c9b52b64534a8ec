/** Names in text that say something about what follows, each with what it says. */
import { type Saying, saying } from './names.ts';

export interface Named {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly said: NonNullable<Saying>;
}

const NAME = /[\p{L}_][\p{L}\p{M}\p{N}_-]*/gu;
/** A name longer than this is text. */
const LONGEST = 100;
const KNOWN = new Map<string, Saying>();

/** In the order of the text, between two offsets. */
export function* namesIn(text: string, from: number, to: number): Generator<Named> {
  // Of the piece alone: of many pieces without a name each would be looked for to the end of the text.
  for (const match of text.slice(from, to).matchAll(NAME)) {
    let [word] = match;
    let start = from + match.index;
    if (word.length > LONGEST) continue;
    // The 'n' of '\n' belongs to no name.
    if (text[start - 1] === '\\' && /^[nrt]./.test(word)) {
      word = word.slice(1);
      start++;
    }
    // `${NAME-default}` of a shell.
    if (text.startsWith('${', start - 2)) word = word.replace(/-.*$/, '');
    const name = word.replace(/-+$/, '');
    const said = known(name);
    if (said !== undefined) yield { name, start, end: start + name.length, said };
  }
}

function known(name: string): Saying {
  if (KNOWN.has(name)) return KNOWN.get(name);
  if (KNOWN.size > 20_000) KNOWN.clear();
  const said = saying(name);
  KNOWN.set(name, said);
  return said;
}
