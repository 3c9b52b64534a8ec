/** What changes the environment while the program or its tests run: an object that was made before does not see it. */
import type { Evidence } from '../../src/model/facts.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';

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
    const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
    const whole = WHOLE.exec(text);
    if (whole) any ??= { path, line: lineOf(whole.index) };
    for (const match of text.matchAll(NAMED)) {
      const [all, , name] = match;
      const rest = text.slice(match.index + all.length, match.index + all.length + LOOK);
      if (all.includes('[')) {
        const key = name === undefined ? /^[^\]\n]*/.exec(rest)?.[0].length : 0;
        const deleted = /\bdel\s+(?:os\.)?$/.test(text.slice(0, match.index));
        if (!deleted && READ.test(rest.slice(key ?? 0))) continue;
      }
      const at = { path, line: lineOf(match.index) };
      if (name === undefined) any ??= at;
      else if (!names.has(name)) names.set(name, at);
    }
  }
  return { ...(any ? { any } : {}), names };
}

/** Characters behind a subscript that are looked at. */
const LOOK = 200;
