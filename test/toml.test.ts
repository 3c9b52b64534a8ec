import { describe, expect, it } from 'vitest';
import { applyEdits } from '../src/syntax/edit.ts';
import { insertStrings, readToml, stringsIn, tableIn } from '../src/syntax/toml.ts';

function inserted(text: string, after: number, value = 'new', comment = ''): string | undefined {
  const array = readToml(text)?.strings('project', 'dependencies');
  const edit = array && insertStrings(text, array, after, [{ value, comment }]);
  return edit && applyEdits(text, [edit]);
}

describe('readToml', () => {
  it('gives ranges in UTF-16 offsets, past characters outside the basic plane', () => {
    const text = '# 😀\r\n[project]\r\ndependencies = [\r\n  "a😀b", "c",\r\n]\r\n';
    const array = readToml(text)?.strings('project', 'dependencies');
    expect(array?.items.map((i) => text.slice(i.start, i.end))).toEqual(['"a😀b"', '"c"']);
    expect(array?.items[1]?.line).toBe(4);
  });

  it('follows dotted keys, inline tables and headers', () => {
    const toml = readToml('project.dependencies = ["a"]\nx = {y = ["b"]}\n[tool.poetry.dependencies]\nfoo = "^1"\n');
    expect(toml?.strings('project', 'dependencies')?.items[0]?.value).toBe('a');
    expect(toml?.strings('x', 'y')?.items[0]?.value).toBe('b');
    expect(toml?.entries('tool', 'poetry', 'dependencies')?.map((e) => [e.key, e.value, e.line])).toEqual([
      ['foo', '^1', 4],
    ]);
    expect(toml?.line('tool', 'poetry', 'dependencies', 'foo')).toBe(4);
  });

  it('is undefined for text that is not TOML and for arrays of other things', () => {
    expect(readToml('a = [')).toBeUndefined();
    expect(readToml('a = 1\na = 2')).toBeUndefined();
    expect(readToml('a = [1]')?.strings('a')).toBeUndefined();
    expect(readToml('a = ["x", {b = 1}]')?.strings('a')).toBeUndefined();
  });

  it('reads plain values', () => {
    const value = { a: { b: ['x', 1, 'y'] } };
    expect(stringsIn(tableIn(value, 'a').b)).toEqual(['x', 'y']);
    expect(tableIn(value, 'a', 'b', 'c')).toEqual({});
  });
});

describe('insertStrings', () => {
  const head = '[project]\ndependencies = ';
  it.each([
    ['one line', `${head}["a", "c"]`, 0, `${head}["a", "new", "c"]`],
    ['one line, first', `${head}['a']`, -1, `${head}['new', 'a']`],
    ['own lines', `${head}[\n    "a",  # x\n    "c",\n]\n`, 0, `${head}[\n    "a",  # x\n    "new",\n    "c",\n]\n`],
    ['first of own lines', `${head}[\n\t"b",\n]\n`, -1, `${head}[\n\t"new",\n\t"b",\n]\n`],
    ['last without comma', `${head}[\n  "a",\n  "c"\n]\n`, 1, `${head}[\n  "a",\n  "c",\n  "new"\n]\n`],
    ['last without comma, with comment', `${head}[\n  "a" # x\n]\n`, 0, `${head}[\n  "a", # x\n  "new"\n]\n`],
    ['bracket on the last line', `${head}[\n  "a",\n  "c"]\n`, 1, `${head}[\n  "a",\n  "c",\n  "new"]\n`],
    ['CRLF', `${head}[\r\n  "a",\r\n]\r\n`, 0, `${head}[\r\n  "a",\r\n  "new",\r\n]\r\n`],
    ['two to a line', `${head}[\n  "a", "b",\n  "c",\n]\n`, 0, `${head}[\n  "a", "new", "b",\n  "c",\n]\n`],
  ])('%s', (_name, text, after, wanted) => {
    const eol = text.includes('\r\n') ? (t: string) => t.replace(/\r?\n/g, '\r\n') : (t: string) => t;
    expect(inserted(eol(text), after)).toBe(eol(wanted));
  });

  it('puts several behind the last element', () => {
    const text = `${head}[\n  "a" # x\n]\n`;
    const array = readToml(text)?.strings('project', 'dependencies');
    const edit = array && insertStrings(text, array, 0, [{ value: 'b', comment: '  # y' }, { value: 'c' }]);
    expect(edit && applyEdits(text, [edit])).toBe(`${head}[\n  "a", # x\n  "b",  # y\n  "c"\n]\n`);
  });

  it('puts a comment behind an entry with its own line', () => {
    expect(inserted(`${head}[\n  "a",\n]\n`, 0, 'new', '  # why')).toBe(`${head}[\n  "a",\n  "new",  # why\n]\n`);
  });

  it('refuses where the place is not clear', () => {
    expect(inserted(`${head}[]`, -1)).toBeUndefined();
    expect(inserted(`${head}[\n  "a"\n  , "b"]`, 0)).toBeUndefined();
    expect(inserted(`${head}["a"]`, 0, 'x"y')).toBeUndefined();
  });
});
