/**
 * No function above the limit of complexity in biome.json, but for those of test/complexity.json, which may only shrink,
 * and for a few that say why on the line above: `// complexity: <reason>`. Biome itself holds the length of functions and
 * lines.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('no function is more complex than 20, but for those that were when this began, and these no more than then', () => {
  const left = JSON.parse(readFileSync('test/complexity.json', 'utf8')) as Record<string, number>;
  const found = complexFunctions();
  const more = Object.entries(found).filter(([name, value]) => value > (left[name] ?? 0));
  expect(Object.fromEntries(more)).toEqual({});
  const mended = Object.keys(left).filter((name) => found[name] === undefined);
  expect(mended, 'these can go from test/complexity.json').toEqual([]);
});

/** `file function` → its cognitive complexity, where that is above the limit of biome.json and nothing says why. */
function complexFunctions(): Record<string, number> {
  const rule = '--only=complexity/noExcessiveCognitiveComplexity';
  const args = ['node_modules/@biomejs/biome/bin/biome', 'lint', rule, '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [...args, 'src', 'transforms', 'templates'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
  const out: Record<string, number> = {};
  for (const { message, location } of diagnostics) {
    const { path, start, end } = location;
    const lines = readFileSync(path, 'utf8').split('\n');
    const line = lines[start.line - 1] ?? '';
    if (/^\s*\/\/ complexity: \S/.test(lines[start.line - 2] ?? '')) continue;
    const name = line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined).trim();
    // Of several without a name in a file, the worst counts.
    const key = `${path} ${name}`;
    out[key] = Math.max(out[key] ?? 0, Number(/\d+/.exec(message)?.[0]));
  }
  return out;
}

interface Diagnostic {
  readonly message: string;
  readonly location: { readonly path: string; readonly start: Point; readonly end: Point };
}

interface Point {
  readonly line: number;
  readonly column: number;
}
