/** Own parts on the Node versions that nayek runs on: `.mjs` and rules on all, TypeScript where Node strips types. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

const COMMAND = path.join(import.meta.dirname, '..', '..', 'dist', 'nayek.cjs');
const VERSIONS = ['20', '22', '24'];
let top = '';

beforeAll(() => {
  top = temporaryFolder('node-versions');
  for (const version of VERSIONS) {
    const home = path.join(top, version);
    mkdirSync(home);
    writeFileSync(path.join(home, 'package.json'), '{}');
    const install = ['install', '--silent', '--no-audit', '--no-fund', `node@${version}`];
    execFileSync('npm', install, { cwd: home, stdio: 'ignore', env: environment() });
  }
}, 600_000);

/** What programs keep beside goes with the test's folder. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: top };
}

function run(version: string, cwd: string, args: readonly string[]): string {
  const node = path.join(top, version, 'node_modules', 'node', 'bin', 'node');
  try {
    return execFileSync(node, [COMMAND, ...args], {
      ...{ cwd, encoding: 'utf8', env: environment() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

describe.each(VERSIONS)('Node %s', (version) => {
  it('runs parts in .mjs, rules of each kind, and TypeScript from 22.18 on', () => {
    const home = path.join(top, `own-${version}`);
    mkdirSync(home, { recursive: true });
    for (const kind of ['transform', 'emitter', 'rule']) run(version, home, ['new', kind, `own-${kind}`]);
    run(version, home, ['new', 'rule', 'own-toml', '--language', 'toml']);
    expect(run(version, home, ['test'])).toContain('8 passed, 0 failed');
    const part = path.join(home, 'parts', 'own-transform');
    const typed = readFileSync(`${part}.mjs`, 'utf8')
      .replace(
        "/** @type {import('nayek').Part} */\nexport default {",
        "import type { Part } from 'nayek';\n\nconst part: Part = {",
      )
      .replace(/\};\n$/, '};\nexport default part;\n');
    writeFileSync(`${part}.mjs`, typed);
    renameSync(`${part}.mjs`, `${part}.ts`);
    const said = run(version, home, ['test']);
    if (version === '20') expect(said).toContain('this Node reads no TypeScript: 22.18 and later do');
    else expect(said).toContain('8 passed, 0 failed');
  });
});
