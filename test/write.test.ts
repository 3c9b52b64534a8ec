import { execFileSync } from 'node:child_process';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Part } from '../src/model/transform.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { savedPlan } from '../src/report/json.ts';
import { readSavedPlan } from '../src/report/saved-plan.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { type ErrorKind, NayekError } from '../src/system/errors.ts';
import { stateOf } from '../src/writer/state.ts';
import { isUnfinished, recoverNow, undo } from '../src/writer/undo.ts';
import { applyPlan, assertInside } from '../src/writer/write.ts';
import { failingAt, Killed, killedAt } from './faults.ts';
import { commitAll, copiedOnce } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { sampled } from './tier.ts';

beforeAll(loadPython);

/** Puts '# patched' in front of every text file below the root, and creates two files. */
const marker: Part = {
  id: 'marker',
  summary: '',
  source: '',
  options: {},
  plan: (repo) => {
    const todo = repo.paths.filter((p) => p.endsWith('.txt') && !repo.read(p)?.text.startsWith('# patched'));
    const creates = Object.fromEntries(
      ['new/deep/file', 'Procfile'].filter((p) => !repo.has(p)).map((p) => [p, `${p}\n`]),
    );
    if (todo.length === 0) return [];
    const edits = Object.fromEntries(todo.map((p) => [p, [{ start: 0, end: 0, text: '# patched\n' }]]));
    return [{ kind: 'edits', reason: 'marked', at: [], edits, creates }];
  },
};

function planFor(root: string): Plan {
  return makePlan(readSnapshot(root), [{ part: marker, options: {} }], { recipe: 'test' });
}

function repository(git = true): string {
  const root = path.join(temporaryFolder('write'), 'root');
  copiedOnce(['write', git], root, () => {
    nodeFs.mkdirSync(path.join(root, 'sub'));
    nodeFs.writeFileSync(path.join(root, 'a.txt'), 'a\r\nno end');
    nodeFs.writeFileSync(path.join(root, 'sub/b.txt'), Buffer.from('\ufeffwide\n', 'utf16le'), { mode: 0o640 });
    nodeFs.writeFileSync(path.join(root, 'run.txt'), '', { mode: 0o755 });
    for (const name of ['main.py', 'sub/main.py']) {
      nodeFs.writeFileSync(path.join(root, name), 'from fastapi import FastAPI\n\napp = FastAPI()\n');
    }
    nodeFs.writeFileSync(path.join(root, 'requirements.txt.in'), 'fastapi\n');
    if (git) commitAll(root);
  });
  return root;
}

function status(root: string): string {
  return execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: root, encoding: 'utf8' });
}

/** Everything below the root but the git folder: path → mode and bytes. */
function tree(root: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of nodeFs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, full);
    if (name.split(path.sep)[0] === '.git') continue;
    const mode = (nodeFs.lstatSync(full).mode & 0o7777).toString(8);
    out[name] = entry.isDirectory() ? `folder ${mode}` : `${mode} ${nodeFs.readFileSync(full).toString('latin1')}`;
  }
  return out;
}

async function kindOf(work: Promise<unknown>): Promise<ErrorKind | 'fine'> {
  try {
    await work;
    return 'fine';
  } catch (error) {
    if (error instanceof NayekError) return error.kind;
    throw error;
  }
}

describe.each([
  ['with git', true],
  ['without git', false],
])('apply and undo %s', (_, git) => {
  it('writes bytes, modes and folders, and takes all of it back', async () => {
    const root = repository(git);
    const before = tree(root);
    await applyPlan(planFor(root));
    const after = tree(root);
    expect(after['a.txt']).toBe(`${before['a.txt']?.slice(0, 3)} # patched\na\r\nno end`);
    expect(after['sub/b.txt']).toBe(`640 ${Buffer.from('\ufeff# patched\nwide\n', 'utf16le').toString('latin1')}`);
    expect(after['run.txt']).toBe('755 # patched\n');
    expect(after['new/deep/file']).toMatch(/^6\d\d new\/deep\/file\n$/);
    expect(after['main.py']).toBe(before['main.py']);
    expect(Object.keys(after).filter((p) => p.includes('tmp'))).toEqual([]);
    if (git) expect(status(root)).not.toContain('nayek');
    await undo(root);
    expect(tree(root)).toEqual(before);
    if (git) expect(status(root)).toBe('');
    expect(await kindOf(undo(root))).toBe('nothing-to-undo');
  });

  it('goes back several steps', async () => {
    const root = repository(git);
    const states = [tree(root)];
    for (const name of ['1.txt', '2.txt', '3.txt']) {
      nodeFs.writeFileSync(path.join(root, name), name);
      states.push(withoutState(tree(root)));
      await applyPlan(planFor(root));
    }
    for (const name of ['3.txt', '2.txt', '1.txt']) {
      await undo(root);
      expect(withoutState(tree(root))).toEqual(states.pop());
      nodeFs.rmSync(path.join(root, name));
    }
  });
});

function withoutState(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('.nayek')));
}

describe('the state folder', () => {
  it('is for its owner only, and ignores itself without git', async () => {
    const root = repository(false);
    await applyPlan(planFor(root));
    const files = tree(root);
    expect(files['.nayek']).toBe('folder 700');
    expect(files['.nayek/.gitignore']).toBe('600 *\n');
    expect(files['.nayek/steps/0001']).toBe('folder 700');
    expect(files['.nayek/steps/0001/1']).toMatch(/^600 /);
    expect(files['.nayek/steps/0001/step.json']).toMatch(/^600 /);
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(status(root)).not.toContain('.nayek');
  });

  it('is in the git folder of a worktree and of a submodule', () => {
    const root = repository();
    const worktree = path.join(temporaryFolder('wt'), 'w');
    execFileSync('git', ['worktree', 'add', '-q', worktree], { cwd: root, stdio: 'ignore' });
    const expected = execFileSync('git', ['rev-parse', '--git-dir'], { cwd: worktree, encoding: 'utf8' }).trim();
    expect(stateOf(path.join(worktree, 'sub'))).toMatchObject({
      folder: path.join(expected, 'nayek'),
      rootName: 'sub',
    });
    const outer = repository();
    const add = ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', root, 'module'];
    execFileSync('git', add, { cwd: outer, stdio: 'ignore' });
    expect(stateOf(path.join(outer, 'module')).folder).toBe(path.join(outer, '.git/modules/module/nayek'));
  });

  it('is not put where a .git file leads to something else', () => {
    const root = repository(false);
    nodeFs.writeFileSync(path.join(root, '.git'), `gitdir: ${os.homedir()}\n`);
    expect(stateOf(root).folder).toBe(path.join(root, '.nayek'));
  });
});

/** Numbers of the calls at which it dies or fails, the last ones all. */
function moments(calls: number): readonly number[] {
  expect(calls).toBeGreaterThan(40);
  const numbers = [...Array(calls).keys()];
  return [...sampled(numbers.slice(0, -5), 20), ...numbers.slice(-5)];
}

describe('a kill at any moment', () => {
  it('leaves all or nothing, after the next run has looked', async () => {
    const total = killedAt(Number.POSITIVE_INFINITY);
    await applyPlan(planFor(repository()), { fs: total.fs });
    let rolledBack = 0;
    let finished = 0;
    for (const n of moments(total.calls())) {
      const root = repository(n % 2 === 0);
      const before = tree(root);
      await expect(applyPlan(planFor(root), { fs: killedAt(n).fs })).rejects.toThrow(Killed);
      const state = stateOf(root);
      if (isUnfinished(state)) {
        expect((await recoverNow(state)).sort()).toEqual([
          'Procfile',
          'a.txt',
          'new/deep/file',
          'run.txt',
          'sub/b.txt',
        ]);
        rolledBack++;
      }
      const now = withoutState(tree(root));
      if (now.Procfile === undefined) expect(now, `killed at ${n}`).toEqual(before);
      else {
        expect(planFor(root).changes, `killed at ${n}`).toEqual([]);
        await undo(root);
        expect(withoutState(tree(root))).toEqual(before);
        finished++;
      }
      await applyPlan(planFor(root));
      await undo(root);
      expect(tree(root), `killed at ${n}`).toEqual(before);
    }
    expect(rolledBack).toBeGreaterThan(moments(total.calls()).length / 2);
    expect(finished).toBeGreaterThan(0);
    expect(finished).toBeLessThan(5);
  });

  it('during an undo: the next run finishes it', async () => {
    const probe = repository();
    await applyPlan(planFor(probe));
    const total = killedAt(Number.POSITIVE_INFINITY);
    await undo(probe, { fs: total.fs });
    for (const n of moments(total.calls())) {
      const root = repository();
      const before = tree(root);
      await applyPlan(planFor(root));
      const patched = tree(root);
      await expect(undo(root, { fs: killedAt(n).fs })).rejects.toThrow(Killed);
      if (isUnfinished(stateOf(root))) await recoverNow(stateOf(root));
      const now = tree(root);
      expect([before, patched], `killed at ${n}`).toContainEqual(now);
    }
  });
});

describe('a failing disk', () => {
  it.each(['ENOSPC', 'EACCES', 'EIO'])('%s at any moment is reported, and nothing has changed', async (code) => {
    const total = killedAt(Number.POSITIVE_INFINITY);
    await applyPlan(planFor(repository()), { fs: total.fs });
    let failures = 0;
    for (const n of moments(total.calls())) {
      const root = repository();
      const before = tree(root);
      const kind = await kindOf(applyPlan(planFor(root), { fs: failingAt(n, code).fs }));
      // A folder that cannot be synced is no reason to give up.
      if (kind === 'fine') continue;
      expect(kind).toBe('read-only');
      failures++;
      expect(isUnfinished(stateOf(root)), `call ${n}`).toBe(false);
      expect(tree(root), `call ${n}`).toEqual(before);
    }
    expect(failures).toBeGreaterThan(moments(total.calls()).length / 2);
  });
});

describe('refusals, with nothing written', () => {
  it('drift of a file to change, or to create', async () => {
    for (const touch of ['a.txt', 'Procfile']) {
      const root = repository();
      const plan = planFor(root);
      nodeFs.writeFileSync(path.join(root, touch), 'somebody else');
      const before = tree(root);
      expect(await kindOf(applyPlan(plan))).toBe('drift');
      expect(tree(root)).toEqual(before);
    }
  });

  it('drift of a file that was only read', async () => {
    const root = repository();
    const made = planFor(root);
    const plan = { ...made, reads: { ...made.reads, 'main.py': '0'.repeat(64) } };
    expect(await kindOf(applyPlan(plan))).toBe('drift');
  });

  it('drift while it is being written: the others are rolled back, the foreign change stays', async () => {
    const root = repository();
    const plan = planFor(root);
    const before = tree(root);
    const meddling = new Proxy(nodeFs, {
      get(target, name: string) {
        if (name !== 'renameSync') return Reflect.get(target, name);
        return (from: string, to: string) => {
          nodeFs.renameSync(from, to);
          if (to.endsWith('Procfile')) nodeFs.writeFileSync(path.join(root, 'sub/b.txt'), 'theirs');
        };
      },
    });
    expect(await kindOf(applyPlan(plan, { fs: meddling }))).toBe('drift');
    expect(tree(root)).toEqual({ ...before, 'sub/b.txt': '640 theirs' });
  });

  it('a link or a folder in the place of a file, or of a folder above it', async () => {
    const root = repository();
    const plan = planFor(root);
    const outside = temporaryFolder('out');
    nodeFs.renameSync(path.join(root, 'sub'), path.join(outside, 'sub'));
    nodeFs.symlinkSync(path.join(outside, 'sub'), path.join(root, 'sub'));
    expect(await kindOf(applyPlan(plan))).toBe('outside');
    expect(nodeFs.readFileSync(path.join(outside, 'sub/b.txt')).length).toBe(12);
    nodeFs.rmSync(path.join(root, 'sub'));
    nodeFs.mkdirSync(path.join(root, 'sub/b.txt'), { recursive: true });
    expect(await kindOf(applyPlan(plan))).toBe('outside');
    nodeFs.rmSync(path.join(root, 'sub'), { recursive: true });
    nodeFs.writeFileSync(path.join(root, 'sub'), 'a file');
    expect(await kindOf(applyPlan(plan))).toBe('outside');
  });

  it.each([
    '../x',
    '/etc/x',
    'a/../../x',
    '.git/hooks/pre-commit',
    'a/.GIT/config',
    '.nayek/x',
    'a//b',
    './a',
    '',
    'a\\b',
    'C:x',
    'a\nb',
  ])('the name %j', (name) => expect(() => assertInside(name)).toThrow(NayekError));

  it.each(['a', 'a b/c.py', '.github/x', '.gitignore', 'a..b/...', 'é'])('but not the name %j', (name) =>
    assertInside(name),
  );

  it('a second process', async () => {
    const root = repository();
    const { folder } = stateOf(root);
    nodeFs.mkdirSync(folder);
    nodeFs.writeFileSync(path.join(folder, 'lock'), `1 ${os.hostname()}\n`);
    expect(await kindOf(applyPlan(planFor(root)))).toBe('locked');
    nodeFs.writeFileSync(path.join(folder, 'lock'), `${process.pid} another.host\n`);
    expect(await kindOf(applyPlan(planFor(root)))).toBe('locked');
    nodeFs.writeFileSync(path.join(folder, 'lock'), '');
    expect(await kindOf(applyPlan(planFor(root)))).toBe('locked');
    expect(status(root)).toBe('');
  });

  it('but the lock of a dead process is taken over', async () => {
    const root = repository();
    const { folder } = stateOf(root);
    const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    nodeFs.mkdirSync(folder);
    nodeFs.writeFileSync(path.join(folder, 'lock'), `${dead} ${os.hostname()}\n`);
    expect(await kindOf(applyPlan(planFor(root)))).toBe('fine');
    expect(nodeFs.readdirSync(folder)).toEqual(['steps']);
  });

  it('two at once in one process: one of them writes', async () => {
    const root = repository();
    const plan = planFor(root);
    const kinds = await Promise.all([kindOf(applyPlan(plan)), kindOf(applyPlan(plan))]);
    expect(kinds.sort()).toEqual(['fine', 'locked']);
  });

  it('an interruption', async () => {
    const root = repository();
    const before = tree(root);
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    expect(await kindOf(applyPlan(planFor(root), { signal: abort.signal }))).toBe('interrupted');
    expect(tree(root)).toEqual(before);
    expect(isUnfinished(stateOf(root))).toBe(false);
  });
});

describe('undo', () => {
  it('refuses when a file has changed since, and keeps a copy when forced', async () => {
    const root = repository();
    const before = tree(root);
    await applyPlan(planFor(root));
    nodeFs.appendFileSync(path.join(root, 'a.txt'), 'mine');
    nodeFs.appendFileSync(path.join(root, 'Procfile'), 'mine too');
    const changed = tree(root);
    await expect(undo(root)).rejects.toThrow('changed since the patch: Procfile, a.txt');
    expect(tree(root)).toEqual(changed);
    const { copies = '' } = await undo(root, { force: true });
    expect(tree(root)).toEqual(before);
    const kept = nodeFs.readdirSync(copies).map((n) => nodeFs.readFileSync(path.join(copies, n), 'utf8'));
    expect(kept).toEqual(['Procfile\nmine too', '# patched\na\r\nno endmine']);
  });

  it('restores what has been deleted, when forced', async () => {
    const root = repository();
    const before = tree(root);
    await applyPlan(planFor(root));
    nodeFs.rmSync(path.join(root, 'sub'), { recursive: true });
    nodeFs.rmSync(path.join(root, 'Procfile'));
    await expect(undo(root)).rejects.toThrow('sub/b.txt');
    await undo(root, { force: true });
    delete before['sub/main.py'];
    expect(tree(root)).toEqual(before);
  });

  it('leaves a created folder that holds something else now', async () => {
    const root = repository();
    await applyPlan(planFor(root));
    nodeFs.writeFileSync(path.join(root, 'new/mine'), '');
    await undo(root);
    expect(nodeFs.readdirSync(path.join(root, 'new'))).toEqual(['mine']);
  });

  it('never restores through a link: names the file, and restores the others', async () => {
    const root = repository();
    const before = tree(root);
    await applyPlan(planFor(root));
    const outside = path.join(temporaryFolder('out'), 'sub');
    nodeFs.renameSync(path.join(root, 'sub'), outside);
    nodeFs.symlinkSync(outside, path.join(root, 'sub'));
    const away = tree(path.dirname(outside));
    expect(await kindOf(undo(root))).toBe('journal');
    const { left, files, copies = '' } = await undo(root, { force: true });
    expect(left).toEqual([{ path: 'sub/b.txt', why: 'sub is no folder' }]);
    expect(files).toEqual(['Procfile', 'a.txt', 'new/deep/file', 'run.txt']);
    expect(tree(path.dirname(outside))).toEqual(away);
    expect(nodeFs.readFileSync(path.join(root, 'a.txt'), 'latin1')).toBe(before['a.txt']?.slice(4));
    const [kept = ''] = nodeFs.readdirSync(copies);
    expect(`640 ${nodeFs.readFileSync(path.join(copies, kept), 'latin1')}`).toBe(before['sub/b.txt']);
  });

  it('of one root leaves the other roots of the same git repository', async () => {
    const root = repository();
    await applyPlan(planFor(path.join(root, 'sub')));
    expect(await kindOf(undo(root))).toBe('nothing-to-undo');
    expect(await kindOf(undo(path.join(root, 'sub')))).toBe('fine');
    expect(status(root)).toBe('');
  });

  it('says so when a saved copy is damaged', async () => {
    const root = repository();
    await applyPlan(planFor(root));
    const step = path.join(stateOf(root).folder, 'steps/0001');
    for (const blob of ['0', '1', '2', '3', '4']) {
      if (nodeFs.existsSync(path.join(step, blob))) nodeFs.writeFileSync(path.join(step, blob), 'damaged');
    }
    expect(await kindOf(undo(root))).toBe('journal');
  });
});

describe('a saved plan', () => {
  it('comes back equal, and gives the same bytes', async () => {
    const root = repository();
    const plan = planFor(root);
    const text = JSON.stringify(savedPlan(plan));
    const again = readSavedPlan(text, readSnapshot);
    // Whose each edit is, is for reports alone.
    const kept = plan.changes.map(({ claims: _, ...change }) => change);
    expect(again.changes).toEqual(
      kept.map((c) => (c.before === null ? { ...c, edits: again.changes.find((a) => a.path === c.path)?.edits } : c)),
    );
    await applyPlan(again);
    expect(planFor(root).changes).toEqual([]);
    await undo(root);
    expect(status(root)).toBe('');
  });

  it.each([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['another schema', (s: object) => JSON.stringify({ ...s, schema: 99 })],
    [
      'no edits',
      (s: { changes: object[] }) =>
        JSON.stringify({ ...s, changes: s.changes.map((c) => ({ ...c, edits: undefined })) }),
    ],
    ['another text', (s: { changes: object[] }) => JSON.stringify(s).replaceAll('# patched', '# hatched')],
    ['null', () => 'null'],
  ])('with %s is refused', (_, spoil) => {
    const root = repository();
    const saved = JSON.parse(JSON.stringify(savedPlan(planFor(root))));
    expect(() => readSavedPlan(spoil(saved), readSnapshot)).toThrow(NayekError);
  });

  it('cannot write outside of the repository or into .git', async () => {
    for (const name of ['../evil', '.git/hooks/post-checkout', '/tmp/evil']) {
      const root = repository();
      const saved = JSON.stringify(savedPlan(planFor(root))).replaceAll('"Procfile"', JSON.stringify(name));
      expect(await kindOf(Promise.resolve().then(() => applyPlan(readSavedPlan(saved, readSnapshot))))).toBe('outside');
      expect(status(root)).toBe('');
    }
  });
});
