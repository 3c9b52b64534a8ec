/** docs/plugins.md tells what things are called with and what they give: as the published types have it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as api from '../src/index.ts';
import { buildOnce } from './built.ts';

/** Without comments, every space one. */
function plain(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

let types = '';
beforeAll(async () => {
  await buildOnce();
  const home = path.join('dist', 'types', 'src');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
  types = files.map((name) => plain(readFileSync(path.join(home, name), 'utf8'))).join('\n');
});

const docs = readFileSync(path.join('docs', 'plugins.md'), 'utf8');
const section = docs.slice(docs.indexOf('## Signatures'), docs.indexOf('## From a program'));
/** Rows of the tables. */
const functions = [...section.matchAll(/^\| `(\w+\([^\n]*?)` \|/gm)].map(([, text = '']) =>
  text.replaceAll('\\|', '|'),
);
const shapes = [...section.matchAll(/^```ts\n(.*?)^```/gms)].flatMap(([, code = '']) =>
  [...code.matchAll(/^interface (\w+)[^{\n]*\{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => ({ name, body })),
);

describe('docs/plugins.md', () => {
  test('shows more than a handful', () => {
    expect(functions.length).toBeGreaterThan(25);
    expect(shapes.length).toBeGreaterThan(6);
  });

  test.each(functions)('%s', (text) => {
    expect(types).toContain(`export declare function ${plain(text)};`);
  });

  test.each(shapes)('interface $name', ({ name, body }) => {
    const [, real = ''] =
      new RegExp(`interface ${name}(?: extends [^{]+)? \\{(.*?)\\} ?(?:export|interface|\\n|$)`).exec(types) ?? [];
    const members = plain(body.replace(/\/\/.*$/gm, ''))
      .split(/; ?/)
      .filter(Boolean);
    for (const member of members)
      expect(`${real.replaceAll('readonly ', '')};`).toContain(`${member.replaceAll('readonly ', '')};`);
  });

  test.each(functions.map((text) => /^\w+/.exec(text)?.[0] ?? ''))('%s is exported', (name) => {
    expect(typeof (api as Record<string, unknown>)[name]).toBe('function');
  });
});
