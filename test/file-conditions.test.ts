/** Conditions of a rule on the whole file are asked once: what is found is what ast-grep finds that asks for each match. */
import * as glue from '@ast-grep/wasm/wasm_bg.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAstGrep, type Matcher, type MatchNode, matchesIn } from '../src/rules/ast-grep.ts';
import { withoutFileConditions } from '../src/rules/file-conditions.ts';
import { runs } from './tier.ts';

beforeAll(loadAstGrep);

type Found = readonly (readonly [number, number])[] | 'no rule';

const rangesOf = (nodes: readonly MatchNode[]): Found =>
  nodes.map((node) => [node.range().start.index, node.range().end.index]);

function orNoRule(find: () => Found): Found {
  try {
    return find();
  } catch {
    return 'no rule';
  }
}

const here = (text: string, matcher: Matcher): Found => orNoRule(() => matchesIn(text, matcher, rangesOf));

const there = (text: string, matcher: Matcher): Found =>
  orNoRule(() => {
    const tree = glue.parse('python', text);
    const found = rangesOf(tree.root().findAll(matcher) as MatchNode[]);
    tree.free();
    return found;
  });

const TEXTS = ['', 'import os\n', 'f(1)\n', 'import os\nf(os)\nif a:\n    f(2)\n', 'from os import f\nf(f(a))\n'];

const UTILS = {
  imports: { kind: 'import_statement' },
  file: { inside: { kind: 'module', stopBy: 'end', has: { matches: 'imports' } } },
  mixed: { any: [{ matches: 'file' }, { kind: 'call' }] },
};

const rules = fc.letrec<{ rule: object; leaf: object }>((tie) => ({
  leaf: fc.constantFrom<object>(
    { pattern: 'f($A)' },
    { pattern: 'import os' },
    { kind: 'identifier' },
    { kind: 'module' },
    { kind: 'identifier', regex: '^a$' },
    { matches: 'imports' },
    { matches: 'file' },
    { matches: 'mixed' },
  ),
  rule: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('leaf'),
    fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    tie('rule').map((not) => ({ not })),
    tie('rule').map((has) => ({ inside: { kind: 'module', stopBy: 'end', has: { ...has, stopBy: 'end' } } })),
    tie('rule').map((rule) => ({ inside: { ...rule, stopBy: 'end' } })),
    fc.tuple(tie('leaf'), tie('rule')).map(([leaf, rule]) => ({ ...rule, ...leaf })),
  ),
}));

describe('conditions on the file', () => {
  it('the same is found', () => {
    let answered = 0;
    fc.assert(
      fc.property(rules.rule, fc.constantFrom(...TEXTS), (rule, text) => {
        const matcher = { rule, utils: UTILS };
        const found = there(text, matcher);
        expect(here(text, matcher)).toEqual(found);
        if (found !== 'no rule' && found.length > 0 && withoutFileConditions(matcher, () => true) !== matcher)
          answered++;
      }),
      { numRuns: runs(5000) },
    );
    // It is about these.
    expect(answered).toBeGreaterThan(20);
  });

  it('are asked once, and are gone from what runs for each match', () => {
    const has = { has: { pattern: 'import os' } };
    const asked: object[] = [];
    const rule = { pattern: 'f($A)', all: [{ inside: { kind: 'module', stopBy: 'end', ...has } }] };
    const answer = (holds: boolean) =>
      withoutFileConditions({ rule }, (condition) => {
        asked.push(condition);
        return holds;
      });
    expect(answer(true)).toEqual({ rule: { all: [{ pattern: 'f($A)' }] } });
    expect(answer(false)).toBeUndefined();
    expect(asked).toEqual(Array(2).fill({ kind: 'module', ...has }));
  });

  it.each([
    { pattern: 'f($A)', inside: { kind: 'module', has: { pattern: 'import os' } } },
    { pattern: 'f($A)', inside: { kind: 'module', stopBy: 'end', has: { pattern: 'import $A' } } },
    { pattern: 'f($A)', inside: { kind: 'function_definition', stopBy: 'end' } },
    { pattern: 'f($A)', inside: { kind: 'module', stopBy: 'end', matches: 'of-another-file' } },
  ])('not one of the match itself: %j', (rule) => {
    const matcher = { rule };
    expect(withoutFileConditions(matcher, () => false)).toBe(matcher);
  });
});
