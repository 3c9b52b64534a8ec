import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEdits,
  type Edit,
  indentAt,
  lineEnd,
  lineEnding,
  lineOf,
  lineStart,
  mergeEdits,
  OverlapError,
} from '../src/syntax/edit.ts';
import { anyText, textAndEdits } from './arbitrary.ts';

/** From the end backwards: another way to the same text. */
function backwards(text: string, edits: readonly Edit[]): string {
  return [...edits].reverse().reduce((out, e) => out.slice(0, e.start) + e.text + out.slice(e.end), text);
}

describe('applyEdits', () => {
  it('is the same as applying from the end backwards', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        fc.pre(mergeEdits(edits).length === edits.length);
        expect(applyEdits(text, edits)).toBe(backwards(text, edits));
      }),
    );
  });

  it('does not depend on the order of edits at different places', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        const apart = edits.filter((e, i) => i === 0 || (edits[i - 1]?.start ?? 0) < e.start);
        expect(applyEdits(text, [...apart].reverse())).toBe(applyEdits(text, apart));
      }),
    );
  });

  it('counts an identical edit once', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        const once = mergeEdits(edits);
        expect(applyEdits(text, [...once, ...once])).toBe(applyEdits(text, once));
      }),
    );
  });

  it('touches nothing without edits, and nothing outside of them', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), fc.nat(60), anyText, (text, a, b, fresh) => {
        const start = Math.min(a, b, text.length);
        const end = Math.min(Math.max(a, b), text.length);
        expect(applyEdits(text, [])).toBe(text);
        const out = applyEdits(text, [{ start, end, text: fresh }]);
        expect(out.startsWith(text.slice(0, start))).toBe(true);
        expect(out.endsWith(text.slice(end))).toBe(true);
        expect(out.length).toBe(text.length - (end - start) + fresh.length);
      }),
    );
  });

  it('refuses overlaps', () => {
    const text = 'abcdef';
    expect(() =>
      applyEdits(text, [
        { start: 0, end: 3, text: 'x' },
        { start: 2, end: 4, text: 'y' },
      ]),
    ).toThrow(OverlapError);
    expect(() =>
      applyEdits(text, [
        { start: 1, end: 3, text: 'x' },
        { start: 1, end: 3, text: 'y' },
      ]),
    ).toThrow(OverlapError);
    expect(
      applyEdits(text, [
        { start: 0, end: 3, text: 'x' },
        { start: 3, end: 4, text: 'y' },
      ]),
    ).toBe('xyef');
  });

  it('keeps the order of insertions at one place', () => {
    expect(
      applyEdits('ab', [
        { start: 1, end: 1, text: '1' },
        { start: 1, end: 1, text: '2' },
      ]),
    ).toBe('a12b');
  });
});

describe('lines', () => {
  it('of an offset: from its start to its end there is one line end, the last', () => {
    fc.assert(
      fc.property(anyText, fc.nat(60), (text, at) => {
        const offset = Math.min(at, text.length);
        const [start, end] = [lineStart(text, offset), lineEnd(text, offset)];
        expect(start).toBeLessThanOrEqual(offset);
        expect(end).toBeGreaterThanOrEqual(offset);
        expect(text.slice(start, end).indexOf('\n')).toBe(end > start && text[end - 1] === '\n' ? end - start - 1 : -1);
        expect(lineOf(text, offset)).toBe(text.slice(0, offset).split('\n').length);
      }),
    );
  });

  it('know their indentation and line end', () => {
    expect(indentAt('a\n \t b', 5)).toBe(' \t ');
    expect(indentAt('a', 0)).toBe('');
    expect([lineEnding('a\r\nb\n'), lineEnding('a\nb\r\n'), lineEnding('a'), lineEnding('')]).toEqual([
      '\r\n',
      '\n',
      '\n',
      '\n',
    ]);
  });
});
