/** Text inside XML and HTML. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text as the content of an element or of an attribute in quotes. What XML cannot hold is replaced: half of a pair of
 * surrogates, and control characters but tab and line ends. https://www.w3.org/TR/xml/#charsets
 */
export function xml(text: string): string {
  return text.replace(UNFIT, '\ufffd').replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNFIT = /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;
