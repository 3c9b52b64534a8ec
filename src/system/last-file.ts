/** Which file of the repository was asked for last: what a part was about when it failed. */

let last: string | undefined;

/** `path` is relative to the repository; undefined: nothing yet. */
export function askedFor(path: string | undefined): void {
  last = path;
}

export function lastAskedFor(): string | undefined {
  return last;
}
