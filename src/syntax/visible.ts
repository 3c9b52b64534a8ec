/** Text of a repository made harmless for a terminal. */
import { lineOf } from './edit.ts';

/**
 * Control characters (escape sequences), and those that reorder or hide text (https://trojansource.codes), spelt out as
 * `\x1b` or `\u{202e}`; tabs stay, line ends only where `lines` is set.
 */
export function visible(text: string, lines = false): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at) ?? 0;
    if (code > 0xffff) at++;
    if (!hidden(code) || (lines && code === 0x0a)) continue;
    const start = code > 0xffff ? at - 1 : at;
    out +=
      text.slice(from, start) +
      (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
    from = at + 1;
  }
  return out + text.slice(from);
}

/** A text of several lines as one. */
export function oneLine(text: string): string {
  const lines = text.split('\n');
  if (lines.length === 1) return text;
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Ranges of characters without a glyph of their own: format characters, fillers, tags, variation selectors. */
const UNSEEN: readonly (readonly [number, number])[] = [
  [0x0000, 0x0008], [0x000a, 0x001f], [0x007f, 0x009f], [0x00ad, 0x00ad], [0x034f, 0x034f], [0x061c, 0x061c], [0x115f, 0x1160],
  [0x17b4, 0x17b5], [0x180b, 0x180f], [0x200b, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f], [0x3164, 0x3164], [0xfeff, 0xfeff],
  [0xffa0, 0xffa0], [0xfff9, 0xfffb], [0xe0000, 0xe0fff],
]; // biome-ignore format: a table

function hidden(code: number): boolean {
  if (code >= 0x20 && code < 0x7f) return false;
  return UNSEEN.some(([first, last]) => code >= first && code <= last);
}

/**
 * 1-based line of the first character that reorders text on a screen; undefined where there is none.
 * https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
 */
export function reorderedLine(text: string): number | undefined {
  const at = text.search(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  return at === -1 ? undefined : lineOf(text, at);
}

let wanted: 'auto' | 'always' | 'never' = 'auto';

/** What the user has asked for, for this run. */
export function useColour(when: 'auto' | 'always' | 'never' | undefined): void {
  wanted = when ?? 'auto';
}

/** Whether colour is asked for wherever it goes. https://force-color.org */
export function forcesColour(): boolean {
  return (
    wanted === 'always' ||
    (wanted === 'auto' && !process.env.NO_COLOR && !/^(?:0|false|)$/.test(process.env.FORCE_COLOR ?? ''))
  );
}

/** Whether a stream takes colour. https://no-color.org */
export function takesColour(stream: NodeJS.WriteStream): boolean {
  if (wanted === 'never') return false;
  if (forcesColour()) return true;
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Colour and width for a text that people read on a stream; neither where it goes to a file instead. */
export function shownOn(stream: NodeJS.WriteStream, file?: string): { colour: boolean; width: number | undefined } {
  if (file !== undefined) return { colour: false, width: undefined };
  return { colour: takesColour(stream), width: stream.isTTY ? stream.columns : undefined };
}

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

export type Colour = keyof typeof CODES;

/** A painter that does nothing when `on` is false. */
export function painter(on: boolean): (colour: Colour, text: string) => string {
  return on ? (colour, text) => `\x1b[${CODES[colour]}m${text}\x1b[0m` : (_, text) => text;
}
