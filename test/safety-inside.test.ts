/** Nothing outside is read or written, nothing of the repository is run, and no file that is none makes nayek wait. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertClean, openRepository, planRepository } from '../src/engine/run.ts';
import type { Part } from '../src/model/transform.ts';
import { readSnapshot } from '../src/repo/disk-snapshot.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { dirtyFiles, findGit } from '../src/system/git.ts';
import { findProgram } from '../src/system/program.ts';
import { sha256 } from '../src/writer/disk.ts';
import { servedCommand, spawnedCommand } from './command.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const isRoot = process.getuid?.() === 0;

beforeAll(loadPython);

const nayek = servedCommand();

const outside = (): string => temporaryFolder('outside');

function tree(folder: string): Record<string, string> {
  const names = (readdirSync(folder, { recursive: true, withFileTypes: true }) as unknown as import('node:fs').Dirent[])
    .filter((e) => e.isFile())
    .map((e) => path.join(e.parentPath, e.name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, 'latin1')]));
}

/** Writes the given files whatever stands there. */
function creating(creates: Readonly<Record<string, string>>): Part {
  return {
    ...{ id: 'creating', summary: '', source: '', options: {} },
    plan: (repo) =>
      Object.keys(creates).every((p) => repo.has(p)) ? [] : [{ kind: 'edits', reason: 'created', at: [], creates }],
  };
}

describe('links out of the tree', () => {
  it('a file: named, not read, not written', () => {
    const away = outside();
    writeFileSync(path.join(away, 'main.py'), SAMPLE['app/main.py'] ?? '');
    writeFileSync(path.join(away, 'requirements.txt'), 'fastapi\n');
    const root = repositoryOf(SAMPLE);
    rmSync(path.join(root, 'requirements.txt'));
    symlinkSync(path.join(away, 'requirements.txt'), path.join(root, 'requirements.txt'));
    symlinkSync(path.join(away, 'main.py'), path.join(root, 'other.py'));
    symlinkSync('/etc/passwd', path.join(root, 'passwd.py'));
    symlinkSync('nowhere', path.join(root, 'lost.py'));
    const before = tree(away);
    const { out } = nayek(root, ['patch', '--allow-dirty']);
    expect(out).toContain('skipped    requirements.txt: is a link out of the repository');
    expect(out).toContain('skipped    other.py: is a link out of the repository');
    expect(out).toContain('skipped    passwd.py: is a link out of the repository');
    expect(out).toContain('skipped    lost.py: is a link that leads nowhere');
    expect(out).toMatch(/^applied +bind /m);
    expect(tree(away)).toEqual(before);
  });

  it('a folder: named, not entered', () => {
    const away = outside();
    mkdirSync(path.join(away, 'app'));
    writeFileSync(path.join(away, 'app/main.py'), SAMPLE['app/main.py'] ?? '');
    const root = repositoryOf(SAMPLE);
    symlinkSync(path.join(away, 'app'), path.join(root, 'backend'));
    symlinkSync('.', path.join(root, 'loop'));
    const before = tree(away);
    const { out, code } = nayek(root, ['patch']);
    expect(code).toBe(0);
    expect(out).toContain('skipped    backend: is a link out of the repository');
    expect(out).not.toContain('loop');
    expect(tree(away)).toEqual(before);
  });

  it('in the place of a file to create: by hand, and the rest goes on', () => {
    const away = outside();
    const root = repositoryOf(SAMPLE);
    symlinkSync(path.join(away, 'target'), path.join(root, 'Procfile'));
    const { out, code } = nayek(root, ['patch', '--allow-dirty']);
    expect(out).toMatch(/^manual +procfile +.*Procfile is a link$/m);
    expect(out).toMatch(/^applied +bind /m);
    expect(code).toBe(0);
    expect(readdirSync(away)).toEqual([]);
  });

  it('swapped in after the folders were listed', () => {
    const root = repositoryOf(SAMPLE);
    const repo = readSnapshot(root);
    rmSync(path.join(root, 'requirements.txt'));
    symlinkSync('/etc/passwd', path.join(root, 'requirements.txt'));
    expect(repo.read('requirements.txt')).toBeUndefined();
    expect(repo.skipped).toEqual([{ path: 'requirements.txt', reason: 'cannot be read (ELOOP)' }]);
  });

  it('in the place of the state folder', () => {
    for (const isGit of [true, false]) {
      const away = outside();
      const root = repositoryOf(SAMPLE, { git: isGit });
      symlinkSync(away, path.join(root, isGit ? '.git/nayek' : '.nayek'));
      expect(nayek(root, ['patch'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('nayek is not a regular file'),
      });
      expect(readdirSync(away)).toEqual([]);
      expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(SAMPLE['app/main.py']);
    }
  });
});

describe('what a repository could bring along', () => {
  it.each([
    ['a path out of it', { path: '../victim' }, {}],
    ['an absolute path', { path: '/tmp/nayek-victim' }, {}],
    ['a path into git', { path: '.git/config' }, {}],
    ['another file as the temporary one', { temp: '../../victim' }, {}],
    [
      'another file as the copy',
      { before: { sha256: sha256(Buffer.from('x')), mode: 0o644, blob: '../../../victim' } },
      {},
    ],
    [
      'a mode with more than permissions',
      { before: { sha256: sha256(Buffer.from('x')), mode: 0o104755, blob: '0' } },
      {},
    ],
    ['a folder out of it', {}, { folders: ['../victims'] }],
  ])('a journal with %s is none', (_, file, record) => {
    const root = repositoryOf(SAMPLE, { git: false });
    const victim = path.join(root, '../victim');
    mkdirSync(path.join(root, '../victims'));
    writeFileSync(victim, 'precious');
    const step = path.join(root, '.nayek/steps/0001');
    mkdirSync(step, { recursive: true });
    writeFileSync(path.join(step, '0'), 'x');
    const entry = { path: 'a', before: null, after: sha256(Buffer.from('precious')), temp: '.nayek-tmp-1-0', ...file };
    const whole = { version: 1, state: 'open', root: '', at: '', recipe: '', files: [entry], folders: [], ...record };
    writeFileSync(path.join(step, 'step.json'), JSON.stringify(whole));
    nayek(root, ['undo', '--force']);
    nayek(root, ['patch']);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(existsSync(path.join(root, '../victims'))).toBe(true);
  });

  it('pipes, sockets and devices: nothing waits for them', async () => {
    const root = repositoryOf(SAMPLE);
    for (const name of ['pipe.py', 'alembic.ini', 'Procfile', 'render.yaml', '.env', 'sub.gitignore']) {
      execFileSync('mkfifo', [path.join(root, name)]);
    }
    mkdirSync(path.join(root, 'deep'));
    execFileSync('mkfifo', [path.join(root, 'deep/.gitignore')]);
    execFileSync('mkfifo', [path.join(root, 'deep/pyvenv.cfg')]);
    const server = net.createServer().listen(path.join(root, 'socket.py'));
    if (isRoot) spawnSync('mknod', [path.join(root, 'zero.py'), 'c', '1', '5']);
    try {
      const { out, code } = nayek(root, ['patch', '--allow-dirty']);
      expect(code).toBe(0);
      for (const name of ['pipe.py', 'alembic.ini', 'socket.py', 'Procfile']) {
        expect(out).toContain(`skipped    ${name}: is no regular file`);
      }
      if (existsSync(path.join(root, 'zero.py'))) expect(out).toContain('skipped    zero.py: is no regular file');
      expect(out).toMatch(/^manual +procfile +.*Procfile is no regular file$/m);
      expect(out).toMatch(/^applied +bind /m);
    } finally {
      server.close();
    }
  });

  it('a pipe in the place of the lock, of the record, of the git file', () => {
    const locked = repositoryOf(SAMPLE);
    mkdirSync(path.join(locked, '.git/nayek/steps/0001'), { recursive: true });
    execFileSync('mkfifo', [path.join(locked, '.git/nayek/steps/0001/step.json')]);
    expect(nayek(locked, ['patch', '--dry-run']).code).toBe(0);
    execFileSync('mkfifo', [path.join(locked, '.git/nayek/lock')]);
    expect(nayek(locked, ['patch']).code).toBe(2);
    const piped = repositoryOf(SAMPLE, { git: false });
    execFileSync('mkfifo', [path.join(piped, '.git')]);
    expect(spawnedCommand(piped, ['patch']).code).toBe(0);
  });

  it.each([
    ['a newline', 'a\nb.py'],
    ['an escape sequence', 'a\x1b]0;pwned\x07.py'],
    ['a backslash', 'a\\b.py'],
  ])('a name with %s is skipped, and shown harmless', (_, name) => {
    const root = repositoryOf({ ...SAMPLE, [`app/${name}`]: SAMPLE['app/main.py'] ?? '' });
    const { out, code } = nayek(root, ['patch']);
    expect(code).toBe(0);
    expect(out).toMatch(/^skipped {4}app\/a.*: its name holds a /m);
    expect([...out].filter((c) => c < ' ' && c !== '\n')).toEqual([]);
    expect(git(root, 'status', '--porcelain')).not.toContain('"app/a');
  });

  it('a name that differs by case only, or is ignored: by hand', () => {
    const root = repositoryOf({ ...SAMPLE, procfile: 'web: x\n', '.gitignore': 'render.yaml\n' });
    writeFileSync(path.join(root, 'render.yaml'), 'mine: true\n');
    const { out, code } = nayek(root, ['patch']);
    expect(out).toMatch(/^manual +procfile /m);
    expect(readSnapshot(root).obstacle('Procfile')).toBe('differs from procfile by case only');
    expect(out).toMatch(/^manual +render-yaml +.*render\.yaml exists already, and is ignored$/m);
    expect(code).toBe(0);
    expect(readFileSync(path.join(root, 'render.yaml'), 'utf8')).toBe('mine: true\n');
  });
});

describe('plans and recipes', () => {
  it.each([
    '../victim',
    '/tmp/nayek-victim',
    'app/../../victim',
    '.git/hooks/post-checkout',
    'a\\..\\b',
    'C:\\x',
    'a\nb',
  ])('no part can create %j', async (name) => {
    const root = repositoryOf(SAMPLE);
    const plan = await planRepository(await openRepository(root), [{ part: creating({ [name]: 'x' }), options: {} }], {
      recipe: 't',
    });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts[0]).toMatchObject({ kind: 'manual', reason: expect.stringContaining('no plain path') });
  });

  it('a saved plan that leads out is refused as a whole', () => {
    const root = repositoryOf(SAMPLE);
    const file = path.join(root, '../plan.json');
    nayek(root, ['patch', '--dry-run', '--format', 'json', '-o', file]);
    const saved = JSON.parse(readFileSync(file, 'utf8'));
    const created = saved.changes.findIndex((c: { created: boolean }) => c.created);
    for (const bad of ['../victim', '.git/config', 'app/../../victim']) {
      const changes = saved.changes.map((c: object, i: number) => (i === created ? { ...c, path: bad } : c));
      writeFileSync(file, JSON.stringify({ ...saved, changes }));
      expect(nayek(root, ['apply', file])).toMatchObject({
        code: 2,
        err: expect.stringContaining('not a regular file inside'),
      });
      writeFileSync(file, JSON.stringify({ ...saved, reads: { ...saved.reads, [bad]: '0'.repeat(64) } }));
      expect(nayek(root, ['apply', file]).code).toBe(2);
      expect(git(root, 'status', '--porcelain')).toBe('');
    }
    expect(existsSync(path.join(root, '../victim'))).toBe(false);
  });

  it('a plan made for another root is refused where the files differ', () => {
    const root = repositoryOf(SAMPLE);
    const file = path.join(root, '../plan.json');
    nayek(root, ['patch', '--dry-run', '--format', 'json', '-o', file]);
    const other = repositoryOf({ ...SAMPLE, 'requirements.txt': 'flask\n' });
    const refused = nayek(other, ['apply', file, '-C', other]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('requirements.txt') });
    expect(git(other, 'status', '--porcelain')).toBe('');
    renameSync(root, `${root}-moved`);
    expect(nayek(other, ['apply', file])).toMatchObject({ code: 2, err: expect.stringContaining('is not a folder') });
  });
});

describe.skipIf(!isRoot)("somebody else's repository", () => {
  it('is refused by git, and so by nayek; nothing is written', () => {
    const root = repositoryOf(SAMPLE);
    execFileSync('chown', ['-R', '12345:12345', path.dirname(root)]);
    const answer = spawnedCommand(root, ['patch'], { ...process.env, HOME: outside() });
    expect(answer).toMatchObject({ code: 2, err: expect.stringContaining('dubious ownership') });
    expect(existsSync(path.join(root, '.git/nayek/steps'))).toBe(false);
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(SAMPLE['app/main.py']);
  });

  it('above a folder of ours is not used for the journal', () => {
    const root = repositoryOf(SAMPLE, { folder: 'sub' });
    chownSync(path.join(root, '../.git'), 12345, 12345);
    expect(findGit(root)).toBeUndefined();
  });
});

describe('nothing of the repository is run', () => {
  /** A program that proves that it ran. */
  function trap(file: string, proof: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "$0" >> '${proof}'\n`);
    chmodSync(file, 0o755);
  }

  it('no module, no hook, no monitor, no filter, no text converter, no program of that name', () => {
    const root = repositoryOf({ ...SAMPLE, '.gitattributes': '* filter=evil diff=evil\n*.txt filter=late\n' });
    const proof = path.join(root, '../proof');
    const script = path.join(root, '../trap');
    trap(script, proof);
    const python = `open(${JSON.stringify(proof)}, 'a').write(__file__ + '\\n')\n`;
    for (const name of [
      'sitecustomize',
      'usercustomize',
      'uvicorn',
      'alembic',
      'base64',
      'binascii',
      'codecs',
      'encodings',
    ]) {
      writeFileSync(path.join(root, `${name}.py`), python);
    }
    for (const name of ['conftest.py', 'setup.py', 'app/__init__.py']) writeFileSync(path.join(root, name), python);
    for (const name of ['python3', 'python', 'git', 'bin/python3', 'bin/git', '.venv/bin/python3'])
      trap(path.join(root, name), proof);
    for (const hook of ['pre-commit', 'post-index-change', 'post-checkout', 'fsmonitor-watchman']) {
      trap(path.join(root, '.git/hooks', hook), proof);
    }
    writeFileSync(path.join(root, '.git/extra'), `[filter "late"]\n\tclean = ${script}\n\trequired = true\n`);
    for (const [key, value] of [
      ['core.fsmonitor', script],
      ['filter.evil.clean', script],
      ['filter.evil.process', script],
      ['filter.evil.required', 'true'],
      ['diff.evil.textconv', script],
      ['diff.external', script],
      ['core.pager', script],
      ['core.editor', script],
      ['core.sshCommand', script],
      ['include.path', 'extra'],
      ['alias.status', `!${script}`],
      ['alias.config', `!${script}`],
      ['core.askPass', script],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.url', `ext::${script}`],
      ['remote.origin.promisor', 'true'],
      ['protocol.ext.allow', 'always'],
    ] as const) {
      execFileSync('git', ['config', '--file', path.join(root, '.git/config'), key, value]);
    }
    // Touched, so that git has to read the files again.
    for (const name of Object.keys(SAMPLE)) if (SAMPLE[name]) writeFileSync(path.join(root, name), SAMPLE[name]);
    const PATH = ['.', '', root, path.join(root, 'bin'), path.join(root, '.venv/bin'), process.env.PATH].join(':');
    const env = { ...process.env, PATH, PYTHONPATH: root, PYTHONSTARTUP: path.join(root, 'setup.py'), PYTHONHOME: '' };
    const patched = spawnedCommand(root, ['patch'], env);
    for (const args of [['patch', '--dry-run'], ['check'], ['undo']]) spawnedCommand(root, args, env);
    expect(existsSync(proof) ? readFileSync(proof, 'utf8') : '').toBe('');
    expect(patched).toMatchObject({ code: 0, err: '' });
    // The trap works: git itself would have run it.
    spawnSync('git', ['status'], { cwd: root });
    expect(existsSync(proof)).toBe(true);
  });

  it("a filter of the user's own, such as LFS, still counts", () => {
    const root = repositoryOf({ 'a.py': 'x = 1\n', '.gitattributes': '*.py filter=mine\n' });
    const userHome = outside();
    writeFileSync(path.join(userHome, '.gitconfig'), '[filter "mine"]\n\tclean = "echo x = 1"\n');
    writeFileSync(path.join(root, 'a.py'), 'y = 2\n');
    const { HOME } = process.env;
    process.env.HOME = userHome;
    try {
      const folder = findGit(root);
      expect(folder && dirtyFiles(root, folder, ['a.py'])).toEqual([]);
    } finally {
      process.env.HOME = HOME;
    }
    const folder = findGit(root);
    expect(folder && dirtyFiles(root, folder, ['a.py'])).toEqual(['a.py']);
  });

  it('programs come from absolute folders outside only', () => {
    const root = outside();
    trap(path.join(root, 'bin/nayek-trap'), path.join(root, 'proof'));
    symlinkSync(path.join(root, 'bin/nayek-trap'), path.join(outside(), 'nayek-trap'));
    const { PATH } = process.env;
    try {
      process.env.PATH = `.:${path.join(root, 'bin')}`;
      expect(findProgram('nayek-trap', root)).toBeUndefined();
      expect(findProgram('nayek-trap', outside())).toBe(path.join(root, 'bin/nayek-trap'));
      expect(findProgram('nayek-trap')).toBe(path.join(root, 'bin/nayek-trap'));
      process.env.PATH = '.::bin';
      expect(findProgram('nayek-trap')).toBeUndefined();
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('variables of a hook do not lead git elsewhere', async () => {
    const root = repositoryOf(SAMPLE);
    const other = repositoryOf(SAMPLE);
    process.env.GIT_DIR = path.join(other, '.git');
    process.env.GIT_INDEX_FILE = path.join(other, '.git/index');
    try {
      writeFileSync(path.join(root, 'app/main.py'), 'changed\n');
      const plan = await planRepository(await openRepository(other), [{ part: creating({ x: '' }), options: {} }], {
        recipe: 't',
      });
      const change = { ...plan.changes[0], path: 'app/main.py' } as (typeof plan.changes)[number];
      expect(() => assertClean({ ...plan, root, changes: [change] })).toThrow('app/main.py');
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
  });
});
