/** What is hidden in real repositories: counted, with a sample to be judged by somebody who looks. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as Api from '../../src/index.ts';
import { randomizer } from '../fuzz/mutations.ts';
import { filesWith } from './planned.ts';

const SHOWN =
  /\.(?:py|ini|cfg|toml|ya?ml|txt|conf|sh)$|(?:^|\/)(?:\.env[\w.-]*|[\w.-]*env\.example|Dockerfile[\w.-]*|Procfile)$/;
const PASSED_OVER = /(?:^|\/)(?:\.git|node_modules|\.venv|venv|vendor)(?:\/|$)|\.lock$|-lock\./;
/** A default of a variable, as most repositories write it. */
const DEFAULT =
  /\b(?:getenv|environ\.get|config|env(?:\.str)?)\(\s*["']([A-Z][A-Z0-9_]+)["']\s*,\s*(?:default\s*=\s*)?["']([^"'\n\\]{1,190})["']/g;

function* textsOf(root: string): Generator<readonly [string, string]> {
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(root, name);
    if (!SHOWN.test(name) || PASSED_OVER.test(name)) continue;
    const stat = lstatSync(file);
    if (stat.isFile() && stat.size < 500_000) yield [name, readFileSync(file, 'utf8')];
  }
}

/** At random, the same for the same seed, in order. */
function sampleOf<T>(all: readonly T[], count: number): T[] {
  const random = randomizer(SEED);
  const left = all.map((_, at) => at);
  const taken = Array.from({ length: Math.min(count, all.length) }, () => left.splice(random(left.length), 1)[0] ?? 0);
  return taken.sort((a, b) => a - b).map((at) => all[at] as T);
}

const SEED = 12;

/** Prints how many lines of the files that nayek may show are hidden in part, and a sample. */
export function hiddenIn(api: typeof Api, folder: string, sample: number): void {
  const changed: string[] = [];
  let lines = 0;
  const start = performance.now();
  for (const [name, text] of textsOf(folder)) {
    const before = text.split('\n');
    const after = api.mask(text, { path: name, python: name.endsWith('.py') }).split('\n');
    lines += before.length;
    for (const [i, line] of before.entries()) {
      if (after[i] !== line)
        changed.push(`${name}:${i + 1}: ${line.trim().slice(0, 160)}\n      → ${after[i]?.trim().slice(0, 160)}`);
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${folder}: ${changed.length} of ${lines} lines are hidden in part (${seconds} s)`);
  for (const line of sampleOf(changed, sample)) console.log(`  ${line}`);
}

/** Prints how many literal defaults of variables are left out of the deployment files, and a sample. */
export function notCopiedIn(api: typeof Api, folder: string, sample: number): void {
  const pairs = new Map<string, readonly [string, string]>();
  for (const [name, text] of textsOf(folder)) {
    if (!name.endsWith('.py')) continue;
    for (const [, key = '', value = ''] of text.matchAll(DEFAULT)) pairs.set(`${key}=${value}`, [key, value]);
  }
  const left = [...pairs.values()].filter(([key, value]) => !filesWith(api, [[key, value]]).includes(value));
  console.log(`${folder}: ${left.length} of ${pairs.size} literal defaults are not copied`);
  for (const [key, value] of sampleOf(left, sample)) console.log(`  ${key}=${value}`);
}
