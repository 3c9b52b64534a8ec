/** Variables without which a module ends the program as it is loaded, wherever they are read. */
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { isNone, lastName } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { surelyRunning } from '../executed.ts';
import { raises } from './need.ts';
import type { Variables } from './variables.ts';

const CHECKS = /^if\b[^\n]*\b(?:not\s|is\s+None\b)[^\n]*:/m;

/** `if not settings.DATABASE_URL: raise …` at the top level of a file: names of the variables, by what they may not be. */
export function demandedIn(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  variables: Variables,
): ReadonlyMap<string, 'none' | 'falsy'> {
  const out = new Map<string, 'none' | 'falsy'>();
  for (const path of repo.matching(files, CHECKS)) {
    const place = topOf(modules, path);
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      if (stmt.kind !== 'if' || !raises(stmt.body)) continue;
      for (const { of, refused } of refusedBy(stmt.test)) {
        const name = variables.heldBy(place, of);
        if (name === undefined || out.get(name) === 'falsy' || isMade(repo, files, lastName(of))) continue;
        out.set(name, refused);
      }
    }
  }
  return out;
}

/** The settings may work out a field by themselves: in a validator, from others, under its name. */
function isMade(repo: Snapshot, files: readonly string[], field: string): boolean {
  const name = literally(field);
  const form = new RegExp(
    `validator\\([^)]*["']${name}["']|\\bself\\.${name}\\s*=[^=]|\\[["']${name}["']\\]\\s*=[^=]|\\bdef\\s+${name}\\b`,
  );
  return field !== '' && repo.matching(files, form).length > 0;
}

/** What each part of a test that one of them suffices for refuses. */
function refusedBy(test: Expr): { readonly of: Expr; readonly refused: 'none' | 'falsy' }[] {
  if (test.kind === 'bool' && test.op === 'or') return [...refusedBy(test.left), ...refusedBy(test.right)];
  if (test.kind === 'unary' && test.op === 'not') return [{ of: test.operand, refused: 'falsy' }];
  if (test.kind !== 'compare' || test.ops.length !== 1 || test.ops[0] !== 'is') return [];
  const [left, right] = test.operands;
  return left && isNone(right) ? [{ of: left, refused: 'none' }] : [];
}
