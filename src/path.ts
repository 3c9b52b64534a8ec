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
