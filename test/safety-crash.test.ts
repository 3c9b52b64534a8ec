/**
 * The command is killed (kill -9) or fails at every call that changes the disk, on several repositories; then the next
 * command must bring each back to exactly before or exactly after. The calls are counted on a run that is left alone.
 */

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRepository, planRepository } from '../src/engine/run.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { savedPlan } from '../src/report/json.ts';
import { readSavedPlan } from '../src/report/saved-plan.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { stateOf } from '../src/writer/state.ts';
import { isUnfinished, recoverNow, undo } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { emitters } from '../templates/index.ts';
import { transforms } from '../transforms/index.ts';
import { command, home } from './built.ts';
import { servedCommand } from './command.ts';
import { failingAt, Killed, killedAt } from './faults.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full, sampled } from './tier.ts';

const steps = [...transforms, ...emitters].map((part) => ({
  part,
  options: Object.fromEntries(Object.entries(part.options).map(([k, o]) => [k, o.default])),
}));

const run = servedCommand();
beforeAll(loadPython);

const ALEMBIC = {
  'alembic.ini': '[alembic]\r\nscript_location = alembic\r\nsqlalchemy.url = postgresql://u:p@h/d\r\n',
  'alembic/env.py':
    'from alembic import context\nfrom sqlalchemy import engine_from_config, pool\n\nconfig = context.config\ntarget_metadata = None\n\n\ndef run_migrations_online():\n    connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)\n    with connectable.connect() as connection:\n        context.configure(connection=connection, target_metadata=target_metadata)\n        with context.begin_transaction():\n            context.run_migrations()\n\n\nrun_migrations_online()\n',
};
const FLASK = {
  'server.py':
    'from flask import Flask\n\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(debug=True)',
  'requirements.txt': Buffer.from('\ufeffflask\r\n', 'utf16le'),
};
const REPOSITORIES = {
  'a service': { files: SAMPLE, options: {} },
  'one with migrations and CRLF': { files: { ...SAMPLE, ...ALEMBIC }, options: {} },
  'one without git': { files: FLASK, options: { git: false } },
  'one in a folder of a repository': {
    files: { ...SAMPLE, Procfile: 'web: python app/main.py\n' },
    options: { folder: 'back end' },
  },
} as const;

/** Everything below the root but git's and nayek's own: path → mode and bytes. */
function tree(root: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true }) as string[]) {
    if (/^\.(?:git|nayek)(?:\/|$)/.test(name)) continue;
    const stat = lstatSync(path.join(root, name));
    out[name] = `${stat.mode.toString(8)} ${stat.isFile() ? readFileSync(path.join(root, name), 'latin1') : ''}`;
  }
  return out;
}

async function planFor(root: string) {
  return planRepository(await openRepository(root), steps, { recipe: 'test' });
}

/** A fresh copy with its plan: made once, read again for each copy. */
async function prepared(name: keyof typeof REPOSITORIES) {
  const { files, options } = REPOSITORIES[name];
  const first = repositoryOf(files, options);
  const text = JSON.stringify(savedPlan(await planFor(first)));
  const before = tree(first);
  await applyPlan(await planFor(first));
  const after = tree(first);
  const pristine = repositoryOf(files, options);
  const top = 'folder' in options ? path.dirname(pristine) : pristine;
  return {
    before,
    after,
    make: () => {
      // A copy is quicker than a commit.
      const copy = path.join(temporaryFolder('crash'), 'shop');
      cpSync(top, copy, { recursive: true });
      const root = path.join(copy, path.relative(top, pristine));
      return { root, plan: readSavedPlan(text, () => readSnapshot(root)) };
    },
  };
}

/** Numbers of the calls at which it dies. */
function moments(calls: number): readonly number[] {
  expect(calls).toBeGreaterThan(25);
  return sampled([...Array(calls).keys()], 24);
}

describe.each(Object.keys(REPOSITORIES) as (keyof typeof REPOSITORIES)[])('%s', (name) => {
  it('killed at every call of an apply: before or after, never between', async () => {
    const { before, after, make } = await prepared(name);
    const whole = killedAt(Number.POSITIVE_INFINITY);
    const probe = make();
    await applyPlan(probe.plan, { fs: whole.fs });
    expect(tree(probe.root)).toEqual(after);
    for (const n of moments(whole.calls())) {
      const { root, plan } = make();
      await expect(applyPlan(plan, { fs: killedAt(n).fs })).rejects.toThrow(Killed);
      const state = stateOf(root);
      if (isUnfinished(state)) await (n % 2 === 0 ? recoverNow(state) : undo(root));
      expect([before, after], `killed at ${n}`).toContainEqual(tree(root));
    }
  });

  it('failing at every call: as before, and nothing stays behind', async () => {
    const { before, after, make } = await prepared(name);
    const whole = killedAt(Number.POSITIVE_INFINITY);
    await applyPlan(make().plan, { fs: whole.fs });
    const codes = ['ENOSPC', 'EACCES', 'EROFS', 'EIO', 'EMFILE', 'EDQUOT'];
    for (const n of moments(whole.calls())) {
      const { root, plan } = make();
      const failed = await applyPlan(plan, { fs: failingAt(n, codes[n % codes.length] ?? '').fs }).then(
        () => undefined,
        (error: Error) => error,
      );
      if (failed) expect(failed, `call ${n}`).toMatchObject({ kind: 'read-only' });
      expect(tree(root), `call ${n}`).toEqual(failed ? before : after);
      expect(isUnfinished(stateOf(root))).toBe(false);
    }
  });
});

describe('really killed', () => {
  /** A child that applies a saved plan and kills itself before its n-th call; null once it gets through. */
  function dieAt(root: string, plan: string, n: number): NodeJS.Signals | null {
    const script = `
      import fs from 'node:fs';
      import { applyPlan, readSavedPlan, readSnapshot } from ${JSON.stringify(path.join(home, 'dist/index.js'))};
      let calls = 0;
      const deadly = new Proxy(fs, { get: (target, name) => typeof target[name] !== 'function' ? target[name] : (...args) => {
        if (calls++ === ${n}) process.kill(process.pid, 'SIGKILL');
        return target[name](...args);
      } });
      await applyPlan(readSavedPlan(fs.readFileSync(${JSON.stringify(plan)}, 'utf8'), () => readSnapshot(${JSON.stringify(root)})), { fs: deadly });
    `;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }).signal;
  }

  it('at many calls, reads included: the next command finishes the way back', async () => {
    const root = repositoryOf(SAMPLE);
    const plan = path.join(root, '../plan.json');
    writeFileSync(plan, JSON.stringify(savedPlan(await planFor(root))));
    const before = tree(root);
    const step = full ? 3 : 90;
    let n = 0;
    for (; dieAt(root, plan, n) === 'SIGKILL'; n += step) {
      await recoverNow(stateOf(root));
      // Killed after the last word of the journal, it is done.
      if (existsSync(path.join(root, 'Procfile'))) {
        expect((await planFor(root)).changes, `killed at ${n}`).toEqual([]);
        await undo(root);
      }
      expect(tree(root), `killed at ${n}`).toEqual(before);
      expect(git(root, 'status', '--porcelain')).toBe('');
    }
    expect(n).toBeGreaterThan(50);
    await undo(root);
    expect(tree(root)).toEqual(before);
  });

  it('at random times: the command itself', async () => {
    const root = repositoryOf(SAMPLE);
    const before = tree(root);
    const start = performance.now();
    spawnSync(process.execPath, [command, 'patch'], { cwd: repositoryOf(SAMPLE) });
    const whole = performance.now() - start;
    for (const part of sampled([0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1], 9)) {
      const child = spawn(process.execPath, [command, 'patch'], { cwd: root, stdio: 'ignore' });
      setTimeout(() => child.kill('SIGKILL'), whole * part);
      await new Promise((resolve) => child.on('exit', resolve));
      run(root, ['undo']);
      expect(tree(root), `after ${part} of the time`).toEqual(before);
    }
  });
});

/** Makes a folder a disk of 96 KiB. */
function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'none', folder]).status === 0;
}

function mayMount(): boolean {
  const folder = temporaryFolder('probe');
  return mount(folder) && spawnSync('umount', [folder]).status === 0;
}

describe.skipIf(!mayMount())('a full disk', () => {
  it('as before; the message says so, and the next run goes on once there is space', () => {
    const small = temporaryFolder('small');
    expect(mount(small)).toBe(true);
    try {
      for (const [name, text] of Object.entries(SAMPLE)) {
        mkdirSync(path.dirname(path.join(small, name)), { recursive: true });
        writeFileSync(path.join(small, name), text);
      }
      const before = tree(small);
      const filler = path.join(small, 'filler');
      let failures = 0;
      const rooms = sampled([0, 2, 4, 6, 8, 10, 12, 14], 3);
      for (const free of rooms) {
        writeFileSync(filler, '');
        for (let size = 96; size > 0; size -= 4) {
          const done = spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', `count=${size}`], { stdio: 'ignore' });
          if (done.status === 0) break;
        }
        spawnSync('truncate', ['-s', `-${free * 4}k`, filler]);
        const { code, err } = run(small, ['patch']);
        spawnSync('rm', ['-f', filler]);
        if (code !== 0) {
          expect(err).toMatch(/cannot write .*ENOSPC/);
          expect(tree(small), `${free * 4}k free`).toEqual(before);
          expect(existsSync(path.join(small, '.nayek'))).toBe(false);
          failures++;
        } else {
          expect(run(small, ['undo']).code).toBe(0);
          expect(tree(small)).toEqual(before);
        }
      }
      expect(failures).toBeGreaterThan(0);
      expect(failures).toBeLessThan(rooms.length);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

describe('what else a file has', () => {
  it('keeps its permission bits; the time is that of the patch; other hard links keep the old bytes', async () => {
    const root = repositoryOf(SAMPLE);
    const main = path.join(root, 'app/main.py');
    chmodSync(main, 0o750);
    utimesSync(main, 1e9, 1e9);
    linkSync(main, path.join(root, '../other'));
    const before = readFileSync(main, 'utf8');
    await applyPlan(await planFor(root));
    expect((statSync(main).mode & 0o7777).toString(8)).toBe('750');
    expect(statSync(main).mtimeMs).toBeGreaterThan(1e12);
    expect(readFileSync(path.join(root, '../other'), 'utf8')).toBe(before);
    await undo(root);
    expect(readFileSync(main, 'utf8')).toBe(before);
    expect((statSync(main).mode & 0o7777).toString(8)).toBe('750');
  });
});

describe('drift and two at once', () => {
  it('a saved plan names every file that has changed, and writes nothing', async () => {
    const root = repositoryOf({ ...SAMPLE, ...ALEMBIC });
    const text = JSON.stringify(savedPlan(await planFor(root)));
    const { reads } = JSON.parse(text) as { reads: Record<string, string> };
    expect(Object.keys(reads).length).toBeGreaterThan(3);
    for (const name of Object.keys(reads)) {
      const bytes = readFileSync(path.join(root, name));
      writeFileSync(path.join(root, name), Buffer.concat([bytes, Buffer.from('\n# mine\n')]));
      const changed = tree(root);
      const refused = (async () => applyPlan(readSavedPlan(text, () => readSnapshot(root))))();
      await expect(refused, name).rejects.toMatchObject({ kind: 'drift', message: expect.stringContaining(name) });
      expect(tree(root)).toEqual(changed);
      writeFileSync(path.join(root, name), bytes);
    }
  });

  it('two commands on one repository: it is patched once, and no lock stays', async () => {
    const root = repositoryOf(SAMPLE);
    const before = tree(root);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, [command, 'patch'], { cwd: root });
        let err = '';
        child.stderr.on('data', (data) => {
          err += data;
        });
        return new Promise<{ code: number | null; err: string }>((resolve) =>
          child.on('exit', (code) => resolve({ code, err })),
        );
      }),
    );
    expect(answers.some((a) => a.code === 0)).toBe(true);
    for (const { code, err } of answers) {
      if (code !== 0) expect(err).toMatch(/is patching this repository|changed since|uncommitted changes/);
      expect([0, 2]).toContain(code);
    }
    expect(existsSync(path.join(root, '.git/nayek/lock'))).toBe(false);
    await undo(root);
    expect(tree(root)).toEqual(before);
  });
});

describe('undo', () => {
  it('several steps back, with git commits in between', async () => {
    const root = repositoryOf(SAMPLE);
    const states: Record<string, string>[] = [];
    for (const id of ['bind', 'gunicorn', 'procfile']) {
      states.push(tree(root));
      const chosen = steps.filter((s) => s.part.id === id);
      const plan = await planRepository(await openRepository(root), chosen, { recipe: id });
      expect(plan.changes.length, id).toBeGreaterThan(0);
      await applyPlan(plan);
      git(root, 'add', '-A');
      git(root, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-qm', id);
      git(root, 'gc', '-q');
    }
    for (let state = states.pop(); state; state = states.pop()) {
      await undo(root);
      expect(tree(root)).toEqual(state);
    }
    await expect(undo(root)).rejects.toMatchObject({ kind: 'nothing-to-undo' });
  });
});
