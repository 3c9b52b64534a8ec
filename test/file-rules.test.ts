/** Rules for INI, TOML, YAML and requirements files: edits by ranges, each proved by a second reading. */
import { execFileSync } from 'node:child_process';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import form from '../src/rules/rule.schema.json' with { type: 'json' };
import { rulesIn } from '../src/rules/rule-file.ts';
import { partOf } from '../src/rules/rule-part.ts';

/** What the changes make of one file, and what is said. */
function run(
  language: string,
  changes: readonly unknown[],
  path: string,
  text: string,
  more: Record<string, string> = {},
) {
  const rule = { id: 'r', language, message: 'changed', files: ['**'], change: changes };
  const [part] = rulesIn(JSON.stringify(rule), 'r.yml').rules.map(partOf);
  if (!part) throw new Error('no rule');
  const plan = makePlan(memorySnapshot({ [path]: text, ...more }), [{ part, options: {} }], { recipe: 'test' });
  const said = plan.verdicts.map((v) => `${v.kind}: ${v.reason}`).join('\n');
  return { after: plan.changes[0]?.after ?? text, said };
}

const INI =
  '# top\n[alembic]\nscript_location = alembic\n# the url\nsqlalchemy.url = driver://u:p%%40w@h/db\n\n[loggers]\nkeys = root,\n  alembic\n';
const PLAIN_INI = INI.replace(',\n  alembic', '');
const TOML =
  '[project]\nname = "a"  # the name\ndependencies = [\n  "fastapi>=0.90",\n]\n\n[tool.ruff]\nline-length = 88\nselect = [\n  "E", # errors\n]\n\n[[tool.x]]\nk = \'1\'\n[[tool.x]]\nk = \'2\'\n';
const YAML =
  '# top\nservices:\n  - type: web\n    name: app  # the name\n    plan: free\n    envVars:\n      - key: A\n        value: "1"\n  - type: worker\n    plan: "free"\non:\n  push: {branches: [main]}\nnote: |\n  # no comment\n  text\nlast:\n';

describe('keys', () => {
  test.each([
    [
      'ini',
      { set: ['alembic', 'script_location'], to: 'migrations' },
      'script_location = alembic',
      'script_location = migrations',
    ],
    ['ini', { set: ['alembic', 'timezone'], to: 'UTC' }, 'db\n\n[l', 'db\ntimezone = UTC\n\n[l'],
    ['ini', { set: ['loggers', 'keys'], to: 'root' }, 'keys = root,\n  alembic', 'keys = root'],
    ['ini', { set: ['alembic', 'script_location'], was: 'other', to: 'x' }, '', ''],
    ['ini', { set: ['nosuch', 'key'], to: 'x' }, '', ''],
    ['ini', { 'comment-out': ['alembic', 'sqlalchemy.url'] }, 'sqlalchemy.url', '# sqlalchemy.url'],
    ['ini', { 'comment-out': ['loggers', 'KEYS'] }, 'keys = root,\n  alembic', '# keys = root,\n  # alembic'],
    [
      'ini',
      { rename: ['alembic', 'script_location'], to: 'version_locations' },
      'script_location',
      'version_locations',
    ],
    ['ini', { remove: ['alembic', 'sqlalchemy.url'] }, 'sqlalchemy.url = driver://u:p%%40w@h/db\n', ''],
    ['ini', { remove: ['loggers', 'keys'] }, 'keys = root,\n  alembic\n', ''],
    ['toml', { set: 'tool.ruff.line-length', to: 100 }, '88', '100'],
    [
      'toml',
      { set: 'tool.ruff.target-version', to: 'py312' },
      '# errors\n]\n',
      '# errors\n]\ntarget-version = "py312"\n',
    ],
    ['toml', { set: 'project.name', to: 'q"\\' }, '"a"', '"q\\"\\\\"'],
    ['toml', { set: 'tool.x.*.k', was: '2', to: "it's" }, "'2'", '"it\'s"'],
    ['toml', { set: 'tool.x.*.k', was: '1', to: 'one' }, "'1'", "'one'"],
    ['toml', { set: 'tool.ruff.ignore', to: ['E501', 'W'] }, '# errors\n]\n', '# errors\n]\nignore = ["E501", "W"]\n'],
    ['toml', { remove: 'project.name' }, 'name = "a"  # the name\n', ''],
    ['toml', { remove: 'tool.ruff.select' }, 'select = [\n  "E", # errors\n]\n', ''],
    [
      'toml',
      { 'comment-out': 'tool.ruff.select' },
      'select = [\n  "E", # errors\n]',
      '# select = [\n#   "E", # errors\n# ]',
    ],
    ['toml', { rename: 'tool.ruff.line-length', to: 'width of a line' }, 'line-length', '"width of a line"'],
    ['yaml', { set: 'services.*.plan', was: 'free', to: 'starter' }, /free/g, 'starter'],
    ['yaml', { set: 'services.0.name', to: 'yes' }, 'name: app', 'name: "yes"'],
    ['yaml', { set: 'services.*.runtime', to: 'python' }, /( *)plan: (.*)\n/g, '$1plan: $2\n    runtime: python\n'],
    ['yaml', { set: 'last', to: 3.5 }, 'last:', 'last: 3.5'],
    ['yaml', { set: 'note', to: 'a: b # c' }, '|\n  # no comment\n  text', '"a: b # c"'],
    ['yaml', { set: 'on.push.branches', to: ['main', 'dev'] }, '[main]', '[main, dev]'],
    ['yaml', { set: 'on.push.tags', to: ['v*'] }, '[main]', '[main], tags: ["v*"]'],
    ['yaml', { remove: 'note' }, 'note: |\n  # no comment\n  text\n', ''],
    [
      'yaml',
      { 'comment-out': 'services.0.envVars' },
      'envVars:\n      - key: A\n        value: "1"',
      '# envVars:\n    #   - key: A\n    #     value: "1"',
    ],
    ['yaml', { rename: 'services.*.plan', to: 'instance' }, /plan/g, 'instance'],
    ['yaml', { rename: 'on.push.branches', to: 'null' }, 'branches', '"null"'],
  ] as const)('%s %j', (language, change, from, to) => {
    const before = { ini: INI, toml: TOML, yaml: YAML }[language];
    for (const text of [before, before.replaceAll('\n', '\r\n')]) {
      const { after, said } = run(language, [change], `file.${language}`, text);
      expect(after.replaceAll('\r\n', '\n'), said).toBe(before.replace(from, to));
      if (text.includes('\r')) expect(after).not.toMatch(/[^\r]\n/);
      expect(said).not.toMatch(/manual|failed/);
    }
  });

  test.each([
    ['ini', { set: ['a', 'k'], to: 'x' }, '[a]\nk = 1 ; one\n', 'begins a comment depends on who reads it'],
    ['ini', { set: ['a', 'k'], to: '# x' }, '[a]\nk = 1\n', 'cannot be proved'],
    ['ini', { remove: ['a', 'k'] }, '[a]\nk = 1\n# why\n  2\n', 'a comment stands among its lines'],
    ['ini', { rename: ['a', 'k'], to: 'j' }, '[a]\nk = 1\nj = 2\n', 'there is a j already'],
    ['toml', { set: 'a.k', to: 'x' }, '[a]\nk = [ # one\n 1]\n', 'a comment stands in its value'],
    ['toml', { set: 'a.k', to: 'x' }, '[a.k]\nb = 1\n', 'it is a table'],
    ['toml', { remove: 'a.k' }, 'a = {k = 1, j = 2}\n', 'it stands in an inline table'],
    ['toml', { rename: 'a.k', to: 'j' }, '[a]\nk = 1\nj = 2\n', 'there is a j already'],
    ['toml', { set: 'k', to: 'x' }, '[a]\nj = 1\n', 'no key beside which'],
    ['yaml', { set: 'a.k', to: 'x' }, 'a: &a\n  k: 1\nb: *a\n', 'cannot be proved'],
    ['yaml', { set: 'b.k', to: 'x' }, 'a: &a\n  k: 1\nb: *a\n', 'it stands behind an alias'],
    ['yaml', { set: 'a', to: 'x' }, 'a: &a 1\nb: *a\n', 'it has an anchor or a tag'],
    ['yaml', { set: 'a', to: 'x' }, 'a:\n  - 1\n', 'it is a list or a mapping'],
    ['yaml', { remove: 'a.k' }, 'a: {k: 1, j: 2}\n', 'in a mapping in braces'],
    ['yaml', { remove: 'a.k' }, 'a:\n  k: 1\n', 'cannot be proved'],
    ['yaml', { remove: '*.k' }, '- k: 1\n  j: 2\n', 'other things stand on its line'],
    ['yaml', { set: 'a.k', to: 'x' }, 'a: {{ k }}\n', 'may be a template'],
  ])('%s %j of %j is for a person', (language, change, text, why) => {
    const { after, said } = run(language, [change], `file.${language}`, text);
    expect(after).toBe(text);
    expect(said).toContain(why);
    expect(said).toMatch(/^manual: /);
  });

  // The same answer as for Python that does not parse.
  test.each([
    ['ini', { set: ['a', 'k'], to: 'x' }, '[a]\nk = 1\nk = 2\n', 'configparser refuses line 3 (k)'],
    ['toml', { set: 'a.k', to: 'x' }, '[a]\nk = 1\nk = 2\n', 'it is not TOML'],
    ['yaml', { set: 'a', to: 'x' }, 'a: 1\na: 2\n', 'it is not YAML'],
  ])('%s %j of %j is left alone, as its reader refuses the file', (language, change, text, why) => {
    const { after, said } = run(language, [change], `file.${language}`, text);
    expect(after).toBe(text);
    expect(said).toContain(why);
    expect(said).toMatch(/^skipped: /);
  });

  test('changes of a rule come one behind the other, all or none', () => {
    const both = [
      { rename: 'a.k', to: 'j' },
      { set: 'a.j', to: 2 },
    ];
    expect(run('toml', both, 'x.toml', '[a]\nk = 1\n').after).toBe('[a]\nj = 2\n');
    const stuck = [
      { set: 'a.k', to: 2 },
      { rename: 'a.k', to: 'j' },
    ];
    expect(run('toml', stuck, 'x.toml', '[a]\nk = 1\nj = 0\n').after).toBe('[a]\nk = 1\nj = 0\n');
    const circle = [{ remove: 'a.k' }, { set: 'a.k', to: 1 }];
    expect(run('toml', circle, 'x.toml', '[a]\nj = 0\nk = 2\n').said).toContain('its changes undo each other');
  });

  test('whatever text is set, Python reads it back, and all else as before', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('yes', '~', '0o7', "'", '"', '#', '\\n', '1_0', '2001-12-14', '- a', '%(x)s', '=', ':'),
    );
    const cases: { language: string; text: string; to: string }[] = [];
    fc.assert(
      fc.property(value, fc.constantFrom('ini', 'toml', 'yaml'), (to, language) => {
        const before = { ini: PLAIN_INI, toml: TOML, yaml: YAML }[language] ?? '';
        const path = { ini: ['alembic', 'script_location'], toml: 'project.name', yaml: 'services.0.name' }[language];
        if (language === 'ini' && (/[\r\n]|^\s|\s$/.test(to) || to === '')) return;
        const { after, said } = run(language, [{ set: path, to }], `x.${language}`, before);
        if (said.startsWith('manual')) expect(after).toBe(before);
        else if (language !== 'yaml') cases.push({ language, text: after, to });
      }),
      { numRuns: 120 },
    );
    expect(cases.length).toBeGreaterThan(30);
    const program = `
import configparser, json, sys
try:
    import tomllib
except ImportError:
    tomllib = None
for case in json.load(sys.stdin):
    if case["language"] == "ini":
        parser = configparser.RawConfigParser()
        parser.read_string(case["text"])
        assert parser["alembic"]["script_location"] == case["to"], case
        assert parser["alembic"]["sqlalchemy.url"] == "driver://u:p%%40w@h/db", case
    elif tomllib:
        data = tomllib.loads(case["text"])
        assert data["project"]["name"] == case["to"], case
        assert data["tool"]["ruff"]["line-length"] == 88, case
`;
    execFileSync('python3', ['-c', program], { input: JSON.stringify(cases) });
  });
});

const TXT =
  '# ours\nfastapi==0.90.0  # web\nuvicorn[standard]>=0.20,<1\npsycopg2-binary\nrequests ~= 2.20\n-r more.txt\n';
const PYPROJECT =
  '[project]\ndependencies = [\n    "fastapi==0.90.0",  # web\n    "uvicorn[standard]>=0.20,<1",\n    "psycopg2-binary",\n    "requests ~= 2.20",\n]\n';
const POETRY =
  '[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "^0.90.0"\nuvicorn = {version = "^0.20", extras = ["standard"]}\n';
const SETUP = '[options]\ninstall_requires =\n    fastapi==0.90.0\n    psycopg2-binary\n';

describe('requirements', () => {
  test.each([
    ['requirements.txt', TXT, { raise: 'fastapi>=0.110' }, '==0.90.0', '==0.110'],
    ['requirements.txt', TXT, { raise: 'uvicorn>=0.30' }, '>=0.20,<1', '>=0.30,<1'],
    ['requirements.txt', TXT, { raise: 'requests>=2.31' }, '~= 2.20', '~= 2.31'],
    ['requirements.txt', TXT, { raise: 'psycopg2_binary>=2.9.9' }, 'binary\n', 'binary>=2.9.9\n'],
    ['requirements.txt', TXT, { raise: 'fastapi>=0.80' }, '', ''],
    ['requirements.txt', TXT, { raise: 'django>=5' }, '', ''],
    ['requirements/base.txt', TXT, { drop: 'FastAPI' }, 'fastapi==0.90.0  # web\n', ''],
    [
      'requirements.txt',
      TXT,
      { replace: 'psycopg2-binary', by: 'psycopg[binary]>=3.2' },
      'psycopg2-binary',
      'psycopg[binary]>=3.2',
    ],
    ['requirements.txt', TXT, { replace: 'psycopg2-binary', by: 'requests' }, 'psycopg2-binary\n', ''],
    ['requirements.txt', TXT, { add: 'greenlet', beside: 'fastapi' }, '# web\n', '# web\ngreenlet\n'],
    ['requirements.txt', TXT, { add: 'greenlet', beside: 'sqlalchemy' }, '', ''],
    ['requirements.txt', TXT, { add: 'requests>=1', beside: 'fastapi' }, '', ''],
    ['pyproject.toml', PYPROJECT, { raise: 'fastapi>=0.110' }, '0.90.0', '0.110'],
    ['pyproject.toml', PYPROJECT, { drop: 'fastapi' }, '    "fastapi==0.90.0",  # web\n', ''],
    ['pyproject.toml', PYPROJECT, { drop: 'requests' }, '    "requests ~= 2.20",\n', ''],
    [
      'pyproject.toml',
      PYPROJECT,
      { replace: 'psycopg2-binary', by: 'psycopg[binary]>=3.2' },
      'psycopg2-binary',
      'psycopg[binary]>=3.2',
    ],
    ['pyproject.toml', PYPROJECT, { add: 'greenlet>=3', beside: 'fastapi' }, '# web\n', '# web\n    "greenlet>=3",\n'],
    ['pyproject.toml', '[project]\ndependencies = ["a", "b"]\n', { drop: 'b' }, ', "b"', ''],
    ['pyproject.toml', '[project]\ndependencies = ["a", "b"]\n', { drop: 'a' }, '"a", ', ''],
    ['pyproject.toml', '[project]\ndependencies = ["a"]\n', { drop: 'a' }, '"a"', ''],
    ['pyproject.toml', POETRY, { raise: 'fastapi>=0.110' }, '^0.90.0', '^0.110'],
    ['pyproject.toml', POETRY, { drop: 'uvicorn' }, /uvicorn.*\n/, ''],
    ['setup.cfg', SETUP, { raise: 'fastapi>=0.110' }, '0.90.0', '0.110'],
    ['setup.cfg', SETUP, { drop: 'fastapi' }, '    fastapi==0.90.0\n', ''],
    ['setup.py', 'x = "fastapi"\n', { drop: 'fastapi' }, '', ''],
  ] as const)('%s %#', (path, text, change, from, to) => {
    for (const [crlf, before] of [
      [false, text],
      [true, text.replaceAll('\n', '\r\n')],
    ] as const) {
      const { after, said } = run('requirements', [change], path, before);
      expect(after.replaceAll('\r\n', '\n'), said).toBe(text.replace(from, to));
      if (crlf) expect(after).not.toMatch(/[^\r]\n/);
      expect(said).not.toMatch(/manual|failed/);
    }
  });

  test.each([
    ['requirements.txt', 'uvicorn<0.20\n', { raise: 'uvicorn>=0.30' }, 'leaves no room for 0.30'],
    ['requirements.txt', 'uvicorn===0.20\n', { raise: 'uvicorn>=0.30' }, 'leaves no room for 0.30'],
    ['requirements.txt', 'uvicorn @ https://x/y.whl\n', { raise: 'uvicorn>=0.30' }, 'has no plain version'],
    [
      'requirements.txt',
      '#\n# This file is autogenerated by pip-compile\n#\nuvicorn==0.20\n',
      { raise: 'uvicorn>=0.30' },
      'is compiled',
    ],
    ['requirements.txt', `uvicorn==0.20 --hash=sha256:${'0'.repeat(64)}\n`, { drop: 'uvicorn' }, 'carries hashes'],
    ['pyproject.toml', POETRY, { raise: 'uvicorn>=0.30' }, 'has no plain version'],
    ['pyproject.toml', POETRY, { replace: 'fastapi', by: 'flask' }, 'is a row of a table'],
    ['setup.cfg', '[options]\ninstall_requires = fastapi\n', { drop: 'fastapi' }, 'how fastapi goes is not clear'],
  ])('%s %j: %j is for a person', (path, text, change, why) => {
    const { after, said } = run('requirements', [change], path, text);
    expect([after, said]).toEqual([text, expect.stringContaining(why)]);
  });

  test('a lock beside the project: the command that changes both', () => {
    const { after, said } = run('requirements', [{ raise: 'fastapi>=0.110' }], 'pyproject.toml', PYPROJECT, {
      'uv.lock': 'version = 1\n',
    });
    expect([after, said]).toEqual([PYPROJECT, expect.stringContaining('would leave uv.lock stale')]);
  });
});

describe('the form of a rule', () => {
  const isRule = new Ajv({ allowUnionTypes: true, strictTypes: false }).compile(form);
  const rule = (language: string, ...change: unknown[]) => ({ id: 'r', language, change });

  test.each([
    rule('ini', { set: ['a', 'b'], to: 1 }, { remove: ['a', 'c'], was: ['x', 'y'] }),
    rule('toml', { rename: 'a.b', to: 'c' }, { 'comment-out': ['a', 0, 'b.c'] }),
    rule('yml', { set: '*.a', to: ['x', 1, true], was: 'y' }),
    rule(
      'requirements',
      { add: 'a[b]>=1', beside: 'c' },
      { raise: 'a >= 1.2' },
      { drop: 'b' },
      { replace: 'a', by: 'b' },
    ),
    { id: 'r', language: 'yaml', rule: { pattern: 'a' } },
  ])('%j', (data) => {
    expect(isRule(data), JSON.stringify(isRule.errors)).toBe(true);
    const { rules, skipped } = rulesIn(JSON.stringify(data), 'r.yml');
    expect(rules.length + skipped.length).toBe(1);
  });

  test.each([
    [{ id: 'r', language: 'ini' }, 'change is missing'],
    [{ ...rule('ini', { remove: ['a', 'b'] }), fix: 'x' }, 'there is no key fix here'],
    [rule('ini'), 'change is not a list of changes'],
    [rule('ini', 'remove'), 'change 1: is not a mapping'],
    [rule('ini', { remove: 'a.b' }), 'a list of its section and its name'],
    [rule('toml', { drop: 'a' }), 'needs one of set, rename, remove, comment-out'],
    [rule('toml', { set: 'a', remove: 'a', to: 1 }), 'needs one of'],
    [rule('toml', { set: 'a' }), 'a value is a text'],
    [rule('toml', { set: 'a', to: 1, from: 2 }), 'set knows no from'],
    [rule('toml', { set: [], to: 1 }), 'a key is a text such as a.b'],
    [rule('toml', { rename: 'a', to: '' }), 'rename needs a name in to'],
    [rule('requirements', { set: 'a', to: 1 }), 'needs one of add, raise, drop, replace'],
    [rule('requirements', { raise: 'a==1' }), 'raise needs a requirement'],
    [rule('requirements', { replace: 'a' }), 'is not a requirement'],
    [{ ...rule('ini', { remove: ['a', 'b'] }), files: 'x' }, 'files is not a list of globs'],
  ])('%j: %s', (data, why) => {
    expect(() => rulesIn(JSON.stringify(data), 'r.yml')).toThrow(why);
    expect(isRule(data)).toBe(false);
  });

  test.each([
    [rule('ini', { set: ['a', 'b'], to: 'x\ny' }), 'one line without blanks'],
    [rule('ini', { rename: ['a', 'b'], to: 'x=y' }), 'is no name for a key'],
    [rule('requirements', { drop: 'a==1' }), 'drop needs a name without a version'],
    [rule('requirements', { add: 'a @ https://x/y.whl', beside: 'b' }), 'is not a requirement'],
    [rule('requirements', { add: 'a' }), 'add needs beside, or files'],
  ])('what no schema tells: %j', (data, why) => {
    expect(() => rulesIn(JSON.stringify(data), 'r.yml')).toThrow(why);
  });
});
