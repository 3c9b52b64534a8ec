/**
 * npm run secrets -- [folder of checkouts] [--api dist/index.js] [--sample 60] [--missed]
 * How many of the made credentials are hidden where a text is shown (`mask`), and kept out of the deployment files that
 * a plan makes; and of real repositories what is hidden, with a sample of lines to judge by looking. `--api` measures
 * another build of the same package. Exit 1 where a credential of the set is not found.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type * as Api from '../../src/index.ts';
import { hiddenIn, notCopiedIn } from './corpus.ts';
import { generated, type Shown } from './generate.ts';
import { harmless } from './harmless.ts';
import { independent } from './independent.ts';
import { filesWith } from './planned.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    api: { type: 'string', default: 'dist/index.js' },
    sample: { type: 'string', default: '0' },
    missed: { type: 'boolean' },
  },
});
const api = (await import(pathToFileURL(path.resolve(values.api)).href)) as typeof Api;
await api.loadPython();

const { shown, copied } = generated();
const masked = (text: string, file: string | undefined): string =>
  api.mask(text, { ...(file === undefined ? {} : { path: file }), python: file?.endsWith('.py') === true });
const isSeen = ({ text, path: file, secret }: Shown): boolean => leaks(masked(text, file), secret);
const seen = shown.filter(isSeen);
const others = independent();
const seenOfOthers = others.filter(isSeen);
const taken = copied.filter(({ name, value, secret }) => leaks(filesWith(api, [[name, value]]), secret));
report('shown', shown, seen);
report('copied', copied, taken);
report('shown, of shapes that were written without the rules', others, seenOfOthers);
const clean = harmless();
const spoilt = clean.filter(({ text, path: file }) => masked(text, file) !== text);
const found = shown.length + others.length - seen.length - seenOfOthers.length;
const precision = ((100 * found) / (found + spoilt.length)).toFixed(1);
console.log(
  `harmless: ${clean.length - spoilt.length} of ${clean.length} lines stay as they are (precision over all shapes ${precision} %)`,
);
if (values.missed) {
  for (const { text, path: file } of spoilt)
    console.log(`hidden: ${JSON.stringify(text)} → ${JSON.stringify(masked(text, file))}`);
  for (const { kind, text } of [...seen, ...seenOfOthers]) console.log(`shown, ${kind}: ${JSON.stringify(text)}`);
  for (const { kind, name, value } of taken) console.log(`copied, ${kind}: ${name}=${JSON.stringify(value)}`);
}
for (const folder of positionals) {
  hiddenIn(api, folder, Number(values.sample));
  notCopiedIn(api, folder, Number(values.sample));
}
process.exitCode = seen.length + taken.length > 0 ? 1 : 0;

/** A piece of eight characters counts, and each word of several. */
function leaks(text: string, secret: string): boolean {
  const words = secret.split(' ');
  if (words.length > 1) return words.some((word) => word.length > 4 && text.includes(word));
  for (let at = 0; at + 8 <= secret.length; at++) if (text.includes(secret.slice(at, at + 8))) return true;
  return text.includes(secret);
}

function report(
  what: string,
  all: readonly { readonly kind: string }[],
  missed: readonly { readonly kind: string }[],
): void {
  const kinds = new Set(all.map((s) => s.kind));
  const whole = [...kinds].filter((kind) => !missed.some((m) => m.kind === kind));
  const share = ((100 * (all.length - missed.length)) / all.length).toFixed(1);
  const found = `${all.length - missed.length} of ${all.length} found (recall ${share} %)`;
  console.log(`${what}: ${found}, ${whole.length} of ${kinds.size} kinds without a miss`);
  for (const kind of kinds) {
    const [n, of] = [missed, all].map((list) => list.filter((s) => s.kind === kind).length);
    if (n) console.log(`  missed ${n} of ${of}: ${kind}`);
  }
}
