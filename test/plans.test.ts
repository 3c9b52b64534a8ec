/** Between a plan and its writing: what it rests on must still hold, and the writer keeps the promises for any plan. */

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { openRepository, planRepository } from '../src/engine/run.ts';
import type { Plan } from '../src/model/plan.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { isInside } from '../src/repo/path.ts';
import { type SavedPlan, savedPlan } from '../src/report/json.ts';
import form from '../src/report/plan.schema.json';
import { readSavedPlan } from '../src/report/saved-plan.ts';
import { summary } from '../src/report/summary.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { undo } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { full, thorough } from './tier.ts';

beforeAll(loadPython);

const FILES = {
  ...SAMPLE,
  'app/views.py': 'x = 1\n',
  'app/big.py': '# nothing to see\n',
  '.gitignore': 'made/\n*.log\n',
};

async function planFor(root: string): Promise<Plan> {
  const { name, steps } = loadRecipe('render', parts);
  return planRepository(await openRepository(root), steps, { recipe: name });
}

/** Paths and bytes below the root, without nayek's own. */
function tree(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name));
  const own = files.filter((f) => !f.includes('/.nayek/') && !f.includes('/.git/'));
  return Object.fromEntries(own.map((f) => [path.relative(root, f), readFileSync(f, 'latin1')]));
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'written';
  } catch (error) {
    const { kind, message } = error as { kind?: string; message: string };
    return `${kind}: ${message}`;
  }
}

describe('what a patch rests on is checked under the lock', () => {
  const changes: Readonly<Record<string, [string, (root: string) => void]>> = {
    'a requirement is removed': [
      'requirements.txt',
      (root) => writeFileSync(path.join(root, 'requirements.txt'), 'fastapi\n'),
    ],
    'a file that was only read changes': ['app/main.py', (root) => appendFileSync(path.join(root, 'app/main.py'), '#')],
    'a file that was only searched changes': [
      'app/big.py',
      (root) => appendFileSync(path.join(root, 'app/big.py'), 'import uvicorn\nuvicorn.run("x:y", port=1)\n'),
    ],
    'a source comes': ['app/new.py', (root) => writeFileSync(path.join(root, 'app/new.py'), 'y = 2\n')],
    'a deployment file comes': ['Dockerfile', (root) => writeFileSync(path.join(root, 'Dockerfile'), 'FROM python\n')],
    'a server configuration comes': [
      'gunicorn.conf.py',
      (root) => writeFileSync(path.join(root, 'gunicorn.conf.py'), 'bind = "127.0.0.1:1"\n'),
    ],
    'a source goes': ['app/views.py', (root) => rmSync(path.join(root, 'app/views.py'))],
    'a file becomes a link': [
      'app/views.py',
      (root) => {
        rmSync(path.join(root, 'app/views.py'));
        symlinkSync('main.py', path.join(root, 'app/views.py'));
      },
    ],
    'a file to be made comes': ['Procfile', (root) => writeFileSync(path.join(root, 'Procfile'), 'web: mine\n')],
  };
  it.each(Object.entries(changes))('%s', async (_, [name, change]) => {
    const root = repositoryOf(FILES, { git: false });
    const plan = await planFor(root);
    change(root);
    const before = tree(root);
    expect(await refusal(() => applyPlan(plan))).toMatch(new RegExp(`^drift: .*\\b${name.replaceAll('.', '\\.')}`));
    expect(tree(root)).toEqual(before);
  });

  it('what says nothing about a deployment may change', async () => {
    const root = repositoryOf(FILES, { git: false });
    const plan = await planFor(root);
    writeFileSync(path.join(root, 'server.log'), 'GET /\n');
    writeFileSync(path.join(root, 'data.sqlite3-journal'), 'x');
    writeFileSync(path.join(root, 'app/.main.py.swp'), 'x');
    writeFileSync(path.join(root, 'app/main.py~'), 'x');
    mkdirSync(path.join(root, 'app/__pycache__'));
    writeFileSync(path.join(root, 'app/__pycache__/main.pyc'), 'x');
    // What was read counts by its bytes.
    utimesSync(path.join(root, 'requirements.txt'), 1, 1);
    await applyPlan(plan);
    expect(existsSync(path.join(root, 'Procfile'))).toBe(true);
  });

  it('a plan made before an undo is not written after it', async () => {
    const root = repositoryOf(FILES, { git: false });
    const start = tree(root);
    await applyPlan(await planFor(root));
    rmSync(path.join(root, 'Procfile'));
    const plan = await planFor(root);
    expect(plan.changes.map((c) => c.path)).toEqual(['Procfile']);
    await undo(root, { force: true });
    expect(await refusal(() => applyPlan(plan))).toMatch(/^drift: .*requirements\.txt/);
    expect(tree(root)).toEqual(start);
  });
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A change that creates a file. */
function created(name: string, text: string): SavedPlan['changes'][number] {
  return {
    ...{ path: name, by: ['part'], created: true, sha256: { before: null, after: hash(text) }, diff: '' },
    ...{ encoding: 'utf-8' as const, bom: false, edits: [{ start: 0, end: 0, text }] },
  };
}

type Json = Record<string, unknown>;

/** A saved plan for a new repository, changed by `spoil`; what becomes of it, and whether anything was written. */
async function spoilt(spoil: (plan: Json & SavedPlan, root: string) => unknown): Promise<string> {
  const root = repositoryOf(FILES, { git: false });
  const saved = JSON.parse(JSON.stringify(savedPlan(await planFor(root)))) as Json & SavedPlan;
  const other = spoil(saved, root);
  const before = tree(root);
  const text = typeof other === 'string' ? other : JSON.stringify(saved);
  const answer = await refusal(() => applyPlan(readSavedPlan(text, () => readSnapshot(root))));
  if (answer !== 'written') expect(tree(root)).toEqual(before);
  return answer.replaceAll(root, '');
}

describe('a saved plan is checked as a whole before anything is written', () => {
  it('keeps the published form', async () => {
    const plan = savedPlan(await planFor(repositoryOf(FILES, { git: false })));
    const validate = new Ajv().compile(form);
    validate(plan);
    expect(validate.errors).toBeNull();
    expect(await spoilt(() => undefined)).toBe('written');
  });

  it.each<[string, string, (plan: Json & SavedPlan) => unknown]>([
    ['no JSON', 'not a saved plan: no JSON', () => '{'],
    ['a list', 'not a saved plan: schema', () => '[]'],
    ['null', 'not a saved plan: schema', () => 'null'],
    ['another schema', 'not a saved plan: schema 2 instead of 1', (p) => Object.assign(p, { schema: 2 })],
    ['no version', "it must have required property 'nayek'", (p) => Reflect.deleteProperty(p, 'nayek')],
    ['an odd version', '/nayek must match pattern', (p) => Object.assign(p, { nayek: 'latest' })],
    ['a written one', '/written must be equal to constant', (p) => Object.assign(p, { written: true })],
    ['a field more', '/run must NOT have additional properties', (p) => Object.assign(p, { run: 'rm -rf /' })],
    ['malformed warnings', '/warnings/0 must be string', (p) => Object.assign(p, { warnings: [{ a: 1 }] })],
    ['malformed verdicts', '/verdicts/0 must be object', (p) => Object.assign(p, { verdicts: [3] })],
    ['malformed skipped', '/skipped/0 must be object', (p) => Object.assign(p, { skipped: [null] })],
    ['verdicts of no kind', '/verdicts/0/kind must be equal', (p) => Object.assign(p.verdicts[0] ?? {}, { kind: 'x' })],
    ['evidence without a line', '/verdicts/0/at/0', (p) => Object.assign(p.verdicts[0] ?? {}, { at: [{ path: 'a' }] })],
    ['a file list that is none', '/verdicts/0/files', (p) => Object.assign(p.verdicts[0] ?? {}, { files: 'all' })],
    ['reads that are a list', '/reads must be object', (p) => Object.assign(p, { reads: [] })],
    ['reads without a hash', '/reads/a must match pattern', (p) => Object.assign(p.reads, { a: 'x' })],
    ['an encoding of its own', '/changes/0/encoding', (p) => Object.assign(p.changes[0] ?? {}, { encoding: 'cp1252' })],
    ['no edits', 'holds no edits', (p) => Reflect.deleteProperty(p.changes[0] ?? {}, 'edits')],
    ['half a range', '/changes/1/edits/0/start', (p) => Object.assign(p.changes[1]?.edits[0] ?? {}, { start: 0.5 })],
    [
      'a range before the file',
      '/changes/1/edits/0/start',
      (p) => Object.assign(p.changes[1]?.edits[0] ?? {}, { start: -1 }),
    ],
    ['a range behind the file', 'edits outside of', (p) => Object.assign(p.changes[1]?.edits[0] ?? {}, { end: 1e9 })],
    [
      'a result of its own',
      'does not give the recorded result',
      (p) => Object.assign(p.changes[1]?.edits[0] ?? {}, { text: 'x' }),
    ],
  ])('%s', async (_, said, spoil) => {
    const answer = await spoilt(spoil);
    expect(answer).toMatch(/^broken-plan: /);
    expect(answer).toContain(said);
  });

  it('one that does not say what it was decided on', async () => {
    const nothing = 'broken-plan: the plan does not say what it was decided on';
    expect(await spoilt((p) => Object.assign(p, { reads: {} }))).toBe(nothing);
    expect(await spoilt((p) => Reflect.deleteProperty(p.reads, 'app/main.py'))).toBe(
      'broken-plan: the plan changes app/main.py without having read it',
    );
    expect(await spoilt((p) => Object.assign(p, { reads: {}, changes: [created('app/other.py', 'x = 1\n')] }))).toBe(
      nothing,
    );
    expect(await spoilt((p) => Object.assign(p.reads, { 'app/main.py': '0'.repeat(64) }))).toMatch(
      /^broken-plan|^drift/,
    );
    expect(await spoilt((p) => Object.assign(p.reads, { gone: '0'.repeat(64) }))).toMatch(/^drift: .*gone/);
  });

  thorough('a long one costs no stack', async () => {
    // More than a call takes arguments.
    const length = full ? 200_000 : 130_000;
    const verdict = { part: 'p', kind: 'satisfied', reason: 'r', at: [], files: [], warnings: [], commands: [] };
    expect(await spoilt((p) => Object.assign(p, { verdicts: new Array(length).fill(verdict) }))).toBe('written');
    const plan = { root: '/', recipe: '', changes: [], reads: {}, skipped: [], warnings: [] };
    expect(() => summary({ ...plan, verdicts: new Array(length).fill(verdict) }, { written: true })).not.toThrow();
  });

  it('reaches no terminal with what it says', () => {
    const bad = '\x1b]0;pwned\x07';
    const verdict = { part: bad, kind: 'manual' as const, reason: bad, service: bad, snippet: bad };
    const all = { at: [{ path: bad, line: 1 }], files: [bad], warnings: [bad], commands: [bad] };
    const plan = { root: bad, recipe: bad, changes: [], reads: {}, warnings: [bad] };
    const two = [
      { ...verdict, ...all },
      { ...verdict, ...all, service: 'x' },
    ];
    const text = summary({ ...plan, verdicts: two, skipped: [{ path: bad, reason: bad }] }, { written: true });
    expect(text).not.toContain('\x1b');
  });
});

describe('what the writer writes for no plan', () => {
  const never: readonly string[] = [
    ...['.venv/lib/x.pth', 'venv/bin/activate', 'node_modules/a/index.js', 'lib/site-packages/x.py', 'app/vendor/x.py'],
    ...['poetry.lock', 'uv.lock', 'Pipfile.lock', 'pdm.lock', 'web/package-lock.json', 'web/yarn.lock'],
    ...['.env', '.env.local', 'app/.env', 'deploy/prod.env', '.envrc', '.flaskenv', 'tls/server.key', '.pgpass'],
    ...['made/x.py', 'app/server.log', 'env36/lib/x.py'],
  ];
  it.each(never)('%s', async (name) => {
    const answer = await spoilt((plan, root) => {
      mkdirSync(path.join(root, 'env36'));
      writeFileSync(path.join(root, 'env36/pyvenv.cfg'), 'home = /usr/bin\n');
      Object.assign(plan, { changes: [...plan.changes, created(name, 'x = 1\n')] });
    });
    expect(answer).toMatch(/^forbidden: the plan would write what nayek never writes: /);
    expect(answer).toContain(name);
  });

  it('changes of files that are there are refused as well', async () => {
    const root = repositoryOf(
      { ...FILES, 'poetry.lock': 'a\n', '.env': 'A=1\n', 'made/x.py': 'x = 1\n' },
      { git: false },
    );
    const plan = await planFor(root);
    for (const name of ['poetry.lock', '.env', 'made/x.py']) {
      const before = readFileSync(path.join(root, name), 'utf8');
      const sha256 = hash(before);
      const change = {
        path: name,
        before,
        after: `${before}#\n`,
        edits: [],
        encoding: 'utf-8',
        bom: false,
        sha256,
        by: ['x'],
      };
      const forged = { ...plan, changes: [change], reads: { ...plan.reads, [name]: sha256 } } as Plan;
      expect(await refusal(() => applyPlan(forged))).toContain(
        `forbidden: the plan would write what nayek never writes: ${name}`,
      );
      expect(readFileSync(path.join(root, name), 'utf8')).toBe(before);
    }
  });

  it.each(['.env.example', 'deploy/shop.env.example', 'env.template', '.env.sample', 'lockfile.txt', 'app/keys.py'])(
    'but %s',
    async (name) => {
      expect(await spoilt((p) => Object.assign(p, { changes: [...p.changes, created(name, 'x = 1\n')] }))).toBe(
        'written',
      );
    },
  );

  const names = [
    ...[
      '.git\u200c/hooks/x',
      '.g\u200bit'.replace('\u200b', '\u200d'),
      '.gi\ufefft/x',
      '\u202e.git/x',
      'a/.GIT\u206f/x',
    ],
    ...['git~1/x', 'GIT~1', 'a/git~2/x', '.git /x', '.git./x', '.GIT . ./x', '.git::$INDEX_ALLOCATION/x', '.git:x'],
    ...['.nayek\u200c/x', 'nayek~1/x', '.NAYEK/x', 'a\x7fb', 'a\ud800b'],
  ];
  it.each(names)('the name %j', async (name) => {
    expect(isInside(name)).toBe(false);
    expect(await spoilt((p) => Object.assign(p, { changes: [created(name, 'x')] }))).toMatch(/^outside: /);
  });

  it.each(['.github/x', 'a.git', 'git', 'git~', '.gitignore', 'digit~1', '.nayekrc', 'é/\u0644.py'])(
    'but the name %j',
    (name) => expect(isInside(name)).toBe(true),
  );

  it.each([
    ['Python with a syntax error', 'app/other.py', 'def (:\n'],
    ['Python that only the grammar accepts', 'app/other.py', 'def f():\n    return\nreturn 1\n'],
    ['YAML that is none', 'other.yaml', 'a: [\n'],
    ['TOML that is none', 'other.toml', 'a = \n'],
  ])('%s', async (_, name, text) => {
    expect(await spoilt((p) => Object.assign(p, { changes: [...p.changes, created(name, text)] }))).toMatch(
      new RegExp(`^forbidden: .*${name}: `),
    );
  });

  it('an edit that breaks a file', async () => {
    const answer = await spoilt((plan, root) => {
      const before = readFileSync(path.join(root, 'app/views.py'), 'utf8');
      const sha256 = { before: hash(before), after: hash(`${before}if:\n`) };
      const edits = [{ start: before.length, end: before.length, text: 'if:\n' }];
      const change = {
        path: 'app/views.py',
        by: ['x'],
        created: false,
        sha256,
        diff: '',
        encoding: 'utf-8',
        bom: false,
        edits,
      };
      Object.assign(plan, { changes: [change], reads: { ...plan.reads, 'app/views.py': sha256.before } });
    });
    expect(answer).toBe(
      'forbidden: the plan would write what nayek never writes: app/views.py: the result would have a syntax error',
    );
  });

  it('two changes of one file, a file in the place of a folder, names that differ by case', async () => {
    const added = (...names: readonly string[]) =>
      spoilt((p) => Object.assign(p, { changes: [...p.changes, ...names.map((n) => created(n, 'x = 1\n'))] }));
    expect(await added('a.py', 'a.py')).toContain('which are one file');
    expect(await added('a.py', 'A.py')).toContain('which are one file');
    expect(await added('caf\u00e9.py', 'cafe\u0301.py')).toContain('which are one file');
    expect(await added('deep', 'deep/x.py')).toContain('as a file and as a folder');
    expect(await added('App/../x.py')).toMatch(/^outside: /);
    expect(await added('app/Views.py')).toContain(
      'forbidden: the plan would write what nayek never writes: app/Views.py differs',
    );
    expect(await added('n'.repeat(300))).toMatch(/^(?:read-only|system): .*ENAMETOOLONG/);
    expect(await added(Array(31).fill('n'.repeat(131)).join('/'))).toMatch(/^(?:read-only|system): .*ENAMETOOLONG/);
  });

  it('a file in another encoding than its own', async () => {
    const root = repositoryOf(FILES, { git: false });
    const { changes, ...rest } = await planFor(root);
    const forged = changes.map((c) => (c.before === null ? c : { ...c, encoding: 'utf-16le' as const, bom: true }));
    expect(await refusal(() => applyPlan({ ...rest, changes: forged }))).toMatch(
      /^broken-plan: .*does not hold the bytes/,
    );
  });
});

describe('a part does not make what would be ignored', () => {
  it('by a .gitignore: by hand, and the rest goes on', async () => {
    const root = repositoryOf({ ...SAMPLE, '.gitignore': 'Procfile\n' }, { git: false });
    const plan = await planFor(root);
    const verdict = plan.verdicts.find((v) => v.part === 'procfile');
    expect(verdict).toMatchObject({ kind: 'manual', reason: 'Procfile is ignored by a .gitignore' });
    expect(plan.changes.map((c) => c.path)).toContain('render.yaml');
    await applyPlan(plan);
    expect(existsSync(path.join(root, 'Procfile'))).toBe(false);
    chmodSync(root, 0o755);
  });
});
