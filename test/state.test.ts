/**
 * A journal is ours only when this user's nayek on this machine wrote it: whatever else lies in its place stops what
 * writes, with one line, and stays as it is.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sha256 } from '../src/writer/disk.ts';
import { inspect } from '../src/writer/inspect.ts';
import { setAside } from '../src/writer/set-aside.ts';
import { stateOf } from '../src/writer/state.ts';
import { recoverNow, undo } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { Killed, killedAt } from './faults.ts';
import {
  cutShort,
  edit,
  FILES,
  failure,
  folderOf,
  fresh,
  ground,
  planFor,
  put,
  repository,
  sources,
  tree,
  within,
} from './patched.ts';

describe.each([
  ['with git', true],
  ['without git', false],
])('what a repository brings along %s', (_, git) => {
  /** Nothing is written, removed or moved, and each command says in one line what to do. */
  async function stops(root: string, why: string, watched = path.dirname(root)): Promise<void> {
    const before = tree(watched);
    const works = [() => applyPlan(planFor(root)), () => undo(root), () => undo(root, { force: true })];
    for (const work of [...works, () => recoverNow(stateOf(root))]) {
      const error = await failure(work());
      expect(error?.message).toContain(why);
      expect(error?.message).not.toContain('\n');
      expect(error?.hint).toMatch(/nayek doctor --journal --set-aside|remove that link/);
      expect(tree(watched)).toEqual(before);
    }
  }

  it.each(['steps/0001', 'steps', ''])('a link in the place of %j', async (place) => {
    const root = repository(git);
    const precious = path.join(root, '../precious');
    put(precious, '0001/step.json', 'precious');
    put(precious, 'steps/0001/1', 'precious');
    put(precious, 'a', 'precious');
    const link = path.join(root, git ? '.git/nayek' : '.nayek', place);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(precious, link);
    await stops(root, place === 'steps/0001' ? 'is a link' : 'is not a regular file');
  });

  it.each([
    ['no record', '', 'holds no record'],
    ['a damaged record', '{"version":2,"sta', 'has a damaged record'],
    ['null', 'null', 'has a damaged record'],
    ['an unknown version', '{"version":3}', 'version that this nayek does not know'],
    ['a former version', '{"version":1,"state":"committed"}', 'a former nayek'],
    ['no seal', '{"version":2}', 'has no seal'],
    ['an odd seal', '{"version":2,"seal":{"key":1,"mac":[]}}', 'has no seal'],
    ['a made-up seal', '{"version":2,"seal":{"key":"k","mac":"m"}}', 'not written by your nayek'],
  ])('a step with %s', async (__, record, why) => {
    const root = repository(git);
    const step = path.join(folderOf(root), 'steps/0001');
    put(step, '0', 'precious');
    put(step, 'thesis.doc', 'precious');
    if (record) put(step, 'step.json', record);
    await stops(root, why);
  });

  it.each([1, 2])('a forged journal of version %i that would delete, rewrite and set modes', async (version) => {
    const root = repository(git);
    const entry = (name: string, before: string | null) => ({
      path: name,
      before: before === null ? null : { sha256: sha256(Buffer.from(before)), mode: 0o4777, blob: '0' },
      after: sha256(Buffer.from(FILES[name as keyof typeof FILES])),
      temp: '.nayek-tmp-1-0',
    });
    const files = [entry('a.txt', null), entry('sub/b.txt', 'evil')];
    const record = { version, state: 'open', home: root, root: '', at: '', recipe: '', files, folders: ['svc'] };
    const step = path.join(folderOf(root), 'steps/0001');
    put(step, '0', 'evil');
    put(step, 'step.json', JSON.stringify({ ...record, seal: { key: '0'.repeat(16), mac: '0'.repeat(64) } }));
    await stops(root, version === 1 ? 'a former nayek' : 'not written by your nayek');
  });

  it('a journal of another user or machine', async () => {
    const root = repository(git);
    await within({ XDG_STATE_HOME: fresh() }, () => cutShort(root));
    await stops(root, 'not written by your nayek');
  });

  it.each<[string, (record: { files: { path: string }[]; state: string }) => void]>([
    ['another file', (r) => Object.assign(r.files[0] ?? {}, { path: 'sub/b.txt' })],
    ['another state', (r) => Object.assign(r, { state: 'open' })],
    ['a file left out', (r) => r.files.pop()],
    ['one more key', (r) => Object.assign(r, { more: 1 })],
  ])('our own record, changed: %s', async (__, change) => {
    const root = repository(git);
    await applyPlan(planFor(root));
    const file = path.join(folderOf(root), 'steps/0001/step.json');
    edit(file, (text) => {
      const record = JSON.parse(text);
      change(record);
      return JSON.stringify(record);
    });
    await stops(root, 'damaged or changed');
  });

  it('our own step under another number, or twice', async () => {
    const root = repository(git);
    await applyPlan(planFor(root));
    const steps = path.join(folderOf(root), 'steps');
    fs.cpSync(path.join(steps, '0001'), path.join(steps, '0002'), { recursive: true });
    await stops(root, 'damaged or changed');
  });

  it('remains of killed runs that are not ours stay; ours go', async () => {
    const root = repository(git);
    const state = path.join(folderOf(root), 'steps');
    const mine = `.new-${'0'.repeat(16)}-${'0'.repeat(32)}`;
    put(path.join(state, mine), '0', 'precious');
    put(state, 'notes', 'precious');
    put(path.join(state, '.gone'), '0', 'precious');
    const before = tree(state);
    await expect(applyPlan(planFor(root), { fs: killedAt(git ? 4 : 9).fs })).rejects.toThrow(Killed);
    expect(Object.keys(tree(state)).length).toBeGreaterThan(Object.keys(before).length);
    await applyPlan(planFor(root));
    await undo(root);
    expect(tree(state)).toEqual(before);
  });

  it('files beside the steps stay', async () => {
    const root = repository(git);
    put(folderOf(root), '.gitignore', '*\nprecious\n');
    await applyPlan(planFor(root));
    await undo(root);
    expect(fs.readFileSync(path.join(folderOf(root), '.gitignore'), 'utf8')).toBe('*\nprecious\n');
  });

  it('files that a person has put into the folder of a step are kept', async () => {
    const root = repository(git);
    await applyPlan(planFor(root));
    put(folderOf(root), 'steps/0001/thesis.doc', 'precious');
    await undo(root);
    expect(Object.values(tree(folderOf(root))).filter((text) => text.endsWith(' precious'))).toHaveLength(1);
    expect(inspect(stateOf(root), fs)).toMatchObject({
      steps: [],
      strangers: [],
      remains: [],
      kept: [expect.stringContaining('kept-gone')],
    });
    await applyPlan(planFor(root));
    await undo(root);
  });

  it('a lock that is none is not taken away, however old', async () => {
    const root = repository(git);
    const lock = path.join(folderOf(root), 'lock');
    put(folderOf(root), 'lock', 'precious\n');
    fs.utimesSync(lock, 1e9, 1e9);
    expect(await failure(applyPlan(planFor(root)))).toMatchObject({ kind: 'locked' });
    expect(fs.readFileSync(lock, 'utf8')).toBe('precious\n');
  });

  it('a key', async () => {
    const root = repository(git);
    const home = path.join(root, 'home');
    const folder = path.join(home, '.local/state/nayek');
    put(folder, 'journal.key', `${'a'.repeat(64)}\n`);
    fs.chmodSync(path.join(folder, 'journal.key'), 0o600);
    const TMPDIR = fresh();
    fs.mkdirSync(TMPDIR);
    const env = { HOME: home, XDG_STATE_HOME: path.join(home, '.local/state'), TMPDIR };
    await within(env, async () => {
      await applyPlan(planFor(root));
      expect(fs.readFileSync(path.join(folder, 'journal.key'), 'utf8')).toBe(`${'a'.repeat(64)}\n`);
      const own = execFileSync('sha256sum', { input: Buffer.from('a'.repeat(64), 'hex'), encoding: 'utf8' });
      const { seal } = JSON.parse(fs.readFileSync(path.join(folderOf(root), 'steps/0001/step.json'), 'utf8'));
      expect(seal.key).not.toBe(own.slice(0, 16));
    });
  });

  it('a copy and a move of a repository of ours: undo works there, but nothing is undone unasked', async () => {
    const root = repository(git);
    const before = sources(root);
    await cutShort(root);
    const half = sources(root);
    const copy = path.join(root, '../copy');
    fs.cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    expect(await failure(applyPlan(planFor(copy)))).toMatchObject({
      message: expect.stringContaining(`when this repository lay in ${root}`),
      hint: expect.stringContaining('nayek undo'),
    });
    expect(sources(copy)).toEqual(half);
    await undo(copy);
    expect(sources(copy)).toEqual(before);
    await recoverNow(stateOf(root));
    await applyPlan(planFor(root));
    fs.renameSync(root, `${root}-moved`);
    await undo(`${root}-moved`);
    expect(sources(`${root}-moved`)).toEqual(before);
  });
});

describe('the key', () => {
  it('is made once, 0600, and is the same for two that make it at once', async () => {
    const home = fresh();
    const roots = [repository(), repository()];
    await within({ XDG_STATE_HOME: home }, () => Promise.all(roots.map((root) => applyPlan(planFor(root)))));
    expect(fs.readdirSync(path.join(home, 'nayek'))).toEqual(['journal.key']);
    expect(fs.statSync(path.join(home, 'nayek/journal.key')).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.join(home, 'nayek')).mode & 0o777).toBe(0o700);
    const names = roots.map((root) => {
      const text = fs.readFileSync(path.join(folderOf(root), 'steps/0001/step.json'), 'utf8');
      return JSON.parse(text).seal.key;
    });
    expect(names[0]).toBe(names[1]);
    expect(JSON.stringify(tree(roots[0] ?? ''))).not.toContain(
      fs.readFileSync(path.join(home, 'nayek/journal.key'), 'utf8').trim(),
    );
  });

  it.each([
    ['others can read', (file: string) => fs.chmodSync(file, 0o644)],
    [
      'is a link',
      (file: string) => {
        fs.renameSync(file, `${file}.away`);
        fs.symlinkSync(`${file}.away`, file);
      },
    ],
    ['is damaged', (file: string) => fs.truncateSync(file, 10)],
  ])('that %s is not used', async (_, spoil) => {
    const env = { XDG_STATE_HOME: fresh(), HOME: '/nowhere', TMPDIR: path.join(ground, 'tmp') };
    fs.mkdirSync(env.TMPDIR, { recursive: true });
    await within(env, async () => {
      const root = repository();
      await applyPlan(planFor(root));
      spoil(path.join(env.XDG_STATE_HOME, 'nayek/journal.key'));
      expect(await failure(undo(root))).toMatchObject({
        message: expect.stringContaining('not written by your nayek'),
      });
    });
  });

  it('is kept in the folder for temporary files where no home can be written', async () => {
    const env = { XDG_STATE_HOME: '/proc/nowhere', HOME: '/proc', TMPDIR: fresh() };
    fs.mkdirSync(env.TMPDIR);
    const root = repository();
    const before = sources(root);
    await within(env, async () => {
      await applyPlan(planFor(root));
      await undo(root);
    });
    expect(sources(root)).toEqual(before);
  });

  it('that is gone later, as in a fresh container: one line, and nothing is lost', async () => {
    const root = repository();
    await within({ XDG_STATE_HOME: fresh() }, () => applyPlan(planFor(root)));
    const patched = tree(root);
    const TMPDIR = fresh();
    fs.mkdirSync(TMPDIR);
    // The home that the system knows, which may hold a key of whoever runs the tests.
    const known = vi.spyOn(os, 'userInfo').mockReturnValue({ ...os.userInfo(), homedir: '/nowhere' } as never);
    onTestFinished(() => known.mockRestore());
    await within({ XDG_STATE_HOME: fresh(), HOME: '/nowhere', TMPDIR }, async () => {
      for (const work of [() => undo(root), () => applyPlan(planFor(root))]) {
        const error = await failure(work());
        expect(error?.message).toMatch(/steps\/0001 was sealed with a key that this home does not have$/);
        expect(error?.hint).toMatch(/journal\.key with the work tree; or begin anew: .*--set-aside/);
      }
      expect(tree(root)).toEqual(patched);
      // As the hint says.
      setAside(stateOf(root), fs);
      fs.rmSync(path.join(root, 'new'), { recursive: true });
      await applyPlan(planFor(root));
      await undo(root);
      await applyPlan(planFor(root));
    });
    expect(await failure(undo(root))).toMatchObject({
      message: expect.stringContaining('was not written by your nayek on this machine'),
    });
  });
});

describe('a .git file', () => {
  it('that names the git directory of another repository leads to no journal but its own', async () => {
    const victim = repository();
    await cutShort(victim);
    const half = tree(victim);
    const evil = repository(false);
    fs.writeFileSync(path.join(evil, '.git'), `gitdir: ${victim}/.git\n`);
    await applyPlan(planFor(evil));
    expect(tree(victim)).toEqual(half);
    expect(fs.existsSync(path.join(evil, '.nayek/steps/0001'))).toBe(true);
    await undo(evil);
    expect(tree(victim)).toEqual(half);
  });

  it.each(['a link', 'the file of another worktree', 'the file of another submodule'])(
    'and so does %s',
    async (kind) => {
      const victim = repository();
      const evil = repository(false);
      const away = path.join(victim, '../w');
      if (kind === 'a link') fs.symlinkSync(path.join(victim, '.git'), path.join(evil, '.git'));
      else if (kind.includes('worktree')) {
        execFileSync('git', ['worktree', 'add', '-q', away], { cwd: victim, stdio: 'ignore' });
        fs.copyFileSync(path.join(away, '.git'), path.join(evil, '.git'));
      } else {
        const add = ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repository(), 'm'];
        execFileSync('git', add, { cwd: victim, stdio: 'ignore' });
        fs.writeFileSync(path.join(evil, '.git'), `gitdir: ${victim}/.git/modules/m\n`);
      }
      expect(folderOf(evil)).toBe(path.join(evil, '.nayek'));
      expect(stateOf(path.join(evil, 'svc')).folder).toBe(path.join(evil, 'svc/.nayek'));
    },
  );
});
