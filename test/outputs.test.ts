/** What nayek writes beside the repository: never through a link, never half, and never unsaid when it fails. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLedger, readLedger } from '../src/batch/ledger.ts';
import { existingStore, openStore, reap } from '../src/batch/store.ts';
import { openOutput } from '../src/report/output.ts';
import { replaceWhole } from '../src/system/whole-file.ts';
import { openLog } from '../src/verify/log.ts';
import { buildOnce, command } from './built.ts';
import { failingAt, Killed, killedAt } from './faults.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { sampled } from './tier.ts';

beforeAll(buildOnce);

/** An empty folder, alone in its parent. */
function scratch(): string {
  const folder = path.join(repositoryOf({}, { git: false }), '..', 'scratch');
  mkdirSync(folder);
  return folder;
}

/** A shell command in which `$0 $1` is nayek. */
function shell(cwd: string, script: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, command], {
    cwd,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('a file that is replaced', () => {
  it('has its new bytes, its mode, and nothing stays beside', () => {
    const folder = scratch();
    const file = path.join(folder, 'n'.repeat(255));
    writeFileSync(file, 'old', { mode: 0o644 });
    replaceWhole(file, Buffer.from('new'));
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([path.basename(file)]);
  });

  it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'])('keeps its old bytes when the disk answers %s at any call', (code) => {
    const folder = scratch();
    const file = path.join(folder, 'report.json');
    writeFileSync(file, 'old');
    for (let n = 0; ; n++) {
      const faulty = failingAt(n, code);
      try {
        replaceWhole(file, Buffer.from('new'), { fs: faulty.fs });
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe(code);
      }
      if (faulty.calls() <= n) break;
      // The last calls sync the folder: the new bytes are there by then, whole.
      expect(readFileSync(file, 'utf8')).toMatch(n < 5 ? /^old$/ : /^(?:old|new)$/);
      expect(readdirSync(folder)).toEqual(['report.json']);
      writeFileSync(file, 'old');
    }
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('keeps its old bytes when nayek is killed', () => {
    const file = path.join(scratch(), 'report.json');
    for (let n = 0; n < 5; n++) {
      writeFileSync(file, 'old');
      expect(() => replaceWhole(file, Buffer.from('new'), { fs: killedAt(n).fs })).toThrow(Killed);
      expect(readFileSync(file, 'utf8')).toBe('old');
    }
  });
});

describe('-o', () => {
  it('through a link that the repository brings: refused, and the target keeps bytes and mode', () => {
    const root = repositoryOf(SAMPLE);
    const victim = path.join(root, '../victim');
    writeFileSync(victim, 'precious', { mode: 0o644 });
    symlinkSync('../victim', path.join(root, 'report.json'));
    const { code, err } = shell(root, '"$0" "$1" patch --dry-run --format json -o report.json');
    expect(code).toBe(2);
    expect(err).toContain('nayek: cannot write report.json (it is a link) (name the file that it leads to');
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(lstatSync(victim).mode & 0o777).toBe(0o644);
    expect(readlinkSync(path.join(root, 'report.json'))).toBe('../victim');
  });

  it('a link that leads nowhere, a linked folder above, a folder, a pipe: refused, nothing made', () => {
    const root = repositoryOf(SAMPLE);
    const away = path.join(root, '../away');
    mkdirSync(path.join(away, 'deep'), { recursive: true });
    symlinkSync('../nowhere', path.join(root, 'lost.json'));
    symlinkSync('../away', path.join(root, 'out'));
    mkdirSync(path.join(root, 'folder'));
    spawnSync('mkfifo', [path.join(root, 'pipe')]);
    const failure = (name: string): string => {
      try {
        openOutput(path.join(root, name), root).end('text');
        return 'written';
      } catch (error) {
        return (error as Error).message.replace(`${root}/`, '');
      }
    };
    expect(failure('lost.json')).toBe('cannot write lost.json (it is a link)');
    expect(failure('out/report')).toBe('cannot write out/report (out is a link)');
    expect(failure('out/deep/report')).toBe('cannot write out/deep/report (out is a link)');
    expect(failure('folder')).toBe('cannot write folder (it is a folder)');
    if (existsSync(path.join(root, 'pipe'))) expect(failure('pipe')).toBe('cannot write pipe (it is no regular file)');
    expect(failure('missing/report')).toBe('cannot write missing/report (ENOENT)');
    expect(failure('n'.repeat(300))).toContain('(ENAMETOOLONG)');
    expect(failure('report')).toBe('written');
    expect(readdirSync(path.join(root, '..')).sort()).toEqual(['away', 'shop']);
    expect(readdirSync(away)).toEqual(['deep']);
  });

  it.skipIf(!existsSync('/dev/shm'))('a file of /dev/shm is a file like any other: not through a link', () => {
    const folder = mkdtempSync('/dev/shm/nayek-test-');
    try {
      writeFileSync(path.join(folder, 'victim'), 'precious');
      symlinkSync('victim', path.join(folder, 'out'));
      expect(() => openOutput(path.join(folder, 'out'))).toThrow('it is a link');
      openOutput(path.join(folder, 'whole')).end('new');
      expect(readFileSync(path.join(folder, 'whole'), 'utf8')).toBe('new');
      expect(readFileSync(path.join(folder, 'victim'), 'utf8')).toBe('precious');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a file with a second name: the other one keeps its bytes', () => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'other'), 'precious');
    linkSync(path.join(folder, 'other'), path.join(folder, 'report'));
    openOutput(path.join(folder, 'report')).end('new');
    expect(readFileSync(path.join(folder, 'other'), 'utf8')).toBe('precious');
    expect(readFileSync(path.join(folder, 'report'), 'utf8')).toBe('new');
  });

  it('keeps what stands there until there is a product', () => {
    const file = path.join(scratch(), 'report');
    writeFileSync(file, 'old', { mode: 0o640 });
    openOutput(file);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(lstatSync(file).mode & 0o777).toBe(0o640);
  });

  it('of the review page: not through a link in the state folder', () => {
    const root = repositoryOf(SAMPLE);
    const top = path.join(root, '..');
    writeFileSync(path.join(top, 'victim'), 'precious');
    expect(shell(top, '"$0" "$1" batch plan --state st shop').code).toBe(0);
    symlinkSync('../victim', path.join(top, 'st/review.html'));
    expect(shell(top, '"$0" "$1" batch review --state st').err).toContain('review.html (it is a link)');
    expect(readFileSync(path.join(top, 'victim'), 'utf8')).toBe('precious');
  });
});

it('the log of verify: not through a link', () => {
  const folder = scratch();
  writeFileSync(path.join(folder, 'victim'), 'precious');
  symlinkSync('victim', path.join(folder, 'log'));
  expect(() => openLog(path.join(folder, 'log'))).toThrow('ELOOP');
  expect(readFileSync(path.join(folder, 'victim'), 'utf8')).toBe('precious');
});

describe('the state folder of a batch', () => {
  it.each(['ledger.jsonl', 'lock.json', 'marks.json', 'patches', 'reports', 'work', 'clones'])(
    'with %s as a link is refused; the target stays',
    (name) => {
      const store = openStore(path.join(scratch(), 'state'));
      const away = path.join(store, '../away');
      mkdirSync(away);
      writeFileSync(path.join(away, 'file'), 'precious');
      const isFolder = !name.includes('.');
      const at = path.join(store, name);
      if (isFolder) spawnSync('rmdir', [at]);
      symlinkSync(isFolder ? away : path.join(away, 'file'), at);
      expect(() => openStore(store)).toThrow('is not a regular file inside');
      if (name === 'lock.json') expect(() => existingStore(store)).toThrow('is not a regular file inside');
      expect(readFileSync(path.join(away, 'file'), 'utf8')).toBe('precious');
      expect(readdirSync(away)).toEqual(['file']);
    },
  );

  it('a ledger that is a link, or has a second name, is not appended to', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const victim = path.join(store, '../victim');
    writeFileSync(victim, 'precious\n');
    symlinkSync(victim, path.join(store, 'ledger.jsonl'));
    expect(() => openLedger(store, { records: [], whole: 0 })).toThrow('ledger.jsonl (ELOOP)');
    spawnSync('rm', [path.join(store, 'ledger.jsonl')]);
    linkSync(victim, path.join(store, 'ledger.jsonl'));
    expect(() => openStore(store)).toThrow('is not a regular file inside');
    expect(readFileSync(victim, 'utf8')).toBe('precious\n');
  });

  it('a .gitignore that is a link which leads nowhere: nothing is made there', () => {
    const store = path.join(scratch(), 'state');
    mkdirSync(store);
    symlinkSync('../made', path.join(store, '.gitignore'));
    openStore(store);
    expect(existsSync(path.join(store, '../made'))).toBe(false);
  });

  it('a folder with other things in it is none, and nothing of it is removed', () => {
    const folder = scratch();
    mkdirSync(path.join(folder, 'work'));
    writeFileSync(path.join(folder, 'work/mine'), 'precious');
    writeFileSync(path.join(folder, 'mine.tmp'), 'precious');
    expect(() => openStore(folder)).toThrow('is no state folder of a batch: it holds mine.tmp');
    expect(readdirSync(folder).sort()).toEqual(['mine.tmp', 'work']);
    expect(readdirSync(path.join(folder, 'work'))).toEqual(['mine']);
  });

  it('tidying up removes what nayek names so, and nothing else', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const mine = ['work/mine', 'work/1-x', 'clones/mine', 'clones/tmp-mine', 'patches/mine.tmp', 'mine.tmp'];
    for (const name of mine) writeFileSync(path.join(store, name), 'precious');
    mkdirSync(path.join(store, 'work/12-0123456789ab/deep'), { recursive: true });
    mkdirSync(path.join(store, 'clones/tmp-12-0123456789ab'));
    mkdirSync(path.join(store, `clones/${'0'.repeat(16)}-${'1'.repeat(20)}`));
    writeFileSync(path.join(store, 'patches/.nayek-12-01234567.tmp'), '');
    reap(store, new Set());
    for (const name of mine) expect(readFileSync(path.join(store, name), 'utf8')).toBe('precious');
    expect(readdirSync(path.join(store, 'work')).sort()).toEqual(['1-x', 'mine']);
    expect(readdirSync(path.join(store, 'clones')).sort()).toEqual(['mine', 'tmp-mine']);
    expect(readdirSync(path.join(store, 'patches'))).toEqual(['mine.tmp']);
  });

  it('a file that may not grow: one line, and the ledger stays readable', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const script = `
      ulimit -f 1
      "$0" "$1" batch plan --state st ${Array.from({ length: 8 }, (_, i) => `r${i}`).join(' ')}
    `;
    const top = path.join(store, '..');
    for (let i = 0; i < 8; i++) repositoryInto(path.join(top, `r${i}`));
    const { code, err } = shell(top, script);
    expect(code).toBe(2);
    expect(err).not.toContain('internal error');
    expect(() => readLedger(path.join(top, 'st'))).not.toThrow();
  });
});

/** The sample without git. */
function repositoryInto(root: string): void {
  for (const [name, text] of Object.entries(SAMPLE)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

describe.skipIf(!existsSync('/dev/full'))('a report that fails after the work', () => {
  const told = 'nayek: the files are patched, but the report failed: cannot write';
  const nayek = '"$0" "$1"';
  const closed = '| true; exit "$PIPESTATUS"';
  const ways: readonly [string, number, boolean, string, string][] = [
    ['patch: stdout on a full disk', 3, true, 'patch > /dev/full', `${told} the output (ENOSPC)`],
    ['patch: a closed pipe', 3, true, `patch ${closed}`, `${told} the output (its reader`],
    ['patch: a file on a full disk', 3, true, 'patch -o /dev/full', `${told} /dev/full (ENOSPC)`],
    ['patch: as a second form', 3, true, 'patch --output-file html=/dev/full', `${told} /dev/full (ENOSPC)`],
    ['patch: stderr, too', 3, true, 'patch > /dev/full 2> /dev/full', ''],
    ['patch: stderr alone', 0, true, 'patch 2> /dev/full', ''],
    ['a dry run', 2, false, 'patch --dry-run > /dev/full', 'nayek: cannot write the output (ENOSPC)'],
    ['a dry run with head', 0, false, `patch --dry-run ${closed}`, ''],
    [
      'apply',
      3,
      true,
      `patch --dry-run --format json -o ../p; ${nayek} apply ../p > /dev/full`,
      `${told} the output (E`,
    ],
    ['undo', 3, false, `patch > ../p; ${nayek} undo > /dev/full`, 'as before the patch, but the report failed'],
    [
      'batch plan',
      3,
      false,
      'batch plan --state ../st . > /dev/full',
      'in the ledger, but the report failed: cannot w',
    ],
  ];
  it.each(sampled(ways, 5))('%s', (_, code, patched, args, said) => {
    const root = repositoryOf(SAMPLE);
    const answer = shell(root, `${nayek} ${args}`);
    expect(answer.err).toContain(said);
    expect(answer.err).not.toContain('internal error');
    expect(answer.code).toBe(code);
    expect(git(root, 'status', '--porcelain') !== '').toBe(patched);
  });
});

it('a folder that cannot be written: said before anything is patched', () => {
  const root = repositoryOf(SAMPLE);
  const { code, err } = shell(root, '"$0" "$1" patch -o /proc/none/report');
  expect(code).toBe(2);
  expect(err).toContain('nayek: cannot write /proc/none/report (ENOENT)');
  expect(git(root, 'status', '--porcelain')).toBe('');
});
