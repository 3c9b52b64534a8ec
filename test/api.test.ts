/** What parts are written with: `nayek` exports all that those which come with it use, and says what it is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { importGraph } from '../bench/house/graph.ts';

const graph = importGraph();
const PUBLIC = new Set(graph.get('src/api.ts'));

describe('the API of parts', () => {
  test('the built-in parts import from it and from each other only', () => {
    const outside = [...graph]
      .filter(([file]) => /^(?:transforms|templates)\//.test(file))
      .flatMap(([file, targets]) =>
        targets
          .filter((t) => t.startsWith('src/') && t !== 'src/api.ts' && !PUBLIC.has(t))
          .map((t) => `${file} -> ${t}`),
      );
    expect(outside, 'export these modules from src/api.ts').toEqual([]);
  });

  test('nayek exports all of it', () => {
    expect(readFileSync('src/index.ts', 'utf8')).toContain("export * from './api.ts';");
  });

  test.each([...PUBLIC].sort())('%s says what its functions do', (file) => {
    const text = readFileSync(path.join(import.meta.dirname, '..', file), 'utf8');
    const silent = [...text.matchAll(/^export (?:async )?(?:function|class) (\w+)/gm)].filter(
      (match) => !text.slice(0, match.index).trimEnd().endsWith('*/'),
    );
    expect(silent.map((match) => match[1])).toEqual([]);
  });
});
