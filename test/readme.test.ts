import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { home as root } from './built.ts';
import { servedCommand } from './command.ts';
import { temporaryFolder } from './temporary.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
let home = '';

beforeAll(() => {
  home = temporaryFolder('readme');
});

const run = servedCommand();

function nayek(...args: string[]): string {
  const { code, out } = run(home, args);
  expect(code).toBe(0);
  return out;
}

describe('what is packed', () => {
  /** bin/packaging/npm.mjs makes their links to other files plain text. */
  const PLAIN = ['fixtures/recipes/fi9-nayek/before', 'test/live/apps/monorepo', 'CONTRIBUTING.md'];
  const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'house.md');

  it.each(['README.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)])('%s links to nothing else', (file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link.replace(/#.*$/, ''));
    const files = links
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .map((link) => path.posix.normalize(path.posix.join(path.posix.dirname(file), link)));
    const packed = (name: string): boolean =>
      ['README.md', 'CHANGELOG.md', 'LICENSE'].includes(name) ||
      (/^docs\/[\w-]+\.(?:md|png)$/.test(name) && name !== 'docs/house.md' && existsSync(path.join(root, name)));
    expect(files.filter((name) => !packed(name) && !PLAIN.includes(name))).toEqual([]);
  });
});

describe('README', () => {
  it('shows the real diff', () => {
    const sample = path.join(home, 'konan-backend');
    cpSync(path.join(root, 'fixtures/recipes/fi9-nayek/before'), sample, { recursive: true });
    const shown = /```diff\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(nayek('patch', '--dry-run', sample)).toBe(shown);
  });

  it('names every option of the commands that it names, and every part', () => {
    const help = nayek('patch', '--help') + nayek('doctor', '--help');
    const parts = readme.slice(readme.indexOf('## Parts'), readme.indexOf('## Recipes'));
    for (const option of readme.match(/(?<=`)--[a-z-]+/g) ?? []) expect(help).toContain(option);
    for (const id of [...parts.matchAll(/^\| `([\w-]+)` \|/gm)].map((m) => m[1] ?? '')) {
      expect(nayek('explain', id)).toContain(id);
    }
  });
});
