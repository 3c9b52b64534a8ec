/**
 * npm run corpus -- <folder of checkouts> <labels.jsonl> [--json file] [--only text] [--no-harm]
 * Scores nayek on real repositories: each part and fact against the labels, and the harm checks on a copy of each.
 * A checkout is <folder>/<owner>+<name>, <owner>__<name>, <owner>/<name> or <name>. Exit 1 when there is harm.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makePlan } from '../../src/engine/make-plan.ts';
import { loadRecipe } from '../../src/engine/recipe.ts';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { survey } from '../../src/survey/index.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { emitters } from '../../templates/index.ts';
import { transforms } from '../../transforms/index.ts';
import { harm, type Measured } from './harm.ts';
import type { Label } from './label.ts';
import { schemaValidator } from './schema.ts';
import { type Decision, score } from './score.ts';
import { printTable } from './table.ts';

export interface Row extends Measured {
  readonly repo: string;
  readonly decisions: readonly Decision[];
  readonly error?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    'no-harm': { type: 'boolean' },
    schema: { type: 'string' },
  },
});
const [folder, labels] = positionals;
if (!folder || !labels) {
  console.error(
    'usage: npm run corpus -- <folder of checkouts> <labels.jsonl> [--json file] [--only text] [--no-harm]',
  );
  process.exit(2);
}

await loadPython();
const command = path.resolve(import.meta.dirname, 'nayek.cjs');
const { steps, name: recipe } = loadRecipe('render', [...transforms, ...emitters]);
const validate = schemaValidator(values.schema ?? path.join(path.dirname(labels), '..', 'render.schema.json'));
const rows: Row[] = [];
for (const line of readFileSync(labels, 'utf8').split('\n')) {
  if (line.trim() === '') continue;
  const label: Label = JSON.parse(line);
  if (values.only && !label.repo.includes(values.only)) continue;
  const row = judge(label);
  rows.push(row);
  process.stderr.write(`${label.repo}: ${row.complaints.length} complaints\n`);
}
printTable(rows);
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`);
process.exitCode = rows.some((r) => r.complaints.length > 0) ? 1 : 0;

function judge(label: Label): Row {
  const { repo } = label;
  const [owner = '', name = repo] = repo.split('/');
  const home = [`${owner}+${name}`, `${owner}__${name}`, `${owner}/${name}`, name]
    .map((n) => path.join(folder ?? '', n))
    .find((p) => existsSync(p));
  if (!home) return { repo, decisions: [], complaints: [], error: 'not checked out' };
  try {
    const snapshot = readSnapshot(home);
    const plan = makePlan(snapshot, steps, { recipe });
    const decisions = score(label, survey(snapshot), plan);
    const failed = plan.verdicts.filter((v) => v.kind === 'failed').map((v) => `${v.part} failed: ${v.reason}`);
    const measured = values['no-harm'] ? { complaints: [] } : harm(home, command, snapshot, plan, validate);
    return { repo, decisions, ...measured, complaints: [...failed, ...measured.complaints] };
  } catch (error) {
    return { repo, decisions: [], complaints: [`crash: ${(error as Error).stack}`] };
  }
}
