/** Ctrl-C while nayek reads and plans: it ends at once, says that nothing was written, and shows no stack. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildOnce, command, home } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(buildOnce);

/** A part that never answers, which is longer than any planning takes. */
const ENDLESS = `import { writeSync } from 'node:fs';
export const parts = [{
  id: 'endless', summary: 'Never ends.', source: 'https://example.org/', options: {},
  plan() { writeSync(2, 'planning\\n'); for (;;); },
}];
`;

it.each([
  [['patch'], 'en', 'nayek: interrupted (nothing was written)\n'],
  [['patch', '--dry-run'], 'fr', "nayek: interrompu (rien n'a été écrit)\n"],
  [['check'], 'en', 'nayek: interrupted (nothing was written)\n'],
  [['verify'], 'en', 'nayek: interrupted (nothing was written)\n'],
])('%j in %s', async (words, lang, says) => {
  const root = repositoryOf(SAMPLE);
  const plugin = path.join(root, '../endless.mjs');
  writeFileSync(plugin, ENDLESS);
  const args = [command, ...words, root, '--recipe', 'render', '--plugin', plugin, '--lang', lang];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') child.kill('SIGINT');
    said += text;
  });
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([130, `planning\n${says}`]);
  expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(SAMPLE['app/main.py']);
});

it.each([
  [{}, 'nayek: interrupted (nothing was written)\n'],
  [{ LANG: 'fr_FR.UTF-8', LC_ALL: '' }, "nayek: interrompu (rien n'a été écrit)\n"],
])('before the program is loaded, too: %j', (env, says) => {
  const root = repositoryOf(SAMPLE);
  const hook = path.join(root, '../hook.cjs');
  // Ctrl-C at the moment when the sources are read, which is before anything else.
  writeFileSync(
    hook,
    `const fs = require('node:fs'), read = fs.readFileSync;
     fs.readFileSync = (file, ...rest) => {
       if (String(file).endsWith('command.cjs')) process.kill(process.pid, 'SIGINT');
       return read(file, ...rest);
     };`,
  );
  const child = spawnSync(process.execPath, ['--require', hook, command, 'patch', root], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect([child.status, child.signal, child.stdout, child.stderr]).toEqual([130, null, '', says]);
  expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(SAMPLE['app/main.py']);
});

it('what starts it from a wheel ends without a traceback', () => {
  const folder = temporaryFolder('interrupt');
  const made = path.join(folder, 'node');
  // The Node that is asked for its version gets the Ctrl-C of the terminal, with the one who asks.
  writeFileSync(made, '#!/bin/sh\nkill -INT $PPID\nsleep 0.1\necho v22.0.0\n', { mode: 0o755 });
  const child = spawnSync('python3', [path.join(home, 'bin/packaging/nayek/__main__.py')], {
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect([child.status, child.signal, child.stdout, child.stderr]).toEqual([null, 'SIGINT', '', '']);
});
