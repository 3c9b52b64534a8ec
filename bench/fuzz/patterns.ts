/** Every regular expression of the sources, against strings made to keep it busy. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { stop, transformSync } from 'esbuild';
import fc from 'fast-check';
import { parseAst } from 'vite';

export interface Pattern {
  /** Where the literal stands, for messages. */
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** All literals of the TypeScript files below the given folders, each once. */
export function patternsOf(folders: readonly string[]): Pattern[] {
  const out = new Map<string, Pattern>();
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      if (!name.endsWith('.ts')) continue;
      const { code } = transformSync(readFileSync(path.join(folder, name), 'utf8'), { loader: 'ts', target: 'es2022' });
      visit(parseAst(code), (source, flags) => {
        const file = path.join(path.basename(folder), name);
        if (!out.has(`${source}/${flags}`)) out.set(`${source}/${flags}`, { file, source, flags });
      });
    }
  }
  // Its process would go on.
  void stop();
  return [...out.values()];
}

function visit(node: unknown, found: (source: string, flags: string) => void): void {
  if (typeof node !== 'object' || node === null) return;
  const { regex } = node as { regex?: { pattern: string; flags: string } };
  if (regex) found(regex.pattern, regex.flags);
  for (const child of Object.values(node)) if (typeof child === 'object') visit(child, found);
}

const UNITS = [
  'a',
  'A',
  '0',
  '_',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '"',
  "'",
  '(',
  '[',
  '{',
  '=',
  ':',
  '/',
  '-',
  '.',
  '#',
  ',',
  '\\',
  '$',
  '%',
  '@',
  '<',
  '*',
  'a ',
  ' a',
  'a=',
  'a.',
  '\\\n',
  '""',
  '/a',
  'a,',
];
const ENDS = ['', '\0', '\n!'];

/** Strings that match up to some point, where a piece is repeated until they are about `length` long. */
export function attacks({ source, flags }: Pattern, length: number): string[] {
  const out = UNITS.flatMap((unit) => ENDS.map((end) => unit.repeat(Math.ceil(length / unit.length)) + end));
  for (const sample of samples(source, flags)) {
    const cuts = [...new Set(Array.from({ length: 6 }, (_, i) => Math.round((sample.length * i) / 5)))];
    for (const at of cuts) {
      for (const size of [1, 2, 3]) {
        const unit = sample.slice(Math.max(0, at - size), at);
        if (unit === '') continue;
        const pumped = sample.slice(0, at) + unit.repeat(Math.ceil(length / unit.length));
        out.push(`${pumped}\0`, pumped + sample.slice(at), `${pumped}\n!`);
      }
      for (const unit of [' ', 'a', '\n']) out.push(`${sample.slice(0, at)}${unit.repeat(length)}\0`);
    }
  }
  return out;
}

/** Strings that the pattern matches; without look-arounds, which the generator does not know. */
function samples(source: string, flags: string): string[] {
  const plain = source
    .replace(/\(\?<?[=!](?:[^()\\]|\\.|\([^()]*\))*\)/g, '')
    // It makes ASCII alone, and would look for ever for what is outside of it.
    .replaceAll('[^ -~]', '\u00e9')
    .replaceAll('\\b', '')
    .replaceAll('\\B', '');
  try {
    return fc.sample(fc.stringMatching(new RegExp(plain, flags.replace(/[gyd]/g, ''))), { numRuns: 4, seed: 1 });
  } catch {
    return [];
  }
}

const WORKER = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ source, flags, texts, most }) => {
  let worst = 0, text = '';
  for (const t of texts) {
    let took = Infinity;
    // CPU time, and again where it was slow: the machine may be busy with something else.
    for (let n = 0; n < 3 && took > most; n++) {
      const pattern = new RegExp(source, flags);
      const start = process.cpuUsage();
      pattern.test(t);
      const { user, system } = process.cpuUsage(start);
      took = Math.min(took, (user + system) / 1000);
    }
    if (took > worst) { worst = took; text = t.slice(0, 60); }
    if (worst > most) break;
  }
  parentPort.postMessage({ worst, text });
});`;

/** Milliseconds for all strings of a pattern, until it counts as one that never ends, on however busy a machine. */
const PATIENCE = 300_000;

export interface Slow extends Pattern {
  /** Milliseconds of CPU time for the first string that took too long; infinite where it was stopped. */
  readonly took: number;
  readonly text: string;
}

/** Patterns that take longer than `most` milliseconds of CPU time for a string of `length` characters. */
export async function slowPatterns(patterns: readonly Pattern[], length: number, most: number): Promise<Slow[]> {
  const out: Slow[] = [];
  let worker = new Worker(WORKER, { eval: true });
  for (const pattern of patterns) {
    const answer = await new Promise<{ worst: number; text: string }>((resolve) => {
      const timer = setTimeout(() => resolve({ worst: Number.POSITIVE_INFINITY, text: '' }), PATIENCE);
      worker.once('message', (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      worker.postMessage({ source: pattern.source, flags: pattern.flags, most, texts: attacks(pattern, length) });
    });
    if (answer.worst > most) out.push({ ...pattern, took: answer.worst, text: answer.text });
    if (answer.worst === Number.POSITIVE_INFINITY) {
      await worker.terminate();
      worker = new Worker(WORKER, { eval: true });
    }
  }
  await worker.terminate();
  return out;
}
