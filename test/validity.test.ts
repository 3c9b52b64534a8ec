import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isValidPython, loadPython } from '../src/syntax/python/parser.ts';
import { staysValid } from '../src/syntax/python/validity.ts';
import { anyPython, compiled } from './python-text.ts';
import { runs } from './tier.ts';

beforeAll(loadPython);

const PIECES = [
  'x', '1', 'f(x)', 'def f():', 'async ', 'class A:', '@d\n', 'if x:', 'else:', 'elif y:', 'try:', 'except E:', 'finally:', 'return 1', 'pass', 'x = 1',
  '(', ')', '[', ']', '{', '"""', '"', "'", '# c', '\\\n', '\n', '\n    ', '\n        ', '\n\t', ' ', ';', ':', ',', '\r\n', '\r', '\f', 'print "x"', 'é', '= =',
]; // biome-ignore format: a list of pieces

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((p) => p.join(''));

/** A text that parses, and what inserting, deleting or replacing a few pieces makes of it. */
const edited = fc.oneof(anyPython, pieces.filter(isValidPython)).chain((before) =>
  fc
    .array(fc.tuple(fc.nat(before.length), fc.constantFrom(0, 0, 1, 5, 40), pieces), { minLength: 1, maxLength: 3 })
    .map((edits) => {
      let after = before;
      for (const [at, cut, added] of edits) after = after.slice(0, at) + added + after.slice(at + cut);
      return { before, after };
    }),
);

describe('whether an edited text still parses', () => {
  /** See the tests of what is known. */
  const startsWithClause = (text: string): boolean =>
    /^(?:[ \t\f]*(?:#.*)?(?:\r?\n|$))*(?:else|elif|except|finally)\b/.test(text);

  it('is never affirmed for a text that does not', () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        fc.pre(!startsWithClause(after) && !isValidPython(after));
        expect(staysValid(before, after)).toBe(false);
      }),
      { numRuns: runs(1500) },
    );
  });

  it.skipIf(!compiled([]))('is never denied for a text that does', () => {
    const found = fc.sample(edited, { numRuns: runs(3000), seed: 3 }).filter(({ after }) => isValidPython(after));
    const python = new Set(compiled(found.map(({ after }) => after)));
    const judged = found.filter(({ after }) => python.has(after));
    expect(judged.length).toBeGreaterThan(runs(3000) / 15);
    expect(judged.filter(({ before, after }) => !staysValid(before, after))).toEqual([]);
  });

  it('looks at created files as a whole', () => {
    expect(staysValid(undefined, 'x = 1\n')).toBe(true);
    expect(staysValid(undefined, 'x = = 1\n')).toBe(false);
    expect(staysValid(undefined, 'else:\n  x\n')).toBe(false);
  });

  const BEFORE =
    'import a\n\n@d\n\ndef f():\n    try:\n        x\n    except E:\n        y\n\nif a:\n    b\nelse:\n    c\n';

  it.each([
    ['a statement put before', `x = 1\n${BEFORE}`, true],
    ['a broken statement put before', `x = = 1\n${BEFORE}`, false],
    ['a quote that opens a string over the rest', `"""${BEFORE}`, false],
    ['a bracket that opens over the rest', `(\n${BEFORE}`, false],
    ['a statement put between a decorator and its function', BEFORE.replace('\ndef', 'x = 1\ndef'), false],
    ['a statement put between the branches', BEFORE.replace('else', 'x = 1\nelse'), false],
    ['a branch taken away', BEFORE.replace('else:\n    c\n', ''), true],
    ['a first line taken away', BEFORE.replace('if a:\n    b\n', ''), false],
    ['a body moved to no column', BEFORE.replace('    b\n', 'b\n'), false],
    ['a statement that is there twice', BEFORE + BEFORE, true],
    ['the last line end taken away', BEFORE.trimEnd(), true],
    ['a backslash at the end of a line', BEFORE.replace('    b\n', '    b\\\n'), false],
  ])('%s', (_, after, valid) => {
    expect(isValidPython(BEFORE)).toBe(true);
    expect(isValidPython(after)).toBe(valid);
    expect(staysValid(BEFORE, after)).toBe(valid);
  });

  it('does not count errors that were there and stay as they are', () => {
    expect(staysValid('x = = 1\ny = 1\n', 'x = = 1\ny = 2\n')).toBe(true);
    expect(staysValid('x = = 1\ny = 1\n', 'x = = 2\ny = 1\n')).toBe(false);
  });

  it.each([
    ['a clause without its first line, at the start', '', 'else'],
    ['a condition taken away from its else', 'if a:\n  b\nelse:\n  c\n', 'else:\n  c\n'],
    ['a NUL before the first statement', '', '#\0'],
    ['a byte order mark within the text', '', '\n\ufeff""'],
  ])('is no longer so: %s', (_, before, after) => {
    expect(staysValid(before, after)).toBe(isValidPython(after));
  });

  it.each(['-\na', 'x:\nt', 'x=\nt', 'if x\n:', 'try\n:'])(
    'takes for invalid, as Python does, what tree-sitter alone lets pass: %j',
    (after) => {
      expect([staysValid('', after), isValidPython(after)]).toEqual([false, true]);
    },
  );
});
