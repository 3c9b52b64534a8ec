/** A file that is loaded at start and is no Python: the import ends in a SyntaxError. */
import type { ModuleGraph } from '../../python/modules.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** What a merge leaves where two branches differ. https://git-scm.com/docs/git-merge#_how_conflicts_are_presented */
const CONFLICT = /^(?:<{7}|>{7}) .*$/m;

/** At most one: the first stops the rest. Of what was not parsed so far only a merge's marks are looked for. */
export function brokenFile(modules: ModuleGraph, started: readonly Started[]): Note | undefined {
  for (const path of new Set(started.flatMap((s) => (s.when === 'service' ? [s.path] : [])))) {
    const module = modules.module(path);
    const mark = module && CONFLICT.exec(module.text);
    if (!module || !(module.seenErrors || (mark && module.errors > 0))) continue;
    const line = mark ? lineOf(module.text, mark.index) : (module.errorLine ?? 1);
    const why = mark ? say`a merge left its marks in ${path}` : say`${path} is not valid Python`;
    return {
      text: say`${why}: it is loaded when the service starts, which ends there.`,
      at: { path, line },
      stops: true,
    };
  }
  return undefined;
}
