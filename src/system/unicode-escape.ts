/** UTF-16 units in the form that JSON, TOML, YAML and Python read alike. */

/** Each unit as `\u` and four digits. */
export function unicodeEscaped(text: string): string {
  return text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
