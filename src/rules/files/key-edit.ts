/**
 * A change of keys in a file, by ranges, and the proof of it: every reader of the file must find what the change says,
 * and all else as before.
 */
import { isDeepStrictEqual } from 'node:util';
import { applyEdits, type Edit } from '../../syntax/edit.ts';
import { isRecord } from '../../system/record.ts';
import { say } from '../../system/say.ts';
import { unicodeEscaped } from '../../system/unicode-escape.ts';
import type { KeyChange, KeyPath, NewValue, Scalar } from './change.ts';

/** Edits, or why a person must do it. */
export type Edited = readonly Edit[] | string;

/** A key that is there, with what can be done to it. */
export interface FoundKey {
  /** Without `*`. */
  readonly path: KeyPath;
  /** The name as it stands in the file. */
  readonly written: string;
  readonly value: unknown;
  /** UTF-16 offset. */
  readonly at: number;
  set(to: NewValue): Edited;
  rename(to: string): Edited;
  remove(): Edited;
  commentOut(): Edited;
}

/** A section, table or mapping that can take a key. */
export interface Home {
  readonly path: KeyPath;
  has(key: string): boolean;
  add(key: string, to: NewValue): Edited;
}

export interface Reading {
  readonly value: unknown;
  /** Keys at a path with `*`. */
  keys(path: KeyPath): readonly FoundKey[];
  homes(path: KeyPath): readonly Home[];
}

/** Another program's reading of the same file. */
export interface SecondReading {
  /** Undefined where it does not speak the dialect. */
  value(text: string): unknown;
  place(path: KeyPath, written: string): KeyPath;
  stored(value: NewValue): unknown;
}

export interface Grammar {
  /** A text: why it cannot be read. */
  read(text: string): Reading | string;
  readonly seconds: readonly SecondReading[];
  /** What `read` finds where a value was written. */
  stored(value: NewValue): unknown;
}

/** What a change does to plain data. */
interface Effect {
  readonly path: KeyPath;
  readonly written: string;
  readonly does: { readonly to: NewValue } | { readonly name: string } | undefined;
}

export type KeyEdit =
  | { readonly edits: readonly Edit[] }
  /** `broken`: the file as it is cannot be read. */
  | { readonly refused: string; readonly at: number; readonly broken?: true };

/** The edits of one change on a text: none where there is nothing to do. Keys where `isHeld` (an offset) stay. */
export function editKeys(grammar: Grammar, text: string, change: KeyChange, isHeld: (at: number) => boolean): KeyEdit {
  const name = change.path.at(-1) ?? '';
  if (!mentions(text, change.kind === 'set' ? change.path.slice(0, -1) : change.path)) return { edits: [] };
  const reading = grammar.read(text);
  if (typeof reading === 'string') return { refused: reading, at: 0, broken: true };
  const edits: Edit[] = [];
  const effects: Effect[] = [];
  const due = reading.keys(change.path).filter((key) => isDue(grammar, key.value, change) && !isHeld(key.at));
  for (const key of due) {
    const made = edited(key, change);
    if (typeof made === 'string') return { refused: made, at: key.at };
    edits.push(...made);
    effects.push({ path: key.path, written: key.written, does: doing(change) });
  }
  if (change.kind === 'set' && !change.was && typeof name === 'string' && name !== '*') {
    for (const home of reading.homes(change.path.slice(0, -1)).filter((h) => !h.has(name))) {
      const made = home.add(name, change.to);
      if (typeof made === 'string') return { refused: made, at: 0 };
      edits.push(...made);
      effects.push({ path: [...home.path, name], written: name, does: { to: change.to } });
    }
  }
  if (edits.length === 0 || proved(grammar, text, applyEdits(text, edits), effects)) return { edits };
  const at = due[0]?.at ?? edits[0]?.start ?? 0;
  return { refused: say`what an edit would make of it cannot be proved`, at };
}

/** True for a value that the change is about, and that is not yet as it wants it. */
function isDue(grammar: Grammar, value: unknown, change: KeyChange): boolean {
  const is = (other: NewValue): boolean => isDeepStrictEqual(grammar.stored(other), value);
  if (change.was && !change.was.some(is)) return false;
  return change.kind !== 'set' || !is(change.to);
}

/** False where a name on the way is in no place of the text: nothing is parsed then. */
function mentions(text: string, path: KeyPath): boolean {
  const lower = text.toLowerCase();
  return path.every((name) => /^(?:\*|\d+)$/.test(String(name)) || lower.includes(String(name).toLowerCase()));
}

function edited(key: FoundKey, change: KeyChange): Edited {
  if (change.kind === 'set') return key.set(change.to);
  if (change.kind === 'rename') return key.rename(change.to);
  return change.kind === 'remove' ? key.remove() : key.commentOut();
}

function doing(change: KeyChange): Effect['does'] {
  if (change.kind === 'set') return { to: change.to };
  return change.kind === 'rename' ? { name: change.to } : undefined;
}

/** Every reader finds the effects in `after`, and all else as in `before`. */
function proved(grammar: Grammar, before: string, after: string, effects: readonly Effect[]): boolean {
  const [was, is] = [grammar.read(before), grammar.read(after)];
  if (typeof was === 'string' || typeof is === 'string') return false;
  const own: SecondReading = { value: () => was.value, place: (path) => path, stored: grammar.stored };
  if (!isDeepStrictEqual(expected(was.value, effects, own), is.value)) return false;
  return grammar.seconds.every((second) => {
    const value = second.value(before);
    return value === undefined || isDeepStrictEqual(expected(value, effects, second), copied(second.value(after)));
  });
}

function expected(before: unknown, effects: readonly Effect[], reader: SecondReading): unknown {
  const value = copied(before);
  for (const { path, written, does } of effects) {
    const place = reader.place(path, written);
    const last = String(place.at(-1));
    let home: unknown = value;
    for (const step of place.slice(0, -1)) {
      home = isRecord(home) || Array.isArray(home) ? (home as Record<string, unknown>)[step] : undefined;
    }
    if (!isRecord(home) && !Array.isArray(home)) continue;
    const holder = home as Record<string, unknown>;
    const old = holder[last];
    if (does && 'to' in does) define(holder, last, reader.stored(does.to));
    else delete holder[last];
    if (does && 'name' in does)
      define(holder, String(reader.place([...path.slice(0, -1), does.name], does.name).at(-1)), old);
  }
  return value;
}

/** Without the sharing that aliases make: a change of one of them is none of the other. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isRecord(value) || ![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) define(out, key, copied(inner));
  return out;
}

/** A key may be called `__proto__`. */
function define(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** True where a path without `*` is one of those that a pattern means. */
export function fits(pattern: KeyPath, path: KeyPath): boolean {
  return pattern.length === path.length && pattern.every((p, i) => p === '*' || String(p) === String(path[i]));
}

/** The text of a scalar in double quotes, as JSON, TOML and YAML read it. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, unicodeEscaped);
}

/** True for a value that `to` may be compared with in place. */
export function isScalarValue(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
