/**
 * The ledger: one JSON object a line, only ever appended to. A kill can tear no line but the last, which then counts as
 * not written and is cut off before the next one is.
 */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { isRecord } from './forms.ts';
import { batchError, type JobRecord } from './job.ts';
import { type StateSeal, stateSeal } from './state-seal.ts';

export interface Ledger {
  /** In the order in which they were written. */
  readonly records: readonly JobRecord[];
  /** Bytes of whole lines; what follows is a torn one. */
  readonly whole: number;
}

const fileOf = (store: string): string => path.join(store, 'ledger.jsonl');

/**
 * Reads the ledger; empty where there is none.
 * @throws NayekError `batch` when a line other than the last is no record that was sealed for this folder: somebody has
 * edited it.
 */
export function readLedger(store: string, seal: Pick<StateSeal, 'open'> = stateSeal(store)): Ledger {
  let bytes: Buffer;
  try {
    bytes = readFileSync(fileOf(store));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { records: [], whole: 0 };
    throw new NayekError('unreadable', fileOf(store), { cause });
  }
  const whole = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.subarray(0, whole).toString().split('\n').slice(0, -1);
  const records = lines.map((line, index) => {
    const record = parsed(line, seal);
    if (record) return record;
    throw batchError(
      say`${fileOf(store)}:${index + 1}: not a record of this batch`,
      say`move the file away to start over`,
    );
  });
  return { records, whole };
}

/** The last record of each job and stage: jobId → record. */
export function latest(records: readonly JobRecord[], stage: JobRecord['stage'] = 'plan'): Map<string, JobRecord> {
  return new Map(records.filter((r) => r.stage === stage).map((r) => [r.jobId, r]));
}

export interface LedgerWriter {
  /** @throws NayekError `read-only`; half a line is then cut off by the next run. */
  append(record: JobRecord): void;
  close(): void;
}

/** Opens the ledger to append; a torn last line is cut off. Only for who holds the lock. @throws NayekError `read-only` */
export function openLedger(store: string, ledger: Ledger): LedgerWriter {
  const seal = stateSeal(store);
  let fd: number;
  try {
    // A link is not followed: a repository could bring one.
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = constants;
    fd = openSync(fileOf(store), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    if (fstatSync(fd).size !== ledger.whole) ftruncateSync(fd, ledger.whole);
  } catch (cause) {
    throw new NayekError('read-only', `${fileOf(store)} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return {
    append(record) {
      const bytes = Buffer.from(`${ledgerLine(record, seal)}\n`);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      } catch (cause) {
        const hint = say`what is in the ledger stands: run it again to go on`;
        throw new NayekError('read-only', `${fileOf(store)} (${(cause as NodeJS.ErrnoException).code})`, {
          hint,
          cause,
        });
      }
    },
    close: () => closeSync(fd),
  };
}

/** A record as it stands in the ledger, without the line end. */
export function ledgerLine(record: JobRecord, seal: Pick<StateSeal, 'sign'>): string {
  return JSON.stringify(seal.sign('record', record));
}

function parsed(line: string, seal: Pick<StateSeal, 'open'>): JobRecord | undefined {
  try {
    const record = seal.open('record', JSON.parse(line));
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
