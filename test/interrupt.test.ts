/** Ctrl-C while nayek reads and plans: it ends at once, says that nothing was written, and shows no stack. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildOnce, command } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';

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
