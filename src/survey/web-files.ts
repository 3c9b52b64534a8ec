/** The files that may hold anything of a web service, found in one pass over the bytes of all. */

import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { MAKES_APPLICATION } from './applications.ts';
import { isNotDeployed } from './deployed.ts';
import { STARTS_SERVER } from './server-calls.ts';

/** Applications that are mounted in another. */
export const MOUNTS = /\bmount\(|\bMount\(|DispatcherMiddleware\(/;
/** Servers that are given an import string. */
export const TAKES_IMPORT_STRING = /\b(?:[Uu]vicorn|UVICORN|[Hh]ypercorn|HYPERCORN|[Gg]ranian|GRANIAN)\b/;

const ANY = new RegExp([MAKES_APPLICATION, STARTS_SERVER, MOUNTS, TAKES_IMPORT_STRING].map((r) => r.source).join('|'));

/**
 * Deployed files in path order that match one of the patterns which are asked of every file. A large repository is not
 * kept in memory, so that each question by itself would read all of it again.
 */
export function webFiles(repo: Snapshot, modules: ModuleGraph): readonly string[] {
  const files =
    found.get(modules) ??
    repo.matching(
      modules.files.filter((f) => !isNotDeployed(f)),
      ANY,
    );
  found.set(modules, files);
  return files;
}

const found = new WeakMap<ModuleGraph, readonly string[]>();
