/** Text of a repository made harmless for a terminal. */

/**
 * Control characters (escape sequences), and those that reorder or hide text (https://trojansource.codes), spelt out as
 * `\x1b` or `\u{202e}`; tabs stay, line ends only where `lines` is set.
 */
export function visible(text: string, lines = false): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!hidden(code) || (lines && code === 0x0a)) continue;
    out +=
      text.slice(from, at) + (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
    from = at + 1;
  }
  return out + text.slice(from);
}

function hidden(code: number): boolean {
  if (code < 0x20) return code !== 0x09;
  if (code < 0x7f) return false;
  return (
    code <= 0x9f ||
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  );
}

/** Whether a stream takes colour. https://no-color.org */
export function takesColour(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, bold: 1, dim: 2 } as const;

export type Colour = keyof typeof CODES;

/** A painter that does nothing when `on` is false. */
export function painter(on: boolean): (colour: Colour, text: string) => string {
  return on ? (colour, text) => `\x1b[${CODES[colour]}m${text}\x1b[0m` : (_, text) => text;
}
