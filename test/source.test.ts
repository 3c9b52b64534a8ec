import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encodable, encode } from '../src/repo/source.ts';

const form = fc.constantFrom(
  { encoding: 'utf-8', bom: false } as const,
  { encoding: 'utf-8', bom: true } as const,
  { encoding: 'utf-16le', bom: true } as const,
  { encoding: 'utf-16be', bom: true } as const,
);
const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '𝒳', '\r', '\n', '\f', '\t', '#', '"'), maxLength: 200 });

describe('decode and encode', () => {
  it('are inverse for every form of unicode', () => {
    fc.assert(
      fc.property(text, form, (content, { encoding, bom }) => {
        expect(decode(encode(content, { encoding, bom }))).toEqual({ text: content, encoding, bom });
      }),
    );
  });

  it('give back the same bytes, or nothing, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const bytes = Buffer.from(data);
        const decoded = decode(bytes);
        if (decoded) expect(encode(decoded.text, decoded).equals(bytes)).toBe(true);
      }),
    );
  });

  it('take latin-1 only where it is declared', () => {
    const body = Buffer.from('x = "é"\n', 'latin1');
    expect(decode(body)).toBeUndefined();
    for (const cookie of [
      '# -*- coding: latin-1 -*-',
      '#!/usr/bin/python\n# coding=iso_8859_1',
      '# vim: set fileencoding=ISO-8859-1 :',
    ]) {
      const bytes = Buffer.concat([Buffer.from(`${cookie}\n`), body]);
      expect(decode(bytes)).toMatchObject({ encoding: 'latin1', bom: false });
    }
    const third = Buffer.concat([Buffer.from('a = 1\nb = 2\n# coding: latin-1\n'), body]);
    expect(decode(third)).toBeUndefined();
  });

  it('take no file with NUL, an odd UTF-16 file, or broken UTF-8', () => {
    expect(decode(Buffer.from('a\0b'))).toBeUndefined();
    expect(decode(Buffer.from([0xfe, 0xff, 0x00]))).toBeUndefined();
    expect(decode(Buffer.from([0xff, 0xfe, 0x61]))).toBeUndefined();
    expect(decode(Buffer.from([0xc3, 0x28]))).toBeUndefined();
    expect(decode(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))?.text.length).toBe(1);
  });

  it('know what latin-1 can hold', () => {
    expect([encodable('é', 'latin1'), encodable('€', 'latin1'), encodable('€', 'utf-8')]).toEqual([true, false, true]);
  });
});
