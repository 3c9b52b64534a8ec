/** The messages of the sources: what is marked with `say`, as ids of the catalogues. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const HOME = path.join(import.meta.dirname, '..');

export interface Said {
  readonly id: string;
  /** `src/survey/notes.ts:12` */
  readonly at: string;
}

/** Every message of the sources, in the order of files and lines. */
export function messages(): Said[] {
  const files = ['src', 'transforms', 'templates'].flatMap((folder) =>
    readdirSync(path.join(HOME, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  return files.sort().flatMap((file) => messagesIn(readFileSync(path.join(HOME, file), 'utf8'), file));
}

/** The messages of one text in TypeScript. Templates that `+` joins are one. */
export function messagesIn(text: string, file: string): Said[] {
  const out: Said[] = [];
  const joined = new Set<number>();
  for (const found of text.matchAll(/\bsay`/g)) {
    if (joined.has(found.index) || / \* .*$/.test(text.slice(text.lastIndexOf('\n', found.index) + 1, found.index)))
      continue;
    let id = '';
    let values = 0;
    for (let at = found.index; ; ) {
      const read = template(text, at + 'say`'.length, values);
      id += read.text;
      values = read.values;
      const next = /^\s*\+\s*(?=say`)/.exec(text.slice(read.end));
      if (!next) break;
      at = read.end + next[0].length;
      joined.add(at);
    }
    out.push({ id, at: `${file}:${text.slice(0, found.index).split('\n').length}` });
  }
  return out;
}

/** From behind the opening backtick to behind the closing one; values are numbered from `values` on. */
function template(text: string, from: number, values: number): { text: string; values: number; end: number } {
  let out = '';
  let at = from;
  let number = values;
  for (; text[at] !== '`'; at++) {
    if (at >= text.length) throw new Error('a template without an end');
    if (text[at] === '\\') out += text[++at];
    else if (text.startsWith('${', at)) {
      out += `{${number++}}`;
      at = expression(text, at + 2);
    } else out += text[at];
  }
  return { text: out, values: number, end: at + 1 };
}

/** The place of the brace that ends an expression within a template. */
function expression(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '`') at = template(text, at + 1, 0).end - 1;
    else if (char === "'" || char === '"') {
      for (at++; text[at] !== char; at++) if (text[at] === '\\') at++;
    } else if (char === '{') depth++;
    else if (char === '}' && depth-- === 0) return at;
  }
  throw new Error('an expression without an end');
}
