/**
 * A plan as a unified diff. In a pipe or a file it is exact, byte for byte, so that `git apply` takes it; on a terminal
 * credentials are masked and control characters spelt out. https://git-scm.com/docs/diff-format
 */
import { createHash } from 'node:crypto';
import type { FileChange, Plan } from '../model/plan.ts';
import { encode } from '../repo/source.ts';
import { mask } from '../secrets/mask.ts';
import type { Edit } from '../syntax/edit.ts';
import { painter, visible } from '../syntax/visible.ts';
import { binaryPatch } from './binary-patch.ts';
import { type Hunk, hunksOf } from './hunks.ts';

export interface DiffOptions {
  /** Folder of the plan's root below the working tree's top, '' or without a final '/': git's paths start there. */
  readonly prefix?: string;
}

/** The exact diff, each file in its own encoding. */
export function exactDiff(plan: Plan, options: DiffOptions = {}): Buffer {
  return Buffer.concat(plan.changes.map((change) => exactFile(change, options.prefix ?? '')));
}

/** The diff for reading: masked, harmless, coloured where asked. Git may not apply it. */
export function shownDiff(plan: Plan, options: DiffOptions & { readonly colour?: boolean } = {}): string {
  const paint = painter(options.colour === true);
  return plan.changes
    .map((change) => {
      const head = header(change, options.prefix ?? '').map((line) => paint('bold', visible(line)));
      return [...head, ...shownHunks(change, paint)].join('\n');
    })
    .map((text) => `${text}\n`)
    .join('');
}

/** The hunks of one file for reading, without a header. */
export function shownFile(change: FileChange): string {
  return shownHunks(change, painter(false)).join('\n');
}

/** The hunks that `shownFile` shows. */
export function hunksIn(change: FileChange): Hunk[] {
  return hunks(change, false);
}

function shownHunks(change: FileChange, paint: ReturnType<typeof painter>): string[] {
  // Masked as whole texts: what a line means may stand far above it.
  const old = masked(change, change.before ?? '');
  const fresh = masked(change, change.after);
  return hunks(change, false).flatMap((hunk) => [
    paint('cyan', hunkHeader(hunk)),
    ...shownLines(hunk, old, fresh, paint),
  ]);
}

/** `old`, `fresh`: the lines of the whole file. */
function shownLines(
  { oldStart, newStart, lines }: Hunk,
  old: readonly string[],
  fresh: readonly string[],
  paint: ReturnType<typeof painter>,
): string[] {
  const out: string[] = [];
  let [before, after] = [oldStart - 1, newStart - 1];
  for (const { kind, text } of lines) {
    const line = (kind === '-' ? old[before] : fresh[after]) ?? '';
    if (kind !== '+') before++;
    if (kind !== '-') after++;
    const seen = `${kind}${visible(line.endsWith('\r') ? line.slice(0, -1) : line)}`;
    out.push(kind === ' ' ? seen : paint(kind === '-' ? 'red' : 'green', seen));
    if (!text.endsWith('\n')) out.push('\\ No newline at end of file');
  }
  return out;
}

function masked(change: FileChange, text: string): string[] {
  return mask(text, { path: change.path }).split('\n');
}

function exactFile(change: FileChange, prefix: string): Buffer {
  const before = change.before === null ? Buffer.alloc(0) : encode(change.before, change);
  const after = encode(change.after, change);
  if (change.encoding === 'utf-16le' || change.encoding === 'utf-16be') {
    const index = `index ${blobName(before)}..${blobName(after)}`;
    const [first = '', ...rest] = gitHeader(change, prefix);
    return Buffer.concat([Buffer.from(`${[first, ...rest, index].join('\n')}\n`), binaryPatch(before, after)]);
  }
  const chunks: Buffer[] = [Buffer.from(`${header(change, prefix).join('\n')}\n`)];
  const form = { encoding: change.encoding, bom: false };
  for (const hunk of hunks(change, change.bom)) {
    chunks.push(Buffer.from(`${hunkHeader(hunk)}\n`));
    for (const { kind, text } of hunk.lines) {
      chunks.push(encode(kind + text, form));
      if (!text.endsWith('\n')) chunks.push(Buffer.from('\n\\ No newline at end of file\n'));
    }
  }
  return Buffer.concat(chunks);
}

/** With `bom`, a UTF-8 byte order mark is part of the first line. */
function hunks(change: FileChange, bom: boolean): Hunk[] {
  if (change.before === null) return hunksOf('', [{ start: 0, end: 0, text: change.after }]);
  if (!bom || change.encoding !== 'utf-8') return hunksOf(change.before, change.edits);
  const shifted = change.edits.map((e): Edit => ({ start: e.start + 1, end: e.end + 1, text: e.text }));
  return hunksOf(`\ufeff${change.before}`, shifted);
}

function hunkHeader(hunk: Hunk): string {
  const range = (start: number, count: number): string => (count === 1 ? `${start}` : `${start},${count}`);
  return `@@ -${range(hunk.oldStart, hunk.oldCount)} +${range(hunk.newStart, hunk.newCount)} @@`;
}

function header(change: FileChange, prefix: string): string[] {
  const name = prefix ? `${prefix}/${change.path}` : change.path;
  const lines = gitHeader(change, prefix);
  // An empty new file has no hunk: git then wants an index line, and GNU patch finds a name with a blank only in quotes.
  if (change.after === '' && change.before === null) {
    const named = name.includes(' ')
      ? [`diff --git ${inQuotes(`a/${name}`)} ${inQuotes(`b/${name}`)}`]
      : lines.slice(0, 1);
    return [...named, ...lines.slice(1), `index ${'0'.repeat(40)}..${blobName(Buffer.alloc(0))}`];
  }
  return [...lines, `--- ${change.before === null ? '/dev/null' : sided('a', name)}`, `+++ ${sided('b', name)}`];
}

function gitHeader(change: FileChange, prefix: string): string[] {
  const name = prefix ? `${prefix}/${change.path}` : change.path;
  const line = `diff --git ${quoted(`a/${name}`)} ${quoted(`b/${name}`)}`;
  return change.before === null ? [line, 'new file mode 100644'] : [line];
}

/** Git ends a name that holds a blank with a tab, so that a date is not taken for a part of it. */
function sided(side: 'a' | 'b', name: string): string {
  const text = quoted(`${side}/${name}`);
  return name.includes(' ') && !text.startsWith('"') ? `${text}\t` : text;
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\',
}; // biome-ignore format: a table

/** A name as git quotes it (core.quotePath). https://git-scm.com/docs/git-config#Documentation/git-config.txt-corequotePath */
function quoted(name: string): string {
  let odd = false;
  let out = '';
  for (const byte of Buffer.from(name)) {
    const spelt = ESCAPES[byte] ?? (byte < 0x20 || byte >= 0x7f ? `\\${byte.toString(8).padStart(3, '0')}` : undefined);
    odd ||= spelt !== undefined;
    out += spelt ?? String.fromCharCode(byte);
  }
  return odd ? `"${out}"` : name;
}

function inQuotes(name: string): string {
  const text = quoted(name);
  return text.startsWith('"') ? text : `"${text}"`;
}

function blobName(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
