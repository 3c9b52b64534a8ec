/** A Python literal of `value` in the quote style given (default double). */
export function quote(value: string, mark: '"' | "'" = '"'): string {
  const body = value.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`).replaceAll('\n', '\\n');
  return mark + body + mark;
}
