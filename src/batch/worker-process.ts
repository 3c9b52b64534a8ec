/**
 * A process of the local pool: takes one job after the other over its channel and answers each with a record. It ends
 * with its parent, even while it is busy.
 */
import { Worker } from 'node:worker_threads';
import { type Answer, batchError, type Order } from './job.ts';
import { runJob } from './run-job.ts';

/** Milliseconds between two looks at the parent. */
const WATCH = 500;

/**
 * A killed parent closes the channel, but who is busy in a loop does not see that. The thread does. As the leader of its
 * group the process takes along what it has started.
 */
const WATCHDOG = `
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  try { process.kill(-process.pid, 'SIGKILL'); } catch { process.kill(process.pid, 'SIGKILL'); }
}, ${WATCH});
`;

/** Serves until the channel closes. @throws NayekError `batch` when it was not started by the pool. */
export function serve(): Promise<number> {
  if (!process.send) throw batchError('this is a part of `nayek batch plan`, not a command');
  new Worker(WATCHDOG, { eval: true, stdout: false, stderr: false }).unref();
  return new Promise((resolve) => {
    process.on('disconnect', () => resolve(0));
    process.on('message', async ({ job, store }: Order) => {
      const record = await runJob(job, store);
      const answer: Answer = { record, peak: process.resourceUsage().maxRSS * 1024 };
      if (process.connected) process.send?.(answer);
    });
  });
}
