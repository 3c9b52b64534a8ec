/** Changes written to a real folder by nayek, `git apply` and `patch -p1`, and taken back again; byte for byte. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { FileChange, Plan } from '../../src/model/plan.ts';
import { encode } from '../../src/repo/source.ts';
import { exactDiff } from '../../src/report/diff.ts';
import { undo } from '../../src/writer/undo.ts';
import { applyPlan } from '../../src/writer/write.ts';
import { anyChange } from './generate.ts';

/** Runs `count` generated changes through all three, in batches. Returns the number of files that really changed. */
export async function checkOnDisk(count: number, seed: number, batch = 100): Promise<number> {
  let changed = 0;
  for (let done = 0; done < count; done += batch) {
    const size = Math.min(batch, count - done);
    const changes = fc
      .sample(anyChange, { numRuns: size, seed: seed + done })
      .map((c, i): FileChange => ({ ...c, path: numbered(c.path, i) }))
      .filter((c) => c.before !== c.after);
    changed += changes.length;
    await checkBatch(changes);
  }
  return changed;
}

function numbered(name: string, index: number): string {
  const at = name.lastIndexOf('/') + 1;
  return `${name.slice(0, at)}${index}${name.slice(at)}`;
}

async function checkBatch(changes: readonly FileChange[]): Promise<void> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-')));
  try {
    for (const change of changes) {
      const file = path.join(root, change.path);
      mkdirSync(path.dirname(file), { recursive: true });
      if (change.before !== null) writeFileSync(file, encode(change.before, change));
    }
    const plan = planOf(root, changes);
    await applyPlan(plan);
    assertBytes(root, changes, 'after');
    await undo(root);
    assertBytes(root, changes, 'before');
    assert.equal(existsSync(path.join(root, '.nayek')), false);

    const diff = exactDiff(plan);
    run('git', ['apply', '--whitespace=nowarn'], root, diff);
    assertBytes(root, changes, 'after');
    run('git', ['apply', '--whitespace=nowarn', '-R'], root, diff);
    assertBytes(root, changes, 'before');

    // GNU patch knows no binary patches, as which UTF-16 goes.
    const texts = changes.filter((c) => !c.encoding.startsWith('utf-16'));
    const textDiff = exactDiff(planOf(root, texts));
    run('patch', ['-p1', '-s', '--binary'], root, textDiff);
    assertBytes(root, texts, 'after');
    run('patch', ['-p1', '-s', '-R', '--binary'], root, textDiff);
    assertBytes(root, texts, 'before');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function planOf(root: string, changes: readonly FileChange[]): Plan {
  const reads = Object.fromEntries(changes.flatMap((c) => (c.sha256 === null ? [] : [[c.path, c.sha256] as const])));
  return { root, recipe: 'fuzz', changes, verdicts: [], warnings: [], reads, skipped: [] };
}

function assertBytes(root: string, changes: readonly FileChange[], side: 'before' | 'after'): void {
  for (const change of changes) {
    const file = path.join(root, change.path);
    const text = change[side];
    if (text === null) assert.equal(existsSync(file), false, change.path);
    else assert.deepEqual(readFileSync(file), encode(text, change), `${side} of ${change.path}`);
  }
}

function run(command: string, args: readonly string[], cwd: string, input: Buffer): void {
  // Outside of any repository, so that git takes the paths from this folder.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(cwd) };
  const { status, stderr, stdout, error } = spawnSync(command, [...args], { cwd, input, env });
  if (error) throw error;
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${stdout}`);
}
