/** How values of options on the command line are read. https://github.com/tj/commander.js#custom-option-processing */

/** `a,b` and a repeated option: all of them, in order. */
export function list(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',').map((id) => id.trim())];
}

/** A repeated option: each value as it is. */
export function repeat(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
