/** Rows that every worker process adds when it starts, where it finds none: at the first start all of them find none. */
import type { Service } from '../../model/facts.ts';
import type { CallExpr, IfStmt, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, dotted, isNone, statementsWithin } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** Methods of a session that add rows. https://docs.sqlalchemy.org/en/20/orm/session_basics.html#adding-new-or-existing-items */
const ADDS = /^(?:add|add_all|bulk_save_objects|bulk_insert_mappings)$/;
/** What sessions are called: `db.session`, `session`, `db`. */
const SESSION = /(?:^|[._])(?:session|db)$/i;

/**
 * At most one: the first `if` on "there is none" that adds rows. No stop: one worker alone, the usual number, is served.
 * https://docs.sqlalchemy.org/en/20/errors.html#integrityerror
 */
export function firstRows({ entry }: Service, started: readonly Started[]): Note | undefined {
  for (const { path, stmt, when } of started) {
    if (when !== 'service' || stmt.kind !== 'if' || !asksForNone(stmt)) continue;
    const call = statementsWithin(stmt.body, []).flatMap(({ stmt: inner }) => addedIn(inner))[0];
    if (!call) continue;
    const text =
      say`Rows are added when ${entry.module} starts and finds none: with several workers each of them finds none at the first start, and those ` +
      say`that come second end with a duplicate key. Start with one worker, or add the rows before the service starts.`;
    return { text, at: { path, line: call.line } };
  }
  return undefined;
}

function addedIn(stmt: Stmt): CallExpr[] {
  if (stmt.kind === 'function' || stmt.kind === 'class') return [];
  return expressionsOf(stmt)
    .flatMap((e) => [...descend(e)])
    .filter((e): e is CallExpr => e.kind === 'call' && adds(e));
}

function adds({ func }: CallExpr): boolean {
  return func.kind === 'attribute' && ADDS.test(func.attr) && SESSION.test(dotted(func.value) ?? '');
}

/** `if user is None`, `if not user`, `if count == 0`. */
function asksForNone({ test }: IfStmt): boolean {
  if (test.kind === 'unary') return test.op === 'not';
  if (test.kind !== 'compare' || test.ops.length !== 1) return false;
  const [, right] = test.operands;
  return (test.ops[0] === 'is' && isNone(right)) || (test.ops[0] === '==' && right?.kind === 'number');
}
