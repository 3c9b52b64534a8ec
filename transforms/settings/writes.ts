/** What changes the environment while the program or its tests run: an object that was made before does not see it. */
import type { Evidence } from '../../src/model/facts.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { lineOf } from '../../src/syntax/edit.ts';

export interface Writes {
  /** A place that may write any variable. */
  readonly any?: Evidence;
  /** Variable → a place that writes it. */
  readonly names: ReadonlyMap<string, Evidence>;
}

/** By text, tests and scripts included: too much is safe. */
const NAMED =
  /(?:\benviron(?:b)?\s*\[\s*|\benviron\.(?:setdefault|pop|__setitem__)\(\s*|\b(?:putenv|unsetenv|setenv|delenv)\(\s*)(?:(["'])(\w+)\1)?/g;
const WHOLE =
  /\benviron(?:b)?\.(?:update|clear|popitem)\s*\(|\bpatch\.dict\(\s*["']?(?:os\.)?environ|\bload_dotenv\s*\(|\bread_env\s*\(|\bread_envfile\s*\(/;
/** A subscript that is only read. */
const READ = /^\s*\](?!\s*(?:=(?!=)|[+|]=))(?!\s*,[^=\n]*=(?!=))/;

export function writesOf(repo: Snapshot, modules: ModuleGraph): Writes {
  const names = new Map<string, Evidence>();
  let any: Evidence | undefined;
  for (const path of repo.matching(modules.files, /environ|putenv|setenv|delenv|load_dotenv|read_env/)) {
    const text = repo.read(path)?.text ?? '';
    const whole = WHOLE.exec(text);
    if (whole) any ??= { path, line: lineOf(text, whole.index) };
    for (const match of text.matchAll(NAMED)) {
      const [all, , name] = match;
      if (all.includes('[') && isRead(text, match.index, match.index + all.length, name !== undefined)) continue;
      const at = { path, line: lineOf(text, match.index) };
      if (name === undefined) any ??= at;
      else if (!names.has(name)) names.set(name, at);
    }
  }
  return { ...(any ? { any } : {}), names };
}

/** True for a subscript from `start` that is not written or deleted; `known`: its key ends at `end`. */
function isRead(text: string, start: number, end: number, known: boolean): boolean {
  const rest = text.slice(end, end + LOOK);
  const behind = known ? rest : rest.replace(/^[^\]\n]*/, '');
  return READ.test(behind) && !/\bdel\s+(?:os\.)?$/.test(text.slice(0, start));
}

/** Characters behind a subscript that are looked at. */
const LOOK = 200;
