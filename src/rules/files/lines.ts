/** Edits of whole lines in files where `#` begins a comment. */
import { type Edit, lineEnd, lineStart } from '../../syntax/edit.ts';

/** True where nothing but blanks and a comment shares the lines of a range. */
export function ownsLines(text: string, start: number, end: number): boolean {
  const before = text.slice(lineStart(text, start), start);
  const behind = text.slice(end, lineEnd(text, end));
  return before.trim() === '' && /^\s*(?:#.*)?\s*$/.test(behind);
}

/** Takes the lines of a range away, comments behind it included. */
export function withoutLines(text: string, start: number, end: number): Edit[] {
  return [{ start: lineStart(text, start), end: lineEnd(text, end), text: '' }];
}

/** `# ` before each line of a range, in the column of the first; blank lines stay. */
export function commentedLines(text: string, start: number, end: number): Edit[] {
  const column = start - lineStart(text, start);
  const out: Edit[] = [];
  for (let at = lineStart(text, start); at < end; at = lineEnd(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    if (line.trim() === '') continue;
    const place = line.slice(0, column).trim() === '' ? at + column : at;
    out.push({ start: place, end: place, text: '# ' });
  }
  return out;
}

/** A new line below the one that holds `offset`. */
export function lineBelow(text: string, offset: number, line: string, eol: string): Edit {
  const at = lineEnd(text, offset);
  return text[at - 1] === '\n' ? { start: at, end: at, text: line + eol } : { start: at, end: at, text: eol + line };
}
