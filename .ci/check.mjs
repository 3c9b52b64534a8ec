/**
 * Types, lint and tests, side by side: one alone leaves cores idle.
 *
 *   node .ci/check.mjs --all [argument of vitest...]   `npm test`: all tests of the default tier
 *   node .ci/check.mjs                                 the inner loop, in a few seconds
 *
 * The inner loop takes the tests nearest to what is not committed yet. These are test files that changed or import a
 * changed file themselves, but for those that start the built command; and the fixtures of a part that changed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const home = path.join(import.meta.dirname, '..');
const checks = [
  quietly('node_modules/typescript/bin/tsc', '--noEmit'),
  quietly('node_modules/@biomejs/biome/bin/biome', 'check', '.'),
];
const [first, ...more] = process.argv.slice(2);
const tests = first === '--all' ? [run('node_modules/vitest/vitest.mjs', 'run', ...more)] : near();
const codes = await Promise.all(tests);
for (const { code, text } of await Promise.all(checks)) {
  if (code !== 0) process.stdout.write(text);
  codes.push(code);
}
process.exitCode = Math.max(...codes);

/** Runs of the tests nearest to what is not committed. */
function near() {
  const status = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], {
    cwd: home,
    encoding: 'utf8',
  });
  const changed = status
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('D') && line[1] !== 'D')
    .map((line) => line.slice(3).replace(/^.* -> /, ''));

  const files = readdirSync(path.join(home, 'test'))
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => {
      const text = readFileSync(path.join(home, 'test', name), 'utf8');
      const imported = [...text.matchAll(/from '\.\.\/(.+?)'/g)].map((found) => found[1]);
      return (
        changed.includes(`test/${name}`) || (!startsCommand(text) && imported.some((file) => changed.includes(file)))
      );
    });
  const parts = new Set(
    changed.flatMap((file) => /^(?:fixtures|transforms|templates)\/([\w-]+)/.exec(file)?.[1] ?? []),
  );
  const vitest = (...args) => run('node_modules/vitest/vitest.mjs', 'run', '--bail=1', ...args);
  return [
    ...(files.length > 0 ? [vitest(...files.map((name) => `test/${name}`))] : []),
    ...(parts.size > 0 ? [vitest('test/fixtures.test.ts', '-t', `^(?:${[...parts].join('|')}) `)] : []),
  ];
}

function startsCommand(text) {
  return /'\.\/(?:built|command)\.ts'/.test(text);
}

/** Resolves to the exit code; shows what it says as it comes. */
function run(program, ...args) {
  const child = spawn(process.execPath, [path.join(home, program), ...args], { cwd: home, stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

/** Resolves to the exit code and what it says. */
function quietly(program, ...args) {
  const child = spawn(process.execPath, [path.join(home, program), ...args], { cwd: home });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? 1, text })));
}
