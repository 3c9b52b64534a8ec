/** What a part says of itself in reports, by language. */

export type Language = 'en' | 'fr';

export type PartWords = Readonly<Record<Language, Saying>>;

/** One sentence or heading each, without a full stop but for `why`. */
export interface Saying {
  /** The problem that the part solves, as a heading. */
  readonly problem: string;
  /** A problem of its own, less severe, that the same patch solves where its reason names `of`: a variable, an option. */
  readonly also?: { readonly of: string; readonly problem: string };
  /** The patch, as a heading. */
  readonly title: string;
  /** What is done to the file. */
  readonly action: string;
  /** Why, in a short paragraph. */
  readonly why: string;
  /** What must hold, as a point that stands alone. */
  readonly point: string;
  /** What must hold, behind the name of the file. */
  readonly check: string;
  /** What is gained. */
  readonly gain: string;
}

interface Worded {
  readonly id: string;
  readonly summary: string;
  readonly words?: PartWords;
}

/** What a part says in a language; its id and summary where it has no words. */
export function sayingOf(part: Worded, language: Language): Saying {
  const { id, summary } = part;
  const plain = {
    problem: id,
    title: id,
    action: summary,
    why: summary,
    point: summary,
    check: summary,
    gain: summary,
  };
  return part.words?.[language] ?? plain;
}
