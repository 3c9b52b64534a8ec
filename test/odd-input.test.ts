/** What is odd about a repository, a manifest or a call gets one clear line: never silence, never an internal error. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { localRepository } from '../src/batch/local.ts';
import { isBranchName, isRefName } from '../src/batch/manifest.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { assertClean, openRepository, planRepository } from '../src/engine/run.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { interruptible } from '../src/system/interrupt.ts';
import { applyPlan } from '../src/writer/write.ts';
import { buildOnce, command } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { sampled } from './tier.ts';

beforeAll(async () => {
  buildOnce();
  await loadPython();
});

const render = loadRecipe('render', parts);

async function planFor(root: string) {
  return planRepository(await openRepository(root), render.steps, { recipe: 'render' });
}

/** As a user whom permissions bind; the folders above must let that user in. */
function asNobody<T>(root: string, work: () => T): T {
  if (process.getuid?.() !== 0 || !process.seteuid) return work();
  chmodSync(path.dirname(root), 0o755);
  process.seteuid(65_534);
  try {
    return work();
  } finally {
    process.seteuid(0);
  }
}

describe('what cannot be read is named', () => {
  it('a folder that cannot be listed, and one that cannot be entered', () => {
    const files = { ...SAMPLE, 'secret/x.py': 'x = 1\n', 'locked/deep/x.py': 'x = 1\n' };
    const root = repositoryOf(files, { git: false });
    chmodSync(path.join(root, 'secret'), 0o000);
    chmodSync(path.join(root, 'locked/deep'), 0o311);
    const repo = asNobody(root, () => readSnapshot(root));
    const reason = 'cannot be listed (EACCES)';
    expect(repo.skipped).toEqual(
      expect.arrayContaining(['locked/deep', 'secret'].map((name) => ({ path: name, reason }))),
    );
    expect(repo.skipped).toHaveLength(2);
    expect(repo.has('app/main.py')).toBe(true);
    chmodSync(path.join(root, 'secret'), 0o755);
    chmodSync(path.join(root, 'locked/deep'), 0o755);
  });

  it('a .gitignore that cannot be read', () => {
    const root = repositoryOf({ ...SAMPLE, 'app/.gitignore': 'made.py\n', 'app/made.py': '' }, { git: false });
    chmodSync(path.join(root, 'app/.gitignore'), 0o000);
    const repo = asNobody(root, () => readSnapshot(root));
    expect(repo.skipped).toEqual([
      { path: 'app/.gitignore', reason: 'cannot be read (EACCES): what it ignores is taken for sources' },
    ]);
  });

  it('a folder whose files can be listed, but not looked at', () => {
    const root = repositoryOf({ ...SAMPLE, 'half/x.py': 'x = 1\n' }, { git: false });
    chmodSync(path.join(root, 'half'), 0o644);
    asNobody(root, () => {
      const repo = readSnapshot(root);
      expect(repo.read('half/x.py')).toBeUndefined();
      expect(repo.skipped).toContainEqual({ path: 'half/x.py', reason: 'cannot be read (EACCES)' });
      expect(repo.obstacle('half/Procfile')).toBe('cannot be looked for (EACCES)');
    });
    chmodSync(path.join(root, 'half'), 0o755);
  });

  it('paths over the limit of the system', async () => {
    const root = repositoryOf(SAMPLE, { git: false });
    const script =
      'd=$(printf "x%.0s" $(seq 200)); for i in $(seq 25); do mkdir $d && cd $d || exit 1; done; echo > deep.py';
    expect(spawnSync('bash', ['-c', script], { cwd: root }).status).toBe(0);
    const plan = await planFor(root);
    expect(plan.changes.map((c) => c.path)).toContain('Procfile');
    expect(plan.skipped.map((s) => s.reason)).toEqual(['cannot be listed (ENAMETOOLONG)']);
    expect(readSnapshot(root).obstacle('n'.repeat(300))).toBe('cannot be looked for (ENAMETOOLONG)');
    spawnSync('rm', ['-rf', 'x'.repeat(200)], { cwd: root });
  });
});

describe('an empty argument is no folder', () => {
  const calls = [
    ['patch', ''],
    ['check', ''],
    ['undo', ''],
    ['patch', '-C', ''],
    ['patch', '--dry-run', '-o', ''],
    ['batch', 'plan', ''],
  ];
  it.each(sampled(calls, 4))('%s %j %s', (...args) => {
    const root = repositoryOf(SAMPLE, { git: false });
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('nayek: an argument is empty (name the folder; . is the current one)\n');
    expect(status).toBe(2);
  });
});

describe('a long chain of elif', () => {
  const chain = (count: number, last = 'y = 0'): string =>
    `if x == 0:\n    y = 0\n${Array.from({ length: count }, (_, i) => `elif x == ${i}:\n    y = ${i}\n`).join('')}else:\n    ${last}\n`;

  const places: readonly [string, (text: string) => string][] = [
    ['at the top level', (text: string) => `x = 1\n${text}`],
    ['in a function', (text: string) => `def f(x):\n${text.replace(/^(?=.)/gm, '    ')}`],
    ['in a loop in a function', (text: string) => `def f(x):\n    while x:\n${text.replace(/^(?=.)/gm, '        ')}`],
  ];
  it.each(sampled(places, 3))('%s leaves the rest of the repository', async (_, around) => {
    const root = repositoryOf(
      {
        ...SAMPLE,
        'app/main.py': `import os\n${SAMPLE['app/main.py']}\n\n${around(chain(6000, 'y = os.getenv("DEEP")'))}`,
      },
      { git: false },
    );
    const plan = await planFor(root);
    expect(plan.changes.map((c) => c.path)).toEqual(['Procfile', 'app/main.py', 'render.yaml', 'requirements.txt']);
    const named = { path: 'app/main.py', reason: expect.stringMatching(/^is nested too deeply from line \d{3} on/) };
    expect(plan.skipped).toContainEqual(named);
  });

  it('is whole up to the limit, and then opaque', () => {
    const depth = (text: string): number => {
      let [stmt] = parsePython(text).body.filter((s) => s.kind === 'if');
      let found = 0;
      for (; stmt?.kind === 'if'; found++) stmt = stmt.orelse[0] as typeof stmt;
      return found;
    };
    expect(depth(chain(100))).toBe(101);
    expect(depth(chain(6000))).toBe(400);
    expect(parsePython(chain(6000)).errorLine).toBeUndefined();
  });
});

describe('branches', () => {
  it.each([
    'HEAD',
    'FETCH_HEAD',
    'ORIG_HEAD',
    '@',
    'refs/heads/x',
    'refs',
    '0'.repeat(40),
    'a'.repeat(64),
    '-x',
    'a..b',
    'a.lock',
  ])('none is called %s', (name) => expect(isBranchName(name)).toBe(false));
  it.each(['main', 'nayek/deploy-ready', 'head', 'feature/HEAD-1', 'é', 'a1'])('but %s', (name) => {
    expect(isBranchName(name)).toBe(true);
    expect(isRefName(name)).toBe(true);
  });
});

describe('a damaged repository is not none', () => {
  const damages: Readonly<Record<string, (git: string) => void>> = {
    'HEAD without a meaning': (git) => writeFileSync(path.join(git, 'HEAD'), 'garbage\n'),
    'an empty HEAD': (git) => writeFileSync(path.join(git, 'HEAD'), ''),
    'no HEAD': (git) => rmSync(path.join(git, 'HEAD')),
    'no objects': (git) => rmSync(path.join(git, 'objects'), { recursive: true }),
    'a pipe for HEAD': (git) => {
      rmSync(path.join(git, 'HEAD'));
      spawnSync('mkfifo', [path.join(git, 'HEAD')]);
    },
    'a pipe for the branch': (git) => {
      const [, name = ''] = /ref: (\S+)/.exec(readFileSync(path.join(git, 'HEAD'), 'utf8')) ?? [];
      rmSync(path.join(git, name));
      spawnSync('mkfifo', [path.join(git, name)]);
    },
    'a .git file of ten million characters': (git) => {
      rmSync(git, { recursive: true });
      writeFileSync(git, `gitdir: ${'x'.repeat(10_000_000)}\n`);
    },
    'a .git file that leads nowhere': (git) => {
      rmSync(git, { recursive: true });
      writeFileSync(git, 'gitdir: /nowhere\n');
    },
  };
  it.each(Object.entries(damages))('%s', async (_, damage) => {
    const root = repositoryOf(SAMPLE);
    damage(path.join(root, '.git'));
    for (const folder of [root, path.join(root, 'app')]) {
      await expect(localRepository(folder, undefined)).rejects.toThrow('/.git is damaged: git does not take it');
    }
    const plan = await planFor(root);
    expect(() => assertClean(plan)).toThrow('cannot tell uncommitted changes');
  });

  it('a folder without one is still fine', async () => {
    const root = repositoryOf(SAMPLE, { git: false });
    expect(await localRepository(root, undefined)).toBeUndefined();
    expect(assertClean(await planFor(root))).toBeUndefined();
  });
});

describe('requirements that cannot be added to', () => {
  it.each([
    ['an empty file', 'requirements.txt lists nothing', (file: string) => writeFileSync(file, '')],
    ['comments only', 'requirements.txt lists nothing', (file: string) => writeFileSync(file, '# none yet\n')],
    [
      'a link to a file that is ignored',
      'requirements.txt is a link, which is not followed',
      (file: string) => {
        writeFileSync(path.join(path.dirname(file), '.gitignore'), 'made.txt\n');
        writeFileSync(path.join(path.dirname(file), 'made.txt'), 'fastapi\n');
        symlinkSync('made.txt', file);
      },
    ],
    [
      'a link to itself',
      'requirements.txt is a link, which is not followed',
      (file: string) => symlinkSync(file, file),
    ],
    [
      'a link out',
      'requirements.txt is a link, which is not followed',
      (file: string) => symlinkSync('/etc/hostname', file),
    ],
    [
      'an ignored one',
      'requirements.txt exists already, and is ignored',
      (file: string) => {
        writeFileSync(file, 'fastapi\n');
        writeFileSync(path.join(path.dirname(file), '.gitignore'), 'requirements.txt\n');
      },
    ],
    ['none', 'no dependency file was found', () => undefined],
  ])('%s: the reason is true', async (_, why, make) => {
    const { 'requirements.txt': _listed, ...rest } = SAMPLE;
    const root = repositoryOf(rest, { git: false });
    mkdirSync(path.join(root, 'req'));
    writeFileSync(path.join(root, 'req/base.txt'), 'fastapi\nuvicorn\n');
    make(path.join(root, 'requirements.txt'));
    const plan = await planFor(root);
    const said = plan.verdicts.filter((v) => v.part === 'gunicorn').map((v) => v.reason);
    expect(said).toEqual([expect.stringContaining(why)]);
    const elsewhere = JSON.stringify(plan.verdicts.filter((v) => v.part !== 'gunicorn'));
    if (why !== 'no dependency file was found') expect(elsewhere).not.toContain('no dependency file');
  });
});

describe('a requirements.txt that is a link to a file of the repository', () => {
  function linked(target = 'deps/base.txt'): string {
    const { 'requirements.txt': listed = '', ...rest } = SAMPLE;
    const root = repositoryOf({ ...rest, 'deps/base.txt': listed }, { git: false });
    symlinkSync(target, path.join(root, 'requirements.txt'));
    return root;
  }

  it('is followed: the file that it leads to is changed under its own name, and the link stays', async () => {
    const root = linked();
    const plan = await planFor(root);
    const change = plan.changes.find((c) => c.path.endsWith('.txt'));
    expect(change).toMatchObject({ path: 'deps/base.txt', after: expect.stringContaining('gunicorn==') });
    await applyPlan(plan);
    expect(readlinkSync(path.join(root, 'requirements.txt'))).toBe('deps/base.txt');
    expect(readFileSync(path.join(root, 'requirements.txt'), 'utf8')).toContain('gunicorn==');
  });

  it('and turned elsewhere before the patch is written: nothing is', async () => {
    const root = linked();
    const plan = await planFor(root);
    rmSync(path.join(root, 'requirements.txt'));
    symlinkSync('app/main.py', path.join(root, 'requirements.txt'));
    await expect(applyPlan(plan)).rejects.toThrow('changed since the plan was made: requirements.txt');
    expect(readFileSync(path.join(root, 'deps/base.txt'), 'utf8')).toBe(SAMPLE['requirements.txt']);
  });

  it('through a second link', async () => {
    const root = linked('deps/other.txt');
    symlinkSync('base.txt', path.join(root, 'deps/other.txt'));
    expect((await planFor(root)).changes.map((c) => c.path)).toContain('deps/base.txt');
  });
});

describe('paths in a systemd unit', () => {
  const unit = async (folder: string, written: string): Promise<string> => {
    const main = `import os\nfrom fastapi import FastAPI\n\napp = FastAPI()\nos.makedirs(${JSON.stringify(written)})\n`;
    const requirements = 'fastapi\nuvicorn\ngunicorn\n';
    const files = { [`${folder}/main.py`]: main, [`${folder}/requirements.txt`]: requirements };
    const { steps } = loadRecipe('vps', parts);
    const plan = await planRepository(memorySnapshot(files, '/shop'), steps, { recipe: 'vps' });
    return (plan.changes.find((c) => c.path.endsWith('.service'))?.after ?? '').replace(
      /\/srv\/[\w-]+\//g,
      '/srv/shop/',
    );
  };
  it.each([
    ['plain', 'ReadWritePaths=-/srv/shop/plain/data'],
    ['100%s', 'ReadWritePaths=-/srv/shop/100%%s/data'],
    ['a b', 'ReadWritePaths="-/srv/shop/a b/data"'],
    ["it's", 'ReadWritePaths="-/srv/shop/it\'s/data"'],
    ['say "x" %h', `ReadWritePaths="-/srv/shop/say "'"'"x"'"'" %%h/data"`],
  ])('%s', async (folder, line) => {
    expect(await unit(folder, 'data')).toContain(`${line}\n`);
  });

  it('a line end in a name begins no other line', async () => {
    expect(await unit('plain', 'a\nUser=root')).not.toMatch(/^User=root/m);
  });
});

it.skipIf(process.platform === 'win32')('a closed terminal stops as Ctrl-C does', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const aborted = await interruptible(async (stop) => {
      process.emit(signal, signal);
      return stop.aborted;
    });
    expect(aborted).toBe(true);
  }
});
