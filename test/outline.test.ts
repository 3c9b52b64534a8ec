import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { endWithComments, logicalLines } from '../src/syntax/python/outline.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { anyPython, damagedPython, wholeOf } from './python-text.ts';
import { runs } from './tier.ts';

beforeAll(loadPython);

/** Indentation and text of each line. */
const shown = (text: string) => logicalLines(text)?.map(({ start, end, indent }) => [indent, text.slice(start, end)]);

describe('logical lines', () => {
  it.each<[string, string, [number, string][]]>([
    ['nothing', '', []],
    ['blanks and comments', ' \n\t# a\n\r\n  ', []],
    ['columns, a tab for eight', 'a\n  b\n\tc\n \td', [[0, 'a'], [2, 'b'], [8, 'c'], [9, 'd']]],
    ['comments behind code', 'a  # b\nc # d', [[0, 'a'], [0, 'c']]],
    ['brackets over lines', 'a = [\n1, # ]\n(2)]\nb', [[0, 'a = [\n1, # ]\n(2)]'], [0, 'b']]],
    ['a backslash', 'a \\\n  + b\nc \\\r\n  + d', [[0, 'a \\\n  + b'], [0, 'c \\\r\n  + d']]],
    ['strings with quotes, marks and brackets', 'a = \'"#(\' + "\\"["\nb', [[0, 'a = \'"#(\' + "\\"["'], [0, 'b']]],
    ['a string that a backslash continues', "a = 'b\\\n# c'\nd = 'e\\\r\nf'", [[0, "a = 'b\\\n# c'"], [0, "d = 'e\\\r\nf'"]]],
    ['triple quotes', 'a = """\nb\n"c" \\""" (\n"""\nd', [[0, 'a = """\nb\n"c" \\""" (\n"""'], [0, 'd']]],
    ['empty strings', 'a = "" + \'\'\nb = """"""', [[0, 'a = "" + \'\''], [0, 'b = """"""']]],
    ['carriage returns', 'a\r\n  b # c\r\n\r\nd = (\r\n)\r\n', [[0, 'a'], [2, 'b'], [0, 'd = (\r\n)']]],
    ['form feeds on lines of their own', 'a\n\f\nb\n\f\f \r\nc', [[0, 'a'], [0, 'b'], [0, 'c']]],
  ])('%s', (_, text, lines) => expect(shown(text)).toEqual(lines)); // biome-ignore format: a table

  it.each([
    '(',
    'a)',
    ')(',
    'a = "b',
    '"a\nb"',
    "'''a''",
    'a\rb',
    '\ra',
    'a\fb',
    '\fa',
    'a \\ b',
    'a \\',
    'a \\\n\nb',
    '[\n# ]',
    '"a\\',
  ])('leaves %j to the parser', (text) => expect(logicalLines(text)).toBeUndefined());

  it('knows where the line of its first code character begins', () => {
    const text = 'a\n  b = (\n 1)\n\n\t# c\n\td';
    expect(logicalLines(text)?.map((l) => l.lineStart)).toEqual([0, 2, 20]);
  });

  it('are disjoint, in order, and leave only blanks and comments between them', () => {
    fc.assert(
      fc.property(fc.oneof(anyPython, damagedPython), (text) => {
        const lines = logicalLines(text);
        fc.pre(lines !== undefined);
        let at = 0;
        for (const { start, end, lineStart, indent } of [
          ...lines,
          { start: text.length, end: text.length, lineStart: text.length, indent: 0 },
        ]) {
          expect(text.slice(at, start)).toMatch(/^(?:[ \t\f\\]*(?:#[^\n]*)?(?:\r?\n|\r?$))*[ \t]*$/);
          const blanks = text.slice(lineStart, start);
          expect(blanks).toMatch(/^[ \t]*$/);
          expect(blanks.replaceAll('\t', ' '.repeat(8))).toHaveLength(indent);
          expect(lineStart === 0 || text[lineStart - 1] === '\n' || start === text.length).toBe(true);
          expect(text.slice(start, end)).not.toMatch(/^[ \t\n]|[ \t\r\n]$/);
          at = end;
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it('begin wherever a statement of the parser does that is the first of its line', () => {
    fc.assert(
      fc.property(anyPython, (text) => {
        const starts = new Set(logicalLines(text)?.map((l) => l.start));
        for (const { start } of wholeOf(text).body) {
          const first = /(?:^|\n)[ \t]*$/.test(text.slice(0, start));
          if (first) expect(starts).toContain(start);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('the end of a block with its comments', () => {
  /** What of `more`, behind the code, belongs to a block of that indentation. */
  const kept = (more: string, indent: number): string => `x${more}`.slice(1, endWithComments(`x${more}`, 1, indent));

  it.each<[string, string, number, string]>([
    ['nothing', '', 4, ''],
    ['blank lines', '\n\n', 0, ''],
    ['a comment on the line', '  # a\n', Number.POSITIVE_INFINITY, '  # a'],
    ['a comment below, in the block', '\n\n    # a\n', 4, '\n\n    # a'],
    ['a comment below, deeper', '\n      # a', 4, '\n      # a'],
    ['a comment below, less deep', '\n  # a\n    # b\n', 4, ''],
    ['comments up to one less deep', ' # a\n    # b\n\n  # c\n    # d\n', 4, ' # a\n    # b'],
    ['a tab for eight columns', '\n\t# a\n', 8, '\n\t# a'],
    ['code', '\n    # a\n    y # b\n    # c\n', 4, '\n    # a'],
    ['carriage returns', ' # a\r\n    # b\r\n# c', 4, ' # a\r\n    # b\r'],
  ])('%s', (_, more, indent, expected) => expect(kept(more, indent)).toBe(expected));
});
