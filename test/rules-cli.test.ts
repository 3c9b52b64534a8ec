/** `nayek new rule`, `nayek test`, `--rule` and recipes with rules, as a person uses them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { servedCommand } from './command.ts';
import { temporaryFolder } from './temporary.ts';
import { thorough } from './tier.ts';

const nayek = servedCommand();
let home = '';

beforeEach(() => {
  home = temporaryFolder('rules');
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text);
  }
}

const read = (name: string): string => readFileSync(path.join(home, name), 'utf8');
const RULE = 'id: r\nlanguage: python\nrule: {pattern: foo($A)}\nfix: bar($A)\n';

describe('new', () => {
  test('what it makes passes at once, and a second time it writes over nothing', () => {
    expect(nayek(home, ['new', 'rule', 'no-utcnow']).code).toBe(0);
    expect(nayek(home, ['test']).out).toContain('2 passed, 0 failed');
    write({ 'rules/no-utcnow.yml': 'mine' });
    const again = nayek(home, ['new', 'rule', 'no-utcnow']);
    expect([again.code, read('rules/no-utcnow.yml')]).toEqual([2, 'mine']);
    expect(nayek(home, ['new', 'rule', '../x']).code).toBe(2);
  });

  test('a rule for Python makes Python that runs', () => {
    expect(nayek(home, ['new', 'rule', 'no-utcnow']).code).toBe(0);
    for (const state of ['before', 'after']) {
      const file = `fixtures/no-utcnow/first/${state}/app.py`;
      const { status, stderr } = spawnSync('python3', ['-W', 'ignore', file], { cwd: home, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    }
  });

  test('an editor finds the schema from where a file lies, and no line is there where none is installed', () => {
    const line = (file: string): string => /schema=(.*)$/m.exec(read(file))?.[1] ?? '';
    nayek(home, ['new', 'rule', 'one']);
    nayek(home, ['recipe', 'init', 'one.yaml']);
    expect([line('rules/one.yml'), line('one.yaml')]).toEqual(['', '']);
    write({ 'node_modules/nayek/dist/rule.schema.json': '{}', 'node_modules/nayek/dist/recipe.schema.json': '{}' });
    nayek(home, ['new', 'rule', 'two', '--language', 'toml']);
    nayek(home, ['recipe', 'init', 'two.yaml']);
    expect([line('rules/two.yml'), line('two.yaml')]).toEqual([
      '../node_modules/nayek/dist/rule.schema.json',
      'node_modules/nayek/dist/recipe.schema.json',
    ]);
    expect(nayek(home, ['test']).out).toContain('4 passed, 0 failed');
    expect(nayek(home, ['recipe', 'check', './two.yaml']).code).toBe(0);
  });

  test.each(['ini', 'toml', 'yaml', 'requirements'])('a rule for %s passes its fixtures at once', (language) => {
    expect(nayek(home, ['new', 'rule', 'own', '--language', language]).code).toBe(0);
    expect(nayek(home, ['test']).out).toContain('2 passed, 0 failed');
  });
});

describe('explain', () => {
  test.each([
    [['rule', 'own'], ['--rule', 'rules/'], '+NOW = datetime.datetime.now(datetime.timezone.utc)', 'rules/own.yml:'],
    [['transform', 'own'], ['--plugin', 'parts/own.mjs'], '+START = monotonic()', 'parts/own.mjs'],
  ])('an own %s with its own fixture', (made, chosen, line, file) => {
    expect(nayek(home, ['new', ...made]).code).toBe(0);
    const { code, out } = nayek(home, ['explain', 'own', ...chosen]);
    expect([code, out]).toEqual([0, expect.stringContaining(line)]);
    expect(out).toContain(file);
    expect(nayek(home, ['explain', ...chosen]).out).toContain('  own ');
    // What is expected of it keeps no fixture from being shown.
    write({ 'fixtures/own/first/case.yaml': 'parts: [own]\nverdict: applied\n' });
    expect(nayek(home, ['explain', 'own', ...chosen]).out).toContain(line);
  });
});

describe('what comes next', () => {
  const OTHER = RULE.replace('id: r', 'id: s').replaceAll('foo', 'baz');
  const next = (args: readonly string[]): string =>
    nayek(home, ['patch', ...args, 'repo'])
      .err.split('Next:\n')[1]
      ?.trim() ?? '';

  test('is said with the rules that were chosen, and does not speak of a deployment', () => {
    write({ 'rules/r.yml': RULE, 'rules/s.yml': OTHER, 'repo/a.py': 'foo(1)\nbaz(2)\n' });
    expect(next(['--dry-run', '--rule', 'rules'])).toBe(
      '`nayek patch repo --rule rules` writes this; `nayek patch repo --rule rules --only r` a part of it',
    );
    const { out } = nayek(home, ['patch', '--rule', 'rules', 'repo']);
    expect(out).toContain('`nayek undo repo` takes it back\n');
    expect(out).not.toContain('deploy');
    expect(nayek(home, ['patch', '--rule', 'rules', 'repo']).out).not.toContain('Next:');
  });

  test.each([
    [['--rule', 'rules', '--only', 'r'], '`nayek patch repo --rule rules --only r` writes this'],
    [['--rule', 'rules/r.yml'], '`nayek patch repo --rule rules/r.yml` writes this'],
  ])('names a command once, where %j leaves one part', (args, line) => {
    write({ 'rules/r.yml': RULE, 'rules/s.yml': OTHER, 'repo/a.py': 'foo(1)\nbaz(2)\n' });
    expect(next(['--dry-run', ...args])).toBe(line);
  });
});

describe('a file that does not parse is left alone, and the rest is done', () => {
  const BROKEN = {
    'repo/near.py': 'foo(2)\ndef f(:\n    foo(3)\n',
    'repo/far.py': 'foo(1)\n\n\ndef fine():\n    pass\n\n\ndef broken(a):\n    b = = a\n',
    'repo/end.py': 'foo(4)\nx = (1,\n',
  };
  const SAID = ['end.py', 'far.py', 'near.py'].map((file) =>
    expect.stringMatching(new RegExp(`^skipped +r +${file}:1.*: left alone: ${file} does not parse \\(line \\d\\)$`)),
  );

  test.each([
    ['by a rule', ['--rule', 'r.yml']],
    ['by a part', ['--plugin', 'r.mjs']],
  ])('%s', (_, chosen) => {
    write({
      ...BROKEN,
      'repo/good.py': 'foo(1)\n',
      'r.yml': RULE,
      'r.mjs': `export default { id: 'r', summary: '', source: '', options: {}, anywhere: true, plan(repo) {
        return repo.paths.flatMap((path) => {
          const edits = [...repo.read(path).text.matchAll(/foo/g)].map(({ index }) => ({ start: index, end: index + 3, text: 'bar' }));
          return edits.length === 0 ? [] : [{ kind: 'edits', reason: 'r', at: [{ path, line: 1 }], edits: { [path]: edits } }];
        });
      } };\n`,
    });
    const { code, out } = nayek(home, ['patch', ...chosen, 'repo']);
    expect([
      code,
      out
        .split('\n')
        .filter((line) => line.startsWith('skipped'))
        .sort(),
    ]).toEqual([0, SAID]);
    expect(out).toMatch(/^applied +r +good\.py:1/m);
    expect(Object.keys(BROKEN).map(read)).toEqual(Object.values(BROKEN));
  });

  test.each([
    ['yaml', 'a.yaml', 'a: {{ b }}\nc: d: e\n', 'set: a, to: b'],
    ['toml', 'a.toml', 'a = \n', 'set: a, to: b'],
  ])('a rule for %s', (language, file, text, change) => {
    write({
      [`repo/${file}`]: text,
      'repo/b.py': '',
      'r.yml': `id: r\nlanguage: ${language}\nchange: [{${change}}]\n`,
    });
    const { code, out } = nayek(home, ['patch', '--rule', 'r.yml', 'repo']);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^skipped +r +${file}:1: left alone: ${file}: `, 'm')),
    ]);
    expect(read(`repo/${file}`)).toBe(text);
  });
});

describe('a migration in one file', () => {
  test('edits Python and its requirements, and undo takes both back', () => {
    write({
      'migrate.yml': `${RULE}---\nid: r-requirement\nlanguage: requirements\nchange:\n  - raise: bars>=2\n`,
      'repo/a.py': 'foo(1)\n',
      'repo/requirements.txt': 'bars==1.0  # ours\n',
    });
    expect(nayek(home, ['patch', '--rule', 'migrate.yml', 'repo']).code).toBe(0);
    expect([read('repo/a.py'), read('repo/requirements.txt')]).toEqual(['bar(1)\n', 'bars==2  # ours\n']);
    expect(nayek(home, ['undo', 'repo']).code).toBe(0);
    expect([read('repo/a.py'), read('repo/requirements.txt')]).toEqual(['foo(1)\n', 'bars==1.0  # ours\n']);
  });
});

describe('test', () => {
  test('says what is not as it should be, and --update writes it', () => {
    write({ 'r.yml': RULE, 'fixtures/r/a/before/a.py': 'foo(1)\n', 'fixtures/r/a/after/a.py': 'baz(1)\n' });
    const failed = nayek(home, ['test']);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('-baz(1)\n');
    expect(failed.out).toContain('+bar(1)\n');
    write({ 'fixtures/r/a/after/stale/b.py': 'b\n' });
    const updated = nayek(home, ['test', '--update']);
    expect(updated.code).toBe(0);
    for (const line of ['wrote after/a.py', 'removed after/stale/b.py', '-baz(1)', '+bar(1)']) {
      expect(updated.out).toContain(`        ${line}\n`);
    }
    expect(read('fixtures/r/a/after/a.py')).toBe('bar(1)\n');
    expect(readdirSync(path.join(home, 'fixtures/r/a/after'))).toEqual(['a.py']);
    expect(nayek(home, ['test', '--update']).out).not.toContain('wrote');
    // Of what is no part there is nothing to write.
    write({ 'fixtures/recipe/a/before/a.py': 'foo(1)\n', 'fixtures/recipe/a/after/a.py': 'mine(1)\n' });
    expect(nayek(home, ['test', '--update'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('there is no part recipe'),
    });
    expect(read('fixtures/recipe/a/after/a.py')).toBe('mine(1)\n');
  });

  test('a rule without end is told as such, and --update keeps what stands in after/', () => {
    const after = 'foo(foo(1))\n';
    write({ 'r.yml': RULE.replace('bar($A)', 'foo(foo($A))'), 'fixtures/r/a/before/a.py': 'foo(1)\n' });
    write({ 'fixtures/r/a/after/a.py': after });
    for (const args of [['test'], ['test', '--update']]) {
      const { code, out } = nayek(home, args);
      expect([code, read('fixtures/r/a/after/a.py')]).toEqual([1, after]);
      expect(out).toContain('matches again, without end; let the rule exclude its own result (a.py:1)\n');
      expect(out.includes('--update leaves after/ as it is')).toBe(args.length > 1);
    }
  });

  test.each([
    ['left', "{ kind: 'manual', reason: 'too hard', at: [{ path: 'a.py', line: 1 }] }", 'a.py is left to you'],
    [
      'broken',
      "{ kind: 'edits', reason: '', at: [], edits: { 'a.py': [{ start: 0, end: 1, text: '(' }] } }",
      'broken failed',
    ],
  ])('--update removes no file of after/ that is %s this time', (id, outcome, why) => {
    write({
      [`parts/${id}.mjs`]: `export default { id: '${id}', summary: '', source: '', options: {}, anywhere: true, plan(repo) {
        const news = repo.has('n') ? [] : [{ kind: 'edits', reason: 'n', at: [], creates: { n: '1' } }];
        return [...news, ${outcome}];
      } };\n`,
      [`fixtures/${id}/a/before/a.py`]: 'a = 1\n',
      [`fixtures/${id}/a/after/a.py`]: 'a = 2\n',
    });
    const { code, out } = nayek(home, ['test', '--update']);
    expect([code, out]).toEqual([1, expect.stringContaining(`--update leaves after/ as it is: ${why}`)]);
    expect(readdirSync(path.join(home, `fixtures/${id}/a/after`))).toEqual(['a.py']);
  });

  test.each([
    ['a case named skip-… that changes', { 'fixtures/r/skip-a/before/a.py': 'foo(1)\n' }, 'though the case is named'],
    [
      'an unknown key of case.yaml',
      { 'fixtures/r/skip-a/before/a.py': 'bar(1)\n', 'fixtures/r/skip-a/case.yaml': '# ours\nverdit: satisfied\n' },
      'case.yaml:2: there is no key verdit here: did you mean verdict?',
    ],
    [
      'a kind that is none in case.yaml',
      { 'fixtures/r/skip-a/before/a.py': 'bar(1)\n', 'fixtures/r/skip-a/case.yaml': 'verdict: done\n' },
      'case.yaml:1: verdict must be equal to one of the allowed values: applied, satisfied, skipped, manual, failed',
    ],
    [
      'a case.yaml that is no YAML',
      { 'fixtures/r/skip-a/before/a.py': 'bar(1)\n', 'fixtures/r/skip-a/case.yaml': 'root: app\nsays: [\n' },
      'case.yaml:3: is not YAML',
    ],
    ['no after/', { 'fixtures/r/a/before/a.py': 'foo(1)\n' }, 'after/ is missing'],
    ['an unknown rule', { 'fixtures/s/a/before/a.py': 'foo(1)\n' }, 'there is no part s'],
    [
      'a match that should be none',
      { 'r-test.yml': 'id: r\nvalid: [foo(1)]\n' },
      'valid, and yet it matches: "foo(1)"',
    ],
    ['no match that should be one', { 'r-test.yml': 'id: r\ninvalid: [bar(1)]\n' }, 'invalid, and yet nothing matches'],
    [
      'another fix',
      {
        't/r-test.yml': 'id: r\ninvalid: [foo(1)]\n',
        't/__snapshots__/r-snapshot.yml': 'id: r\nsnapshots:\n  foo(1):\n    fixed: baz(1)\n    labels: []\n',
      },
      'the fix of "foo(1)" is "bar(1)", not "baz(1)"',
    ],
  ])('%s', (_, files, says) => {
    write({ 'r.yml': RULE, ...files });
    const { code, out } = nayek(home, ['test']);
    expect(out).toContain(says);
    expect(code).toBe(1);
  });

  test.each([
    [
      'an unknown option',
      'options:\n  procfile: {\n    worker: 2}\n',
      ':3: part procfile has no option worker: did you mean workers?',
    ],
    [
      'an option of another type',
      'options: {procfile: {workers: many}}\n',
      ':1: option procfile.workers is not a number',
    ],
    [
      'options of an unknown part',
      'options:\n  procfil: {workers: 2}\n',
      ':2: there is no part procfil: did you mean procfile?',
    ],
    ['options of a part that does not run', 'options: {bind: {}}\n', ':1: part bind does not run here'],
    ['an unknown part', 'parts:\n- procfile\n- bnd\n', ':3: there is no part bnd: did you mean bind?'],
  ])('%s in case.yaml is refused with its line', (_, spec, says) => {
    write({ 'fixtures/procfile/skip-a/before/a.py': 'x = 1\n', 'fixtures/procfile/skip-a/case.yaml': spec });
    expect(nayek(home, ['test'])).toMatchObject({ code: 1, out: expect.stringContaining(`case.yaml${says}\n`) });
    write({ 'fixtures/procfile/skip-a/case.yaml': 'options: {procfile: {workers: 2}}\n' });
    expect(nayek(home, ['test'])).toMatchObject({ code: 0 });
  });

  test("ast-grep's own tests and snapshots; a rule for another language is left out", () => {
    write({
      'rules/r.yml': `${RULE}files: [nowhere/**]\n`,
      'rules/o.yml': 'id: o\nlanguage: rust\nrule: {pattern: x}\n',
      'tests/r-test.yml': 'id: r\nvalid: [bar(1), foo()]\ninvalid: [foo(1)]\n',
      'tests/o-test.yml': 'id: o\nvalid: [y]\n',
      'tests/__snapshots__/r-snapshot.yml': 'id: r\nsnapshots:\n  foo(1):\n    fixed: bar(1)\n',
    });
    const { code, out } = nayek(home, ['test']);
    expect(out).toContain('left out  tests/o-test.yml');
    expect([code, out.includes('1 passed, 0 failed')]).toEqual([0, true]);
  });

  test('of a folder, a file or a module that was named runs its own fixtures, wherever above they lie', () => {
    expect(nayek(home, ['new', 'rule', 'one']).code).toBe(0);
    expect(nayek(home, ['new', 'transform', 'two']).code).toBe(0);
    for (const [named, id] of [
      ['rules/', 'one'],
      ['rules/one.yml', 'one'],
      ['parts', 'two'],
      ['parts/two.mjs', 'two'],
    ] as const) {
      const { code, out } = nayek(home, ['test', named]);
      expect([code, out.match(/^ok +\S+/gm)]).toEqual([0, [`ok      ${id}/first`, `ok      ${id}/skip-other-names`]]);
    }
    expect(nayek(home, ['test']).out).toContain('4 passed, 0 failed');
  });

  test.each([
    ['a slip in a key', 'id: r\nlanguage: python\nrul: {pattern: foo($A)}\n', 2, 'r.yml:3: there is no key rul here'],
    ['an id that is taken', `${RULE}---\n${RULE}`, 2, 'r.yml:6: the id r is taken ('],
    ['a slip in the key `language`', RULE.replace('language', 'langage'), 2, 'r.yml:2: there is no key langage here'],
    ['no language', RULE.replace('language: python\n', ''), 2, 'r.yml:1: language is missing'],
    ['a slip in the language', RULE.replace('python', 'pyton'), 1, 'another language (pyton): did you mean python?'],
  ])('%s of a rule file is told as a patch tells it', (_, rule, status, says) => {
    write({ 'r.yml': rule, 'fixtures/r/a/before/a.py': 'foo(1)\n', 'fixtures/r/a/after/a.py': 'bar(1)\n' });
    const { code, out, err } = nayek(home, ['test']);
    expect([code, out + err]).toEqual([status, expect.stringContaining(says)]);
    expect(out).not.toContain('there is no part');
  });

  test('nothing to test is an error', () => {
    write({ 'r.yml': RULE });
    expect(nayek(home, ['test']).code).toBe(2);
  });
});

describe('--rule', () => {
  test('patches any Python repository, and undo takes it back', () => {
    write({ 'rules/r.yml': RULE, 'repo/a.py': 'x = foo(foo(1))\n' });
    expect(nayek(home, ['patch', '--dry-run', '--rule', 'rules', 'repo']).out).toContain('+x = bar(bar(1))');
    expect(nayek(home, ['patch', '--rule', 'rules/r.yml', 'repo']).code).toBe(0);
    expect(read('repo/a.py')).toBe('x = bar(bar(1))\n');
    expect(nayek(home, ['patch', '--check', '--rule', 'rules', 'repo']).code).toBe(0);
    expect(nayek(home, ['undo', 'repo']).code).toBe(0);
    expect(read('repo/a.py')).toBe('x = foo(foo(1))\n');
  });

  test('a recipe names rules from where it lies; --skip takes their ids', () => {
    write({
      'ours/recipe.yaml': 'name: ours\nparts:\n  - procfile\n  - rule: r.yml\n',
      'ours/r.yml': RULE,
      'repo/main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\nfoo(1)\n',
      'repo/requirements.txt': 'fastapi==0.115.0\nuvicorn==0.32.0\ngunicorn==23.0.0\n',
    });
    const dry = (...args: string[]): string =>
      nayek(home, ['patch', '--dry-run', '--recipe', 'ours/recipe.yaml', ...args, 'repo']).out;
    expect(dry()).toMatch(/b\/Procfile[\s\S]*b\/main\.py/);
    expect(dry('--skip', 'r')).not.toContain('b/main.py');
    expect(dry('--only', 'r')).not.toContain('b/Procfile');
  });

  thorough('a batch carries the rules to its workers, and plans anew when a rule changes', () => {
    write({ 'r.yml': RULE, 'one/a.py': 'foo(1)\n', 'two/b.py': 'x = 1\n' });
    const plan = (): string => nayek(home, ['batch', 'plan', '--rule', 'r.yml', 'one', 'two']).err;
    expect(plan()).toMatch(/1 changed/);
    const state = path.join(home, '.nayek-batch', 'patches');
    const [patch = ''] = readdirSync(state);
    expect(readFileSync(path.join(state, patch), 'utf8')).toContain('+bar(1)');
    write({ 'r.yml': RULE.replace('bar', 'qux') });
    plan();
    expect(
      readdirSync(state)
        .map((name) => readFileSync(path.join(state, name), 'utf8'))
        .join(),
    ).toContain('+qux(1)');
  });

  test.each([
    ['no such file', ['--rule', 'none.yml'], 'none.yml cannot be read'],
    ['not a rule', ['--rule', 'bad.yml'], 'bad.yml:1: rule is missing'],
    ['only for other languages', ['--rule', 'rust.yml'], 'holds rules for other languages only'],
    ['one id twice', ['--rule', 'r.yml', '--rule', 'r.yml'], 'two parts have the id r'],
  ])('%s', (_, args, says) => {
    write({
      'r.yml': RULE,
      'bad.yml': 'id: r\nlanguage: python\n',
      'rust.yml': 'id: o\nlanguage: rust\nrule: {pattern: x}\n',
      'repo/a.py': 'foo(1)\n',
    });
    const { code, err } = nayek(home, ['patch', '--dry-run', ...args, 'repo']);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });
});
