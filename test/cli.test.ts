/** The built command on repositories in temporary folders. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, home } from './built.ts';
import { type Answer, servedCommand, spawnedCommand } from './command.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full, sampled } from './tier.ts';

/** A byte a character. */
const run = servedCommand('latin1');

/** How long it takes, as a measure for moments of a second time. */
function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function nayek(cwd: string, ...args: string[]): Answer {
  return run(cwd, args);
}

it.each(
  sampled(['patch --dry-run', 'patch --format json', 'check', 'patch nope', 'patch --nope', 'patch --help', ''], 3),
)('%s: answers as a process of its own does', (line) => {
  const args = line.split(' ').filter(Boolean);
  const root = repositoryOf(SAMPLE);
  const served = run(root, args);
  git(root, 'checkout', '-q', '.');
  git(root, 'clean', '-qfd');
  expect(spawnedCommand(root, args, process.env, 'latin1')).toEqual(served);
});

/** The exact diff goes into git apply through a pipe, as a user would do it. */
function pipeToGitApply(cwd: string, dir = '.'): void {
  const script = `set -o pipefail; "$0" "$1" patch --dry-run "$2" | git apply`;
  execFileSync('bash', ['-c', script, process.execPath, command, dir], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function bytes(root: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, full);
    if (entry.isFile() && name.split(path.sep)[0] !== '.git') out[name] = readFileSync(full).toString('latin1');
  }
  return out;
}

function encoded(from: Readonly<Record<string, string>>, change: (name: string, text: string) => Buffer | string) {
  return Object.fromEntries(Object.entries(from).map(([name, text]) => [name, change(name, text)]));
}

const FORMS: Readonly<Record<string, Readonly<Record<string, string | Buffer>>>> = {
  plain: SAMPLE,
  CRLF: encoded(SAMPLE, (_, text) => text.replaceAll('\n', '\r\n')),
  'no final newline': encoded(SAMPLE, (_, text) => text.replace(/\n$/, '')),
  'UTF-8 with BOM': encoded(SAMPLE, (_, text) => `\ufeff${text}`),
  'requirements in UTF-16': {
    ...SAMPLE,
    'requirements.txt': Buffer.from(`\ufeff${SAMPLE['requirements.txt']}`, 'utf16le'),
  },
  'latin-1': encoded(SAMPLE, (name, text) =>
    name.endsWith('.py') ? Buffer.from(`# -*- coding: latin-1 -*-\n# d\xe9j\xe0\n${text}`, 'latin1') : text,
  ),
};

describe.each(sampled(Object.keys(FORMS), 3))('%s', (form) => {
  const files = FORMS[form] ?? {};

  it('dry run writes nothing; git apply gives the same bytes as patch', () => {
    const [piped, patched] = [repositoryOf(files), repositoryOf(files)];
    const before = bytes(piped);
    const dry = nayek(piped, 'patch', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(bytes(piped)).toEqual(before);
    expect(existsSync(path.join(piped, '.git/nayek'))).toBe(false);
    pipeToGitApply(piped);
    expect(nayek(patched, 'patch')).toMatchObject({ code: 0, err: '' });
    expect(bytes(patched)).toEqual(bytes(piped));
    expect(Object.keys(bytes(patched))).toContain('Procfile');
    expect(bytes(patched)['app/main.py']).not.toContain('192.168');
  });

  it('a second patch changes no byte, and undo leaves git status clean', () => {
    const root = repositoryOf(files);
    nayek(root, 'patch');
    const once = bytes(root);
    expect(nayek(root, 'patch', '--allow-dirty')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing to change.'),
    });
    expect(bytes(root)).toEqual(once);
    expect(nayek(root, 'patch', '--check').code).toBe(0);
    expect(nayek(root, 'undo')).toMatchObject({ code: 0, err: '' });
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(nayek(root, 'patch', '--check').code).toBe(1);
  });
});

describe('paths of the diff', () => {
  it('fit git apply from the top and from the folder itself', () => {
    const root = repositoryOf(SAMPLE, { folder: 'back end' });
    const top = path.dirname(root);
    pipeToGitApply(top, 'back end');
    const fromTop = bytes(root);
    git(top, 'reset', '-q', '--hard');
    git(top, 'clean', '-qfd');
    pipeToGitApply(root);
    expect(bytes(root)).toEqual(fromTop);
    expect(fromTop.Procfile).toBeDefined();
  });

  it('fit git apply without git', () => {
    const root = repositoryOf(SAMPLE, { git: false });
    pipeToGitApply(root);
    expect(bytes(root).Procfile).toBeDefined();
    expect(nayek(root, 'patch', '--check')).toMatchObject({ code: 0 });
  });
});

describe('streams and formats', () => {
  it('patch prints the summary with evidence, and how to take it back', () => {
    const { out, err, code } = nayek(repositoryOf(SAMPLE), 'patch');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^applied +bind +app\/main\.py:\d+: /m);
    expect(out).toContain('nayek undo');
    expect(out).not.toContain('\x1b');
  });

  it('a dry run puts the diff on stdout and the verdicts on stderr', () => {
    const { out, err } = nayek(repositoryOf(SAMPLE), 'patch', '--dry-run');
    expect(out).toMatch(/^diff --git /);
    expect(err).toMatch(/^pending +bind /m);
  });

  it('patch --format diff is a dry run, as with other tools', () => {
    const root = repositoryOf(SAMPLE);
    const { out, err } = nayek(root, 'patch', '--format', 'diff');
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(err).toMatch(/^pending +bind [\s\S]*\n {2}`nayek patch` writes this/m);
    writeFileSync(path.join(root, '../diff'), out, 'latin1');
    git(root, 'apply', path.join(root, '../diff'));
    expect(git(root, 'status', '--porcelain')).not.toBe('');
  });

  it('speaks French where the locale or --lang says so; JSON stays as it is', () => {
    const root = repositoryOf(SAMPLE);
    const text = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
    const french = run(root, ['patch', '--check'], { ...process.env, LC_ALL: 'fr_FR.UTF-8' });
    expect(text(french.out)).toContain("uvicorn.run prend HOST, PORT dans l'environnement");
    expect(text(french.out)).toMatch(/^à faire +bind /m);
    expect(text(french.out)).toContain('2 fichiers à changer, 2 fichiers à créer');
    expect(nayek(root, 'check', '--lang', 'fr').out).toContain('points sur');
    expect(nayek(root, 'patch', '--dry-run', '--lang', 'fr', '--format', 'json').out).toContain('puts gunicorn');
    expect(run(root, ['patch', 'nowhere'], { ...process.env, LC_ALL: 'fr_FR' }).err).toMatch(
      /n'est pas un dossier \(donnez le dossier/,
    );
  });

  it('JSON has verdicts, hashes and a masked diff', () => {
    const root = repositoryOf({
      ...SAMPLE,
      'app/main.py': (SAMPLE['app/main.py'] ?? '').replace(
        'app = FastAPI()',
        'app = FastAPI()\nSECRET_KEY = "hunter2hunter2"',
      ),
      'requirements.txt': '--extra-index-url https://me:hunter2@example.org/simple\nfastapi\nuvicorn\n',
    });
    const { out, code } = nayek(root, 'patch', '--dry-run', '--format', 'json');
    expect(code).toBe(0);
    expect(out).not.toContain('hunter2');
    const report = JSON.parse(out);
    expect(report).toMatchObject({ schema: 1, root, recipe: 'render', written: false });
    expect(report.changes.map((c: { path: string }) => c.path)).toContain('requirements.txt');
    expect(report.changes[0]).not.toHaveProperty('edits');
    for (const change of report.changes) expect(change.sha256.after).toMatch(/^[0-9a-f]{64}$/);
    for (const format of ['summary', 'diff']) {
      const shown = nayek(root, 'patch', '--dry-run', '--format', format);
      expect(shown.err + (format === 'diff' ? '' : shown.out)).not.toContain('hunter2');
    }
  });

  it('-o writes for the owner only, and in one piece', () => {
    const root = repositoryOf(SAMPLE);
    const file = path.join(root, '../plan.json');
    writeFileSync(file, 'x'.repeat(100_000), { mode: 0o644 });
    const { out, err } = nayek(root, 'patch', '--dry-run', '--format', 'json', '-o', file);
    expect(out).toBe('');
    expect(err).toContain('0600');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8')).changes[0]).toHaveProperty('edits');
    expect(nayek(root, 'patch', '-o', path.join(root, 'no/such/folder')).code).toBe(2);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it('a reader that stops early is no error', () => {
    const root = repositoryOf(SAMPLE);
    const script = `"$0" "$1" patch --dry-run . 2>"$2" | head -c 1; exit "\${PIPESTATUS[0]}"`;
    const errors = path.join(root, '../errors');
    const { status } = spawnSync('bash', ['-c', script, process.execPath, command, errors], { cwd: root });
    expect(status).toBe(0);
    expect(readFileSync(errors, 'utf8')).not.toContain('EPIPE');
  });

  it('names and options reach the parts', () => {
    const root = repositoryOf(SAMPLE);
    const only = nayek(root, 'patch', '--dry-run', '--only', 'gunicorn,procfile', '--format', 'json');
    expect(new Set(JSON.parse(only.out).verdicts.map((v: { part: string }) => v.part))).toEqual(
      new Set(['gunicorn', 'procfile']),
    );
    const set = nayek(root, 'patch', '--dry-run', '--only', 'bind', '--set', 'bind.comment=why');
    expect(set.out).toContain('# why');
    expect(nayek(root, '-C', 'app', 'patch').code).toBe(2);
    expect(nayek(path.dirname(root), 'patch', '--check', '-C', root).code).toBe(1);
  });
});

describe('a saved plan', () => {
  it('is executed exactly, and refused after a change', () => {
    const root = repositoryOf(SAMPLE);
    const plan = path.join(root, '../plan.json');
    nayek(root, 'patch', '--dry-run', '--format', 'json', '-o', plan);
    const expected = repositoryOf(SAMPLE);
    nayek(expected, 'patch');
    expect(nayek(os.tmpdir(), 'apply', plan)).toMatchObject({ code: 0, err: '' });
    const result = bytes(root);
    expect(result['app/main.py']).toBe(bytes(expected)['app/main.py']);
    expect(nayek(root, 'apply', plan)).toMatchObject({
      code: 2,
      err: expect.stringContaining('changed since the plan was made'),
    });
    expect(bytes(root)).toEqual(result);
    nayek(root, 'undo');
    expect(git(root, 'status', '--porcelain')).toBe('');
    const other = repositoryOf(SAMPLE);
    expect(nayek(other, 'apply', plan, '-C', other).code).toBe(0);
    expect(bytes(other)).toEqual(result);
  });
});

describe('the tree must be clean', () => {
  it('only where the plan writes, and never for a dry run', () => {
    const root = repositoryOf({ ...SAMPLE, 'notes.md': 'x\n' });
    writeFileSync(path.join(root, 'notes.md'), 'y\n');
    expect(nayek(root, 'patch', '--only', 'procfile').code).toBe(0);
    writeFileSync(path.join(root, 'app/main.py'), `# mine\n${SAMPLE['app/main.py']}`);
    expect(nayek(root, 'patch', '--dry-run').code).toBe(0);
    const before = bytes(root);
    const refused = nayek(root, 'patch');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toBe(
      'nayek: uncommitted changes in files to be patched: app/main.py (commit or stash them, or pass --allow-dirty; nothing was written)\n',
    );
    expect(bytes(root)).toEqual(before);
    expect(nayek(root, 'patch', '--allow-dirty').code).toBe(0);
    nayek(root, 'undo');
    expect(bytes(root)).toEqual(before);
  });

  it('also when the root is below the top, and names are odd', () => {
    const files = { ...SAMPLE, 'app/été [1].txt': '' };
    const root = repositoryOf(files, { folder: 'sub' });
    writeFileSync(path.join(root, 'app/main.py'), `# mine\n${SAMPLE['app/main.py']}`);
    expect(nayek(path.dirname(root), 'patch', 'sub').err).toContain('patched: app/main.py (');
  });
});

describe('bad input is one line and exit 2', () => {
  const empty = (): string => temporaryFolder('empty');
  const cases: Readonly<Record<string, () => readonly [string, ...string[]]>> = {
    'no such folder': () => [empty(), 'patch', 'nope'],
    'a file': () => [repositoryOf(SAMPLE), 'patch', 'requirements.txt'],
    'an empty folder': () => [empty(), 'patch'],
    'no Python': () => [repositoryOf({ 'README.md': 'x' }), 'patch'],
    'no service': () => [repositoryOf({ 'lib.py': 'def f():\n    return 1\n' }), 'patch'],
    'an unknown option': () => [repositoryOf(SAMPLE), 'patch', '--nope'],
    'an unknown command': () => [repositoryOf(SAMPLE), 'nope'],
    'an unknown format': () => [repositoryOf(SAMPLE), 'patch', '--format', 'nope'],
    'an unknown recipe': () => [repositoryOf(SAMPLE), 'patch', '--recipe', 'nope'],
    'a missing recipe': () => [repositoryOf(SAMPLE), 'patch', '--recipe', './nope.yaml'],
    'a broken recipe': () => [repositoryOf({ ...SAMPLE, 'r.yaml': 'name: [' }), 'patch', '--recipe', './r.yaml'],
    'an unknown part': () => [repositoryOf(SAMPLE), 'patch', '--only', 'nope'],
    'an unknown part to explain': () => [repositoryOf(SAMPLE), 'explain', 'nope'],
    'a bad setting': () => [repositoryOf(SAMPLE), 'patch', '--set', 'bind.nope=1'],
    'a missing plan': () => [repositoryOf(SAMPLE), 'apply', 'nope.json'],
    'a broken plan': () => [repositoryOf({ ...SAMPLE, 'p.json': '{}' }), 'apply', 'p.json'],
    'nothing to undo': () => [repositoryOf(SAMPLE), 'undo'],
    'too many arguments': () => [repositoryOf(SAMPLE), 'patch', '.', 'x'],
    'a link loop': () => {
      const dir = empty();
      symlinkSync('loop', path.join(dir, 'loop'));
      return [dir, 'patch', 'loop'];
    },
  };

  it.each(Object.keys(cases))('%s', (name) => {
    const [cwd = '', ...args] = cases[name]?.() ?? [];
    const { code, out, err } = nayek(cwd, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^nayek: [^\n]+ \([^\n]+\)\n$/);
    expect(err).not.toMatch(/^ +at /m);
    if (existsSync(path.join(cwd, '.git'))) expect(git(cwd, 'status', '--porcelain')).toBe('');
  });

  it('--debug shows where it came from', () => {
    expect(nayek(os.tmpdir(), 'patch', 'nope', '--debug').err).toMatch(/^ +at /m);
  });

  it('a name with an escape sequence does not reach the terminal', () => {
    const { err } = nayek(os.tmpdir(), 'patch', '\x1b]0;pwned\x07');
    expect([...err].filter((c) => c < ' ')).toEqual(['\n']);
  });
});

describe('files that cannot be read or parsed', () => {
  it('are named, and the rest goes on', () => {
    const root = repositoryOf({
      ...SAMPLE,
      'app/broken.py': 'import uvicorn\ndef f(:\n    uvicorn.run(app, host="127.0.0.1"\n',
      'app/nul.py': 'x = "\0"\nuvicorn.run("a:b")\nfrom fastapi import FastAPI\n',
      'app/bytes.py': Buffer.from('x = "\xff\xfe\xe9"\nuvicorn.run("a:b")\nfrom fastapi import FastAPI\n', 'latin1'),
    });
    const { code, out } = nayek(root, 'patch');
    expect(code).toBe(0);
    expect(out).toContain('skipped    app/nul.py: holds NUL bytes');
    expect(out).toContain('skipped    app/bytes.py: ');
    expect(out).toMatch(/^applied +bind /m);
  });
});

describe('locks, kills and interruptions', () => {
  it('a second process stops with exit 2', () => {
    const root = repositoryOf(SAMPLE);
    mkdirSync(path.join(root, '.git/nayek'));
    writeFileSync(path.join(root, '.git/nayek/lock'), `${process.pid} ${os.hostname()}\n`);
    expect(nayek(root, 'patch')).toMatchObject({
      code: 2,
      err: expect.stringContaining(`process ${process.pid} is patching`),
    });
    expect(nayek(root, 'patch', '--dry-run').code).toBe(0);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  /** Applies a plan in a child process that kills itself with `signal` before the given rename into the root. */
  function applyAndDie(root: string, plan: string, signal: string, at: number): Answer {
    const script = `
      import fs from 'node:fs';
      import { applyPlan, readSavedPlan, readSnapshot } from ${JSON.stringify(path.join(home, 'dist/index.js'))};
      let renames = 0;
      const deadly = new Proxy(fs, { get: (target, name) => name !== 'renameSync' ? target[name] : (from, to) => {
        if (!to.includes('nayek/steps') && renames++ === ${at}) process.kill(process.pid, ${JSON.stringify(signal)});
        return target.renameSync(from, to);
      } });
      await applyPlan(readSavedPlan(fs.readFileSync(${JSON.stringify(plan)}, 'utf8'), readSnapshot), { fs: deadly });
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  it.each(sampled([0, 1, 2], 3).slice(full ? 0 : 1))(
    'kill -9 before file %i: the next command rolls back first, and says so',
    (at) => {
      for (const next of ['patch', 'undo']) {
        const root = repositoryOf(SAMPLE);
        const plan = path.join(root, '../plan.json');
        nayek(root, 'patch', '--dry-run', '--format', 'json', '-o', plan);
        applyAndDie(root, plan, 'SIGKILL', at);
        expect(
          readdirSync(root)
            .concat(readdirSync(path.join(root, 'app')))
            .some((n) => n.startsWith('.nayek-tmp')),
        ).toBe(true);
        const dry = nayek(root, 'patch', '--dry-run');
        expect(dry.err).toContain('cut short');
        const { code, out, err } = nayek(root, next);
        expect(code).toBe(0);
        expect(out + err).toContain('cut short');
        if (next === 'patch') nayek(root, 'undo');
        expect(git(root, 'status', '--porcelain')).toBe('');
        expect(existsSync(path.join(root, '.git/nayek'))).toBe(false);
      }
    },
  );

  it('Ctrl-C ends with 130 or the signal, and leaves all or nothing', async () => {
    const whole = secondsOf(() => spawnedCommand(repositoryOf(SAMPLE), ['patch']));
    for (const part of sampled([0.25, 0.5, 0.75, 1], 2)) {
      const root = repositoryOf(SAMPLE);
      const child = spawn(process.execPath, [command, 'patch'], { cwd: root, stdio: 'ignore' });
      const ended = new Promise<readonly [number | null, string | null]>((resolve) => {
        child.on('exit', (code, signal) => resolve([code, signal]));
      });
      setTimeout(() => child.kill('SIGINT'), 1000 * whole * part);
      const [code, signal] = await ended;
      expect([0, 130, null]).toContain(code);
      if (code === null) expect(signal).toBe('SIGINT');
      const status = git(root, 'status', '--porcelain');
      if (code !== 0 && status !== '') expect(nayek(root, 'undo').code).toBe(0);
      else if (code === 0) nayek(root, 'undo');
      expect(git(root, 'status', '--porcelain')).toBe('');
    }
  });
});

describe('a place that cannot be written', () => {
  it('a file in the place of the state folder: nothing changes', () => {
    const root = repositoryOf(SAMPLE);
    writeFileSync(path.join(root, '.git/nayek'), 'in the way');
    expect(nayek(root, 'patch')).toMatchObject({ code: 2, err: expect.stringContaining('cannot write') });
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it.skipIf(process.getuid?.() === 0)('a read-only folder: nothing changes', () => {
    const root = repositoryOf(SAMPLE);
    chmodSync(path.join(root, 'app'), 0o555);
    expect(nayek(root, 'patch').code).toBe(2);
    chmodSync(path.join(root, 'app'), 0o755);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });
});

describe('check and explain', () => {
  it('check lists every point with a mark and evidence; exit 1, then 0', () => {
    const root = repositoryOf(SAMPLE);
    const short = nayek(root, 'check');
    expect(short.code).toBe(1);
    expect(short.out).toMatch(/^\[ \] bind: .*\n {4}app\/main\.py:\d+: /m);
    nayek(root, 'patch');
    const fine = nayek(root, 'check');
    expect(fine.out).toContain('Ready to deploy as far as the sources tell. Nothing was run');
    expect(fine.code).toBe(0);
    expect(JSON.parse(nayek(root, 'check', '--format', 'json').out).points.length).toBeGreaterThan(3);
    expect(git(root, 'status', '--porcelain', '--untracked-files=all')).not.toContain('nayek');
  });

  it('explain lists the parts, and shows an example that is really worked out', () => {
    const root = repositoryOf(SAMPLE);
    const all = nayek(root, 'explain');
    expect(all).toMatchObject({ code: 0, err: '' });
    for (const id of ['bind', 'alembic-url', 'render-yaml', 'fi9-nayek']) expect(all.out).toContain(id);
    const one = nayek(root, 'explain', 'procfile');
    expect(one.out).toContain('Source: https://');
    expect(one.out).toMatch(/^\+web: gunicorn /m);
  });

  it('--version and --help', () => {
    const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
    expect(nayek(home, '--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(nayek(home, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('patch'), err: '' });
    expect(nayek(home, 'patch', '--help')).toMatchObject({ code: 0, err: '' });
    expect(nayek(home)).toMatchObject({ code: 2, out: '' });
  });
});
