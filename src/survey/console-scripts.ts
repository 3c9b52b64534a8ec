/** Commands that an installation of the project puts on the PATH. */

import type { Evidence } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineOf } from '../syntax/edit.ts';

export interface ConsoleScript {
  readonly name: string;
  readonly module: string;
  readonly attr: string;
  readonly at: Evidence;
}

const keptScripts = new WeakMap<Snapshot, readonly ConsoleScript[]>();

/** Console scripts of pyproject.toml, setup.cfg and setup.py: `name = "package.module:function"`. */
export function consoleScripts(repo: Snapshot): readonly ConsoleScript[] {
  let known = keptScripts.get(repo);
  if (!known) {
    const files = repo.paths.filter((p) => /(?:^|\/)(?:pyproject\.toml|setup\.cfg|setup\.py)$/.test(p));
    known = files.flatMap((path) => {
      const text = repo.read(path)?.text ?? '';
      const found = text.matchAll(/\b([\w-]{1,80})["']?[ \t]{0,40}=[ \t]*["']?([A-Za-z_][\w.]*):([A-Za-z_]\w*)\b/g);
      return [...found].map((m) => ({
        name: m[1] ?? '',
        module: m[2] ?? '',
        attr: m[3] ?? '',
        at: { path, line: lineOf(text, m.index) },
      }));
    });
    keptScripts.set(repo, known);
  }
  return known;
}
