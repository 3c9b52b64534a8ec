/** Arbitrary Python texts, whole and damaged, and their trees as plain data. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { mutated, randomizer } from '../bench/fuzz/mutations.ts';
import type { PythonModule, Stmt } from '../src/syntax/python/ast.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { isValidPython } from '../src/syntax/python/parser.ts';

/** The tree of a parse of the whole text, which the lazily made one must equal. */
export function wholeOf(text: string): { readonly body: readonly Stmt[]; readonly module: PythonModule } {
  const module = parsePython(text);
  return { body: (module as PythonModule & { whole(): readonly Stmt[] }).whole(), module };
}

const PARTS = {
  function: ['kind', 'start', 'end', 'line', 'name', 'async', 'defStart', 'params', 'returns', 'decorators', 'body'],
  class: ['kind', 'start', 'end', 'line', 'name', 'bases', 'decorators', 'body'],
};

/** A tree without what a definition keeps to parse itself; every part of it is asked for. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const keys = fields.kind === 'function' || fields.kind === 'class' ? PARTS[fields.kind] : Object.keys(fields);
  return Object.fromEntries(keys.filter((k) => fields[k] !== undefined).map((k) => [k, plain(fields[k])]));
}

const SIMPLE = [
  'x = 1', 'call(x, key=other(2))', 'return x', 'pass', '"""Says def f(): and more."""', "s = 'it is # no comment ('",
  'x = [1,\n2,  # two )\n]', 'x = 1; y = call(2)', 'a = b + \\\n  c', 'f"{x!r:>{width}} {call("k")}"', "r = r'\\\\'", 'raise E from e',
  'text = """\ndef inner():\n    "quoted"\nclass B:\n"""', 'g = lambda a, b=(1,\n 2): call(a)', 'n: int = 3', 'x = {"a": call(1)}  # tail',
  'from a import (\n  b as c,  # d\n)', 'import os', 'é = call(é)', '𝒳 = "𝒳🚀"', 'yield', 'await call(x)', "t = 'a\\\nb'", 'del x;',
]; // biome-ignore format: a list of statements

/** Each a list of lines that take the block's indentation; what follows in brackets keeps its own columns. */
const DEFINITIONS = [
  ['def f():'], ['async def g(a, *b, c: int = 1, **d) -> dict[str, int]:'], ['class A:'], ['class B(Base, metaclass=M):  # c'],
  ['def h[T: int](x: T) -> T:'], ['def i(\n  a=lambda: {1: 2},\n  b="):",  # )\n):'], ['class C[T](\n):'], ['@deco', 'def j(self):'],
  ['@a.b(\n  1)', '# between', '', '@c', 'async def k():'], ['@d', '', 'class D:'], ['def match():'], ['class case(call(1)):'], ['def \tl ( ) :'], ['def é():'],
]; // biome-ignore format: a list of first lines

const ONE_LINERS = [
  ['def f(): return call(1)'], ['class A: pass'], ['@d', 'def g(): x = 1; return x  # c'], ['async def h(): ...'], ['if x: call(1)'],
]; // biome-ignore format: a list of statements

/** First lines of blocks that belong together. */
const OTHERS = [
  ['if x:'], ['if call(x):', 'elif y:', 'else:'], ['try:', 'except E as e:', 'finally:'], ['for a in b:', 'else:'], ['while x:'],
  ['with a as b, c:'], ['async with a:'],
]; // biome-ignore format: a list of first lines

const gap = fc.constantFrom(
  '',
  '',
  '',
  '',
  '\n',
  '  \n',
  '# top\n',
  '    # four\n',
  '      # six\n',
  '\t# tab\n',
  '\f\n',
  ' # one\n\n',
);

/** Statements of one block; it holds one at least. */
function block(indent: string, depth: number): fc.Arbitrary<string> {
  const lines = (of: readonly string[]): string =>
    of.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
  const plainOnes = fc.oneof(
    fc.constantFrom(...SIMPLE).map((s) => lines([s])),
    fc.constantFrom(...ONE_LINERS).map(lines),
  );
  const inner =
    depth === 0 ? plainOnes : fc.constantFrom('    ', '  ', '\t').chain((unit) => block(indent + unit, depth - 1));
  const definition = fc
    .tuple(fc.constantFrom(...DEFINITIONS), gap, inner)
    .map(([head, g, body]) => lines(head) + g + body);
  const other = fc
    .constantFrom(...OTHERS)
    .chain((heads) => fc.tuple(...heads.map((head) => inner.map((body) => lines([head]) + body))))
    .map((blocks) => blocks.join(''));
  const one = depth === 0 ? plainOnes : fc.oneof(plainOnes, definition, definition, other);
  return fc
    .tuple(fc.array(fc.tuple(gap, one), { minLength: 1, maxLength: 4 }), gap)
    .map(([ones, end]) => ones.flat().join('') + end);
}

/** Python that parses: definitions in definitions, comments and blank lines at every column, both kinds of line end. */
export const anyPython: fc.Arbitrary<string> = fc
  .tuple(block('', 2), fc.constantFrom('\n', '\n', '\r\n'), fc.boolean())
  .map(([text, end, cut]) => (cut ? text.trimEnd() : text).replaceAll('\n', end))
  // tree-sitter does not know every place of a comment within brackets.
  .filter(isValidPython);

/** The same, cut and spliced at random. Long repetitions are left out: see `MAX_DEPTH`. */
export const damagedPython: fc.Arbitrary<string> = fc
  .tuple(anyPython, fc.nat())
  .map(([text, seed]) => [
    text,
    mutated({ 'a.py': Buffer.from(text) }, ['a.py'], randomizer(seed)).files['a.py']?.toString() ?? '',
  ])
  .filter(([text = '', after = '']) => after.length < text.length + 300)
  .map(([, after = '']) => after);

const JUDGE = `
import ast, sys, json
def fine(text):
    try:
        ast.parse(text.encode())
        return True
    except Exception:
        return False
print(json.dumps([fine(t) for t in json.loads(sys.stdin.buffer.read())]))
`;

/** Those of the texts that CPython parses; undefined without one. tree-sitter lets much pass that is not Python. */
export function compiled(texts: readonly string[]): string[] | undefined {
  // What a Python before 3.12 does not know is put the old way for it.
  const old = texts.map((t) => t.replace(/\[T(?:: int)?\](?=[(:])/g, '').replaceAll('{call("k")}', '{call(1)}'));
  const { stdout, status } = spawnSync('python3', ['-I', '-S', '-W', 'ignore', '-c', JUDGE], {
    input: JSON.stringify(old),
  });
  if (status !== 0) return undefined;
  const fine: boolean[] = JSON.parse(stdout.toString());
  return texts.filter((_, i) => fine[i]);
}
