/** `nayek batch undo`: takes back the branches that were made on this machine. What was pushed is others' by now. */
import path from 'node:path';
import { nextSteps } from '../../report/next.ts';
import { aside, note } from '../../report/voice.ts';
import { local } from '../../report/words/local.ts';
import { mask } from '../../secrets/mask.ts';
import { oneLine, takesColour, visible } from '../../syntax/visible.ts';
import { asNayekError, NayekError } from '../../system/errors.ts';
import { say } from '../../system/say.ts';
import { withLockFile } from '../../writer/lock.ts';
import type { JobRecord } from '../job.ts';
import { openLedger, readLedger } from '../ledger.ts';
import { type LockedJob, readLockFile } from '../lock-file.ts';
import { countsText, recordLine } from '../progress.ts';
import { countsOf, exitOf } from '../status.ts';
import { existingStore } from '../store.ts';
import { dropLocalBranch, targetOf } from './remote.ts';

/** Answers that say where a branch is now. */
const MADE: ReadonlySet<JobRecord['status']> = new Set(['committed', 'pushed', 'pr-opened', 'pr-updated', 'undone']);

/** Returns the exit code. @throws NayekError `batch`, `locked`, `nothing-to-undo` */
export async function undoBatch(options: { readonly state: string }): Promise<number> {
  const store = existingStore(options.state);
  const busy = (who: string): NayekError =>
    new NayekError('locked', say`${who} works on the batch in ${store}`, { hint: say`wait until it ends` });
  return withLockFile(path.join(store, 'lock'), busy, async () => {
    const ledger = readLedger(store);
    const jobs = new Map(readLockFile(store).repos.map((job) => [job.jobId, job]));
    const last = new Map(ledger.records.filter((r) => MADE.has(r.status)).map((r) => [r.jobId, r]));
    const made = [...last.values()].filter((r) => r.status !== 'undone');
    if (made.length === 0) {
      const hint = say`publish has made no branch, and plans write into no repository`;
      throw new NayekError('nothing-to-undo', store, { hint });
    }
    const writer = openLedger(store, ledger);
    const colour = takesColour(process.stdout);
    const done: JobRecord[] = [];
    let pushed = 0;
    try {
      for (const record of made) {
        if (record.status !== 'committed') {
          pushed++;
          process.stdout.write(`${howToTakeBack(record)}\n`);
          continue;
        }
        const answer = await undoOne(record, jobs.get(record.jobId));
        writer.append(answer);
        done.push(answer);
        process.stdout.write(`${recordLine(answer, colour)}\n`);
      }
    } finally {
      writer.close();
    }
    const counts = countsText(countsOf(done.map((r) => r.status)));
    const left = pushed > 0 ? [local(say`${pushed} pushed, which only their hosts can take back`)] : [];
    note([...counts, ...left].join(', '));
    aside(nextSteps([say`\`nayek batch status\` shows how things stand`]));
    return Math.max(exitOf(done, false), pushed > 0 ? 1 : 0);
  });
}

async function undoOne(record: JobRecord, job: LockedJob | undefined): Promise<JobRecord> {
  const at = { startedAt: new Date().toISOString(), ms: 0 };
  const { branch, headSha } = record;
  const answer = (status: 'failed' | 'blocked-foreign-commits', code: string, message: string): JobRecord => ({
    ...record,
    ...at,
    status,
    error: { code, message },
  });
  if (!branch || !headSha || !job) return answer('failed', 'batch', say`it is no longer in the batch`);
  try {
    if (await dropLocalBranch(await targetOf(job.source, true), branch, headSha)) {
      return { ...record, ...at, status: 'undone', headSha: null, error: null };
    }
    const message = say`${branch} is not what publish has made`;
    return answer('blocked-foreign-commits', 'blocked-foreign-commits', message);
  } catch (thrown) {
    const error = asNayekError(thrown);
    return answer('failed', error.kind, oneLine(mask(error.message)));
  }
}

/** What was pushed is others' by now: how they take it back. */
function howToTakeBack({ prUrl, branch, repo }: JobRecord): string {
  const pull = prUrl === null ? '' : say`close ${prUrl}, then `;
  const push = `git push origin --delete ${branch}`;
  return visible(mask(local(say`${repo}: was pushed, and stays: ${pull}\`${push}\` there`)));
}
