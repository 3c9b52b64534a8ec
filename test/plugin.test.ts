/** Parts from ES modules and recipes that name them, as a person uses them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { servedCommand } from './command.ts';
import { git } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const nayek = servedCommand();
let home = '';

beforeEach(() => {
  home = temporaryFolder('plugin');
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text);
  }
}

const read = (name: string): string => readFileSync(path.join(home, name), 'utf8');

/** A part that writes `text` into NOTE. */
const part = (id: string, body: string): string =>
  `export default { id: '${id}', summary: '${id}', source: '', anywhere: true, options: { text: { default: 'a', help: 'x' } }, plan(repo, facts, options) { ${body} } };\n`;
const NOTE = `return repo.has('NOTE') ? [{ kind: 'satisfied', reason: 'there', at: [] }] : [{ kind: 'edits', reason: 'noted', at: [], creates: { NOTE: options.text + '\\n' } }];`;
const REPO = {
  'repo/main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'repo/requirements.txt': 'fastapi==0.115.0\nuvicorn==0.32.0\ngunicorn==23.0.0\n',
};

describe('new', () => {
  test.each(['transform', 'emitter'])('a %s passes its fixtures at once', (kind) => {
    expect(nayek(home, ['new', kind, 'own']).code).toBe(0);
    const { code, out } = nayek(home, ['test']);
    expect([code, out]).toEqual([0, expect.stringContaining('2 passed, 0 failed')]);
  });
});

describe('--plugin', () => {
  test('runs a part and its options, and undo takes it back', () => {
    write({ ...REPO, 'parts/note.mjs': part('note', NOTE) });
    const run = ['patch', '--plugin', 'parts/note.mjs', '--set', 'note.text=b', 'repo'];
    expect(nayek(home, run).code).toBe(0);
    expect(read('repo/NOTE')).toBe('b\n');
    expect(nayek(home, ['undo', 'repo']).code).toBe(0);
    expect(() => read('repo/NOTE')).toThrow();
  });

  test('finds a package, from its exports', () => {
    write({
      ...REPO,
      'node_modules/nayek-plugin-note/package.json':
        '{"name": "nayek-plugin-note", "type": "module", "exports": {".": {"import": "./lib/note.js"}}}',
      'node_modules/nayek-plugin-note/lib/note.js': part('note', NOTE),
    });
    expect(nayek(home, ['patch', '--dry-run', '--plugin', 'nayek-plugin-note', 'repo']).out).toContain('+++ b/NOTE');
  });

  test.each([
    ['no such file', 'gone.mjs', undefined, 'gone.mjs is not there'],
    ['a folder', 'repo', undefined, 'repo is a folder'],
    ['no part', 'a.mjs', 'export const x = 1;', 'exports no part'],
    ['broken code', 'a.mjs', 'export default {', 'Unexpected'],
    ['no id', 'a.mjs', part('No Id', 'return []'), 'no id in kebab-case'],
    ['the id of a built-in part', 'a.mjs', part('bind', 'return []'), 'two parts have the id bind'],
  ])('%s is one line', (_, module, text, says) => {
    write({ ...REPO, ...(text === undefined ? {} : { [module]: text }) });
    const { code, err } = nayek(home, ['patch', '--dry-run', '--plugin', module, 'repo']);
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
    expect(err).toContain(says);
  });

  test.each([
    ['throws', "throw new Error('boom')", 'boom'],
    ['returns nothing', 'return undefined', 'no list of outcomes'],
    [
      'edits beyond a text',
      "return [{ kind: 'edits', reason: '', at: [], edits: { 'main.py': [{ start: 5, end: 1, text: '' }] } }]",
      'an edit is not',
    ],
    [
      'breaks Python',
      "return [{ kind: 'edits', reason: 'x', at: [], edits: { 'main.py': [{ start: 0, end: 0, text: '(' }] } }]",
      'syntax error',
    ],
    [
      'has no end',
      "return [{ kind: 'edits', reason: 'x', at: [], edits: { 'main.py': [{ start: 0, end: 0, text: '#\\n' }] } }]",
      'a second run would change',
    ],
  ])('a part that %s changes nothing', (_, body, says) => {
    write({ ...REPO, 'a.mjs': part('own', body) });
    const { code, out, err } = nayek(home, ['patch', '--plugin', './a.mjs', 'repo']);
    expect(code).toBe(2);
    expect(out + err).toContain(says);
    expect(read('repo/main.py')).toBe(REPO['repo/main.py']);
  });
});

describe('a part that throws', () => {
  const BODY = 'for (const path of repo.paths) {\n  const file = repo.read(path);\n  file.nothing.at(0);\n}';

  test('is told in one line with its own line and the file that it was at, and --debug shows the stack', () => {
    write({ ...REPO, 'parts/a.mjs': part('own', BODY) });
    const run = ['patch', '--plugin', 'parts/a.mjs', 'repo'];
    const line =
      /^failed +own +parts\/a\.mjs:3: Cannot read properties of undefined \(reading 'at'\) \(the last file that it asked for is main\.py\)$/m;
    const { code, out, err } = nayek(home, run);
    expect([code, out]).toEqual([2, expect.stringMatching(line)]);
    expect(err).not.toContain('at Object.plan');
    const debug = nayek(home, [...run, '--debug']).err;
    expect(debug).toMatch(/TypeError: Cannot read properties.*\n +at Object\.plan \(file:.*parts\/a\.mjs:3:16\)/);
    expect(debug.match(/^TypeError/gm)).toHaveLength(1);
  });

  test('in a fixture, and when it is loaded', () => {
    write({ 'parts/own.mjs': part('own', BODY), 'fixtures/own/skip-a/before/a.py': 'x = 1\n' });
    expect(nayek(home, ['test']).out).toContain('parts/own.mjs:3: Cannot read');
    write({ 'b.mjs': 'const a = 1;\n\na.b.c();\n', 'c.mjs': 'const a = 1;\nexport default {;\n' });
    expect(nayek(home, ['test', 'b.mjs']).err).toMatch(/^nayek: .*b\.mjs:3: Cannot read/);
    expect(nayek(home, ['test', 'c.mjs']).err).toMatch(/^nayek: .*c\.mjs:2: Unexpected token/);
  });
});

describe('what would change its own result again', () => {
  const rule = (id: string, from: string, to: string): string =>
    `id: ${id}\nlanguage: python\nrule: {pattern: ${from}($A)}\nfix: ${to}($A)\n`;
  const GROWS = `const text = repo.read('main.py').text;
    return [{ kind: 'edits', reason: 'x', at: [], edits: { 'main.py': [{ start: text.length, end: text.length, text: '#\\n' }] } }];`;

  test.each([
    ['a module', ['--plugin', 'parts/grows.mjs'], 'main.py (grows)', 'let grows exclude its own result'],
    ['two rules', ['--rule', 'there.yml', '--rule', 'back.yml'], 'main.py (back)', 'let there and back exclude'],
  ])('%s is told by name, as no error of nayek', (_, chosen, says, hint) => {
    write({
      'parts/grows.mjs': part('grows', GROWS),
      'there.yml': rule('there', 'foo', 'bar'),
      'back.yml': rule('back', 'bar', 'foo'),
      'repo/main.py': 'foo(1)\n',
    });
    const { code, err } = nayek(home, ['patch', ...chosen, 'repo']);
    expect([code, err]).toEqual([2, expect.stringContaining(`a second run would change ${says}`)]);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/internal error|report/);
    expect(read('repo/main.py')).toBe('foo(1)\n');
  });

  test('is told so by its fixture', () => {
    write({ 'parts/grows.mjs': part('grows', GROWS), 'fixtures/grows/a/before/main.py': 'a\n' });
    expect(nayek(home, ['test']).out).toContain('main.py (grows): let grows exclude its own result\n');
  });
});

describe('what is thrown and is no error', () => {
  test.each([
    ['a text', "'out of luck'", 'out of luck'],
    ['nothing', 'undefined', 'undefined'],
    ['a record', '{ code: 7 }', '{ code: 7 }'],
  ])("%s is the module's own failure, and other fixtures go on", (name, thrown, says) => {
    const whole = part('whole', 'return []');
    const kind = name.replace(' ', '-');
    write({
      [`parts/load-${kind}.mjs`]: `throw ${thrown};\n`,
      [`parts/plan-${kind}.mjs`]: part('planned', `throw ${thrown}`),
      [`parts/prepare-${kind}.mjs`]: part('prepared', 'return []').replace(
        'plan(',
        `prepare() { throw ${thrown}; }, plan(`,
      ),
      [`parts/whole-${kind}.mjs`]: whole,
      'fixtures/planned/skip-a/before/a.py': '',
      'fixtures/prepared/skip-a/before/a.py': '',
      'fixtures/whole/skip-a/before/a.py': '',
      'repo/main.py': '',
    });
    const { code, out, err } = nayek(home, ['test']);
    expect([code, err, out.split(says).length - 1]).toEqual([1, '', 3]);
    expect(out).toContain('ok      whole/skip-a\n');
    expect(out).toContain('1 passed, 3 failed');
    for (const when of ['load', 'plan', 'prepare']) {
      const told = nayek(home, ['patch', '--plugin', `parts/${when}-${kind}.mjs`, 'repo']);
      expect([told.code, told.out + told.err]).toEqual([2, expect.stringContaining(says)]);
      expect(told.err).not.toContain('internal error');
    }
  });
});

test('a part that would leave the repository is told, not followed', () => {
  const body = "return [{ kind: 'edits', reason: 'x', at: [], creates: { '../x': '' } }]";
  write({ ...REPO, 'a.mjs': part('own', body) });
  expect(nayek(home, ['patch', '--plugin', './a.mjs', 'repo']).out).toMatch(/manual +own +.*\.\.\/x/);
  expect(() => read('x')).toThrow();
});

describe('a recipe', () => {
  test('of a repository does not run the code that lies there; the command line may name it', () => {
    write({
      ...REPO,
      'repo/evil.mjs': `import { writeFileSync } from 'node:fs';\n${part('note', NOTE)}`,
      'repo/recipe.yaml': 'name: x\nparts: [{plugin: ./evil.mjs}]\n',
    });
    const run = ['patch', '--dry-run', '--recipe', 'repo/recipe.yaml'];
    const refused = nayek(home, [...run, 'repo']);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('name it with --plugin')]);
    expect(nayek(home, ['patch', '--dry-run', '--plugin', 'repo/evil.mjs', 'repo']).out).toContain('+++ b/NOTE');
  });

  test.each(['patch --dry-run', 'batch plan --state state --concurrency 1'])(
    'of a repository does not even load the code that lies there (%s)',
    (command) => {
      write({
        ...REPO,
        'repo/evil.mjs': `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('RAN', import.meta.url), '');\n${part('note', NOTE)}`,
        'repo/recipe.yaml': 'name: x\nparts: [{plugin: ./evil.mjs}]\n',
      });
      const { code, err } = nayek(home, [...command.split(' '), '--recipe', 'repo/recipe.yaml', 'repo']);
      expect([code, err]).toEqual([2, expect.stringContaining('a recipe alone does not run it')]);
      expect(() => read('repo/RAN')).toThrow();
    },
  );

  test.each([
    ['by the module', '{plugin: ./note.mjs, options: {text: own}}'],
    ['by the module and the id', '{plugin: ./note.mjs, id: note, options: {text: own}}'],
    ['by the id alone', '{id: note, options: {text: own}}'],
  ])('of a repository runs code that lies there once --plugin names it, where it names it %s', (_, item) => {
    write({
      ...REPO,
      'repo/note.mjs': part('note', NOTE) + part('other', NOTE).replace('export default', 'export const other ='),
      'repo/recipe.yaml': `name: x\nparts: [${item}]\n`,
    });
    const chosen = ['--recipe', 'repo/recipe.yaml', '--plugin', 'repo/note.mjs'];
    const only = item.includes('id: ') ? [] : ['--only', 'note'];
    const { code, out, err } = nayek(home, ['patch', '--dry-run', ...chosen, ...only, 'repo']);
    expect([code, err]).toEqual([0, expect.not.stringContaining('other')]);
    expect(out).toContain('+own\n');
    expect(nayek(home, ['recipe', 'check', 'repo/recipe.yaml', '--plugin', 'repo/note.mjs']).code).toBe(0);
    const batch = ['batch', 'plan', ...chosen, '--state', 'state', '--concurrency', '1', 'repo'];
    if (only.length === 0) expect(nayek(home, batch)).toMatchObject({ code: 0 });
  });

  test('with an id that is almost one says which', () => {
    write({ ...REPO, 'note.mjs': part('note', NOTE), 'own.yaml': 'name: x\nparts: [{id: nota}]\n' });
    const { code, err } = nayek(home, ['patch', '--dry-run', '--recipe', 'own.yaml', '--plugin', 'note.mjs', 'repo']);
    expect([code, err]).toEqual([2, expect.stringContaining("did you mean 'note'?")]);
  });

  test('extends, leaves out, sets options, and has conditions, rules and modules', () => {
    write({
      ...REPO,
      'ours/base.yaml': 'name: base\ncomment: ours\nparts:\n- procfile\n- render-yaml\n',
      'ours/own.yaml': [
        'name: own',
        'extends: base.yaml',
        'without: [render-yaml]',
        'parts:',
        '- id: procfile',
        '  options: {workers: 7}',
        '- rule: r.yml',
        '  when: has(fastapi) and not framework == flask',
        '- plugin: ./note.mjs',
        '  options: {text: c}',
        '- id: deploy-readme',
        '  when: framework == django',
      ].join('\n'),
      'ours/r.yml': 'id: r\nlanguage: python\nrule: {pattern: app = FastAPI()}\nfix: app = FastAPI(title="x")\n',
      'ours/note.mjs': part('note', NOTE),
    });
    const { out, err } = nayek(home, ['patch', '--dry-run', '--recipe', 'ours/own.yaml', 'repo']);
    expect(out).toContain('+app = FastAPI(title="x")');
    expect(out).toContain('+c\n');
    expect(out).toMatch(/\+web: .*7/);
    expect(out).not.toContain('render.yaml');
    expect(err).toMatch(/skipped +deploy-readme +no service where framework == django/);
  });

  test('two of them run one behind the other', () => {
    write({
      ...REPO,
      'r.yml': 'id: r\nlanguage: python\nrule: {pattern: FastAPI()}\nfix: FastAPI(title="x")\n',
      'own.yaml': 'name: own\nparts: [{rule: r.yml}]\n',
    });
    const { out } = nayek(home, ['patch', '--dry-run', '--recipe', 'procfile,own.yaml', 'repo']);
    expect(out).toMatch(/b\/Procfile[\s\S]*b\/main\.py/);
  });

  test.each([
    [
      'name: x\nparts:\n- bind\n- id: bind\n  optoins: {}\n',
      'own.yaml:5: there is no key optoins here: did you mean options?',
    ],
    ['name: x\nparts:\n- nope\n', 'own.yaml:3: unknown part "nope"'],
    [
      'name: x\nparts:\n- id: bind\n  when: framework = fastapi\n',
      'own.yaml:3: when: framework = fastapi: = is neither',
    ],
    ['name: x\nparts:\n- id: bind\n  when: has(fastapi\n', 'it ends too early'],
    ['name: x\nparts:\n- plugin: ./gone.mjs\n', 'own.yaml:3: ./gone.mjs is not there'],
    ['name: x\nextends: own.yaml\nparts: []\n', 'recipes extend each other'],
    ['name: x\nextends: render\nwithout: [nope]\n', 'what it extends has no part nope'],
    ['name: 1\nparts: []\n', 'own.yaml'],
  ])('with a mistake, %j, is refused with its line', (text, says) => {
    write({ ...REPO, 'own.yaml': text });
    const { code, err } = nayek(home, ['patch', '--dry-run', '--recipe', 'own.yaml', 'repo']);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  test('a batch runs modules of parts in its workers, and plans anew when one changes', () => {
    write({ ...REPO, 'note.mjs': part('note', NOTE) });
    const plan = ['batch', 'plan', '--plugin', 'note.mjs', '--state', 'state', '--concurrency', '1', 'repo'];
    expect(nayek(home, plan).code).toBe(0);
    expect(nayek(home, ['batch', 'status', '--state', 'state']).out).toContain('1 changed');
  });
});

describe('nayek recipe', () => {
  test('init makes a file that check and show take', () => {
    expect(nayek(home, ['recipe', 'init']).code).toBe(0);
    expect(nayek(home, ['recipe', 'check', './recipe.yaml']).out).toMatch(/\d parts, all right/);
    expect(nayek(home, ['recipe', 'show', './recipe.yaml']).out).toMatch(/- procfile\n {4}workers: 2\n- render-yaml/);
    expect(nayek(home, ['recipe', 'init']).code).toBe(2);
    expect(nayek(home, ['recipe', 'list']).out).toContain('render');
  });

  test.each(['check', 'show'])('%s does not load code of the repository that the recipe lies in', (command) => {
    write({
      'repo/evil.mjs': `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('RAN', import.meta.url), '');\n${part('note', NOTE)}`,
      'repo/deep/recipe.yaml': 'name: x\nparts: [{plugin: ../evil.mjs}]\n',
    });
    git(path.join(home, 'repo'), 'init', '--quiet');
    const { code, err } = nayek(home, ['recipe', command, 'repo/deep/recipe.yaml']);
    expect([code, err]).toEqual([2, expect.stringContaining('a recipe alone does not run it')]);
    expect(() => read('repo/RAN')).toThrow();
    const named = ['recipe', command, 'repo/deep/recipe.yaml', '--plugin', 'repo/evil.mjs'];
    expect(nayek(home, named).code).toBe(0);
  });

  test('check runs ast-grep over its rules', () => {
    write({
      'r.yml': 'id: r\nlanguage: python\nrule: {kind: nonsense}\n',
      'own.yaml': 'name: x\nparts: [{rule: r.yml}]\n',
    });
    const { code, err } = nayek(home, ['recipe', 'check', 'own.yaml']);
    expect([code, err]).toEqual([2, expect.stringContaining('nonsense')]);
  });
});

describe('docs/plugins.md', () => {
  const [own = '', program = ''] = [...readFileSync('docs/plugins.md', 'utf8').matchAll(/^```js\n(.*?)^```/gms)].map(
    (match) => match[1] ?? '',
  );
  const files = {
    ...REPO,
    'repo/main.py':
      'import uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\nuvicorn.run(app, port=80, reload=True)\n',
  };

  test('its part works as it stands', () => {
    write({ ...files, 'own.mjs': own });
    expect(nayek(home, ['patch', '--dry-run', '--plugin', 'own.mjs', 'repo']).out).toContain('port=80, reload=False)');
  });

  test('so does its program', () => {
    write({
      ...files,
      'rules/r.yml': 'id: r\nlanguage: python\nrule: {pattern: FastAPI()}\nfix: FastAPI(title="x")\n',
    });
    write({ 'repo/program.mjs': program.replace("['rules/']", "['../rules/']") });
    mkdirSync(path.join(home, 'node_modules'));
    symlinkSync(process.cwd(), path.join(home, 'node_modules', 'nayek'));
    const out = execFileSync(process.execPath, ['program.mjs'], { cwd: path.join(home, 'repo'), encoding: 'utf8' });
    expect(out.split('\n')).toEqual(expect.arrayContaining(['Procfile', 'main.py', 'render.yaml']));
    expect(read('repo/main.py')).toContain('FastAPI(title="x")');
  });
});
