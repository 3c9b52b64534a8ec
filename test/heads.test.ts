/** Heads of definitions that are passed over without a parse, as their text shows that they hold nothing of use. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { CALL_IN_HEAD } from '../src/survey/at-import.ts';
import type { ClassStmt, FunctionStmt } from '../src/syntax/python/ast.ts';
import { expressionsOf } from '../src/syntax/python/children.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { descend, statements } from '../src/syntax/python/walk.ts';

const FIXTURES = path.join(import.meta.dirname, '..', 'fixtures');
const MADE = `
def plain(a, b: int = 1) -> str: return a
def default(a=":)", b=made()): ...
def after(a=1) -> made(): ...
@wraps
def decorated(): ...
def spread(
    a,  # (
    b=made(),
):
    return a
class Holder:
    async def method(self, a=(1)): ...
    def called(self, a=one(two(3))): ...
    def plain(self): ...
def typed[T](a: T): ...
class Based(Holder, metaclass=Meta[int]): ...
class Alone: ...
class Generated(made("of"), key=1): ...
@made()
class Made: ...
class Spread(
    Holder,  # (
    named(x),
): ...
`;

beforeAll(loadPython);

type Definition = FunctionStmt | ClassStmt;

/** Heads passed over, and heads that hold a call, of all definitions of a text. */
function heads(text: string): { readonly passed: Definition[]; readonly calling: Definition[] } {
  const all = statements(parsePython(text).body).flatMap(({ stmt }) =>
    stmt.kind === 'function' || stmt.kind === 'class' ? [stmt] : [],
  );
  return {
    passed: all.filter((fn) => fn.mentions?.(CALL_IN_HEAD, 'head') === false),
    calling: all.filter((fn) => expressionsOf(fn).some((e) => descend(e).some((one) => one.kind === 'call'))),
  };
}

test('no head that holds a call is passed over, and plain ones are', () => {
  const { passed, calling } = heads(MADE);
  expect(calling.map((fn) => fn.name)).toEqual(['default', 'spread', 'called', 'Generated', 'Made', 'Spread']);
  expect(passed.filter((fn) => calling.includes(fn))).toEqual([]);
  expect(passed.map((fn) => fn.name)).toEqual(['plain', 'Holder', 'plain', 'Based', 'Alone']);
});

test('nor in the Python files of the fixtures', () => {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.py'));
  let passed = 0;
  for (const file of files) {
    const found = heads(readFileSync(path.join(FIXTURES, file), 'utf8'));
    passed += found.passed.length;
    expect(found.passed.filter((fn) => found.calling.includes(fn)).map((fn) => `${file} ${fn.name}`)).toEqual([]);
  }
  expect(passed).toBeGreaterThan(0);
});
