/** Whether the hash in a lock is the one of its project file, computed as the tool computes it. */
import { createHash } from 'node:crypto';
import type { Snapshot } from '../../repo/snapshot.ts';
import { jsonOf, tomlOf } from '../../syntax/documents.ts';
import { readToml, valueIn } from '../../syntax/toml.ts';
import { unicodeEscaped } from '../../system/unicode-escape.ts';
import type { Lock } from './locks.ts';

/** True where an install from this lock stops, as it was not made of this project file. */
export function stops(repo: Snapshot, lock: Lock, project: string): boolean {
  return lock.tool.lock?.stopsWhenOld === true && isFresh(repo, lock, project) === false;
}

/** False where no release of the tool made this lock of this project file; undefined where that cannot be told. */
export function isFresh(repo: Snapshot, { tool, path }: Lock, project: string): boolean | undefined {
  const rule = tool.lock?.hash;
  const content = rule && tomlOf(repo, project)?.value;
  if (!rule || !content) return undefined;
  const lock = tool.lock?.grammar === 'json' ? jsonOf(repo, path) : tableOrAll(repo, path, rule.key[0] ?? '');
  const held = valueIn(lock, rule.key);
  if (typeof held !== 'string') return undefined;
  const texts = rule.of(content).map((one) => pythonJson(one, rule.blanks));
  if (texts.includes(undefined)) return undefined;
  return texts.some(
    (text) =>
      createHash('sha256')
        .update(text ?? '')
        .digest('hex') === held,
  );
}

/** A lock lists thousands of files, and its own table is a few lines: these alone where they can be told apart. */
function tableOrAll(repo: Snapshot, path: string, table: string): unknown {
  const text = repo.read(path)?.text ?? '';
  const head = `\n[${table}]\n`;
  const start = text.indexOf(head);
  const alone = start >= 0 && start === text.lastIndexOf(head) && !/"""|'''/.test(text);
  const next = text.indexOf('\n[', start + 1);
  const own = alone ? readToml(text.slice(start + 1, next < 0 ? undefined : next + 1))?.value : undefined;
  return own ?? tomlOf(repo, path)?.value;
}

/**
 * Python's `json.dumps(value, sort_keys=True)`, with its blanks or without; undefined where the two languages may print
 * a value differently (numbers, dates). https://docs.python.org/3/library/json.html#json.dumps
 */
export function pythonJson(value: unknown, blanks: boolean): string | undefined {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return asciiOf(value);
  if (typeof value !== 'object') return undefined;
  const comma = blanks ? ', ' : ',';
  if (Array.isArray(value)) {
    const items = value.map((one) => pythonJson(one, blanks));
    return items.includes(undefined) ? undefined : `[${items.join(comma)}]`;
  }
  if (value instanceof Date) return undefined;
  const pairs = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => {
      const text = pythonJson(one, blanks);
      return text === undefined ? undefined : `${asciiOf(key)}${blanks ? ': ' : ':'}${text}`;
    });
  return pairs.includes(undefined) ? undefined : `{${pairs.join(comma)}}`;
}

function asciiOf(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, unicodeEscaped);
}
