/** Bytes ↔ text, so that what was read can be written back unchanged. */

import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
  readonly bom: boolean;
}

/** PEP 263: the cookie counts on the first two lines. https://peps.python.org/pep-0263/ */
const COOKIE = /^(?:[ \t\f]*#[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const LATIN1 = new Set(['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1', 'l1']);

/**
 * Decodes a file as UTF-8 (with or without BOM), UTF-16 with BOM, or latin-1 where a coding cookie says so.
 * Undefined when the bytes are none of these or would not come back identical, or hold a NUL character.
 */
export function decode(bytes: Buffer): Decoded | undefined {
  const decoded = guess(bytes);
  if (!decoded || decoded.text.includes('\0')) return undefined;
  // Valid UTF-8 comes back as it was.
  if (decoded.encoding === 'utf-8') return isUtf8(bytes) ? decoded : undefined;
  return encode(decoded.text, decoded).equals(bytes) ? decoded : undefined;
}

function guess(bytes: Buffer): Decoded | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: bytes.subarray(2).toString('utf16le'), encoding: 'utf-16le', bom: true };
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    if (bytes.length % 2 !== 0) return undefined;
    return { text: Buffer.from(bytes.subarray(2)).swap16().toString('utf16le'), encoding: 'utf-16be', bom: true };
  }
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  const cookie = COOKIE.exec(body.subarray(0, 400).toString('latin1'))?.[1]?.toLowerCase().replaceAll('_', '-');
  if (cookie && LATIN1.has(cookie) && !bom) return { text: body.toString('latin1'), encoding: 'latin1', bom: false };
  return { text: body.toString('utf8'), encoding: 'utf-8', bom };
}

/** The bytes of `text` in the given form. */
export function encode(text: string, form: { readonly encoding: Encoding; readonly bom: boolean }): Buffer {
  switch (form.encoding) {
    case 'utf-16le':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    case 'utf-16be':
      return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
    case 'latin1':
      return Buffer.from(text, 'latin1');
    case 'utf-8':
      return Buffer.concat([form.bom ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
  }
}

/** False when `text` has a character that the encoding cannot hold. */
export function encodable(text: string, encoding: Encoding): boolean {
  if (encoding !== 'latin1') return true;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}
