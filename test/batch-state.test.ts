/** The files of a batch's state folder, edited or made by somebody else: read in whole, or refused in one line. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { damagedStates } from '../bench/fuzz/batch-state.ts';
import { randomizer } from '../bench/fuzz/mutations.ts';
import { damagedPlans } from '../bench/fuzz/saved-plans.ts';
import { adopt } from '../src/batch/adopt.ts';
import { cloneName, isClone } from '../src/batch/clone.ts';
import type { JobRecord } from '../src/batch/job.ts';
import { openLedger, readLedger } from '../src/batch/ledger.ts';
import { readLockFile, writeLockFile } from '../src/batch/lock-file.ts';
import { addMarks, readMarks } from '../src/batch/review/marks.ts';
import { stateSeal } from '../src/batch/state-seal.ts';
import { existingStore, openStore, readReport } from '../src/batch/store.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import type { NayekError } from '../src/system/errors.ts';
import { repositoryOf } from './sample.ts';
import { runs } from './tier.ts';

beforeAll(loadPython);

function store(): string {
  const folder = path.join(repositoryOf({}, { git: false }), '../state');
  mkdirSync(folder);
  return openStore(folder);
}

const SOUND: JobRecord = {
  ...{
    stage: 'plan',
    runId: 'r',
    jobId: 'j1',
    repo: '/r',
    name: 'r',
    subdir: '',
    ref: 'main',
    baseSha: '0'.repeat(40),
  },
  ...{ tool: '0.1.0', recipe: 'render', inputKey: '1', status: 'changed', attempt: 1, startedAt: '', ms: 1, files: 1 },
  ...{
    insertions: 1,
    deletions: 0,
    patch: null,
    report: null,
    verdicts: [{ part: 'bind', kind: 'applied' }],
    error: null,
  },
  ...{ branch: 'b', headSha: null, prUrl: null },
};

describe('a ledger', () => {
  const readWith = (line: object): (() => unknown) => {
    const folder = store();
    const seal = stateSeal(folder);
    const lines = [SOUND, line].map((record) => `${JSON.stringify(seal.sign('record', record))}\n`);
    writeFileSync(path.join(folder, 'ledger.jsonl'), lines.join(''));
    return () => readLedger(folder);
  };
  it.each<[string, object]>([
    ['verdicts that are no list', { verdicts: 3 }],
    ['a verdict that is none', { verdicts: [null] }],
    ['a patch without a name', { patch: { sha256: '0'.repeat(64) } }],
    ['a patch without a hash', { patch: { path: 'patches/x', sha256: '../x' } }],
    ['a status that nobody knows', { status: 'approved' }],
    ['a count that is none', { files: '1' }],
    ['an error that is a text', { error: 'no' }],
    ['a job that is a path', { jobId: '../x' }],
    ['a commit that is an option', { baseSha: '--upload-pack=x' }],
    ['a stage of its own', { stage: 'undo' }],
  ])('with %s names the line', (_, change) => {
    expect(readWith({ ...SOUND, ...change })).toThrow(/ledger\.jsonl:2: not a record/);
  });
  it('of a later version may hold more', () => {
    expect(readWith({ ...SOUND, more: 1 })).not.toThrow();
  });
});

describe('a lock file', () => {
  const job = {
    ...{ jobId: 'j1', repo: '/r', name: 'r', subdir: '', ref: null, baseSha: null, inputKey: null, recipe: 'render' },
    ...{ source: { kind: 'local', gitDir: '/r/.git' }, branch: 'b', commitMessage: 'm', resolved: true, origin: 'm:1' },
  };
  const publish = { mode: 'draft', forge: 'gh' };
  it.each<[string, object]>([
    ['no source', { publish, repos: [{ ...job, source: undefined }] }],
    ['a source of its own', { publish, repos: [{ ...job, source: { kind: 'shell', run: 'x' } }] }],
    ['a branch that is none', { publish, repos: [{ ...job, branch: null }] }],
    ['another forge', { publish: { ...publish, forge: 'sh' }, repos: [job] }],
    ['no publish', { repos: [job] }],
  ])('with %s is none', (_, file) => {
    const folder = store();
    writeFileSync(
      path.join(folder, 'lock.json'),
      JSON.stringify(stateSeal(folder).sign('lock', { schema: 1, ...file })),
    );
    expect(() => readLockFile(folder)).toThrow('is not the lock file of this batch');
  });
});

it.each(['{', 'null', '[]', '{"schema":1}', '{"schema":1,"verdicts":3,"changes":[],"warnings":[],"skipped":[]}'])(
  'a stored report that is %s counts as none',
  (text) => {
    const folder = store();
    const sha256 = createHash('sha256').update(text).digest('hex');
    writeFileSync(path.join(folder, `reports/${sha256}.json`), text);
    expect(readReport(folder, { path: `reports/${sha256}.json`, sha256 })).toBeUndefined();
  },
);

describe('a state folder that was not made here by this user', () => {
  /** A folder with a lock, a record and a mark. */
  function planned(): string {
    const folder = store();
    writeLockFile(folder, { schema: 1, publish: { mode: 'local', forge: 'none', perHour: 300 }, repos: [] });
    const writer = openLedger(folder, readLedger(folder));
    writer.append(SOUND);
    writer.close();
    addMarks(folder, [{ jobId: 'j1', patch: '1'.repeat(64), mark: 'approve' }]);
    return folder;
  }

  const edit = (folder: string, name: string, change: (text: string) => string): void => {
    const file = path.join(folder, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };

  const elsewhere = (folder: string, work: () => void): void => {
    const saved = process.env.XDG_STATE_HOME;
    process.env.XDG_STATE_HOME = path.join(folder, '../other-user');
    try {
      work();
    } finally {
      process.env.XDG_STATE_HOME = saved;
    }
  };

  it.each<[string, RegExp, (folder: string) => void]>([
    ['forged, without a seal', /was not made by your nayek/, (f) => rmSync(path.join(f, 'seal.json'))],
    [
      'forged, with a seal of its own making',
      /was not made by your nayek/,
      (f) => edit(f, 'seal.json', (text) => text.replace(/"(key|mac)":"\w+"/g, '"$1":"00"')),
    ],
    [
      'of another user: only folders that nothing was planned in',
      /was not made by your nayek/,
      (f) => {
        for (const name of readdirSync(f)) rmSync(path.join(f, name), { recursive: true });
        mkdirSync(path.join(f, 'work/1-0123456789ab'), { recursive: true });
      },
    ],
    ['with a seal cut short', /has a damaged seal/, (f) => edit(f, 'seal.json', (text) => text.slice(0, 40))],
    ['with an empty seal', /has a damaged seal/, (f) => edit(f, 'seal.json', () => '')],
    [
      'with a seal of another place',
      /has a damaged seal/,
      (f) => edit(f, 'seal.json', (t) => t.replace(/"at":"/, '"at":"/x')),
    ],
    [
      'of another version',
      /a version that this nayek does not know/,
      (f) => edit(f, 'seal.json', (t) => t.replace('"version":1', '"version":2')),
    ],
    [
      'with a seal that is a link',
      /was not made by your nayek/,
      (f) => {
        renameSync(path.join(f, 'seal.json'), path.join(f, '../away.json'));
        symlinkSync('../away.json', path.join(f, 'seal.json'));
      },
    ],
  ])('%s: one line that says how to go on; nothing is used or removed', (_, why, spoil) => {
    const folder = planned();
    spoil(folder);
    const before = readdirSync(folder, { recursive: true });
    expect(() => openStore(folder)).toThrow(why);
    if (existsSync(path.join(folder, 'lock.json'))) expect(() => existingStore(folder)).toThrow(why);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it('made by another user of this machine', () => {
    const folder = store();
    elsewhere(folder, () => {
      expect(() => existingStore(folder)).toThrow('holds no batch');
      expect(() => openStore(folder)).toThrow('was not made by your nayek on this machine');
    });
  });

  it.each([
    ['moved', renameSync],
    ['copied', (from: string, to: string) => cpSync(from, to, { recursive: true })],
  ])('%s: it says from where; adopt takes it over', (_, bring) => {
    const folder = planned();
    const other = path.join(folder, '../elsewhere');
    bring(folder, other);
    expect(() => existingStore(other)).toThrow(`was moved or copied from ${folder}`);
    expect(hintOf(() => existingStore(other))).toContain(`nayek batch adopt --state ${other}`);
    expect(adopt({ state: other })).toBe(0);
    expect(readLedger(existingStore(other)).records).toEqual([SOUND]);
    expect(readMarks(other)).toHaveLength(1);
  });

  it.each<[string, RegExp, (folder: string) => void]>([
    [
      'a ledger',
      /ledger\.jsonl:2: not a record of this batch/,
      (f) => appendFileSync(path.join(f, 'ledger.jsonl'), `${JSON.stringify(SOUND)}\n`),
    ],
    [
      'a line of it',
      /ledger\.jsonl:1: not a record/,
      (f) => edit(f, 'ledger.jsonl', (t) => t.replace('"main"', '"evil"')),
    ],
    [
      'a lock file',
      /is not the lock file of this batch/,
      (f) => edit(f, 'lock.json', (t) => t.replace('"none"', '"gh"')),
    ],
    [
      'a lock file without a seal',
      /is not the lock file/,
      (f) => edit(f, 'lock.json', (t) => t.replace('"seal"', '"sealed"')),
    ],
    ['marks', /holds no marks/, (f) => edit(f, 'marks.json', (t) => t.replace(/1{64}/, '2'.repeat(64)))],
    ['marks that a page exported', /holds no marks/, (f) => edit(f, 'marks.json', () => '{"schema":1,"marks":[]}')],
  ])('in ours, as git replaces ignored files: %s', (_, why, spoil) => {
    const folder = planned();
    spoil(folder);
    expect(() => [readLedger(folder), readLockFile(folder), readMarks(folder)]).toThrow(why);
  });

  it('records and marks of another batch of ours do not count', () => {
    const [one, two] = [planned(), planned()];
    for (const name of ['ledger.jsonl', 'lock.json', 'marks.json'])
      copyFileSync(path.join(one, name), path.join(two, name));
    expect(() => readLedger(two)).toThrow('not a record of this batch');
    expect(() => readLockFile(two)).toThrow('is not the lock file of this batch');
    expect(() => readMarks(two)).toThrow('holds no marks');
  });

  it('adopt checks the form of all before it seals, and says what it takes over', () => {
    const folder = planned();
    edit(folder, 'ledger.jsonl', (text) => text.replace('"plan"', '"undo"'));
    rmSync(path.join(folder, 'seal.json'));
    expect(() => adopt({ state: folder })).toThrow('ledger.jsonl:1: not a record');
    expect(existsSync(path.join(folder, 'seal.json'))).toBe(false);
    edit(folder, 'ledger.jsonl', (text) => text.replace('"undo"', '"plan"'));
    elsewhere(folder, () => {
      expect(adopt({ state: folder })).toBe(0);
      expect(readLedger(existingStore(folder)).records).toEqual([SOUND]);
    });
    expect(() => existingStore(folder)).toThrow('was not made by your nayek');
    symlinkSync('/etc', path.join(folder, 'x'));
    rmSync(path.join(folder, 'patches'), { recursive: true });
    symlinkSync('/etc', path.join(folder, 'patches'));
    expect(() => adopt({ state: folder })).toThrow('is not a regular file inside');
  });

  it('the name of a clone is of this folder only', () => {
    const names = [store(), store()].map((folder) => cloneName(folder, 'https://example.org/x', '0'.repeat(40)));
    expect(names[0]).not.toBe(names[1]);
    for (const name of names) expect(isClone(name)).toBe(true);
  });
});

function hintOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as NayekError).hint;
  }
  return '';
}

describe('damaged at random: no internal error, nothing else touched', () => {
  const silent = (): void => undefined;
  it('saved plans', async () => {
    const { written } = await damagedPlans(runs(400), randomizer(7), silent);
    expect(written).toBeGreaterThan(0);
  });
  it.each(['ledgers', 'marks'] as const)('%s', (kind) => damagedStates(kind, runs(1000), randomizer(7), silent));
});
