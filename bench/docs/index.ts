/** `npm run docs [-- sessions|screenshots]`: makes docs/sessions.md and the pictures of docs/ again, from the built program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOME } from './home.ts';
import { screenshots } from './screenshots.ts';
import { document } from './sessions.ts';

const docs = path.join(HOME, 'docs');
const wanted = process.argv.slice(2);
const made: string[] = [];
const folder = (): string => {
  const one = mkdtempSync(path.join(tmpdir(), 'nayek-docs-'));
  made.push(one);
  return one;
};
try {
  if (wanted.length === 0 || wanted.includes('sessions')) {
    writeFileSync(path.join(docs, 'sessions.md'), document(folder));
    process.stdout.write('docs/sessions.md\n');
  }
  if (wanted.length === 0 || wanted.includes('screenshots')) {
    for (const name of await screenshots(docs, folder())) process.stdout.write(`docs/${name}\n`);
  }
} finally {
  for (const one of made) rmSync(one, { recursive: true, force: true });
}
