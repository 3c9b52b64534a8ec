/**
 * The inner loop, in a few seconds: types, lint, and the tests nearest to what is not committed yet. These are test
 * files that changed or import a changed file themselves, but for those that start the built command; and the fixtures
 * of a part that changed. The rest is for `npm test`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const home = path.join(import.meta.dirname, '..');
const status = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: home, encoding: 'utf8' });
const changed = status
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('D') && line[1] !== 'D')
  .map((line) => line.slice(3).replace(/^.* -> /, ''));

const near = readdirSync(path.join(home, 'test'))
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => {
    const text = readFileSync(path.join(home, 'test', name), 'utf8');
    const imported = [...text.matchAll(/from '\.\.\/(.+?)'/g)].map((found) => found[1]);
    return (
      changed.includes(`test/${name}`) || (!startsCommand(text) && imported.some((file) => changed.includes(file)))
    );
  });
const parts = new Set(changed.flatMap((file) => /^(?:fixtures|transforms|templates)\/([\w-]+)/.exec(file)?.[1] ?? []));

const vitest = (...args) => run('node_modules/vitest/vitest.mjs', 'run', '--bail=1', ...args);
const answers = await Promise.all([
  run('node_modules/typescript/bin/tsc', '--noEmit'),
  run('node_modules/@biomejs/biome/bin/biome', 'check', '.'),
  ...(near.length > 0 ? [vitest(...near.map((name) => `test/${name}`))] : []),
  ...(parts.size > 0 ? [vitest('test/fixtures.test.ts', '-t', `^(?:${[...parts].join('|')}) `)] : []),
]);
process.exitCode = Math.max(...answers);

function startsCommand(text) {
  return /'\.\/(?:built|command)\.ts'/.test(text);
}

/** Resolves to the exit code. */
function run(program, ...args) {
  const child = spawn(process.execPath, [path.join(home, program), ...args], { cwd: home, stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
