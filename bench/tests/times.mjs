/**
 * Where the time of the tests goes: runs each file alone and prints a table, the slowest first. CPU time is that of
 * vitest, its worker and all that they start, in seconds; it hardly depends on what else the machine does.
 *
 *   node bench/tests/times.mjs [--project=full] [part of a name...]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const home = path.join(import.meta.dirname, '..', '..');
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'nayek-times-'));
const folder = options.includes('--project=live') ? 'test/live' : 'test';
const files = readdirSync(path.join(home, folder))
  .filter((name) => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .map((name) => `${folder}/${name}`);

const rows = files.flatMap((file) => {
  const [used, results] = ['used.json', 'results.json'].map((name) => path.join(scratch, name));
  const vitest = [process.execPath, path.join(home, 'node_modules/vitest/vitest.mjs'), 'run', ...options, file];
  spawnSync(
    'python3',
    [path.join(home, 'bench/measure.py'), used, ...vitest, '--reporter=json', `--outputFile=${results}`],
    { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const { cpu, wall } = JSON.parse(readFileSync(used, 'utf8'));
    const { numPassedTests: passed, numFailedTests: failed, success } = JSON.parse(readFileSync(results, 'utf8'));
    rmSync(results);
    process.stderr.write(`${file}: ${cpu.toFixed(1)} s\n`);
    return [{ file, passed, failed: success ? failed : Math.max(1, failed), cpu, wall }];
  } catch {
    // Not in this tier.
    return [];
  }
});
rmSync(scratch, { recursive: true });

rows.sort((a, b) => b.cpu - a.cpu);
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
rows.push({ file: 'all', passed: sum('passed'), failed: sum('failed'), cpu: sum('cpu'), wall: sum('wall') });
console.log('| file | passed | failed | CPU s | wall s |\n|---|--:|--:|--:|--:|');
for (const { file, passed, failed, cpu, wall } of rows) {
  console.log(`| ${file} | ${passed} | ${failed} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} |`);
}
