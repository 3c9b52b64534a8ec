/** Ledgers, lock files, reports and marks of a batch, damaged: read in whole, or refused in one line; nothing else is touched. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type JobRecord, type JobSpec, jobIdOf, recordOf } from '../../src/batch/job.ts';
import { openLedger, readLedger } from '../../src/batch/ledger.ts';
import { lockedJob, readLockFile } from '../../src/batch/lock-file.ts';
import { reviewMarkdown } from '../../src/batch/review/markdown.ts';
import { addMarks, markOf, readMarks, readMarksFile } from '../../src/batch/review/marks.ts';
import { reviewPage } from '../../src/batch/review/page.ts';
import { detailOf, rowOf, sharedFolder } from '../../src/batch/review/rows.ts';
import { stateSeal } from '../../src/batch/state-seal.ts';
import { standings, statusOf } from '../../src/batch/status.ts';
import { existingStore, keep, openStore, readReport, readStored, reap } from '../../src/batch/store.ts';
import { NayekError } from '../../src/system/errors.ts';
import { isRecord } from '../../src/system/record.ts';
import { damage, type Random } from './json.ts';

const REPORT = {
  ...{ schema: 1, nayek: '0.1.0', root: '/r', recipe: 'render', written: false, warnings: ['w'] },
  verdicts: [
    {
      ...{ part: 'bind', kind: 'applied', reason: 'r', at: [{ path: 'a.py', line: 1 }], files: ['a.py'] },
      ...{ warnings: ['w'], commands: ['c'], snippet: 's' },
    },
  ],
  changes: [
    {
      path: 'a.py',
      by: ['bind'],
      created: false,
      sha256: { before: '0'.repeat(64), after: '1'.repeat(64) },
      diff: '@@\n-a\n+b\n',
    },
  ],
  skipped: [{ path: 'b.py', reason: 'r' }],
};

/** What is not nayek's, in and beside the state folder. */
const MINE = [
  'mine',
  'st/mine.tmp',
  'st/work/mine/file',
  'st/clones/mine/file',
  'st/patches/mine',
  'st/reports/mine.tmp',
];

/** Runs `count` cases; calls `told` before each. @throws an Error that names what went wrong. */
export function damagedStates(
  kind: 'ledgers' | 'marks',
  count: number,
  random: Random,
  told: (n: number) => void,
): void {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  try {
    const store = openStore(path.join(top, 'st'));
    const sound = soundState(store);
    write(store, 'lock.json', sealed(store, 'lock', sound.lock));
    for (const name of MINE) {
      mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
      writeFileSync(path.join(top, name), 'precious');
    }
    for (let n = 0; n < count; n++) {
      told(n);
      refusable(() => (kind === 'marks' ? marksCase(store, sound.records, random) : ledgerCase(store, sound, random)));
      if (n % 100 === 0) assertMine(top);
    }
    assertMine(top);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

interface State {
  readonly lock: object;
  readonly records: readonly JobRecord[];
}

function soundState(store: string): State {
  const patch = keep(store, 'patches', Buffer.from('--- a\n+++ b\n'));
  const report = keep(store, 'reports', Buffer.from(JSON.stringify(REPORT)));
  const jobs = ['/src/one', 'https://example.org/two.git'].map((repo): JobSpec => {
    const url = repo.startsWith('https:');
    return {
      ...{
        runId: 'r',
        jobId: jobIdOf(repo, '', ''),
        repo,
        name: 'one',
        subdir: '',
        ref: 'main',
        baseSha: '0'.repeat(40),
      },
      source: url ? { kind: 'url', url: repo } : { kind: 'local', gitDir: `${repo}/.git` },
      ...{
        tool: '0.1.0',
        recipe: 'render',
        steps: [],
        unsafe: false,
        inputKey: '1'.repeat(64),
        attempt: 1,
        timeout: 1,
      },
      ...{ branch: 'nayek/deploy-ready', commitMessage: 'Prepare' },
    };
  });
  const at = { startedAt: '2026-01-01T00:00:00.000Z', ms: 1 };
  const records = jobs.map((job) =>
    recordOf(job, 'changed', { ...at, patch, report, files: 1, verdicts: [{ part: 'bind', kind: 'applied' }] }),
  );
  const repos = jobs.map((job) => lockedJob(job, 'm.yaml:1', true));
  return { lock: { schema: 1, publish: { mode: 'draft', forge: 'gh', perHour: 300 }, repos }, records };
}

function ledgerCase(store: string, { lock, records }: State, random: Random): void {
  const lines = structuredClone(records) as JobRecord[];
  const locked = structuredClone(lock) as never;
  const report = structuredClone(REPORT) as never;
  const what = random(4);
  if (what === 0) damage(locked, random);
  else if (what === 1) damage(lines as never, random);
  else if (what === 2) damage(report, random);
  else for (const one of [locked, lines as never, report]) damage(one, random);
  const bytes = Buffer.from(JSON.stringify(report));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `reports/${sha256}.json`;
  const isOther = sha256 !== records[0]?.report?.sha256;
  if (isOther) {
    write(store, file, bytes);
    if (lines[0]) Object.assign(lines[0], { report: { path: file, sha256 } });
  }
  const resealed = random(4) > 0;
  const text = (kind: 'lock' | 'record', document: unknown): string =>
    resealed ? sealed(store, kind, document) : JSON.stringify(document);
  write(store, 'lock.json', text('lock', locked));
  const torn = random(5) === 0 ? '{"jobId":"j' : '';
  write(store, 'ledger.jsonl', lines.map((line) => `${text('record', line)}\n`).join('') + torn);
  try {
    look(store, records);
  } finally {
    if (isOther) rmSync(path.join(store, file));
  }
}

/** As this user's nayek seals it: then its form alone protects. A list or a text is none that it writes. */
function sealed(store: string, kind: 'lock' | 'record', document: unknown): string {
  return JSON.stringify(isRecord(document) ? stateSeal(store).sign(kind, document) : document);
}

/** What status, review and publish read. */
function look(store: string, records: readonly JobRecord[]): void {
  existingStore(store);
  reap(store, new Set());
  readLockFile(store);
  const ledger = readLedger(store);
  const all = standings(store);
  const marks = readMarks(store);
  const shared = sharedFolder(all);
  const entries = all.map((standing) => {
    const detail = detailOf(store, standing);
    statusOf(standing);
    for (const file of [standing.plan?.patch, standing.plan?.report]) if (file) readStored(store, file);
    readReport(store, standing.plan?.report);
    return { row: rowOf(standing, detail?.english, marks, shared), detail: detail?.shown };
  });
  reviewMarkdown(entries);
  reviewPage(entries);
  const writer = openLedger(store, ledger);
  if (records[0]) writer.append(records[0]);
  writer.close();
  if (readLedger(store).records.length !== ledger.records.length + 1) throw new Error('a record was lost');
}

function marksCase(store: string, records: readonly JobRecord[], random: Random): void {
  const [one] = records;
  if (!one?.patch) return;
  const document = { schema: 1, marks: [{ jobId: one.jobId, patch: one.patch.sha256, mark: 'approve' }] };
  damage(document as never, random);
  const text = random(10) === 0 ? JSON.stringify(document).slice(random(40)) : JSON.stringify(document);
  const file = path.join(store, '..', 'exported.json');
  writeFileSync(file, text);
  const marks = readMarksFile(file);
  for (const mark of marks) {
    // What approves a patch names it.
    if (markOf([mark], one) !== undefined && mark.patch !== one.patch.sha256)
      throw new Error('another patch is approved');
  }
  if (random(20) === 0) addMarks(store, marks);
  rmSync(file);
}

/** @throws what is no refusal. */
function refusable(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof NayekError) || error.kind === 'internal') throw error;
  }
}

function write(store: string, name: string, content: string | Buffer): void {
  writeFileSync(path.join(store, name), content);
}

function assertMine(top: string): void {
  for (const name of MINE) {
    if (readFileSync(path.join(top, name), 'utf8') !== 'precious') throw new Error(`${name} was changed`);
  }
  const beside = readdirSync(top).filter((name) => !['st', 'mine', 'exported.json'].includes(name));
  if (beside.length > 0) throw new Error(`made ${beside.join(', ')}`);
}
