/**
 * Finds which message of a catalogue a text is, and says it with the words of that catalogue. The plan carries English
 * text alone, so that a plan which was saved by another version can be read in any language.
 */

export type Catalogue = Readonly<Record<string, string>>;

interface Pattern {
  /** What stands before, between and behind the values. */
  readonly literals: readonly string[];
  /** Numbers of the placeholders between them; those without a text between them are taken as one: `{1}{2}`. */
  readonly values: readonly string[];
  /** Letters, and all characters, of the literals. */
  readonly weight: number;
  readonly length: number;
  readonly said: string;
}

/** Deeper than messages are put together. */
const DEEPEST = 6;
/** A longer text than any message: its parts are not looked for. */
const LONGEST = 4000;
const MOST_CUTS = 40;
/** With fewer letters than this, a pattern says too little to take whole phrases for its values. */
const LIGHT = 7;
const NAMES = /^\S*(?:, \S+)*$/;

/** From the English text to that of the catalogue; what the catalogue has not stays as it is. */
export function translator(catalogue: Catalogue): (text: string) => string {
  const one = new Translator(catalogue);
  return (text) => one.said(text);
}

class Translator {
  private readonly whole = new Map<string, string>();
  /** The one that says most first. */
  private readonly patterns: Pattern[] = [];
  /** Said as it is. */
  private readonly known: Map<string, string>;
  /** What is hung on to a value: ` unless something that is listed brings it along`. */
  private readonly tails: readonly (readonly [id: string, said: string])[];

  constructor(catalogue: Catalogue) {
    for (const [id, said] of Object.entries(catalogue)) {
      const body = parted(id).body;
      const core = parted(said).body;
      if (/\{\d\}/.test(body)) this.patterns.push(patternOf(body, core));
      else this.whole.set(body, core);
    }
    this.patterns.sort((a, b) => b.weight - a.weight || b.length - a.length);
    this.known = new Map(Object.entries(catalogue));
    this.tails = Object.entries(catalogue).filter(([id]) => /^ \p{L}/u.test(id) && !id.includes('{'));
  }

  said(text: string): string {
    const known = this.known.get(text) ?? this.whatIs(text, 0);
    this.known.set(text, known);
    return known;
  }

  private one(text: string, depth: number, loose = false): string | undefined {
    const exact = this.whole.get(text);
    if (exact !== undefined || depth > DEEPEST) return exact;
    const found = this.first(text, loose);
    return found ? this.filled(found, depth) : this.hung(text, depth);
  }

  /** The pattern that says most of those that the text fits. */
  private first(text: string, loose: boolean): Found | undefined {
    for (const pattern of this.patterns) {
      const values = match(text, pattern);
      if (values && (loose || !values.some((value) => value.includes('; ')))) return { pattern, values };
    }
    return undefined;
  }

  private filled({ pattern, values }: Found, depth: number): string {
    return pattern.said.replace(/(?:\{\d\})+/g, (key) => {
      const value = values[pattern.values.indexOf(key)];
      return value === undefined ? key : this.whatIs(value, depth + 1);
    });
  }

  /** A note with its place behind it: ` (app.py:3)` belongs to no message, unless one with it says more. */
  private placed(text: string, depth: number): string | undefined {
    const [, head, place] = /^(.*\S)( \([^()\s]+:\d+\))$/s.exec(text) ?? [];
    if (head === undefined) return undefined;
    const { before, body, after } = parted(head);
    const exact = this.whole.get(body);
    const found = this.first(body, false);
    const least = this.first(text, false)?.pattern.weight ?? -1;
    const said = exact ?? (found && found.pattern.weight > least ? this.filled(found, depth) : undefined);
    return said === undefined ? undefined : before + said + after + place;
  }

  /** `api/main.py is a link`: the name of a file before what is wrong with it; and a value with something behind it. */
  private hung(text: string, depth: number): string | undefined {
    const [, name, rest] = /^(\S+) ((?:is|has|was|lies|exists|differs|holds|cannot|its) .+)$/s.exec(text) ?? [];
    const found = rest === undefined ? undefined : this.one(rest, depth + 1);
    if (found !== undefined) return `${name} ${found}`;
    const tail = this.tails.find(([id]) => text.endsWith(id));
    return tail && `${this.whatIs(text.slice(0, -tail[0].length), depth + 1)}${tail[1]}`;
  }

  /** A text with what stands around it: the message that it is, or the messages that it is made of. */
  private whatIs(text: string, depth: number): string {
    const { before, body, after } = parted(text);
    if (body === '' || depth > DEEPEST || text.length > LONGEST) return text;
    const found = this.placed(body, depth) ?? this.one(body, depth);
    if (found !== undefined) return before + found + after;
    const split = this.pieces(body, depth);
    // A value may be a command, with any sign in it.
    return before + (split === body ? (this.one(body, depth, true) ?? body) : split) + after;
  }

  /** The longest messages between separators, from the left. */
  private pieces(text: string, depth: number): string {
    const cuts = [...text.matchAll(/: |; |\. | \(|\) |\)|, /g)].slice(0, MOST_CUTS);
    if (cuts.length === 0) return text;
    let out = '';
    let from = 0;
    for (let at = 0; at <= cuts.length; ) {
      let to = at;
      let found: string | undefined;
      for (to = cuts.length; to >= at; to--) {
        const end = cuts[to]?.index ?? text.length;
        if (from === 0 && end === text.length) continue;
        found = this.one(text.slice(from, end), depth + 1);
        if (found !== undefined) break;
      }
      if (found === undefined) to = at;
      const cut = cuts[to];
      out += found ?? text.slice(from, cut?.index ?? text.length);
      if (!cut) break;
      out += cut[0];
      from = cut.index + cut[0].length;
      at = to + 1;
    }
    return out;
  }
}

interface Found {
  readonly pattern: Pattern;
  readonly values: readonly string[];
}

/** A text without the spaces and signs that only join it to others. */
function parted(text: string): { readonly before: string; readonly body: string; readonly after: string } {
  const before = /^[\s;,:(]*/.exec(text)?.[0] ?? '';
  const rest = text.slice(before.length);
  const after = (before.includes('(') ? /[\s.;,:)]*$/ : /[\s.;,:]*$/).exec(rest)?.[0] ?? '';
  return { before, body: rest.slice(0, rest.length - after.length), after };
}

function patternOf(id: string, said: string): Pattern {
  const literals = id.split(/(?:\{\d\})+/);
  const values = id.match(/(?:\{\d\})+/g) ?? [];
  const weight = literals.join('').replace(/[^\p{L}]/gu, '').length;
  return { literals, values, weight, length: literals.join('').length, said };
}

/** The values, where the text is that message. Linear: each literal is looked for once, from the left. */
function match(text: string, { literals, weight }: Pattern): string[] | undefined {
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return undefined;
  const end = text.length - last.length;
  const values: string[] = [];
  let at = first.length;
  for (const literal of literals.slice(1, -1)) {
    const next = text.indexOf(literal, at);
    if (next === -1 || next + literal.length > end) return undefined;
    values.push(text.slice(at, next));
    at = next + literal.length;
  }
  values.push(text.slice(at, end));
  return weight < LIGHT && !values.every((value) => NAMES.test(value)) ? undefined : values;
}
