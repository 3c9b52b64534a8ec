/**
 * The keys that a rule for ast-grep may have, at each depth. Its own reader passes over a key that it does not know, and
 * the rule then means something else. https://ast-grep.github.io/reference/rule.html
 */
import { slips, unknownKey } from '../system/nearest.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';

type Place = readonly (string | number)[];

export interface StrangeKey {
  /** From the top of the rule, with the key. */
  readonly place: Place;
  readonly why: string;
}

/** What a value is made of: keys with their forms, `each` a mapping of names, `items` a list; undefined: not looked into. */
interface Form {
  readonly keys?: Readonly<Record<string, Form | undefined>>;
  readonly each?: Form;
  readonly items?: Form;
}

const POSITION: Form = { keys: { line: undefined, column: undefined } };
const RULE_KEYS: Record<string, Form | undefined> = {
  pattern: { keys: { context: undefined, selector: undefined, strictness: undefined } },
  kind: undefined,
  regex: undefined,
  range: { keys: { start: POSITION, end: POSITION } },
  matches: undefined,
};
const RULE: Form = { keys: RULE_KEYS };
const RELATION_KEYS: Record<string, Form | undefined> = {};
const RELATION: Form = { keys: RELATION_KEYS };
Object.assign(RULE_KEYS, {
  nthChild: { keys: { position: undefined, ofRule: RULE, reverse: undefined } },
  not: RULE,
  all: { items: RULE },
  any: { items: RULE },
  ...Object.fromEntries(['inside', 'has', 'follows', 'precedes'].map((key) => [key, RELATION])),
});
Object.assign(RELATION_KEYS, RULE_KEYS, { stopBy: RULE, field: undefined });

/** https://ast-grep.github.io/reference/yaml/transformation.html */
const TRANSFORM: Form = {
  keys: {
    substring: { keys: { source: undefined, startChar: undefined, endChar: undefined } },
    replace: { keys: { source: undefined, replace: undefined, by: undefined } },
    convert: { keys: { source: undefined, toCase: undefined, separatedBy: undefined } },
    rewrite: { keys: { source: undefined, rewriters: undefined, joinBy: undefined } },
  },
};
const EXPANSION: Form = { keys: { ...RULE_KEYS, stopBy: RULE } };
const ONE_FIX: Form = {
  keys: { template: undefined, title: undefined, expandStart: EXPANSION, expandEnd: EXPANSION },
};
const BODY: Record<string, Form | undefined> = {
  rule: RULE,
  constraints: { each: RULE },
  utils: { each: RULE },
  transform: { each: TRANSFORM },
  fix: { ...ONE_FIX, items: ONE_FIX },
};
const HEAD = Object.fromEntries(
  ['id', 'language', 'message', 'note', 'severity', 'url', 'files', 'ignores', 'labels', 'metadata'].map((key) => [
    key,
    undefined,
  ]),
);

/** Of a whole rule. Others may stand here, too: what people note for themselves. */
const TOP: Record<string, Form | undefined> = {
  ...BODY,
  ...HEAD,
  rewriters: { items: { keys: { ...BODY, ...HEAD } } },
};

/** The first key that ast-grep would pass over without a word; at the top only one that is almost a known one. */
export function strangeKey(rule: Readonly<Record<string, unknown>>): StrangeKey | undefined {
  for (const [key, value] of Object.entries(rule)) {
    if (Object.hasOwn(TOP, key)) {
      const found = strangeIn(value, TOP[key], [key]);
      if (found) return found;
    } else if (Object.keys(TOP).some((known) => isSlip(key, known))) {
      return { place: [key], why: unknownKey(key, Object.keys(TOP)) };
    }
  }
  return undefined;
}

function isSlip(key: string, known: string): boolean {
  return slips(key, known) <= (known.length > 5 ? 2 : 1);
}

function strangeIn(value: unknown, form: Form | undefined, place: Place): StrangeKey | undefined {
  if (!form) return undefined;
  if (Array.isArray(value)) {
    return first(value.map((item, index) => () => strangeIn(item, form.items, [...place, index])));
  }
  if (!isRecord(value)) return undefined;
  const { keys, each } = form;
  return first(
    Object.entries(value).map(([key, inner]) => () => {
      const at = [...place, key];
      if (each) return strangeIn(inner, each, at);
      if (!keys) return undefined;
      if (Object.hasOwn(keys, key)) return strangeIn(inner, keys[key], at);
      return { place: at, why: say`${place.join('.')}: ${unknownKey(key, Object.keys(keys))}` };
    }),
  );
}

function first<T>(attempts: readonly (() => T | undefined)[]): T | undefined {
  for (const attempt of attempts) {
    const found = attempt();
    if (found !== undefined) return found;
  }
  return undefined;
}
