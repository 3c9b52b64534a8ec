/** Paths inside a repository: relative, with '/' on every system, '' for its root. */

/** The folder of a file or folder; '' at the root. */
export function dirname(file: string): string {
  const at = file.lastIndexOf('/');
  return at === -1 ? '' : file.slice(0, at);
}

/** The last part of a path. */
export function basename(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The last part of a path without its extension: 'main' of 'app/main.py'. */
export function stem(file: string): string {
  return basename(file).replace(/\.\w+$/, '');
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
  const bad = parts.some((p) => p === '' || p === '.' || p === '..' || isStateFolder(p));
  const control = [...name].some((c) => c < ' ' || c === '\x7f');
  return !bad && !control && !/^[a-z]:|\\|:[^:]*\$/i.test(name) && !/[\ud800-\udfff]/u.test(name);
}

/**
 * True for a name that is `.git` or `.nayek` on some file system: in any case, with what HFS+ leaves out, or as NTFS takes
 * it: short, with blanks and dots behind it, or with a stream.
 * https://github.com/git/git/blob/v2.47.0/path.c (is_ntfs_dotgit), utf8.c (is_hfs_dotgit)
 */
function isStateFolder(part: string): boolean {
  const plain = part.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
  return /^(?:\.(?:git|nayek)|(?:git|nayek)~\d+)[. ]*(?::.*)?$/i.test(plain);
}

/** `path` as seen from the folder `from`: '../alembic.ini'; '.' for the folder itself. */
export function relative(from: string, path: string): string {
  const shared = segments(commonFolder(from, path)).length;
  const up = segments(from).slice(shared);
  return [...up.map(() => '..'), ...segments(path).slice(shared)].join('/') || '.';
}

/** `folder` as seen from the folder `from`, '' when they are the same. */
export function within(from: string, folder: string): string {
  const path = relative(from, folder);
  return path === '.' ? '' : path;
}

/** `path` ('../x', './y', '.') as seen from `folder`; undefined when it leaves the repository. */
export function resolve(folder: string, path: string): string | undefined {
  const out = segments(folder);
  for (const part of segments(path)) {
    if (part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.pop() === undefined) return undefined;
  }
  return out.join('/');
}

/** True for the folder itself and for all below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The folder and those above it, nearest first, the repository's root last. */
export function foldersUp(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...foldersUp(dirname(folder))];
}

/** Steps between two folders in the tree. */
export function distance(a: string, b: string): number {
  return segments(within(a, b)).length;
}

/** The deepest folder that holds both. */
export function commonFolder(a: string, b: string): string {
  const left = segments(a);
  const right = segments(b);
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared++;
  return left.slice(0, shared).join('/');
}

function segments(path: string): string[] {
  return path === '' ? [] : path.split('/').filter((part) => part !== '');
}
