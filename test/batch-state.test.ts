/** The files of a batch's state folder, edited or made by somebody else: read in whole, or refused in one line. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { damagedStates } from '../bench/fuzz/batch-state.ts';
import { randomizer } from '../bench/fuzz/mutations.ts';
import { damagedPlans } from '../bench/fuzz/saved-plans.ts';
import type { JobRecord } from '../src/batch/job.ts';
import { readLedger } from '../src/batch/ledger.ts';
import { readLockFile } from '../src/batch/lock-file.ts';
import { openStore, readReport } from '../src/batch/store.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
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
    writeFileSync(path.join(folder, 'ledger.jsonl'), `${JSON.stringify(SOUND)}\n${JSON.stringify(line)}\n`);
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
    writeFileSync(path.join(folder, 'lock.json'), JSON.stringify({ schema: 1, ...file }));
    expect(() => readLockFile(folder)).toThrow('is not a lock file of a batch');
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

describe('damaged at random: no internal error, nothing else touched', () => {
  const silent = (): void => undefined;
  it('saved plans', async () => {
    const { written } = await damagedPlans(runs(400), randomizer(7), silent);
    expect(written).toBeGreaterThan(0);
  });
  it.each(['ledgers', 'marks'] as const)('%s', (kind) => damagedStates(kind, runs(1000), randomizer(7), silent));
});
