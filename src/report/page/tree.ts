/** Elements as data: written as HTML here, made in a browser by browser/dom.ts. Text is text in both, never markup. */
import { xml } from '../xml.ts';

export type Tree = string | Element | readonly Tree[];

export interface Element {
  readonly tag: Tag;
  readonly attributes: Readonly<Record<string, string | true>>;
  readonly children: readonly Tree[];
}

/** What the pages are made of: nothing in it runs, loads or leads out. */
export type Tag =
  | ('a' | 'article' | 'button' | 'caption' | 'code' | 'details' | 'div' | 'h1' | 'h2' | 'h3' | 'h4' | 'header' | 'li')
  | ('dd' | 'dl' | 'dt' | 'footer' | 'nav' | 'ol' | 'p' | 'pre' | 'section' | 'span' | 'strong' | 'summary' | 'table')
  | ('tbody' | 'td' | 'tr' | 'ul');

/** An attribute that is undefined or false is left out. */
export function el(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: readonly Tree[]
): Element {
  const given = Object.entries(attributes).filter(
    (a): a is [string, string | true] => a[1] !== undefined && a[1] !== false,
  );
  return { tag, attributes: Object.fromEntries(given), children };
}

export function toHtml(tree: Tree): string {
  if (typeof tree === 'string') return xml(tree);
  if (!('tag' in tree)) return tree.map(toHtml).join('');
  const attributes = Object.entries(tree.attributes).map(
    ([name, value]) => ` ${name}="${value === true ? '' : xml(value)}"`,
  );
  return `<${tree.tag}${attributes.join('')}>${tree.children.map(toHtml).join('')}</${tree.tag}>`;
}
