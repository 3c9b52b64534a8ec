/** What the files of a state folder must look like: somebody may have edited them, or another program written them. */
import { Ajv, type ValidateFunction } from 'ajv';
import type { PlanReport } from '../report/json.ts';
import planForm from '../report/plan.schema.json';
import reportForm from '../report/report.schema.json';
import type { JobRecord } from './job.ts';

const text = { type: 'string' };
const textOrNone = { type: ['string', 'null'] };
const count = { type: 'integer', minimum: 0 };
const jobId = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const commit = { type: ['string', 'null'], pattern: '^(?:[0-9a-f]{40}|[0-9a-f]{64})$' };

/** An object with all of these; more is let be, as a later version may write more. */
function having(properties: Readonly<Record<string, object>>, type: string | readonly string[] = 'object'): object {
  return { type, properties, required: Object.keys(properties) };
}

const stored = having({ path: text, sha256 }, ['object', 'null']);
const statuses = [
  ...['changed', 'no-change', 'up-to-date', 'blocked-foreign-commits', 'skipped', 'failed', 'timeout', 'canceled'],
  ...['pushed', 'stale', 'committed', 'pr-opened', 'pr-updated', 'pr-closed', 'undone'],
];

const record = having({
  ...{ stage: { enum: ['plan', 'publish'] }, status: { enum: statuses }, jobId, runId: text, repo: text, name: text },
  ...{ subdir: text, ref: textOrNone, baseSha: commit, tool: text, recipe: text, inputKey: textOrNone },
  ...{ attempt: count, startedAt: text, ms: count, files: count, insertions: count, deletions: count },
  ...{ patch: stored, report: stored, error: having({ code: text, message: text }, ['object', 'null']) },
  ...{ branch: textOrNone, headSha: commit, prUrl: textOrNone },
  verdicts: { type: 'array', items: having({ part: text, kind: text }) },
});

const source = {
  type: 'object',
  oneOf: [
    having({ kind: { const: 'url' }, url: text }),
    having({ kind: { const: 'local' }, gitDir: text }),
    having({ kind: { const: 'folder' }, root: text }),
  ],
};

const locked = having({
  ...{ jobId, repo: text, name: text, subdir: text, ref: textOrNone, baseSha: commit, inputKey: textOrNone, source },
  ...{ recipe: text, branch: text, commitMessage: text, resolved: { type: 'boolean' }, origin: text },
});

const lock = having({
  schema: { const: 1 },
  publish: {
    ...having({ mode: { enum: ['draft', 'ready', 'push', 'local'] }, forge: { enum: ['gh', 'glab', 'none'] } }),
  },
  repos: { type: 'array', items: locked },
});

const made = new Map<object, ValidateFunction>();

function fits(form: object, value: unknown): boolean {
  let check = made.get(form);
  if (!check) {
    check = new Ajv({ allowUnionTypes: true }).addSchema(planForm).compile(form);
    made.set(form, check);
  }
  return check(value);
}

/** A line of the ledger. */
export const isRecord = (value: unknown): value is JobRecord => fits(record, value);

/** The lock file. */
export const isLockFile = (value: unknown): boolean => fits(lock, value);

/** A stored report. */
export const isReport = (value: unknown): value is PlanReport => fits(reportForm, value);
