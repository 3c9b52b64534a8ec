/** The files below a folder that are sources of the repository. */
import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { contains } from '../system/contains.ts';
import { say } from '../system/say.ts';
import { type Tracked, trackedBelow } from './git-index.ts';

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** Folders that hold other people's code, builds or caches: never read, never written. */
const VENDORED = new Set([
  '.git', '.hg', '.svn', '.nayek', '.venv', 'venv', '.env.d', 'env.bak', 'virtualenv', '.virtualenv', 'node_modules', 'bower_components',
  '__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.tox', '.nox', '.eggs', 'site-packages', 'dist-packages', '.terraform', 'vendor',
  'vendored', '_vendor', 'third_party', '__pypackages__', '.idea', '.cache',
]); // biome-ignore format: a list of names

/** Begins the name of a state folder that was set aside. */
const ASIDE = '.nayek-aside-';

/** True for a folder that is never the user's own, whatever lies in it. */
export function isVendored(name: string): boolean {
  return VENDORED.has(name) || name.startsWith(ASIDE);
}

/** Each path is one below the folder: it need not be looked at whether it is. */
const PLAIN = { allowRelativePaths: true };

interface IgnoreRules {
  /** Folder of the .gitignore, relative, '' or ending in '/'. */
  readonly base: string;
  readonly rules: Ignore;
  readonly file: string;
}

/** Why a file that the repository asks to be left alone is left out. */
export const LEFT_ALONE = say`is ignored by a .nayekignore`;

/** What git leaves out, and what nayek is to leave alone beside it, in the same form. */
const IGNORE_FILES = ['.gitignore', '.nayekignore'];

/** Of these a checkout holds what other people wrote: they belong to the sources that are deployed. */
const CHECKED_IN = ['vendor', 'vendored', '_vendor', 'third_party'];

export interface ListOptions {
  /** What a checkout would hold: vendored code, too, and what nayek is to leave alone. */
  readonly vendored?: boolean;
  /** Gets the links whose target is inside. */
  readonly links?: string[];
}

/**
 * Paths of the regular files below `root` (absolute), relative to it and sorted: links are not followed, .gitignore is
 * honoured as git does, for what it does not track; vendored folders are left out. What a person may wonder about goes to
 * `skipped`.
 */
export function listFiles(root: string, skipped: Skipped[], options: ListOptions = {}): string[] {
  const out: string[] = [];
  const tracked = trackedOnce(root);
  const ignoring = options.vendored ? IGNORE_FILES.slice(0, 1) : IGNORE_FILES;
  const stack: { folder: string; ignores: readonly IgnoreRules[] }[] = [{ folder: '', ignores: [] }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { folder } = next;
    const entries = entriesOf(root, folder, skipped);
    const files = entries.filter((e) => ignoring.includes(e.name) && e.isFile()).map((e) => e.name);
    const ignores = [...next.ignores, ...rulesIn(root, folder, files, skipped)];
    const named = entries.map((entry) => namedIn(root, folder, entry));
    for (const { entry, name, odd, isFolder } of named) {
      if ((isFolder && isLeftOut(entry.name, options)) || ignored(name, ignores, tracked)) continue;
      if (odd) skipped.push({ path: name, reason: odd });
      else if (isFolder) stack.push({ folder: name, ignores });
      else if (entry.isFile()) out.push(name);
      else options.links?.push(name);
    }
  }
  return out.sort();
}

/** Its name from the root, with a slash behind that of a folder, and why it is not read. */
function namedIn(root: string, folder: string, entry: Dirent) {
  const relative = folder + entry.name;
  const odd = oddName(entry.name) ?? oddKind(entry, root, relative);
  const isFolder = odd === undefined && entry.isDirectory();
  return { entry, odd, isFolder, name: isFolder ? `${relative}/` : relative };
}

/** What lies in a folder (relative, with its slash) that is looked into. */
function entriesOf(root: string, folder: string, skipped: Skipped[]): readonly Dirent[] {
  try {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
    return folder !== '' && entries.some((e) => isMark(root, folder, e)) ? [] : entries;
  } catch (error) {
    skipped.push({ path: folder.slice(0, -1) || '.', reason: say`cannot be listed (${codeOf(error)})` });
    return [];
  }
}

/**
 * What a folder of other people's code holds: a virtual environment under another name, also one that was checked in
 * without its pyvenv.cfg, and what PyInstaller puts beside or below a program.
 * https://docs.python.org/3/library/venv.html https://pyinstaller.org/en/stable/operating-mode.html
 */
const MARKS = ['pyvenv.cfg', 'base_library.zip'];
const MARKS_BELOW = ['bin/activate', 'Scripts/activate'];

function isMark(root: string, folder: string, entry: Dirent): boolean {
  if (!entry.isDirectory()) return entry.isFile() && MARKS.includes(entry.name);
  return MARKS_BELOW.some((mark) => mark.startsWith(`${entry.name}/`) && isPlainFile(path.join(root, folder, mark)));
}

/** False for what is not there, also below a file: `bin/activate` where `bin` is one. */
function isPlainFile(file: string): boolean {
  try {
    return lstatSync(file).isFile();
  } catch {
    return false;
  }
}

/** The first mark that a folder (absolute) has. */
function markIn(folder: string): string | undefined {
  return [...MARKS, ...MARKS_BELOW].find((mark) => isPlainFile(path.join(folder, mark)));
}

/** Folders that are never looked into. */
function isLeftOut(name: string, { vendored = false }: ListOptions): boolean {
  return isVendored(name) && !(vendored && CHECKED_IN.includes(name));
}

/** The rules of these files of a folder (relative, with its slash). */
function rulesIn(root: string, folder: string, files: readonly string[], skipped: Skipped[]): IgnoreRules[] {
  return files.flatMap((file) => {
    try {
      const rules = ignore(PLAIN).add(readFileSync(path.join(root, folder, file), 'utf8'));
      return [{ base: folder, rules, file }];
    } catch (error) {
      const reason = say`cannot be read (${codeOf(error)}): what it ignores is taken for sources`;
      skipped.push({ path: `${folder}${file}`, reason });
      return [];
    }
  });
}

/** Names that no diff, shell or saved plan carries safely; https://git-scm.com/docs/gitignore has no spelling for some. */
function oddName(name: string): string | undefined {
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return say`its name holds a control character`;
  }
  if (name.includes('\\')) return say`its name holds a backslash`;
  return name.includes('\ufffd') ? say`its name is not UTF-8` : undefined;
}

/** Links to files and folders inside are read where they lead to, and need no word. */
function oddKind(entry: Dirent, root: string, relative: string): string | undefined {
  if (entry.isFile() || entry.isDirectory()) return undefined;
  if (!entry.isSymbolicLink()) return say`is no regular file`;
  try {
    const inside = contains(root, realpathSync(path.join(root, relative)));
    return inside ? undefined : say`is a link out of the repository`;
  } catch {
    return say`is a link that leads nowhere`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

/**
 * Why a file of this name (relative to `root`, absolute) would not be listed if it were there: it is not one of the
 * sources. Undefined when it would. Looks at the folders above it only.
 */
export function leftOut(root: string, name: string): string | undefined {
  const parts = name.split('/');
  const ignores: IgnoreRules[] = [];
  const tracked = trackedOnce(root);
  for (let depth = 0; depth < parts.length; depth++) {
    const base = parts
      .slice(0, depth)
      .map((part) => `${part}/`)
      .join('');
    const folder = parts[depth - 1];
    if (folder !== undefined && VENDORED.has(folder))
      return say`lies in ${base}, which is not the repository's own code`;
    const mark = depth > 0 ? markIn(path.join(root, base)) : undefined;
    if (mark !== undefined)
      return mark === 'base_library.zip'
        ? say`lies in ${base}, which is not the repository's own code`
        : say`lies in the virtual environment ${base}`;
    ignores.push(...IGNORE_FILES.flatMap((file) => ignoreRules(root, base, file) ?? []));
    const at = depth === parts.length - 1 ? name : `${base}${parts[depth]}/`;
    const by = ignored(at, ignores, tracked);
    if (by) return by === '.gitignore' ? say`is ignored by a .gitignore` : LEFT_ALONE;
  }
  return undefined;
}

/** Undefined where there is no such file that can be read. */
function ignoreRules(root: string, base: string, name: string): IgnoreRules | undefined {
  const file = path.join(root, base, name);
  try {
    if (!lstatSync(file).isFile()) return undefined;
    return { base, rules: ignore(PLAIN).add(readFileSync(file, 'utf8')), file: name };
  } catch {
    return undefined;
  }
}

/** Names that may say something about how a repository is deployed: a plan may rest on these. */
const SOURCE =
  /(?:\.(?:py|pyi|toml|cfg|ini|txt|in|lock|ya?ml|json|sh|env|mako|conf|service|md|rst)|(?:^|\/)[^./]+|(?:^|\/)\.[^/]+)$/i;

/** What editors leave beside a file while they work on it. */
const SCRATCH = /(?:\.sw[a-p]|\.tmp|~|(?:^|\/)4913|(?:^|\/)\.nayek-[^/]*)$/;

/** Whether a plan may rest on a file of this name, or on that there is none. */
export function isSource(name: string): boolean {
  return SOURCE.test(name) && !SCRATCH.test(name);
}

/** What git tracks, asked for when it matters. */
function trackedOnce(root: string): () => Tracked {
  let index: Tracked | undefined;
  return () => {
    index ??= trackedBelow(root);
    return index;
  };
}

/** The kind of file that ignores it; undefined where none does. */
function ignored(path: string, ignores: readonly IgnoreRules[], tracked: () => Tracked): string | undefined {
  const by = ignores.filter(({ base, rules }) => rules.ignores(path.slice(base.length))).map(({ file }) => file);
  if (by.length === 0 || by.includes('.nayekignore')) return by.find((file) => file === '.nayekignore');
  return (path.endsWith('/') ? tracked().below(path) : tracked().has(path)) ? undefined : '.gitignore';
}
