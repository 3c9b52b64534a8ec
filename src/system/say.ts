/**
 * Marks a text for people, so that it can be said in another language: `` say`${file} is a link` `` is the English text,
 * and `{0} is a link` its id in the catalogues of src/report/words/fr. Two that are joined by `+` are one id. Data, code and
 * what lands in a file of the repository are not said. As in gettext, the source holds the English.
 * https://www.gnu.org/software/gettext/manual/html_node/Mark-Keywords.html
 */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number | undefined)[]): string {
  let out = parts[0] ?? '';
  for (const [index, value] of values.entries()) out += `${value}${parts[index + 1] ?? ''}`;
  return out;
}

/** `a`, `a and b`, `a, b and c` */
export function both(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : say`${names.slice(0, -1).join(', ')} and ${last}`;
}
