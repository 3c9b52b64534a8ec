/** One job, whatever it asks for: the same in the processes of the local pool and under an engine of several machines. */

import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import { type JobRecord, type JobSpec, recordOf } from './job.ts';

/**
 * Plans one repository, or publishes its plan; patch and report are stored in the state folder `store` (absolute). Never throws: what goes
 * wrong is in the record.
 */
export async function runJob(job: JobSpec, store: string): Promise<JobRecord> {
  if (job.tool !== VERSION) {
    const message = say`the job was made by nayek ${job.tool}, this is ${VERSION}`;
    const at = { startedAt: new Date().toISOString(), ms: 0 };
    return recordOf(job, 'failed', { ...at, error: { code: 'usage', message } });
  }
  if (job.publish) {
    const { publishJob } = await import('./publish/publish-job.ts');
    return { ...(await publishJob(job.publish, store)), attempt: job.attempt };
  }
  const { planJob } = await import('./plan-job.ts');
  return planJob(job, store);
}
