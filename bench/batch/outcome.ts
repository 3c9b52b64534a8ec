/** What a batch came to, without what differs from run to run: times, run ids, attempts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JobRecord } from '../../src/batch/job.ts';
import { latest, readLedger } from '../../src/batch/ledger.ts';

/** By repository: its record, and the hashes of the files that it names as they are on disk. */
export function outcomeOf(store: string): Record<string, unknown> {
  const { records } = readLedger(store);
  const out: Record<string, unknown> = {};
  for (const record of [...latest(records).values()].sort((a, b) => (a.jobId < b.jobId ? -1 : 1))) {
    const { runId: _, startedAt: __, ms: ___, attempt: ____, ...rest } = record;
    out[record.jobId] = { ...rest, bytes: bytesOf(store, record) };
  }
  return out;
}

function bytesOf(store: string, { patch, report }: JobRecord): (string | null)[] {
  return [patch, report].map((file) =>
    file === null
      ? null
      : createHash('sha256')
          .update(readFileSync(path.join(store, file.path)))
          .digest('hex'),
  );
}
