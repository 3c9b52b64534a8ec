/** Modules that no server can import by their name, and the program that starts them all the same. */
import type { ModuleGraph } from '../python/modules.ts';
import { dirname, foldersUp, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { calls } from '../syntax/python/walk.ts';
import { hasDependencyFile } from './folders.ts';
import { serverCall, serverNames } from './server-calls.ts';

/** Modules of Python's own that gunicorn 23 has imported before it looks for the application: those it gets again. */
const LOADED = new Set(
  (
    'abc argparse array ast atexit base64 binascii bisect builtins bz2 calendar codecs collections contextlib copy copyreg ' +
    'csv datetime dis email encodings enum errno fcntl fnmatch functools genericpath gettext glob grp heapq html importlib ' +
    'inspect io ipaddress itertools json keyword linecache locale logging lzma marshal math ntpath opcode operator os ' +
    'pathlib pickle platform posix posixpath pwd queue quopri random re reprlib select selectors shlex shutil signal site ' +
    'socket socketserver ssl stat string struct sys tempfile textwrap threading time token tokenize traceback types typing ' +
    'urllib warnings weakref zipfile zipimport zlib'
  ).split(' '),
);

/**
 * False for a module that a server finds something else for: `__main__` is the server's own, a module of Python's own that
 * is loaded already, and a package of the same name beside the file, which wins.
 * https://docs.python.org/3/reference/import.html#the-module-cache
 */
export function isImportable(repo: Snapshot, path: string, folder: string, module: string): boolean {
  const parts = module.split('.');
  if (module === '__main__' || LOADED.has(parts[0] ?? '')) return false;
  if (path.endsWith('/__init__.py')) return true;
  return !repo.has(join(folder, `${parts.join('/')}/__init__.py`));
}

/** A file that starts its own server when it is run: the folder to run it in, and its path from there. */
export function programOf(
  repo: Snapshot,
  modules: ModuleGraph,
  path: string,
): { readonly root: string; readonly program: string } | undefined {
  const module = modules.module(path);
  if (!module || path.endsWith('/__init__.py')) return undefined;
  const starts = calls(module.body, serverNames(module)).some(({ call, around }) =>
    serverCall({ modules, path, around }, call),
  );
  return starts ? runFrom(repo, path) : undefined;
}

/** The folder that a file is run in, and its path from there: the nearest one that says what is installed. */
export function runFrom(repo: Snapshot, path: string): { readonly root: string; readonly program: string } | undefined {
  if (/[^\w./ -]/.test(path)) return undefined;
  const root = foldersUp(dirname(path)).find((folder) => hasDependencyFile(repo, folder)) ?? '';
  return { root, program: path.slice(root === '' ? 0 : root.length + 1) };
}
