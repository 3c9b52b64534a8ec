/** Variables without which a module ends the program as it is loaded, wherever they are read. */
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lastName } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { surelyRunning } from '../executed.ts';
import { type Refused, raises, refusedBy } from './need.ts';
import type { Variables } from './variables.ts';

const CHECKS = /^if\b[^\n]*\b(?:not\s|is\s+None\b)[^\n]*:/m;

/** `if not settings.DATABASE_URL: raise …` at the top level of a file: the variables, and what they may not be. */
export function* demandedIn(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  variables: Variables,
): Generator<readonly [string, Refused]> {
  for (const path of repo.matching(files, CHECKS)) {
    const place = topOf(modules, path);
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      if (stmt.kind !== 'if' || !raises(stmt.body)) continue;
      for (const { of, refused } of refusedBy(stmt.test)) {
        const name = variables.heldBy(place, of);
        if (name !== undefined && !isMade(repo, files, lastName(of))) yield [name, refused];
      }
    }
  }
}

/** The settings may work out a field by themselves: in a validator, from others, under its name. */
function isMade(repo: Snapshot, files: readonly string[], field: string): boolean {
  const name = literally(field);
  const form = new RegExp(
    `validator\\([^)]*["']${name}["']|\\bself\\.${name}\\s*=[^=]|\\[["']${name}["']\\]\\s*=[^=]|\\bdef\\s+${name}\\b`,
  );
  return field !== '' && repo.matching(files, form).length > 0;
}
