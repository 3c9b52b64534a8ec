/** Foreign text in Markdown. */

/** Text that means nothing to Markdown or HTML. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~&@:-]/g, (c) => (/[<>&]/.test(c) ? `&#${c.charCodeAt(0)};` : `\\${c}`));
}
