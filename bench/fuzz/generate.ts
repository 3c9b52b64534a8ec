/** Arbitrary bytes, texts, edits and changes. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { FileChange } from '../../src/model/plan.ts';
import { type Encoding, encode } from '../../src/repo/source.ts';
import { applyEdits, type Edit } from '../../src/syntax/edit.ts';

const NARROW = [
  'a',
  'b',
  ' ',
  '\t',
  '\f',
  '#',
  '"',
  '-',
  '+',
  '\\',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r\n',
  '\r',
  'é',
  '\xa0',
];
const WIDE = [...NARROW, '𝒳', '漢', '\u2028', '\u202e', '\u0301', '\ufeff'];

/** Lines of all kinds of ends, with characters that the encoding holds. */
export function textFor(encoding: Encoding, maxLength = 60): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...(encoding === 'latin1' ? NARROW : WIDE));
  // At the start it would be the byte order mark, which is no part of the text.
  return fc.string({ unit, maxLength }).map((text) => text.replace(/^\ufeff+/, ''));
}

export interface Form {
  readonly encoding: Encoding;
  readonly bom: boolean;
}

export const anyForm: fc.Arbitrary<Form> = fc.constantFrom<Form>(
  { encoding: 'utf-8', bom: false },
  { encoding: 'utf-8', bom: true },
  { encoding: 'utf-16le', bom: true },
  { encoding: 'utf-16be', bom: true },
  { encoding: 'latin1', bom: false },
);

/** Bytes as they may lie on a disk: with and without marks, cut in the middle, with NUL and lone surrogates. */
export const anyBytes: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom('', '', 'efbbbf', 'fffe', 'feff', 'fffe0000', '0000feff'),
    fc.constantFrom(
      '',
      '',
      '# -*- coding: latin-1 -*-\n',
      '#!x\n# vim: set fileencoding=iso-8859-1 :\r\n',
      '# coding: utf-8\n',
    ),
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b)),
      textFor('utf-8').map((t) => Buffer.from(t)),
      textFor('utf-8').map((t) => Buffer.from(t, 'utf16le')),
      fc.constantFrom('00d8', 'd800', 'eda080', 'c0af', 'f0908080', '').map((h) => Buffer.from(h, 'hex')),
    ),
  )
  .map(([mark, cookie, body]) => Buffer.concat([Buffer.from(mark, 'hex'), Buffer.from(cookie), body]));

/** A text and edits on it that do not overlap, in order, and never split a pair of surrogates. */
export function textAndEdits(form: Form): fc.Arbitrary<{ readonly text: string; readonly edits: readonly Edit[] }> {
  const cookie = form.encoding === 'latin1' ? '# coding: latin-1\n' : '';
  return textFor(form.encoding).chain((body) => {
    const text = cookie + body;
    const place = fc.integer({ min: cookie.length, max: text.length });
    return fc.array(fc.tuple(place, textFor(form.encoding, 20)), { maxLength: 8 }).map((cuts) => {
      const sorted = cuts
        .map(([at, fresh]) => [(text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at, fresh] as const)
        .sort((a, b) => a[0] - b[0]);
      const edits: Edit[] = [];
      for (let i = 0; i + 1 < sorted.length; i += 2) {
        const [from, to] = [sorted[i], sorted[i + 1]];
        if (from && to) edits.push({ start: from[0], end: to[0], text: from[1] });
      }
      return { text, edits };
    });
  });
}

/** None of a kind that must parse to be written: the texts are of any kind. */
const name = fc.constantFrom(
  'a.pyw',
  'b c.conf',
  'Procfile',
  'é.lst',
  'x/y/z.txt',
  "q'uote.rc",
  'semi;colon',
  'd/-dash',
);

/** A change of an existing file, or a created one; the name gets a number, so that many lie in one folder. */
export const anyChange: fc.Arbitrary<FileChange> = fc.tuple(anyForm, name, fc.nat(4)).chain(([form, path, kind]) =>
  textAndEdits(form).map(({ text, edits }): FileChange => {
    if (kind === 0) {
      return { path, before: null, after: text, edits: [], encoding: 'utf-8', bom: false, sha256: null, by: ['fuzz'] };
    }
    const sha256 = createHash('sha256').update(encode(text, form)).digest('hex');
    return { path, before: text, after: applyEdits(text, edits), edits, ...form, sha256, by: ['fuzz'] };
  }),
);
