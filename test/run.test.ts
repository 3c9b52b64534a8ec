import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askPython } from '../src/engine/cpython.ts';
import { assertClean, openRepository, planRepository } from '../src/engine/run.ts';
import type { FileChange } from '../src/model/plan.ts';
import type { Part } from '../src/model/transform.ts';
import { memorySnapshot, type Snapshot } from '../src/repo/snapshot.ts';
import { checklist } from '../src/report/checklist.ts';
import { summary } from '../src/report/summary.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { NayekError } from '../src/system/errors.ts';
import { findGit } from '../src/system/git.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(loadPython);

const withPython = spawnSync('python3', ['-c', '']).status === 0;

/** Appends a line to app/main.py once. */
function appending(id: string, line: string): Part {
  return {
    id,
    summary: `adds ${line}`,
    source: '',
    options: {},
    plan: (repo: Snapshot) => {
      const text = repo.read('app/main.py')?.text ?? '';
      if (text.includes(line)) return [{ kind: 'satisfied', reason: 'there', at: [] }];
      const at = text.length;
      return [
        {
          kind: 'edits',
          reason: 'added',
          at: [],
          edits: { 'app/main.py': [{ start: at, end: at, text: `${line}\n` }] },
        },
      ];
    },
  };
}

const steps = (...parts: Part[]) => parts.map((part) => ({ part, options: {} }));

describe.skipIf(!withPython)('what CPython does not compile', () => {
  it('takes the part out and reports it; the others go on', async () => {
    const plan = await planRepository(
      memorySnapshot(SAMPLE),
      steps(appending('good', 'x = 1'), appending('bad', 'return 1')),
      {
        recipe: 'test',
      },
    );
    expect(plan.verdicts.map((v) => [v.part, v.kind])).toEqual([
      ['good', 'applied'],
      ['bad', 'failed'],
    ]);
    expect(plan.verdicts[1]?.reason).toMatch(/'return' outside function \(line \d+\)/);
    expect(plan.changes[0]?.after).toMatch(/x = 1\n$/);
  });

  const change = (before: string | null, after: string, form: Partial<FileChange> = {}): FileChange => ({
    ...{ path: 'a.py', before, after, edits: [], encoding: 'utf-8', bom: false, sha256: null, by: ['x'] },
    ...form,
  });

  it.each<[string, FileChange, boolean]>([
    ['a late __future__ import', change('x = 1\n', 'x = 1\nfrom __future__ import annotations\n'), true],
    ['a created file', change(null, 'x = = 1\n'), true],
    ['an emptied file', change('', '\n'), false],
    ['a file it did not compile before', change('print "x"\n', 'print "y"\n'), false],
    ['a file that is not Python', change('x', 'x = = 1', { path: 'a.txt' }), false],
    [
      'latin-1 with its cookie',
      change('# coding: latin-1\nx = "é"\n', '# coding: latin-1\ny = "é"\n', { encoding: 'latin1' }),
      false,
    ],
    ['a byte order mark', change('x = 1\n', 'y = 1\n', { bom: true }), false],
  ])('%s', async (_, changed, rejected) => {
    const { rejected: found } = await askPython([change('x\n', 'y\n', { path: 'other.py' }), changed]);
    expect(found.has(changed.path)).toBe(rejected);
  });

  it('never runs the code', async () => {
    const proof = path.join(temporaryFolder('run'), 'ran');
    await askPython([change('', `open(${JSON.stringify(proof)}, 'w')\n`)]);
    expect(spawnSync('ls', [proof]).status).not.toBe(0);
  });
});

describe('without a usable Python', () => {
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
  });

  it.each([
    ['none at all', undefined],
    ['one that fails', '#!/bin/sh\nexit 1\n'],
    ['one that says nonsense', '#!/bin/sh\nread line; echo nonsense\n'],
  ])('%s: there is no second opinion, and no error', async (_, script) => {
    const folder = temporaryFolder('path');
    if (script) {
      for (const name of ['python3', 'python']) {
        writeFileSync(path.join(folder, name), script);
        chmodSync(path.join(folder, name), 0o755);
      }
    }
    process.env.PATH = script ? `${folder}:/bin:/usr/bin` : folder;
    const plan = await planRepository(memorySnapshot(SAMPLE), steps(appending('bad', 'return 1')), { recipe: 'test' });
    expect(plan.verdicts.map((v) => v.kind)).toEqual(['applied']);
  });
});

describe('refusals', () => {
  const kindOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
      return 'fine';
    } catch (error) {
      return error instanceof NayekError ? error.kind : String(error);
    }
  };

  it('of a folder', async () => {
    const empty = temporaryFolder('run');
    expect(await kindOf(() => openRepository(path.join(empty, 'nope')))).toBe('not-a-directory');
    expect(await kindOf(() => openRepository(empty))).toBe('empty');
    writeFileSync(path.join(empty, 'README.md'), '');
    expect(await kindOf(() => openRepository(empty))).toBe('no-python');
  });

  it('of a plan that does not converge', async () => {
    const restless: Part = {
      ...appending('restless', 'x'),
      plan: (repo) => {
        const at = repo.read('app/main.py')?.text.length ?? 0;
        return [
          { kind: 'edits', reason: '', at: [], edits: { 'app/main.py': [{ start: at, end: at, text: '# x\n' }] } },
        ];
      },
    };
    expect(await kindOf(() => planRepository(memorySnapshot(SAMPLE), steps(restless), { recipe: 't' }))).toBe(
      'not-converged',
    );
  });

  it('of uncommitted changes: staged, modified, untracked, deleted; not of others', async () => {
    const plan = async (root: string) => ({
      ...(await planRepository(memorySnapshot(SAMPLE), steps(appending('a', 'x = 1')), { recipe: 't' })),
      root,
    });
    const root = repositoryOf(SAMPLE);
    const main = path.join(root, 'app/main.py');
    writeFileSync(path.join(root, 'other'), '');
    expect(assertClean(await plan(root))).toBeUndefined();
    writeFileSync(main, 'x');
    expect(await kindOf(async () => assertClean(await plan(root)))).toBe('dirty');
    git(root, 'add', 'app/main.py');
    expect(await kindOf(async () => assertClean(await plan(root)))).toBe('dirty');
    git(root, 'rm', '-qf', 'app/main.py');
    expect(await kindOf(async () => assertClean(await plan(root)))).toBe('dirty');
    git(root, 'reset', '-q', '--hard');
    git(root, 'rm', '-q', '--cached', 'app/main.py');
    expect(await kindOf(async () => assertClean(await plan(root)))).toBe('dirty');
    expect(assertClean(await plan(repositoryOf(SAMPLE, { git: false })))).toBeUndefined();
  });

  it('never runs a program that the repository configures', async () => {
    const root = repositoryOf(SAMPLE);
    const proof = path.join(root, '../ran');
    writeFileSync(path.join(root, '.git/monitor'), `#!/bin/sh\ntouch ${proof}\n`);
    chmodSync(path.join(root, '.git/monitor'), 0o755);
    git(root, 'config', 'core.fsmonitor', '.git/monitor');
    const plan = await planRepository(memorySnapshot(SAMPLE), steps(appending('a', 'x = 1')), { recipe: 't' });
    assertClean({ ...plan, root });
    expect(spawnSync('ls', [proof]).status).not.toBe(0);
  });
});

describe('the git folder', () => {
  it('is what git says', () => {
    const root = repositoryOf(SAMPLE, { folder: 'sub' });
    const top = path.dirname(root);
    expect(findGit(root)).toEqual({ top, dir: path.join(top, '.git') });
    expect(findGit(path.dirname(top))?.top).not.toBe(top);
    const bare = temporaryFolder('sep');
    execFileSync('git', ['init', '-q', '--separate-git-dir', path.join(bare, 'g'), path.join(bare, 'w')]);
    expect(findGit(path.join(bare, 'w'))?.dir).toBe(path.join(bare, 'g'));
  });
});

describe('reports', () => {
  const verdict = { part: 'p', at: [], files: [], warnings: [], commands: [] };
  const plan = {
    ...{ root: '/r', recipe: 't', changes: [], warnings: ['use redis://:hunter2@h'], reads: {} },
    skipped: [{ path: 'a\x1b[2J.py', reason: 'holds NUL bytes' }],
    verdicts: [
      {
        ...verdict,
        kind: 'applied',
        reason: 'was postgres://u:hunter2@h/d\nsecond line',
        at: [{ path: 'a\x1b.py', line: 3 }],
      },
      {
        ...verdict,
        kind: 'manual',
        reason: 'r',
        snippet: 'SECRET_KEY = "hunter2"\n\x1b[0m',
        commands: ['X_TOKEN=hunter2 run'],
      },
      { ...verdict, kind: 'satisfied', reason: 'fine' },
      { ...verdict, kind: 'skipped', reason: 'not here' },
      { ...verdict, kind: 'failed', reason: 'broke', warnings: ['password: hunter2'] },
    ],
  } as const;

  it('hide credentials and control characters, and keep a verdict on its line', () => {
    const text = summary(plan, { written: true });
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('\x1b');
    expect(text).toContain('a\\x1b.py:3: was postgres://u:***@h/d second line\n');
  });

  it('mark what holds, what falls short, and what does not apply', () => {
    const points = checklist(plan, []);
    expect(points.map((p) => p.mark)).toEqual(['short', 'short', 'holds', 'none', 'short']);
    expect(points.map((p) => p.patchable)).toEqual([true, false, false, false, false]);
    expect(JSON.stringify(points)).not.toContain('hunter2');
  });
});
