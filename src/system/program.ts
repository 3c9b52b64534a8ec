/** Which program a name stands for. Never one of the repository: it may hold a `git` or a `python3` of its own. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { contains } from './contains.ts';

/**
 * Absolute path of the first `name` on PATH; undefined when there is none. Entries that are not absolute (`.`, '') mean
 * the current folder, and those below `root` belong to the repository: both are passed over.
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_03
 */
export function findProgram(name: string, root?: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  for (const entry of (process.env.PATH ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(entry)) continue;
    for (const ending of endings) {
      const file = path.join(entry, name + ending);
      try {
        accessSync(file, constants.X_OK);
        if (!statSync(file).isFile()) continue;
        // The link itself may lie outside and lead inside, or the other way round.
        if (root !== undefined && (contains(root, realpathSync(entry)) || contains(root, realpathSync(file)))) continue;
        return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}
