/**
 * ast-grep's own tests of rules: `id`, `valid` (no match), `invalid` (a match), and snapshots of what a fix writes.
 * https://ast-grep.github.io/guide/test-rule.html
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { makePlan } from '../engine/make-plan.ts';
import type { Part } from '../model/transform.ts';
import { memorySnapshot } from '../repo/snapshot.ts';
import { isRecord } from '../system/record.ts';

export interface RuleTest {
  readonly id: string;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
  /** Absolute path of the file that it stands in. */
  readonly file: string;
}

/** The tests among the documents of a YAML file (absolute path); none where it holds something else. */
export function ruleTestsIn(text: string, file: string): RuleTest[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const data: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
    if (!isRecord(data) || typeof data.id !== 'string' || 'rule' in data || 'change' in data) return [];
    if (!Array.isArray(data.valid) && !Array.isArray(data.invalid)) return [];
    return [{ id: data.id, valid: texts(data.valid), invalid: texts(data.invalid), file }];
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
}

/** What does not hold, a sentence each. The rule's `prepare` must have been awaited. */
export function checkRuleTest(test: RuleTest, rule: Part): string[] {
  const fixed = snapshots(test);
  const problems: string[] = [];
  for (const text of test.valid) {
    if (matched(rule, text).found) problems.push(`valid, and yet it matches: ${shown(text)}`);
  }
  for (const text of test.invalid) {
    const { found, after } = matched(rule, text);
    if (!found) problems.push(`invalid, and yet nothing matches: ${shown(text)}`);
    const wanted = fixed.get(text.trim());
    if (found && wanted !== undefined && after.trim() !== wanted.trim()) {
      problems.push(`the fix of ${shown(text)} is ${shown(after)}, not ${shown(wanted)}`);
    }
  }
  return problems;
}

/** The rule on a text that lies where its `files` and `ignores` do not matter. */
function matched(rule: Part, text: string): { found: boolean; after: string } {
  const plan = makePlan(memorySnapshot({ 'test.py': text }), [{ part: rule, options: {} }], { recipe: 'test' });
  const found = plan.verdicts.some((v) => v.kind !== 'satisfied');
  return { found, after: plan.changes[0]?.after ?? text };
}

/** Text → what the fix makes of it, by `__snapshots__/<id>-snapshot.yml` beside the test. */
function snapshots({ file, id }: RuleTest): Map<string, string> {
  const out = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(path.join(path.dirname(file), '__snapshots__', `${id}-snapshot.yml`), 'utf8');
  } catch {
    return out;
  }
  const [document] = parseAllDocuments(text, { logLevel: 'silent' });
  const data: unknown = document?.toJS({ maxAliasCount: 100 });
  if (!isRecord(data) || !isRecord(data.snapshots)) return out;
  for (const [source, snapshot] of Object.entries(data.snapshots)) {
    if (isRecord(snapshot) && typeof snapshot.fixed === 'string') out.set(source.trim(), snapshot.fixed);
  }
  return out;
}

function shown(text: string): string {
  return JSON.stringify(text.trim());
}
