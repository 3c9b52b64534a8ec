/** Rules in ast-grep's YAML: the bytes that ast-grep itself writes (0.45), and what nayek adds to them. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { planRepository } from '../src/engine/run.ts';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { matchesIn } from '../src/rules/ast-grep.ts';
import { rulesIn } from '../src/rules/rule-file.ts';
import { partOf } from '../src/rules/rule-part.ts';
import { holdsAll, neededWords } from '../src/rules/words.ts';
import { applyEdits, type Edit, EditTrail } from '../src/syntax/edit.ts';

async function planOf(yaml: string, files: Record<string, string>): Promise<Plan> {
  const parts = rulesIn(yaml, 'rules.yml').rules.map(partOf);
  for (const part of parts) await part.prepare?.();
  const steps = parts.map((part) => ({ part, options: {} }));
  return makePlan(memorySnapshot(files), steps, { recipe: 'rules' });
}

async function afterOf(yaml: string, text: string): Promise<string> {
  const plan = await planOf(yaml, { 'a.py': text });
  return plan.changes[0]?.after ?? text;
}

const rule = (pattern: string, fix: string): string =>
  `id: r\nlanguage: python\nrule: {pattern: ${JSON.stringify(pattern)}}\nfix: ${JSON.stringify(fix)}\n`;

beforeAll(async () => {
  await planOf(rule('x', 'y'), {});
});

describe('the bytes of ast-grep', () => {
  test('a fix of several lines is indented as the match is, and what it takes over as it stood', async () => {
    const before = [
      'class A:',
      '    def f(self):',
      '        if a:',
      '            foo(1,',
      '                2)',
      '        x = [foo(a), foo(b,',
      '',
      '            c)]',
      '',
    ].join('\n');
    const after = [
      'class A:',
      '    def f(self):',
      '        if a:',
      '            bar(',
      '                1,',
      '                    2,',
      '                z',
      '            )',
      '        x = [bar(',
      '            a,',
      '            z',
      '        ), bar(',
      '            b,',
      '        ',
      '                c,',
      '            z',
      '        )]',
      '',
    ].join('\n');
    expect(await afterOf(rule('foo($$$A)', 'bar(\n    $$$A,\n    z\n)'), before)).toBe(after);
  });

  test('transform, constraints and utils', async () => {
    const yaml = `
id: r
language: python
utils:
  logged: {kind: call, has: {field: function, regex: ^log$}}
rule: {all: [{pattern: log($A)}, {matches: logged}]}
constraints:
  A: {regex: ^old_}
transform:
  B: {replace: {source: $A, replace: old_, by: new_}}
fix: log($B)
`;
    expect(await afterOf(yaml, 'log(old_a)\nlog(b)\nlog(old_c)\n')).toBe('log(new_a)\nlog(b)\nlog(new_c)\n');
  });

  test('a fix that takes the comma with it', async () => {
    const yaml = `
id: r
language: python
rule: {kind: keyword_argument, regex: ^debug=}
fix: {template: '', expandEnd: {regex: ','}}
`;
    expect(await afterOf(yaml, 'run(a, debug=True, port=1)\n')).toBe('run(a,  port=1)\n');
  });

  test('offsets count as JavaScript does, whatever stands before', async () => {
    expect(await afterOf(rule('foo($A)', 'bar($A)'), 'x = "é😀"; foo("😀")\n')).toBe('x = "é😀"; bar("😀")\n');
  });

  test('comments suppress a line, the next line, or the file', async () => {
    const r = rule('foo($A)', 'bar($A)');
    expect(await afterOf(r, 'foo(1)  # ast-grep-ignore\n# ast-grep-ignore: r\nfoo(2)\nfoo(3)\n')).toBe(
      'foo(1)  # ast-grep-ignore\n# ast-grep-ignore: r\nfoo(2)\nbar(3)\n',
    );
    expect(await afterOf(r, '# ast-grep-ignore\n\nfoo(1)\n')).toBe('# ast-grep-ignore\n\nfoo(1)\n');
    expect(await afterOf(r, '# ast-grep-ignore: other\nfoo(1)\n')).toBe('# ast-grep-ignore: other\nbar(1)\n');
    expect(await afterOf(r, 'x = "# ast-grep-ignore"; foo(1)\n')).toBe('x = "# ast-grep-ignore"; bar(1)\n');
  });
});

describe('rewriters, as ast-grep applies them', () => {
  test('a rewriter that rewrites what it has matched; joined', async () => {
    // https://ast-grep.github.io/catalog/python/#recursive-rewrite-type
    const yaml = `
id: r
language: python
rewriters:
- id: optional
  rule: {any: [{pattern: {context: 'arg: Optional[$TYPE]', selector: generic_type}}, {pattern: 'Optional[$TYPE]'}]}
  transform: {NT: {rewrite: {rewriters: [optional, unions], source: $TYPE}}}
  fix: $NT | None
- id: unions
  rule: {pattern: {context: 'a: Union[$$$TYPES]', selector: generic_type}}
  transform: {UNIONS: {rewrite: {rewriters: [member], source: $$$TYPES, joinBy: ' | '}}}
  fix: $UNIONS
- id: member
  rule: {pattern: $TYPE, kind: type}
  transform: {NT: {rewrite: {rewriters: [optional, unions], source: $TYPE}}}
  fix: $NT
rule: {kind: type, pattern: $TPE}
transform: {NEW: {rewrite: {rewriters: [optional, unions], source: $TPE}}}
fix: $NEW
`;
    expect(await afterOf(yaml, 'x: Optional[Union[List[Union[str, dict]], str]]\ny: int\n')).toBe(
      'x: List[str | dict] | str | None\ny: int\n',
    );
  });

  test('indentation, nesting, and what the rule around has bound', async () => {
    const yaml = `
id: r
language: python
rule: {pattern: {context: 'with timed($N): $$$BODY', selector: with_statement}}
rewriters:
- id: log
  rule: {pattern: log($$$M)}
  fix: "logger.info(\\n    $$$M,\\n    name=$N,\\n)"
- id: inner
  rule: {pattern: {context: 'if $C: $$$B', selector: if_statement}}
  transform: {NB: {rewrite: {rewriters: [log, inner], source: $$$B}}}
  fix: "if check($C):\\n    $NB"
transform: {NEW: {rewrite: {rewriters: [log, inner], source: $$$BODY}}}
fix: "start($N)\\n$NEW"
`;
    const before = [
      'def f():',
      '    with timed("x"):',
      '        log("a")',
      '        if b:',
      '            log("b",',
      '                1)',
      '            if c:',
      '                y = log("c")',
      '',
    ].join('\n');
    const after = [
      'def f():',
      '    start("x")',
      '    logger.info(',
      '        "a",',
      '        name="x",',
      '    )',
      '    if check(b):',
      '        logger.info(',
      '            "b",',
      '                1,',
      '            name="x",',
      '        )',
      '        if check(c):',
      '            y = logger.info(',
      '                "c",',
      '                name="x",',
      '            )',
      '',
    ].join('\n');
    expect(await afterOf(yaml, before)).toBe(after);
  });

  test("a variable that the rule has bound means the same in its rewriters; other transforms of a rewrite's text", async () => {
    const shared = `
id: r
language: python
rule: {pattern: 'swap($A, [$$$B])'}
rewriters: [{id: same, rule: {pattern: f($A)}, fix: g($A)}]
transform: {C: {rewrite: {rewriters: [same], source: $$$B}}}
fix: swap($A, [$C])
`;
    expect(await afterOf(shared, 'swap(a.b(1), [f(a.b(1)), f(a.b( 1 )), f(a.b), g(f(a.b(1)))])\n')).toBe(
      'swap(a.b(1), [g(a.b(1)), g(a.b( 1 )), f(a.b), g(g(a.b(1)))])\n',
    );
    const chained = `
id: r
language: python
rule: {pattern: 'each($N, $L)'}
rewriters:
- {id: call, rule: {kind: identifier, pattern: $I, not: {pattern: $N}}, fix: $N($I)}
- {id: num, rule: {kind: integer, pattern: $I}, fix: 0x$I}
transform:
  C: rewrite($L, rewriters=[num, call])
  D: {replace: {source: $C, replace: '^\\[(.*)\\]$', by: '($1,)'}}
  E: {convert: {source: $N, toCase: upperCase}}
  F: {substring: {source: $D, startChar: 1, endChar: -1}}
fix: each_of($E, $D, $F)
`;
    expect(await afterOf(chained, 'x = "😀"; each(fn, [a, 1, fn, "é😀", c(22)])\n')).toBe(
      'x = "😀"; each_of(FN, (fn(a), 0x1, fn, "é😀", fn(c)(0x22),), fn(a), 0x1, fn, "é😀", fn(c)(0x22),)\n',
    );
  });

  test('a rewriter that is applied to its own match changes nothing and says so', async () => {
    const yaml = `
id: r
language: python
rule: {pattern: f($A)}
rewriters: [{id: a, rule: {pattern: $X, kind: integer}, transform: {Y: {rewrite: {rewriters: [a], source: $X}}}, fix: $Y}]
transform: {B: {rewrite: {rewriters: [a], source: $A}}}
fix: g($B)
`;
    const plan = await planOf(yaml, { 'a.py': 'f(1)\n' });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts[0]).toMatchObject({ kind: 'manual', reason: expect.stringContaining('without end') });
  });
});

describe('what nayek adds', () => {
  test('a match inside of a match is rewritten, too: ast-grep needs a second run', async () => {
    expect(await afterOf(rule('foo($A)', 'bar($A)'), 'a = foo(foo(foo(1)))\n')).toBe('a = bar(bar(bar(1)))\n');
  });

  test('a rule that feeds itself changes nothing and says so', async () => {
    const plan = await planOf(rule('foo($A)', 'foo($A, 1)'.replace(', 1', ' + 1')), { 'a.py': 'foo(1)\n' });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts[0]).toMatchObject({ kind: 'manual', reason: expect.stringContaining('without end') });
  });

  test('a result that is no Python is not written', async () => {
    const plan = await planOf(rule('foo($A)', 'foo($A'), { 'a.py': 'foo(1)\n', 'b.py': 'x = 1\n' });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts[0]?.kind).toBe('failed');
  });

  test('without a fix it reports, with the note to hand', async () => {
    const yaml = 'id: r\nlanguage: python\nrule: {pattern: eval($A)}\nmessage: no eval\nnote: Use ast.literal_eval.\n';
    const plan = await planOf(yaml, { 'a.py': 'x = 1\neval(s)\n' });
    expect(plan.verdicts[0]).toMatchObject({
      kind: 'manual',
      reason: 'no eval (1 place)',
      at: [{ path: 'a.py', line: 2 }],
      snippet: 'Use ast.literal_eval.',
    });
  });

  test('files and ignores choose; off is silent', async () => {
    const files = { 'app/a.py': 'foo(1)\n', 'app/gen/b.py': 'foo(1)\n', 'c.py': 'foo(1)\n' };
    const yaml = `${rule('foo($A)', 'bar($A)')}files: [app/**]\nignores: ['**/gen/**']\n`;
    expect((await planOf(yaml, files)).changes.map((c) => c.path)).toEqual(['app/a.py']);
    expect((await planOf(`${rule('foo($A)', 'bar($A)')}severity: off\n`, files)).verdicts).toEqual([]);
  });

  test('line ends stay', async () => {
    expect(await afterOf(rule('foo($A)', 'bar($A)'), 'foo(1)\r\nfoo(2)\r\n')).toBe('bar(1)\r\nbar(2)\r\n');
  });

  test('runs where no service is, and the parts that need one are passed over', async () => {
    const [ruled] = rulesIn(rule('foo($A)', 'bar($A)'), 'r.yml').rules.map(partOf);
    const needs = { id: 'needs', summary: '', source: '', options: {}, plan: () => [] };
    const steps = [needs, ...(ruled ? [ruled] : [])].map((part) => ({ part, options: {} }));
    const plan = await planRepository(memorySnapshot({ 'a.py': 'foo(1)\n' }), steps, { recipe: 'x' });
    expect(plan.verdicts.map((v) => [v.part, v.kind])).toEqual([
      ['needs', 'skipped'],
      ['r', 'applied'],
    ]);
  });
});

describe('a rule file that is none', () => {
  test.each([
    ['id: r\nlanguage: python\n', 'r.yml:1: rule is missing'],
    ['a: 1\n---\nlanguage: python\nrule: {kind: call}\n', 'r.yml:3: id is missing'],
    ['id: r\nlanguage: python\nrule: {pattern: "f($A)"}\nfix: g($B)\n', 'fix uses $B, which nothing in the rule binds'],
    ['id: r\nlanguage: python\nrule: {kind: call\n', 'r.yml:'],
    ['id: "../x y"\nlanguage: python\nrule: {kind: call}\n', 'the id'],
    ['id: r\nlanguage: python\nrule: {kind: call}\nseverity: loud\n', 'severity is none of'],
    ['id: r\nlanguage: python\nrule: {kind: call}\nrewriters: {a: {kind: call}}\n', 'rewriters are a list'],
    ['id: r\nlanguage: python\nrule: {kind: call}\nrewriters: [{id: a, rule: {kind: call}}]\n', 'a: fix is missing'],
    [
      'id: r\nlanguage: python\nrule: {pattern: f($A)}\ntransform: {B: {rewrite: {rewriters: [a], source: $A}}}\n',
      'transform uses the rewriter a, which is not there',
    ],
    [
      'id: r\nlanguage: python\nrule:\n  has:\n    patern: f()\n',
      'r.yml:5: rule.has: there is no key patern here: did you mean pattern?',
    ],
    [
      'id: r\nlanguage: python\nrule:\n  pattern: f()\n  all:\n    - insde: {kind: module, stopBy: end}\n',
      'r.yml:6: rule.all.0: there is no key insde here: did you mean inside?',
    ],
    [
      'id: q\nlanguage: python\nrule: {pattern: f()}\n---\nid: r\nlanguage: python\nutils:\n  u:\n    not: {inside: {kind: module, stopby: end}}\nrule: {matches: u}\n',
      'r.yml:9: utils.u.not.inside: there is no key stopby here: did you mean stopBy?',
    ],
    ['id: r\nlanguage: python\nrule: {pattern: f($A)}\nconstraints: {A: {regx: x}}\n', 'did you mean regex?'],
    [
      'id: r\nlanguage: python\nrule: {pattern: f()}\nmesage: x\n',
      'r.yml:4: there is no key mesage here: did you mean message?',
    ],
    ['id: r\nlanguage: python\nrule: {pattern: f()}\nfixe: x\n', 'did you mean fix?'],
    ['id: r\nlanguage: python\nrule: {pattern: f()}\nfxi: x\n', 'there is no key fxi here: did you mean fix?'],
    ['id: r\nlanguage: python\nulr: x\nrule: {pattern: f()}\n', 'r.yml:3: there is no key ulr here: did you mean url?'],
    ['id: r\nlanguage: python\nrule: {pattern: f()}\nflies: [a]\n', 'did you mean files?'],
    [
      'id: r\nlanguage: python\nrule: {pattern: f($A)}\ntransform: {B: {convert: {source: $A, tocase: upperCase}}}\n',
      'did you mean toCase?',
    ],
  ])('%j', (text, message) => {
    expect(() => rulesIn(text, 'r.yml')).toThrow(message);
  });

  test('is not one with a key that people have added for themselves, nor one with the names of utils and variables', () => {
    const text =
      'id: r\nlanguage: python\ntags: [x]\nname: y\nutils: {patern: {kind: call}}\nconstraints: {REGX: {regex: x}}\nrule: {pattern: f($REGX), has: {matches: patern, stopBy: {kind: module}, field: function}}\n';
    expect(rulesIn(text, 'r.yml').rules).toHaveLength(1);
  });

  test("says in ast-grep's words what is wrong with the rule itself", async () => {
    await expect(planOf('id: r\nlanguage: python\nrule: {kind: nonsense}\n', {})).rejects.toThrow(
      'rules.yml:1: `rule` is not configured correctly. Rule contains invalid kind matcher. Invalid Kind Kind `nonsense` is invalid.',
    );
  });

  test('rules for other languages are left out, and named', () => {
    const { rules, skipped } = rulesIn('id: r\nlanguage: ts\nrule: {kind: call}\n', 'r.yml');
    expect([rules, skipped]).toEqual([[], [{ id: 'r', language: 'ts', at: 'r.yml:1' }]]);
  });
});

describe('laws', () => {
  test('edits made one after the other are the edits of the trail', () => {
    const edit = fc.record({ at: fc.nat(30), length: fc.nat(5), text: fc.string({ maxLength: 4 }) });
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.array(edit, { maxLength: 6 }), (text, edits) => {
        const trail = new EditTrail(text);
        let expected = text;
        for (const { at, length, text: inserted } of edits) {
          const start = Math.min(at, expected.length);
          const one: Edit = { start, end: Math.min(start + length, expected.length), text: inserted };
          trail.apply([one]);
          expected = applyEdits(expected, [one]);
        }
        expect(trail.text).toBe(expected);
        expect(applyEdits(text, trail.edits())).toBe(expected);
      }),
    );
  });

  test('a file without the needed words holds no match', () => {
    const names = fc.constantFrom('foo', 'bar', 'os', 'getenv', 'datetime', 'x1');
    const call = fc.tuple(names, names, names).map(([a, b, c]) => `${a}.${b}(${c})`);
    const atom = call.map((pattern) => ({ pattern: pattern.replace(/\((\w+)\)/, '($A)') }) as object);
    const { rule: generated } = fc.letrec((tie) => ({
      rule: fc.oneof(
        { depthSize: 'small' },
        atom,
        fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        fc
          .tuple(atom, tie('rule'))
          .map(([a, inside]) => ({ ...(a as object), inside: { ...(inside as object), stopBy: 'end' } })),
        tie('rule').map((not) => ({ all: [{ kind: 'call' }, { not }] })),
      ),
    }));
    fc.assert(
      fc.property(generated, fc.array(call, { maxLength: 5 }), (tree, calls) => {
        const text = `${calls.join('\n')}\n`;
        const found = matchesIn(text, { rule: tree }, (nodes) => nodes.length);
        if (found > 0) expect(holdsAll(text, neededWords(tree))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
