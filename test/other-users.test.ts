/**
 * Files of other users, and mounts that refuse. The command runs as nobody where the tests run as root and nobody can
 * read it; read-only file systems are really mounted where that is allowed.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { assertClean, openRepository, planRepository } from '../src/engine/run.ts';
import { inspect } from '../src/writer/inspect.ts';
import { assertUnlocked } from '../src/writer/lock.ts';
import { stateOf } from '../src/writer/state.ts';
import { undo } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { buildOnce, command } from './built.ts';
import { Killed, killedAfter } from './faults.ts';
import { failure, planFor, sources } from './patched.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(buildOnce);

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
/** Root's home may be closed to nobody. */
const reaches =
  isRoot &&
  spawnSync(process.execPath, ['-p', '1'], { cwd: import.meta.dirname, uid: NOBODY, gid: NOBODY }).status === 0;

const TEXTS = {
  'a.txt': 'a\n',
  'sub/b.txt': 'b\n',
  'main.py': SAMPLE['app/main.py'] ?? '',
  'requirements.txt': 'fastapi\nuvicorn\n',
};

/** A repository, all of it nobody's. */
function ofNobody(options: { git?: boolean } = {}): string {
  const root = repositoryOf(TEXTS, { git: false, ...options });
  fs.chmodSync(path.dirname(root), 0o755);
  giveAway(root);
  return root;
}

function giveAway(root: string): void {
  fs.lchownSync(root, NOBODY, NOBODY);
  for (const name of fs.readdirSync(root, { recursive: true }) as string[]) {
    fs.lchownSync(path.join(root, name), NOBODY, NOBODY);
  }
}

/** Who owns what is in the tree, but for the journal. */
function owners(root: string): Record<string, number> {
  const names = (fs.readdirSync(root, { recursive: true }) as string[]).filter(
    (n) => !/^\.(?:git|nayek)(?:\/|$)/.test(n),
  );
  return Object.fromEntries(names.map((name) => [name, fs.lstatSync(path.join(root, name)).uid]));
}

/** The command as nobody: exit code and all that it says. */
function asNobody(root: string, args: readonly string[], umask = '022'): string {
  const HOME = path.join(path.dirname(root), 'home');
  if (!fs.existsSync(HOME)) fs.mkdirSync(HOME);
  fs.chownSync(HOME, NOBODY, NOBODY);
  const call = ['-c', 'umask "$0" && exec "$@"', umask, process.execPath, command, ...args];
  const env = { PATH: process.env.PATH, HOME, TMPDIR: HOME };
  const { status, stdout, stderr } = spawnSync('sh', call, {
    cwd: root,
    env,
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
  });
  return `${status}\n${stdout}${stderr}`;
}

/** Permissions bind within, as for a user who is not root. */
function bound<T>(work: () => T): T {
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

const NAMES = ['a.txt', 'sub/b.txt'];

describe.skipIf(!reaches)("root's journal, seen by the owner (as root, the command readable by all)", () => {
  it.each([
    ['a patch', async (root: string) => applyPlan(planFor(root, NAMES))],
    [
      'a patch that was cut short',
      async (root: string) => expect(applyPlan(planFor(root, NAMES), { fs: killedAfter(1) })).rejects.toThrow(Killed),
    ],
  ])('%s: a dry run plans, and says whose it is; what writes stops; root takes it back', async (what, patch) => {
    const root = ofNobody({ git: what === 'a patch' });
    const before = sources(root);
    await patch(root);
    const patched = sources(root);
    expect(asNobody(root, ['patch', '--dry-run'])).toMatch(
      /^0\n(?:.*\n)*.*warning: .*nayek belongs to root, and so does the patch/,
    );
    expect(asNobody(root, ['undo'])).toMatch(/^2\nnayek: .*belongs to root.*`sudo nayek undo` takes it back.*\n$/);
    expect(sources(root)).toEqual(patched);
    await undo(root);
    expect(sources(root)).toEqual(before);
    expect(new Set(Object.values(owners(root)))).toEqual(new Set([NOBODY]));
  });

  it('can be moved out of the way by the owner, and then it is patched', async () => {
    const root = ofNobody();
    await applyPlan(planFor(root, NAMES));
    expect(asNobody(root, ['doctor', '--journal', '--set-aside'])).toMatch(/^0\nmoved .*\.nayek to .*aside/);
    expect(asNobody(root, ['patch'])).toMatch(/^0\n/);
    expect(fs.readdirSync(root).filter((name) => name.startsWith('.nayek-aside-'))).toHaveLength(1);
  });
});

describe.skipIf(!isRoot)('what root writes (as root)', () => {
  it("belongs to the folder's owner: replaced, made, in new folders, and taken back", async () => {
    const root = ofNobody();
    await applyPlan(planFor(root, NAMES));
    expect(owners(root)).toMatchObject({ 'a.txt': NOBODY, 'sub/b.txt': NOBODY, new: NOBODY, 'new/d.txt': NOBODY });
    fs.rmSync(path.join(root, 'sub'), { recursive: true });
    await undo(root, { force: true });
    expect(owners(root)).toMatchObject({ 'a.txt': NOBODY, sub: NOBODY, 'sub/b.txt': NOBODY });
  });

  it('belongs to the owner of its own folder, where that is another', async () => {
    const root = ofNobody();
    fs.mkdirSync(path.join(root, 'new'));
    fs.chownSync(path.join(root, 'new'), 1234, 1234);
    await applyPlan(planFor(root, NAMES));
    expect(owners(root)).toMatchObject({ 'a.txt': NOBODY, new: 1234, 'new/d.txt': 1234 });
  });

  it('is for nobody else in the journal', async () => {
    const root = ofNobody();
    await applyPlan(planFor(root, NAMES));
    const state = path.join(root, '.nayek');
    for (const name of ['', ...(fs.readdirSync(state, { recursive: true }) as string[])]) {
      const { uid, mode } = fs.lstatSync(path.join(state, name));
      expect([uid, mode & 0o077], name).toEqual([0, 0]);
    }
  });
});

describe('a mask that takes everything away', () => {
  it('leaves files that their owner can use, and the patch can be taken back', async () => {
    const root = repositoryOf(TEXTS, { git: false });
    const before = sources(root);
    const mask = process.umask(0o777);
    try {
      await applyPlan(planFor(root, NAMES));
      const modes = ['new', 'new/d.txt', '.nayek', '.nayek/steps', '.nayek/steps/0001', '.nayek/steps/0001/0'];
      const found = modes.map((name) => (fs.lstatSync(path.join(root, name)).mode & 0o777).toString(8));
      expect(found).toEqual(['700', '600', '700', '700', '700', '600']);
      await undo(root);
    } finally {
      process.umask(mask);
    }
    expect(sources(root)).toEqual(before);
  });

  it.skipIf(!reaches)('of a user whom permissions bind: patch and undo (as root)', () => {
    const root = ofNobody();
    const before = sources(root);
    expect(asNobody(root, ['patch'], '777')).toMatch(/^0\n/);
    expect(asNobody(root, ['undo'], '777')).toMatch(/^0\n/);
    expect(sources(root)).toEqual(before);
  });
});

/** Mounts something over a folder, read-only; false where that is not allowed. */
function readOnly(folder: string): boolean {
  if (spawnSync('mount', ['--bind', folder, folder]).status !== 0) return false;
  if (spawnSync('mount', ['-o', 'remount,ro,bind', folder]).status === 0) return true;
  unmount(folder);
  return false;
}

function unmount(folder: string): void {
  expect(spawnSync('umount', [folder]).status).toBe(0);
}

function mayMount(): boolean {
  const folder = temporaryFolder('probe');
  if (!isRoot || !readOnly(folder)) return false;
  unmount(folder);
  return true;
}

describe.skipIf(!mayMount())('a file system that is mounted read-only (where mounting is allowed)', () => {
  it.each([
    ['the repository', '', false],
    ['its git directory', '.git', true],
    ['a folder in it', 'sub', false],
  ])('%s: said in one line, nothing is written', async (_, place, isGit) => {
    const root = repositoryOf(TEXTS, { git: isGit });
    const before = sources(root);
    expect(readOnly(path.join(root, place))).toBe(true);
    try {
      const error = await failure(applyPlan(planFor(root, NAMES)));
      expect(error).toMatchObject({
        kind: 'read-only',
        message: expect.stringMatching(/^cannot write [^\n]*\(EROFS\)$/),
      });
      expect(sources(root)).toEqual(before);
    } finally {
      unmount(path.join(root, place));
    }
    expect(fs.existsSync(path.join(root, '.nayek'))).toBe(false);
    await applyPlan(planFor(root, NAMES));
  });

  it('after a patch: undo says so and goes on later; status still lists it', async () => {
    const root = repositoryOf(TEXTS, { git: false });
    const before = sources(root);
    await applyPlan(planFor(root, NAMES));
    expect(readOnly(root)).toBe(true);
    try {
      expect(await failure(undo(root))).toMatchObject({
        kind: 'read-only',
        message: expect.stringContaining('(EROFS)'),
      });
      expect(inspect(stateOf(root), fs).steps).toMatchObject([{ state: 'ready' }]);
    } finally {
      unmount(root);
    }
    await undo(root);
    expect(sources(root)).toEqual(before);
  });
});

describe.skipIf(!isRoot)('what this user may not touch (as root, with the rights of nobody)', () => {
  it('a lock that cannot be read is named, and stays', () => {
    const root = ofNobody();
    fs.mkdirSync(path.join(root, '.nayek'), { mode: 0o755 });
    const lock = path.join(root, '.nayek/lock');
    fs.writeFileSync(lock, '1 elsewhere\n', { mode: 0o600 });
    const state = stateOf(root);
    expect(() => bound(() => assertUnlocked(state))).toThrow('somebody whose lock cannot be read (EACCES)');
    expect(fs.existsSync(lock)).toBe(true);
  });

  it.each([
    ['the steps cannot be listed', 'steps', 'steps cannot be read (EACCES)'],
    ['a record cannot be read', 'steps/0001/step.json', 'steps/0001 cannot be read (EACCES)'],
    ['a step cannot be entered', 'steps/0001', 'steps/0001 cannot be read (EACCES)'],
  ])('%s: one line, no internal error', async (_, place, why) => {
    const root = ofNobody();
    await applyPlan(planFor(root, NAMES));
    for (const name of ['', 'steps', 'steps/0001']) fs.chmodSync(path.join(root, '.nayek', name), 0o755);
    fs.chmodSync(path.join(root, '.nayek', place), 0);
    const { trouble, strangers } = bound(() => inspect(stateOf(root), fs));
    expect([trouble?.message, ...strangers.map((s) => `${s.folder} ${s.why}`)].join('\n')).toContain(why);
  });

  it.skipIf(!reaches)('a folder of another user in the repository: named, and nothing is changed', () => {
    const root = ofNobody();
    const before = sources(root);
    fs.chownSync(root, 0, 0);
    expect(asNobody(root, ['patch'])).toMatch(/^2\n.*cannot write [^\n]*\(EACCES\)/m);
    expect(sources(root)).toEqual(before);
  });
});

it.skipIf(!isRoot)("git's own refusal of another user's repository is passed on (as root)", async () => {
  const root = ofNobody({ git: true });
  const plan = await planRepository(await openRepository(root), loadRecipe('render', parts).steps, {
    recipe: 'render',
  });
  const refused = /^cannot tell uncommitted changes: .*dubious ownership/;
  expect(() => assertClean(plan)).toThrow(refused);
});
