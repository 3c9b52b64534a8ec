/** What the README shows is what the command prints. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, command, home as root } from './built.ts';
import { temporaryFolder } from './temporary.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
let home = '';

beforeAll(() => {
  buildOnce();
  home = temporaryFolder('readme');
});

function nayek(...args: string[]): string {
  return execFileSync(process.execPath, [command, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('README', () => {
  it('shows the real diff', () => {
    const sample = path.join(home, 'konan-backend');
    cpSync(path.join(root, 'fixtures/recipes/fi9-nayek/before'), sample, { recursive: true });
    const shown = /```diff\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(nayek('patch', '--dry-run', sample)).toBe(shown);
  });

  it('names every option of the commands that it names, and every part', () => {
    const help = nayek('patch', '--help');
    const parts = readme.slice(readme.indexOf('## Parts'), readme.indexOf('## Recipes'));
    for (const option of readme.match(/(?<=`)--[a-z-]+/g) ?? []) expect(help).toContain(option);
    for (const id of [...parts.matchAll(/^\| `([\w-]+)` \|/gm)].map((m) => m[1] ?? '')) {
      expect(nayek('explain', id)).toContain(id);
    }
  });
});
