/** Real files, damaged: what editors, merges, truncated downloads and hostile people do to them. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';

export type Bytes = Readonly<Record<string, Buffer>>;

/** Numbers in [0, bound) from a seed; mulberry32, as fast-check's generators cannot be advanced by hand. */
export function randomizer(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, bound);
  };
}

const READ = /\.(?:py|ini|cfg|toml|txt|ya?ml|json|in|lock|sh)$|(?:^|\/)(?:Procfile|Dockerfile|Pipfile|\.env[^/]*)$/;
/** Bytes; larger files are left out, so that many cases fit into the time. */
const LARGEST = 200_000;

/** The files of a repository that nayek may read; undefined when they are more than `most`. */
export function filesOf(root: string, most: number): Bytes | undefined {
  const paths = readSnapshot(root).paths.filter((p) => READ.test(p));
  if (paths.length > most) return undefined;
  const out: Record<string, Buffer> = {};
  for (const name of paths) {
    const bytes = readFileSync(path.join(root, name));
    if (bytes.length <= LARGEST) out[name] = bytes;
  }
  return out;
}

const TOKENS = [
  '(', ')', '[', '{', '"""', "'", '"', '\\\n', '#', ':', '=', ',', '@', ';', '\t', '    ', '\n', '\r\n', '\r', '\0', '\x0c', '\x1b[2J',
  '\ufeff', '\u202e', '\u2028', 'if __name__ == "__main__":\n', 'import os\n', 'from __future__ import annotations\n', 'async ', 'lambda: ',
  'def f(', 'class A:\n', 'uvicorn.run(', 'app = ', 'sqlalchemy.url = ', '[alembic]\n', '%(here)s', '%%', '$\x7bX}', '&a ', '*a', '<<: ', '- ',
  '-r ', '-e .', '--hash=', 'port=', 'host="0.0.0.0"', 'os.getenv("PORT")', '*args', '**kw', 'f"{', 'print "x"\n', 'yield ', 'é', '𝒳',
]; // biome-ignore format: a list of tokens

type Random = ReturnType<typeof randomizer>;

const MUTATIONS: readonly ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  (b, r) => splice(b, r(b.length + 1), 0, Buffer.from([r(256)])),
  (b, r) => splice(b, r(b.length), 1, Buffer.from([r(256)])),
  (b, r) => splice(b, r(b.length), r(60), Buffer.alloc(0)),
  (b, r) => b.subarray(0, r(b.length)),
  (b, r) => b.subarray(r(b.length)),
  (b, r) => splice(b, r(b.length + 1), 0, Buffer.from(TOKENS[r(TOKENS.length)] ?? '')),
  (b, r) => splice(b, r(b.length), r(20), Buffer.from(TOKENS[r(TOKENS.length)] ?? '')),
  (b, r) => splice(b, r(b.length + 1), 0, Buffer.from((TOKENS[r(TOKENS.length)] ?? '').repeat(1 + r(3000)))),
  (b, r) => withLines(b, (lines) => lines.splice(r(lines.length), 1 + r(3))),
  (b, r) => withLines(b, (lines) => lines.splice(r(lines.length), 0, lines[r(lines.length)] ?? '')),
  (b, r) => withLines(b, (lines) => swap(lines, r(lines.length), r(lines.length))),
  (b, r) => withLines(b, (lines) => indent(lines, r(lines.length), [' ', '\t', '    ', ''][r(4)] ?? '')),
  (b) => Buffer.from(b.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1'),
  (b) => Buffer.from(b.toString('latin1').replace(/\r?\n/g, '\r'), 'latin1'),
  (b) => Buffer.from(`\ufeff${b.toString('utf8')}`, 'utf16le'),
  (b, r, other) => splice(b, r(b.length + 1), 0, other.subarray(r(other.length), r(other.length) + 400)),
  (b, r) => splice(b, r(b.length + 1), 0, b.subarray(r(b.length), r(b.length) + r(2000))),
];

/** One to three mutations of one file, chosen by `random`. */
export function mutated(
  files: Bytes,
  targets: readonly string[],
  random: Random,
): { readonly name: string; readonly files: Bytes } {
  const name = targets[random(targets.length)] ?? '';
  const other = files[targets[random(targets.length)] ?? ''] ?? Buffer.alloc(0);
  let bytes = files[name] ?? Buffer.alloc(0);
  for (let left = 1 + random(3); left > 0; left--)
    bytes = MUTATIONS[random(MUTATIONS.length)]?.(bytes, random, other) ?? bytes;
  return { name, files: { ...files, [name]: bytes } };
}

function splice(bytes: Buffer, at: number, remove: number, add: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + remove)]);
}

function withLines(bytes: Buffer, change: (lines: string[]) => unknown): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  change(lines);
  return Buffer.from(lines.join('\n'), 'latin1');
}

function swap(lines: string[], a: number, b: number): void {
  [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
}

function indent(lines: string[], at: number, by: string): void {
  lines[at] = by + (by === '' ? (lines[at] ?? '').trimStart() : (lines[at] ?? ''));
}
