import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClassStmt, FunctionStmt, Stmt } from '../src/syntax/python/ast.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { logicalLines } from '../src/syntax/python/outline.ts';
import { isValidPython, loadPython } from '../src/syntax/python/parser.ts';
import { anyPython, compiled, damagedPython, plain, wholeOf } from './python-text.ts';
import { runs } from './tier.ts';

beforeAll(loadPython);

const lazily = (text: string): unknown => plain(parsePython(text).body);

function expectSame(text: string): void {
  const { body, module } = wholeOf(text);
  expect(module.errors).toBe(0);
  expect(lazily(text)).toEqual(plain(body));
}

/** The definition of a name at the top level. */
function named(body: readonly Stmt[], name: string): FunctionStmt | ClassStmt {
  const found = body.find((s) => (s.kind === 'function' || s.kind === 'class') && s.name === name);
  if (found?.kind !== 'function' && found?.kind !== 'class') throw new Error(`no ${name}`);
  return found;
}

describe('the tree that is made lazily is the tree of the whole parse', () => {
  const CASES: Record<string, string> = {
    'an empty file': '',
    'only blanks': ' \n\t\n\f\n',
    'only comments': '# a\n  # b\n',
    'no line end at the end': 'def f():\n    return 1',
    'a comment without line end at the end': 'def f():\n    return 1\n    # end',
    'decorators with blank lines and comments between': '@a\n\n# why\n    # odd\n@b.c(\n  1,\n)  # tail\n\ndef f(): pass\n\nx\n',
    'a decorated class behind a statement': 'x = 1\n@a\nclass A:\n    @property\n\n    # why\n    def f(self): return 1\n',
    'async definitions': 'async def f(): pass\nasync  def g():\n    async def h():\n        await x\n    return h\n',
    'definitions on one line': 'def f(): return 1\nclass A: pass\ndef g(): x = 1; return x  # tail\nclass B: x = 1; y = 2\n',
    'a definition on one line that ends in a colon': 'def f(): return x[1:\n2:]\nclass A: x = a[:]\n',
    'classes in classes': 'class A:\n  class B:\n    class C:\n      def f(self):\n        class D: pass\n  x = 1\n  def g(self): pass\n',
    'definitions in other blocks': 'if a:\n    def f():\n        return 1\nelse:\n    class F: pass\ntry:\n    def g(): pass\nexcept E:\n    g = None\nwith a:\n  @d\n  def h(): pass\n',
    'comments at odd columns behind bodies': 'class A:\n    def f(self):\n        pass\n      # six\n        # eight\n    # four\n  # two\n# none\ndef g():\n  pass\n # one\n\n      # six\nx\n',
    'comments before the first statement of a body': 'def f():  # tail\n# none\n  # two\n    x\nclass A:\n        # eight\n    def g(self):\n# none\n        pass\n',
    'carriage returns': 'class A:\r\n    @a\r\n\r\n    def f(self):\r\n        return """\r\ndef x():\r\n"""\r\n    # end\r\n\r\nx = a + \\\r\n  b\r\n',
    tabs: 'class A:\n\tdef f(self):\n\t\tif x:\n\t\t\ty\n\t# end\n\tdef g(self): pass\n',
    'tabs beside eight blanks': 'def f():\n\ta\n        b\nif x:\n        def g():\n\t\tc\n',
    'a form feed between definitions': 'def f():\n    x\n\f\ndef g():\n    y\n',
    'a form feed before a definition': 'def f():\n    x\n\n\fdef g():\n    y\n',
    'lines that a backslash continues': 'def \\\n  f(a, \\\n b):\n    x = 1 + \\\n2\n    return \\\n    x\nclass \\\nA: pass\n',
    'a backslash before an empty body line': 'def f():\n    if a and \\\n       b:\n        pass\n\nclass B(A): \\\n    pass\n',
    'strings that look like code': 'a = "def f(:"\nb = \'#\'\nc = "\\"("\nd = r"\\\\"\ndef f(x="\\\ndef g():"):\n    return "]"\n',
    'a string in triple quotes with a definition at the first column': 'def f():\n    """\ndef x():\n    pass\nclass Y: ""\n    """\n    return 1\nZ = \'\'\'\n@a\ndef q(): \\\'\'\'\n\'\'\'\n',
    'quotes within f-strings': 'def f(d):\n    return f"{d["k"]} {d[\'a\']!r:>{10}}"\ny = f"""{\n  x # note\n}"""\n',
    'type parameters': 'def f[T: (int, str), *Ts, **P](x: T) -> T:\n    return x\nclass A[T]: pass\nclass B[T](A[T]):\n    def g[U](self): pass\ntype X[T] = list[T]\n',
    'match statements': 'def f(x):\n    match x:\n        case [1, *r] if r:\n            return 1\n        case {"a": A(b=c)}:\n            pass\nmatch x:\n    case 1:\n        def g(): pass\nmatch = 1\n',
    'defaults that span lines': 'def f(\n    a=lambda x: {\n"k": 1},\n    b={1: 2,\n},\n    *, c: "x" = (\n1),\n) -> {\n1: 2}[1]:\n    return a\n',
    semicolons: 'x = 1; y = 2; z\ndef f(): a; b;\nimport a; import b\n',
    'unicode identifiers': 'def é(ü): return ü\nclass Ä(ö): pass\ndef a漢(): pass\n𝒳 = "🚀"\ndef f():\n    é = "🚀"; g(é)\n',
    'names that begin like keywords': 'define = 1\nclasses = 2\nasync_def = 3\ndef defn(): pass\nclass classy: pass\ndef_ (x)\n',
    'brackets over lines without indentation': 'def f():\n    x = [\n1,\n# in\n2,\n]\n    return (\ny\n)\n',
    'a body with only a comment behind it': 'def f():\n    pass  # tail\n\n\n# far\ndef g(): pass  # tail\n    # four\nx\n',
    'Python 2': 'class A:\n    def f(self):\n        print "x" % 1\n        exec "y"\n',
  }; // biome-ignore format: a list of texts

  it.each(Object.entries(CASES))('%s', (_, text) => {
    expectSame(text);
    expectSame(text.replace(/\n$/, ''));
    expectSame(text.replace(/\r?\n/g, '\r\n'));
  });

  /** See the last test of this group. */
  const unusual = (text: string): boolean => /\f|\\\r?\n[ \t]*(?:\r?\n|$)/.test(text);

  it('holds for made-up modules', () => {
    fc.assert(
      fc.property(anyPython, (text) => {
        fc.pre(!unusual(text));
        expectSame(text);
      }),
      { numRuns: runs(400) },
    );
  });

  it.skipIf(!compiled([]))('holds for damaged modules that are still Python', () => {
    const texts =
      compiled(
        fc.sample(damagedPython, { numRuns: runs(1200), seed: 3 }).filter((t) => isValidPython(t) && !unusual(t)),
      ) ?? [];
    expect(texts.length).toBeGreaterThan(runs(1200) / 24);
    for (const text of texts) {
      const found = isDeepStrictEqual(lazily(text), plain(wholeOf(text).body));
      expect(found, JSON.stringify(text)).toBe(true);
    }
  });

  it.each([
    ['a line that goes back to no column', 'def d():\n  c\n h'],
    ['a nested definition that goes back to no column', 'class A:\n  1\n def e():'],
    ['a line with a form feed before a comment of the body', 'def f():\n x\n\f\n #c\n'],
    ['a backslash before the end', 'def f():u\\\n '],
  ])('nor with %s', (_, text) => expectSame(text));
});

describe('laziness', () => {
  const TEXT =
    'import os\n\ndef fine(a=1):\n    return a\n\ndef broken():\n    x = = 1\n\nclass A:\n    def broken(self):\n        y = = 1\n    def fine(self):\n        return 2\n';

  it('keeps an error unseen until its function is asked for', () => {
    const module = parsePython(TEXT);
    expect(module.body.map((s) => s.kind)).toEqual(['import', 'function', 'function', 'class']);
    expect(named(module.body, 'fine').body).toHaveLength(1);
    const methods = named(module.body, 'A').body;
    expect(named(methods, 'fine').body).toMatchObject([{ kind: 'return', line: 13 }]);
    expect(named(methods, 'broken')).toMatchObject({ line: 10, params: [{ name: 'self' }] });
    expect(module.seenErrors).toBe(false);
    void named(module.body, 'broken').body;
    expect(module.seenErrors).toBe(true);
    expect(module.errorLine).toBe(7);
  });

  it('sees an error at the top level with the body', () => {
    const module = parsePython('x = = 1\ndef f(): pass\n');
    expect(module.seenErrors).toBe(false);
    void module.body;
    expect(module.seenErrors).toBe(true);
  });

  it('sees every error after check', () => {
    const module = parsePython(TEXT);
    void module.body;
    module.check();
    expect(module.seenErrors).toBe(true);
  });

  it('parses a piece once, and not with its neighbours', async () => {
    const { Parser } = await import('web-tree-sitter');
    const parse = vi.spyOn(Parser.prototype, 'parse');
    try {
      const { body } = parsePython('a = (1)\n\ndef f(a):\n    return 1\n\ndef g():\n    return 2\n');
      const f = named(body, 'f') as FunctionStmt;
      expect([f.name, f.line, f.start, f.end, f.defStart, f.async]).toEqual(['f', 3, 9, 31, 9, false]);
      for (let n = 0; n < 2; n++) void [f.body, f.params, f.returns, f.decorators];
      expect(parse.mock.calls.map(([text]) => text)).toEqual(['a = (1)\n\n', 'if 1:\n    return 1', 'def f(a): pass']);
    } finally {
      parse.mockRestore();
    }
  });
});

describe('a text with a syntax error', () => {
  const anyText = fc.oneof(
    damagedPython,
    fc.constantFrom(
      '(',
      'def',
      'class A(:\n  def f(',
      'def f(x:\n  y\n',
      '@a\n',
      '"""',
      ' x\n',
      '@a\nx\n',
      'def f() x\n',
    ),
  );

  it('has the errors of the whole parse after check, whatever was asked for before', () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, first) => {
        const module = parsePython(text);
        if (first) lazily(text);
        if (first) plain(module.body);
        module.check();
        const { module: whole } = wholeOf(text);
        const told = ({ errors, seenErrors, errorLine }: typeof module): unknown => ({ errors, seenErrors, errorLine });
        expect(told(module)).toEqual(told(whole));
        expect(module.seenErrors).toBe(!isValidPython(text));
        expect(module.errorLine === undefined).toBe(isValidPython(text));
      }),
      { numRuns: runs(300) },
    );
  });

  it('shows its error to who asks for everything, and never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!/\0/.test(text) && !dedentsOddly(text) && !isValidPython(text));
        const module = parsePython(text);
        expect(() => plain(module.body)).not.toThrow();
        expect(module.seenErrors).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  it('meets one in a clause that goes back to no column', () => {
    const module = parsePython('def f():\n  x\n else:\n  y\n');
    plain(module.body);
    expect(module.seenErrors).toBe(!isValidPython(module.text));
  });

  it('meets a NUL in a comment behind a first line', () => {
    const module = parsePython('class A:#\0\n x');
    plain(module.body);
    expect(module.seenErrors).toBe(!isValidPython(module.text));
  });
});

/** Some line goes back to a column that no line around it has. */
function dedentsOddly(text: string): boolean {
  let columns: number[] = [];
  return (logicalLines(text) ?? []).some(({ indent }) => {
    const deepest = columns.at(-1) ?? -1;
    columns = columns.filter((c) => c <= indent);
    const odd = indent < deepest && columns.at(-1) !== indent;
    if (columns.at(-1) !== indent) columns.push(indent);
    return odd;
  });
}
