/**
 * A patch that was cut short is seen from above, from below and from everywhere in between; what can be restored is, and
 * the rest is named and kept.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rollBackUnfinished, unfinishedWork } from '../src/cli/journal.ts';
import { listFiles } from '../src/repo/listing.ts';
import { inspect, isSound } from '../src/writer/inspect.ts';
import { assertSettled, statesNear } from '../src/writer/nearby.ts';
import { setAside } from '../src/writer/set-aside.ts';
import { stateOf } from '../src/writer/state.ts';
import { isUnfinished, undo } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { buildOnce, command } from './built.ts';
import { Killed, killedAfter } from './faults.ts';
import {
  cutShort,
  edit,
  FILES,
  failure,
  folderOf,
  fresh,
  planFor,
  put,
  repository,
  sources,
  within,
} from './patched.ts';

beforeAll(buildOnce);

function near(root: string) {
  return statesNear(stateOf(root), listFiles(root, []), fs);
}

/** What the command says, with its exit code first. */
function nayek(root: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: root, encoding: 'utf8' });
  return `${status}\n${stdout}${stderr}`;
}

/** How the patched folder (relative to the top) comes to have a journal apart from the top's. */
const PLACES = {
  'in one git repository': { git: true, make: () => undefined },
  'without git': { git: false, make: () => undefined },
  'in a repository of its own': { git: true, make: (svc: string) => execFileSync('git', ['init', '-q'], { cwd: svc }) },
  'in a repository of its own, the top without git': {
    git: false,
    make: (svc: string) => execFileSync('git', ['init', '-q'], { cwd: svc }),
  },
} as const;

describe.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('a patch that was cut short %s', (place) => {
  const { git, make } = PLACES[place];

  function places(): { top: string; svc: string } {
    const top = repository(git);
    make(path.join(top, 'svc'));
    return { top, svc: path.join(top, 'svc') };
  }

  it.each([
    ['of a folder, seen from the top', 'svc', 'top'],
    ['of the top, seen from a folder', 'top', 'svc'],
  ] as const)('%s', async (_, patched, seen) => {
    const { top, svc } = places();
    const before = sources(top);
    const [here, there] = patched === 'svc' ? [svc, top] : [top, svc];
    for (const way of ['undo', 'patch'] as const) {
      await expect(
        applyPlan(planFor(here, patched === 'svc' ? ['c.txt'] : undefined), { fs: killedAfter(2) }),
      ).rejects.toThrow(Killed);
      expect(sources(top)).not.toEqual(before);
      const paths = listFiles(there, []);
      expect(unfinishedWork(there, paths)).toContain('was cut short');
      expect(
        near(there)
          .map((state) => inspect(state, fs))
          .every(isSound),
      ).toBe(false);
      if (way === 'undo') {
        const done = await undo(there, { near: near(there) });
        expect(done).toMatchObject({ unfinished: true, left: [], root: here });
      } else expect(await rollBackUnfinished(there, paths)).toContain('rolled back');
      expect(sources(top)).toEqual(before);
      expect(unfinishedWork(there, paths)).toBeUndefined();
    }
    expect(seen).not.toBe(patched);
  });

  it('stops the writer, if nobody has rolled it back before', async () => {
    const { top, svc } = places();
    const half = async (): Promise<Record<string, string>> => {
      await cutShort(svc, ['c.txt']);
      return sources(top);
    };
    const plan = planFor(top, ['svc/c.txt']);
    const left = await half();
    const error = await failure(applyPlan(plan));
    // With one journal for both it is rolled back, with two it is refused; never written over.
    if (error) {
      expect(error).toMatchObject({
        kind: 'journal',
        message: expect.stringContaining(`a patch of ${svc} was cut short`),
      });
      expect(sources(top)).toEqual(left);
      expect(() => assertSettled(stateOf(top), ['svc/c.txt'], fs)).toThrow('cut short');
      expect(() => assertSettled(stateOf(top), ['a.txt'], fs)).not.toThrow();
    } else expect(sources(top)['svc/c.txt']).toBe('100644 # patched\nc\n');
  });
});

it('what was patched before `git init` can be undone after it', async () => {
  const root = repository(false);
  const before = sources(root);
  await applyPlan(planFor(root));
  execFileSync('git', ['init', '-q'], { cwd: root });
  await undo(root, { near: near(root) });
  expect(sources(root)).toEqual(before);
});

it('of a submodule, seen from the repository around it', async () => {
  const top = repository();
  const add = ['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repository(), 'module'];
  execFileSync('git', add, { cwd: top, stdio: 'ignore' });
  const module = path.join(top, 'module');
  expect(folderOf(module)).toBe(path.join(top, '.git/modules/module/nayek'));
  const before = sources(module);
  await cutShort(module);
  expect(unfinishedWork(top, listFiles(top, []))).toContain('cut short');
  expect(await rollBackUnfinished(top, listFiles(top, []))).toMatch(/rolled back module\/a\.txt/);
  expect(sources(module)).toEqual(before);
});

it("another user's journal above the root is not looked at, and stays", async () => {
  const top = repository(false);
  await cutShort(top);
  const half = sources(top);
  if (process.getuid?.() !== 0) return;
  execFileSync('chown', ['-R', '12345', path.join(top, '.nayek')]);
  expect(unfinishedWork(path.join(top, 'svc'), ['c.txt'])).toBeUndefined();
  expect(sources(top)).toEqual(half);
});

describe('what cannot be restored is named, and the rest is restored', () => {
  /** A patch of a.txt, sub/b.txt and svc/c.txt that was killed in the end. */
  async function half(): Promise<string> {
    const root = repository();
    await expect(applyPlan(planFor(root), { fs: killedAfter(4) })).rejects.toThrow(Killed);
    expect(sources(root)['a.txt']).toContain('# patched');
    return root;
  }

  const SPOIL: Record<string, (root: string) => void> = {
    'a damaged copy': (root) => edit(path.join(folderOf(root), 'steps/0001/1'), () => 'damaged'),
    'a lost copy': (root) => fs.rmSync(path.join(folderOf(root), 'steps/0001/1')),
    'a copy that is a link': (root) => {
      const blob = path.join(folderOf(root), 'steps/0001/1');
      fs.renameSync(blob, `${blob}.away`);
      fs.symlinkSync(`${blob}.away`, blob);
    },
    'a file swapped for a link': (root) => {
      put(root, '../precious', 'precious');
      fs.rmSync(path.join(root, 'sub/b.txt'));
      fs.symlinkSync('../../precious', path.join(root, 'sub/b.txt'));
    },
    'a file swapped for a folder': (root) => {
      fs.rmSync(path.join(root, 'sub/b.txt'));
      put(root, 'sub/b.txt/mine', 'mine');
    },
    'a folder swapped for a link': (root) => {
      put(root, '../away/b.txt', '# patched\nb\n');
      fs.rmSync(path.join(root, 'sub'), { recursive: true });
      fs.symlinkSync('../away', path.join(root, 'sub'));
    },
    'a folder swapped for a file': (root) => {
      fs.rmSync(path.join(root, 'sub'), { recursive: true });
      put(root, 'sub', 'mine');
    },
    'a file changed since': (root) => put(root, 'sub/b.txt', 'mine\n'),
    'a file removed since': (root) => fs.rmSync(path.join(root, 'sub/b.txt')),
  };

  it.each(Object.keys(SPOIL))('%s', async (name) => {
    const root = await half();
    SPOIL[name]?.(root);
    const spoilt = sources(path.dirname(root));
    // The next patch writes nothing, and says how to go on.
    const stopped = await failure(applyPlan(planFor(root, ['a.txt'])));
    expect(stopped).toMatchObject({ kind: 'undo-changed', message: expect.stringContaining('sub/b.txt') });
    expect(stopped?.hint).toContain('nayek undo');
    expect(sources(path.dirname(root))).toEqual(spoilt);
    const { files, left, copies } = await undo(root);
    expect(files).toEqual(['a.txt', 'svc/c.txt', 'new/d.txt']);
    expect(left).toEqual([{ path: 'sub/b.txt', why: expect.any(String) }]);
    const now = sources(path.dirname(root));
    for (const file of Object.keys(spoilt).filter((f) => !/^(?:shop\/(?:a\.txt|svc|new|\.git)|away$)/.test(f))) {
      expect(now[file], file).toEqual(spoilt[file]);
    }
    expect(now['shop/a.txt']).toBe('100644 a\n');
    expect(now['shop/svc/c.txt']).toBe('100644 c\n');
    expect(now['shop/new']).toBeUndefined();
    // The bytes before are never lost where they were whole.
    if (name === 'a damaged copy')
      expect(fs.readFileSync(path.join(copies ?? '', '1-b.txt.damaged'), 'utf8')).toBe('damaged');
    if (!name.includes('copy')) {
      expect(fs.readFileSync(path.join(copies ?? '', '1-b.txt.before'), 'utf8')).toBe('b\n');
    }
    // And nothing is in the way any more.
    expect(isUnfinished(stateOf(root))).toBe(false);
    await applyPlan(planFor(root, ['a.txt']));
  });

  it('by force, a link is replaced, its target stays, and its name is kept', async () => {
    const root = await half();
    SPOIL['a file swapped for a link']?.(root);
    const { copies = '', left } = await undo(root, { force: true });
    expect(left).toEqual([]);
    expect(sources(root)).toEqual(sources(repository()));
    expect(fs.readFileSync(path.join(root, '../precious'), 'utf8')).toBe('precious');
    expect(fs.readFileSync(path.join(copies, '1-b.txt'), 'utf8')).toBe('../../precious');
  });

  it('a completed patch with a damaged copy is not torn apart unasked', async () => {
    const root = repository();
    await applyPlan(planFor(root));
    SPOIL['a damaged copy']?.(root);
    const patched = sources(root);
    expect(await failure(undo(root))).toMatchObject({
      message: 'cannot be restored: sub/b.txt its saved copy is damaged',
      hint: expect.stringContaining('--force'),
    });
    expect(sources(root)).toEqual(patched);
    expect((await undo(root, { force: true })).left).toEqual([{ path: 'sub/b.txt', why: 'its saved copy is damaged' }]);
    expect(sources(root)).toEqual({ ...sources(repository()), 'sub/b.txt': patched['sub/b.txt'] });
  });

  it('a name as long as a name can be', async () => {
    const root = repository();
    const name = `${'é'.repeat(125)}.txt`;
    put(root, name, 'x\n');
    await applyPlan(planFor(root, [name]));
    put(root, name, 'mine\n');
    const { copies = '' } = await undo(root, { force: true });
    expect(fs.readdirSync(copies).map((n) => fs.readFileSync(path.join(copies, n), 'utf8'))).toEqual(['mine\n']);
  });
});

describe('permissions set after the patch stay', () => {
  it.each([0o600, 0o640, 0o755])('%o', async (mode) => {
    const root = repository();
    await applyPlan(planFor(root));
    fs.chmodSync(path.join(root, 'a.txt'), mode);
    const { modes } = await undo(root);
    expect(modes).toEqual([{ path: 'a.txt', mode }]);
    expect(fs.statSync(path.join(root, 'a.txt')).mode & 0o7777).toBe(mode);
    expect(fs.readFileSync(path.join(root, 'a.txt'), 'utf8')).toBe('a\n');
  });

  it('but a file that was removed has those before again', async () => {
    const root = repository();
    fs.chmodSync(path.join(root, 'a.txt'), 0o640);
    await applyPlan(planFor(root));
    fs.rmSync(path.join(root, 'a.txt'));
    expect((await undo(root, { force: true })).modes).toEqual([]);
    expect(fs.statSync(path.join(root, 'a.txt')).mode & 0o7777).toBe(0o640);
  });
});

describe('status and doctor', () => {
  it('list the steps, oldest first, with their health', async () => {
    const root = repository();
    for (let n = 0; n < 2; n++) await applyPlan({ ...planFor(root), changes: planFor(root).changes.slice(0, 3) });
    await applyPlan(planFor(path.join(root, 'svc'), ['c.txt']));
    const states = (): string[] => inspect(stateOf(root), fs).steps.map((s) => s.state);
    expect(states()).toEqual(['later', 'later', 'ready']);
    put(root, 'svc/c.txt', 'mine');
    expect(states()).toEqual(['later', 'later', 'changed']);
    edit(path.join(folderOf(root), 'steps/0002/0'), () => 'damaged');
    expect(states()).toEqual(['later', 'damaged', 'changed']);
    expect(nayek(root, 'status')).toMatch(
      /^1\ncan undo .* t, 3 files\n +after the patches below\ndamaged .*\n.*\n +a\.txt its saved copy is damaged\nchanged .* t, 2 files, in svc\n.*\n +c\.txt was changed since\n\nNext:\n/,
    );
    expect(nayek(root, 'doctor', '--journal')).toMatch(
      /^1\nok +the key is .*\nok .*\nshort .*saved copy is damaged\nok .*\n\nNext:\n/,
    );
    fs.renameSync(root, `${root}-moved`);
    expect(inspect(stateOf(`${root}-moved`), fs).steps[0]?.step.record.home).toBe(root);
  });

  it('say so of a journal that is truncated, of another version, of nobody; nothing goes on until it is set aside', async () => {
    const root = repository();
    const before = sources(root);
    await cutShort(root);
    const half = sources(root);
    const record = path.join(folderOf(root), 'steps/0001/step.json');
    const whole = fs.readFileSync(record, 'utf8');
    for (const text of [
      whole.slice(0, 200),
      whole.replace('"version": 2', '"version": 3'),
      whole.replace('open', 'committed'),
    ]) {
      fs.writeFileSync(record, text);
      expect(inspect(stateOf(root), fs).strangers).toHaveLength(1);
      expect(unfinishedWork(root, [])).toContain('steps/0001');
      expect((await failure(applyPlan(planFor(root))))?.kind).toBe('journal');
      expect((await failure(undo(root)))?.kind).toBe('journal');
      expect(sources(root)).toEqual(half);
    }
    expect(nayek(root, 'status')).toMatch(/^1\nnot used .*steps\/0001 has a record that was damaged or changed\n/);
    expect(nayek(root, 'doctor', '--journal', '--set-aside')).toMatch(/^0\nmoved .*0001 to .*aside-\d+\/0001\n/);
    expect(sources(root)).toEqual(half);
    expect(nayek(root, 'status')).toMatch(/^0\ncopies /);
    await applyPlan(planFor(root, ['svc/c.txt']));
    await undo(root);
    // What was set aside is whole: put back, it still leads the way back.
    fs.writeFileSync(record.replace('steps/', `${path.basename(path.dirname(copiesOf(root)))}/`), whole);
    fs.renameSync(copiesOf(root), path.dirname(record));
    await undo(root);
    expect(sources(root)).toEqual(before);
  });

  /** The step that was set aside. */
  function copiesOf(root: string): string {
    const [folder = ''] = fs.readdirSync(folderOf(root)).filter((n) => n.startsWith('aside-'));
    return path.join(folderOf(root), folder, '0001');
  }

  it.each(['.nayek', '.nayek/steps'])('set a link in the place of %s aside, and its target stays', async (name) => {
    const root = repository(false);
    const away = fresh();
    put(away, 'steps/0001/0', 'precious');
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.symlinkSync(away, path.join(root, name));
    expect(setAside(stateOf(root), fs)).toHaveLength(1);
    expect(sources(away)['steps/0001/0']).toBe('100644 precious');
    await applyPlan(planFor(root));
    await undo(root);
    expect(listFiles(root, []).sort()).toEqual(Object.keys(FILES).sort());
  });

  it('find nothing where nothing is', () => {
    const root = repository(false);
    expect(nayek(root, 'status')).toBe(
      `0\nNo patch is recorded in ${root}.\n\nNext:\n  \`nayek patch --dry-run\` shows what a patch would change\n`,
    );
    expect(nayek(root, 'undo')).toMatch(/^2\n.*nothing to undo in /);
    expect(nayek(root, 'doctor')).toMatch(/^2\n.*pass --journal/);
    expect(fs.existsSync(path.join(root, '.nayek'))).toBe(false);
  });

  it('know a journal of another key, and show it to a program', async () => {
    const root = repository();
    await within({ XDG_STATE_HOME: fresh() }, () => applyPlan(planFor(root)));
    const [code, ...json] = nayek(root, 'status', '--format', 'json').split('\n');
    expect(code).toBe('1');
    expect(JSON.parse(json.join('\n')).states[0].strangers[0].why).toBe(
      'was not written by your nayek on this machine',
    );
  });
});
