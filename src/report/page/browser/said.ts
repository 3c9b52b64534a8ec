/**
 * Runs in a browser: marks a text of a page as src/system/say.ts does, and says it in the language of the page, which brings
 * the words: src/report/words/fr/page.ts. A text without words stays English.
 */
import { dataOf } from './dom.ts';

const words = dataOf<Readonly<Record<string, string>> | null>('words') ?? {};

export function say(parts: TemplateStringsArray, ...values: readonly (string | number | undefined)[]): string {
  const id = parts.reduce((all, part, at) => `${all}{${at - 1}}${part}`);
  return (words[id] ?? id).replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)]));
}
