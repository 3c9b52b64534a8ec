/** What must hold for the plan of any repository, however odd: given as bytes, checked as bytes. */
import assert from 'node:assert/strict';
import { makePlan, NotConvergedError } from '../../src/engine/make-plan.ts';
import type { FileChange, Plan } from '../../src/model/plan.ts';
import { memorySnapshot } from '../../src/repo/snapshot.ts';
import { decode, encode } from '../../src/repo/source.ts';
import { shownDiff } from '../../src/report/diff.ts';
import { hunksOf } from '../../src/report/hunks.ts';
import { planReport } from '../../src/report/json.ts';
import { summary } from '../../src/report/summary.ts';
import { parsePython } from '../../src/syntax/python/lower.ts';
import { NayekError } from '../../src/system/errors.ts';
import { emitters } from '../../templates/index.ts';
import { transforms } from '../../transforms/index.ts';

const steps = [...transforms, ...emitters].map((part) => ({
  part,
  options: Object.fromEntries(Object.entries(part.options).map(([name, option]) => [name, option.default])),
}));

type Bytes = Readonly<Record<string, Buffer>>;

/**
 * Plans, checks, and plans again on the bytes that would be written. Undefined where nayek refuses as a whole.
 * @throws AssertionError where a promise does not hold.
 */
export function checkPlan(
  files: Bytes,
  options: { readonly unsafe?: boolean; readonly secret?: string } = {},
): Plan | undefined {
  const plan = planOf(files, options.unsafe === true);
  if (!plan) return undefined;
  for (const verdict of plan.verdicts) assert.notEqual(verdict.kind, 'failed', `${verdict.part}: ${verdict.reason}`);
  const result: Record<string, Buffer> = { ...files };
  for (const change of plan.changes) {
    checkChange(change, files[change.path]);
    result[change.path] = encode(change.after, change);
  }
  if (options.secret !== undefined) checkSecret(plan, options.secret);
  if (plan.changes.length > 0) {
    const again = planOf(result, options.unsafe === true);
    assert.deepEqual(
      again?.changes.map((c) => c.path),
      [],
      'a second run changes something',
    );
  }
  return plan;
}

function planOf(files: Bytes, unsafe: boolean): Plan | undefined {
  try {
    const plan = makePlan(memorySnapshot(files), steps, { recipe: 'fuzz', unsafe });
    return plan.refusal ? undefined : plan;
  } catch (error) {
    if (error instanceof NayekError && error.kind !== 'internal') return undefined;
    if (error instanceof NotConvergedError) assert.fail(error.message);
    throw error;
  }
}

function checkChange(change: FileChange, bytes: Buffer | undefined): void {
  const name = change.path;
  if (change.before === null) {
    assert.equal(bytes, undefined, `${name} is there already`);
    return;
  }
  assert.deepEqual(encode(change.before, change), bytes, `${name}: bytes before`);
  const decoded = decode(encode(change.after, change));
  assert.equal(decoded?.text, change.after, `${name}: the result does not come back`);
  assert.equal(decoded?.encoding, change.encoding, `${name}: encoding`);
  // Every line that differs is one that an edit touches: hunks are made of nothing else.
  const kept = hunksOf(change.before, change.edits).flatMap((h) =>
    h.lines.filter((l) => l.kind === '-').map((l) => l.text),
  );
  for (const line of kept) assert.ok(change.before.includes(line));
  if (change.before.includes('\r\n') && !/(?<!\r)\n/.test(change.before)) {
    assert.doesNotMatch(change.after, /(?<!\r)\n/, `${name}: CRLF is kept`);
  }
  if (name.endsWith('.py')) {
    const errors = parsePython(change.before).errors;
    assert.ok(parsePython(change.after).errors <= errors, `${name}: more syntax errors`);
  }
}

function checkSecret(plan: Plan, secret: string): void {
  const shown: Readonly<Record<string, string>> = {
    summary: summary(plan, { written: false }),
    'terminal diff': shownDiff(plan),
    JSON: JSON.stringify(planReport(plan, false)),
  };
  for (const [where, text] of Object.entries(shown)) {
    const line = text.split('\n').find((l) => l.includes(secret));
    assert.equal(line, undefined, `the ${where} shows a credential`);
  }
  for (const change of plan.changes) {
    if (change.before === null) assert.ok(!change.after.includes(secret), `${change.path} holds a credential`);
    else assert.ok(count(change.after, secret) <= count(change.before, secret), `${change.path} copies a credential`);
  }
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
