/**
 * Whether the tests find faults: puts each fault of faults.json into a copy of the project, one after the other, and
 * runs the tests of a tier until the first fails. The files where it is likely come first, then the whole tier.
 *
 *   node bench/tests/mutations.mjs [--project=full] [--near] [number...]
 *
 * `--near` leaves out the whole tier: what is not found then may be found by another file.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const home = path.join(import.meta.dirname, '..', '..');
const arguments_ = process.argv.slice(2);
const project = arguments_.filter((argument) => argument.startsWith('--project='));
const nearOnly = arguments_.includes('--near');
const numbers = arguments_.filter((argument) => /^\d+$/.test(argument)).map(Number);
const faults = JSON.parse(readFileSync(path.join(import.meta.dirname, 'faults.json'), 'utf8'));

const scratch = mkdtempSync(path.join(os.tmpdir(), 'nayek-mutations-'));
const copy = path.join(scratch, 'copy');
execFileSync('git', ['worktree', 'add', '--quiet', '--detach', copy], { cwd: home });
try {
  symlinkSync(path.join(home, 'node_modules'), path.join(copy, 'node_modules'));
  let found = 0;
  console.log('| # | fault | found by |\n|--:|---|---|');
  for (const [index, fault] of faults.entries()) {
    if (numbers.length > 0 && !numbers.includes(index + 1)) continue;
    const by = finderOf(fault);
    if (by) found++;
    console.log(`| ${index + 1} | ${fault.what} (${fault.file}) | ${by ?? '**not found**'} |`);
  }
  console.log(`\n${found} found`);
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', copy], { cwd: home });
  rmSync(scratch, { recursive: true });
}

/** The first test that fails: file and name. */
function finderOf({ file, from, to, near }) {
  const at = path.join(copy, file);
  const text = readFileSync(at, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold this once: ${from}`);
  writeFileSync(
    at,
    text.replace(from, () => to),
  );
  try {
    return firstFailure(near.map((name) => `test/${name}.test.ts`)) ?? (nearOnly ? undefined : firstFailure([]));
  } finally {
    writeFileSync(at, text);
  }
}

function firstFailure(files) {
  const output = path.join(scratch, 'results.json');
  const vitest = path.join(home, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['run', '--bail=1', '--passWithNoTests', '--reporter=json', `--outputFile=${output}`];
  const { status } = spawnSync(process.execPath, [vitest, ...options, ...project, ...files], {
    cwd: copy,
    stdio: 'ignore',
  });
  if (status === 0) return undefined;
  for (const run of JSON.parse(readFileSync(output, 'utf8')).testResults) {
    const name = path.basename(run.name, '.test.ts');
    const failed = run.assertionResults.find((result) => result.status === 'failed');
    if (failed) return `${name}: ${failed.fullName}`;
    if (run.status === 'failed') return `${name}: ${run.message.split('\n')[0]}`;
  }
  return 'the end of the run';
}
