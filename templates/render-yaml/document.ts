/** YAML text with comments, from plain data; read back and compared before anybody sees it. */
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';

export type Value = Scalar | Block | List;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean;
  /** Quoted even where YAML would take it plain. */
  readonly quoted?: boolean;
  /** Behind the value, without '# '. */
  readonly comment?: string;
}

export interface Block {
  readonly kind: 'block';
  readonly fields: readonly Field[];
}

export interface Field {
  readonly key: string;
  readonly value: Value;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Block[];
  /** A blank line between the items. */
  readonly spaced?: boolean;
}

/** Raised when the text does not mean what it was made from: a fault of the printer. */
export class MisprintError extends Error {}

export function scalar(value: string | number | boolean, more: { quoted?: boolean; comment?: string } = {}): Scalar {
  return { kind: 'scalar', value, ...more };
}

/**
 * The text of a document, indented by two, with `header` as comment lines above it.
 * @throws MisprintError
 */
export function print(fields: readonly Field[], header: readonly string[]): string {
  const above = header.map((line) => `# ${line}`);
  const sections = fields.map((f) => printField(f, '').join('\n')).join('\n\n');
  const text = `${[...above, sections].join('\n')}\n`;
  if (!isDeepStrictEqual(parse(text), plain({ kind: 'block', fields }))) {
    throw new MisprintError('the text made for render.yaml does not read back');
  }
  return text;
}

/** The items of a list as they would stand below their key: what a person pastes. */
export function printItems(list: List): string {
  return printList(list, '').join('\n');
}

function printField({ key, value }: Field, indent: string): string[] {
  if (value.kind === 'scalar') return [`${indent}${printScalar(key)}: ${printScalar(value.value, value)}`];
  if (value.kind === 'block') {
    return [`${indent}${printScalar(key)}:`, ...value.fields.flatMap((f) => printField(f, `${indent}  `))];
  }
  if (value.items.length === 0) return [`${indent}${printScalar(key)}: []`];
  return [`${indent}${printScalar(key)}:`, ...printList(value, indent)];
}

function printList(list: List, indent: string): string[] {
  return list.items.flatMap((item, index) => {
    const lines = item.fields.flatMap((f) => printField(f, `${indent}    `));
    const [first = ''] = lines;
    const marked = [`${indent}  - ${first.slice(indent.length + 4)}`, ...lines.slice(1)];
    return list.spaced && index > 0 ? ['', ...marked] : marked;
  });
}

function printScalar(value: string | number | boolean, how: Omit<Scalar, 'kind' | 'value'> = {}): string {
  const text = stringify(value, {
    lineWidth: 0,
    blockQuote: false,
    ...(how.quoted ? { defaultStringType: 'QUOTE_DOUBLE' as const } : {}),
  }).trimEnd();
  return how.comment ? `${text}  # ${how.comment.replace(/\s+/g, ' ')}` : text;
}

/** The data that the text must read back as. */
function plain(value: Value): unknown {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(plain);
  return Object.fromEntries(value.fields.map((f) => [f.key, plain(f.value)]));
}
