/** The shapes with secrets filled in: always the same ones. */
import { COPIED, KINDS, type SecretForm } from './shapes.ts';

export interface Shown {
  readonly kind: string;
  readonly path: string | undefined;
  readonly text: string;
  /** No piece of it may be seen. */
  readonly secret: string;
}

export interface Copied {
  readonly kind: string;
  readonly name: string;
  readonly value: string;
  readonly secret: string;
}

/** mulberry32: a small generator with a seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const WORDS = ['hunter', 'swordfish', 'letmein', 'opensesame', 'dragon', 'monkey', 'sunshine', 'azerty', 'passion'];
const ODD = ['p#ss', 'a;b', 'x)y', 'k&m', 'q,r', 'z!$'];

function secretOf(form: SecretForm, random: () => number): string {
  const from = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  switch (form) {
    case 'password':
      return `${one(WORDS)}${from('0123456789', 2)}${from(ALNUM, 3)}`;
    case 'odd':
      return `${one(WORDS)}${one(ODD)}${from(ALNUM, 4)}`;
    case 'phrase':
      return `${one(WORDS)} ${one(WORDS)} ${one(WORDS)} ${from(LOWER, 6)}`;
    case 'alnum':
      return `${from(LOWER, 1)}${from(ALNUM, 29)}7aB`;
    case 'hex':
      return `${from('0123456789abcdef', 38)}4f`;
    case 'base64':
      return `${from(ALNUM, 20)}+7aB/${from(ALNUM, 18)}8`;
    case 'base32':
      return `${from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 15)}7`;
    case 'digits':
      return `4${from('0123456789', 7)}`;
    case 'uuid':
      return [8, 4, 4, 4, 12].map((n) => from('0123456789abcdef', n)).join('-');
    case 'word':
      return `${one(WORDS)}${from(LOWER, 4)}`;
  }
}

/** Two of each text that is shown, three of each variable. */
export function generated(): { readonly shown: readonly Shown[]; readonly copied: readonly Copied[] } {
  const random = generator(12);
  const shown = KINDS.flatMap(({ kind, path, secret: form, texts }) =>
    texts.flatMap((text) =>
      [0, 1].map((): Shown => {
        const made = secretOf(form, random);
        const secret = text.includes('§') ? made : fixed(text);
        return { kind, path, text: text.replaceAll('§', made), secret };
      }),
    ),
  );
  const copied = COPIED.flatMap(([kind, form, name, value]) =>
    [0, 1, 2].map((): Copied => {
      const made = secretOf(form, random);
      return { kind, name, value: value.replaceAll('§', made), secret: value.includes('§') ? made : fixed(value) };
    }),
  );
  return { shown, copied };
}

/** What is issued in a form that cannot be made up stands in the text itself. */
function fixed(text: string): string {
  return /[\w-]{24,}/.exec(text)?.[0] ?? text;
}
