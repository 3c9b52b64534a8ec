/**
 * Credentials in text that is shown are replaced by `***`. Placeholders (`${X}`, `{password}`, `%(pw)s`, `<password>`)
 * are no secrets and stay. Errs towards hiding.
 */
import { findSecrets, formOf } from './find.ts';

const HIDDEN = '***';
/** What is hidden may give a new look to what stands beside it; this often at the most. */
const ROUNDS = 4;

export interface MaskOptions {
  /** The text is this file's, which says how it is to be read; else it is words. */
  readonly path?: string;
  /** The text is Python: a value is a literal, and what has no quotes is an expression. */
  readonly python?: boolean;
}

/** The text with credentials replaced; it keeps its lines. */
export function mask(text: string, options: MaskOptions = {}): string {
  const form = options.python === true ? 'python' : formOf(options.path ?? '');
  let out = text;
  for (let round = 0; round < ROUNDS; round++) {
    const masked = replaced(out, form);
    if (masked === out) break;
    out = masked;
  }
  return out;
}

function replaced(text: string, form: Parameters<typeof findSecrets>[1]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of findSecrets(text, form)) {
    out += text.slice(from, start) + hidden(text.slice(start, end));
    from = end;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** Each line that holds something is hidden by itself, so that lines can still be counted. */
function hidden(text: string): string {
  if (!text.includes('\n')) return HIDDEN;
  return text
    .split('\n')
    .map((line, index) => (line.trim() === '' && index > 0 ? line : `${HIDDEN}${line.endsWith('\r') ? '\r' : ''}`))
    .join('\n');
}
