/** Saved plans, damaged: refused in one line, or written inside the repository and taken back to the byte. */

import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parts } from '../../src/engine/parts.ts';
import { loadRecipe } from '../../src/engine/recipe.ts';
import { openRepository, planRepository } from '../../src/engine/run.ts';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { type SavedPlan, savedPlan } from '../../src/report/json.ts';
import { readSavedPlan } from '../../src/report/saved-plan.ts';
import { summary } from '../../src/report/summary.ts';
import { NayekError } from '../../src/system/errors.ts';
import { undo } from '../../src/writer/undo.ts';
import { applyPlan } from '../../src/writer/write.ts';
import { BAD_NAMES, damage, type Random } from './json.ts';

const FILES: Readonly<Record<string, string>> = {
  'repo/app/__init__.py': '',
  'repo/app/main.py':
    'from fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    import uvicorn\n\n    uvicorn.run(app, host="127.0.0.1", port=8000)\n',
  'repo/requirements.txt': 'fastapi\nuvicorn\n',
  'repo/.gitignore': 'made/\n*.log\n',
  'repo/.env': 'SECRET=1\n',
  'repo/poetry.lock': 'lock\n',
  'repo/made/x.py': 'x = 1\n',
  'repo/.venv/bin/python': 'python\n',
  'repo/node_modules/x.js': 'x\n',
  'victim/file': 'precious\n',
};

/** Of these no plan may change a byte. */
const KEPT = /^(?:victim|repo\/(?:\.env|poetry\.lock|made|\.venv|node_modules|\.gitignore$|\.git\W|git~|link))/;

/** Runs `count` cases; calls `told` before each. @throws an Error that names what went wrong. */
export async function damagedPlans(
  count: number,
  random: Random,
  told: (n: number) => void,
): Promise<{ written: number }> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  // The key of the journals of these patches goes with them.
  const known = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = path.join(top, '.state');
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
      writeFileSync(path.join(top, name), text);
    }
    symlinkSync('../victim', path.join(top, 'repo/link'));
    symlinkSync('../victim/file', path.join(top, 'repo/linked.py'));
    return await runCases(top, count, random, told);
  } finally {
    rmSync(top, { recursive: true, force: true });
    if (known === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = known;
  }
}

async function runCases(
  top: string,
  count: number,
  random: Random,
  told: (n: number) => void,
): Promise<{ written: number }> {
  const root = path.join(top, 'repo');
  const { name, steps } = loadRecipe('render', parts);
  const text = JSON.stringify(savedPlan(await planRepository(await openRepository(root), steps, { recipe: name })));
  const before = tree(top);
  const snapshot = readSnapshot(root);
  let written = 0;
  for (let n = 0; n < count; n++) {
    told(n);
    const plan: SavedPlan = JSON.parse(text);
    // A sound one now and then: it must be written.
    if (random(50) > 0) {
      if (random(3) > 0) damage(plan as never, random);
      else aim(plan, random);
    }
    if (random(2) === 0) sealResults(plan);
    if (!(await outcome(plan, root, () => snapshot))) {
      // Looked at now and then only: every refusal comes before the first byte.
      if (n % 50 === 0) same(before, tree(top), 'after a refusal');
      continue;
    }
    written++;
    const after = tree(top);
    for (const file of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (before[file] === after[file]) continue;
      if (KEPT.test(file) || !file.startsWith('repo/')) throw new Error(`changed ${file}`);
      if (after[file] === undefined) throw new Error(`removed ${file}`);
    }
    await undo(root);
    same(before, tree(top), 'after an undo');
  }
  same(before, tree(top), 'at the end');
  return { written };
}

/** True when the plan was written. @throws what is no refusal. */
async function outcome(
  plan: SavedPlan,
  root: string,
  snapshot: () => ReturnType<typeof readSnapshot>,
): Promise<boolean> {
  try {
    const read = readSavedPlan(JSON.stringify(plan), snapshot);
    await applyPlan({ ...read, root });
    summary(read, { written: true });
    return read.changes.length > 0;
  } catch (error) {
    if (error instanceof NayekError && error.kind !== 'internal') return false;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code !== undefined && syscall !== undefined) return false;
    throw error;
  }
}

/** A change that would do harm, in a plan that is sound but for it. */
function aim(plan: SavedPlan, random: Random): void {
  const bad = BAD_NAMES[random(BAD_NAMES.length)] ?? '';
  const change = plan.changes?.[random(plan.changes.length)];
  if (change && typeof change === 'object') Object.assign(change, { path: bad });
  if (random(2) === 0 && plan.reads) Object.assign(plan.reads, { [bad]: '0'.repeat(64) });
}

/** Makes the recorded results those of the edits, as a forger would. */
function sealResults(plan: SavedPlan): void {
  for (const change of Array.isArray(plan.changes) ? plan.changes : []) {
    const text = change?.created === true ? change.edits?.[0]?.text : undefined;
    if (typeof text !== 'string' || typeof change.sha256 !== 'object' || change.sha256 === null) continue;
    Object.assign(change.sha256, { after: createHash('sha256').update(text).digest('hex') });
  }
}

/** Every file below `top`, but the state of nayek: path → type, mode and bytes. */
function tree(top: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(top, file);
    if (/^(?:\.state|repo\/\.nayek)(?:\/|$)/.test(name) || entry.isDirectory()) continue;
    const bytes = entry.isSymbolicLink() ? readlinkSync(file) : readFileSync(file, 'latin1');
    out[name] = `${lstatSync(file).mode} ${bytes}`;
  }
  return out;
}

function same(before: Record<string, string>, after: Record<string, string>, when: string): void {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const other = [...names].filter((name) => before[name] !== after[name]);
  if (other.length > 0) throw new Error(`${when} not as before: ${other.join(', ').slice(0, 500)}`);
}
