/** Paths inside a repository: relative, with '/' on every system, '' for its root. */

/** The folder of a file or folder; '' at the root. */
export function dirname(file: string): string {
  const at = file.lastIndexOf('/');
  return at === -1 ? '' : file.slice(0, at);
}

/** `folder/name`, where either may be ''. */
export function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

/**
 * False for a path that is not plainly below the root (`..`, absolute, a drive), that lies in a git or nayek folder, or
 * that some system spells in another way: a saved plan, a journal or a recipe may come from anywhere.
 */
export function isInside(name: string): boolean {
  const parts = name.split('/');
  const bad = parts.some((p) => p === '' || p === '.' || p === '..' || /^\.(?:git|nayek)[. ]*$/i.test(p));
  const control = [...name].some((c) => c < ' ');
  return !bad && !control && !/^[a-z]:|\\|:[^:]*\$/i.test(name);
}
