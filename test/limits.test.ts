/**
 * No function above the limit of complexity in biome.json, but for a few that say why on the line above:
 * `// complexity: <reason>`. Biome itself holds the length of functions and lines.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const WITH_REASON = 10;
const functions = complexFunctions();

test('no function is more complex than 20 without a reason on the line above', () => {
  expect(functions.filter(({ reason }) => reason === undefined).map(({ at }) => at)).toEqual([]);
});

test('few have one', () => {
  expect(functions.filter(({ reason }) => reason !== undefined).length).toBeLessThan(WITH_REASON);
});

test('a reason stands above a function that needs one', () => {
  const needed = new Set(functions.map(({ at }) => at));
  const { stdout } = spawnSync('git', ['grep', '-n', '// complexity: ', '--', 'src', 'transforms', 'templates'], {
    encoding: 'utf8',
  });
  const said = stdout.split('\n').flatMap((line) => {
    const [, path, number] = /^([^:]+):(\d+):/.exec(line) ?? [];
    return path === undefined ? [] : [`${path}:${Number(number) + 1}`];
  });
  expect(said.filter((at) => !needed.has(at))).toEqual([]);
});

/** Where functions are whose cognitive complexity is above the limit of biome.json, and what is said of it. */
function complexFunctions(): { readonly at: string; readonly reason: string | undefined }[] {
  const rule = '--only=complexity/noExcessiveCognitiveComplexity';
  const args = ['node_modules/@biomejs/biome/bin/biome', 'lint', rule, '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [...args, 'src', 'transforms', 'templates'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
  return diagnostics.map(({ location: { path, start } }) => {
    const above = readFileSync(path, 'utf8').split('\n')[start.line - 2] ?? '';
    return { at: `${path}:${start.line}`, reason: /^\s*\/\/ complexity: (\S.*)$/.exec(above)?.[1] };
  });
}

interface Diagnostic {
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}
