/** Runs in a browser: makes what tree.ts describes. Text becomes text nodes, never markup. */
import type { Tree } from '../tree.ts';

export function toDom(tree: Tree): Node {
  if (typeof tree === 'string') return document.createTextNode(tree);
  if (!('tag' in tree)) {
    const all = document.createDocumentFragment();
    for (const one of tree) all.append(toDom(one));
    return all;
  }
  const made = document.createElement(tree.tag);
  for (const [name, value] of Object.entries(tree.attributes)) made.setAttribute(name, value === true ? '' : value);
  for (const child of tree.children) made.append(toDom(child));
  return made;
}

/** An element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function button(text: string, onclick: () => void, properties: Partial<HTMLButtonElement> = {}) {
  return make('button', { type: 'button', onclick, ...properties }, text);
}

/** The JSON that the page brings under an id. */
export function dataOf<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null') as T;
}
