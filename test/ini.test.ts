import fc from 'fast-check';
import { parse } from 'ini';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../src/syntax/edit.ts';
import { commentOut, iniEntry, interpolatedNames, readIni } from '../src/syntax/ini.ts';

const SAMPLE = [
  '; head',
  '[alembic]',
  'script_location = alembic',
  'SQLAlchemy.URL : postgresql://u:p@h/db?a=1',
  '',
  '[post]',
  'hooks = one',
  '  two',
  '',
  '    # no part of the value',
  '    three',
  '',
  '',
  'qualname =',
  '',
].join('\n');

describe('readIni', () => {
  it('reads sections, keys in lower case, and both delimiters, the first one winning', () => {
    const ini = readIni(SAMPLE);
    expect(ini.sections).toEqual([
      { name: 'alembic', line: 2 },
      { name: 'post', line: 6 },
    ]);
    const url = iniEntry(ini, 'alembic', 'sqlalchemy.url');
    expect(url).toMatchObject({ line: 4, delimiter: ':', value: 'postgresql://u:p@h/db?a=1' });
    expect(SAMPLE.slice(url?.keyStart, url?.keyEnd)).toBe('SQLAlchemy.URL');
    expect(SAMPLE.slice(url?.valueStart, url?.valueEnd)).toBe('postgresql://u:p@h/db?a=1');
    expect(ini.problems).toEqual([]);
  });

  it('joins continuation lines as configparser does: blank lines inside stay, comments and the tail do not', () => {
    const hooks = iniEntry(readIni(SAMPLE), 'post', 'hooks');
    expect(hooks?.value).toBe('one\ntwo\n\nthree');
    expect(SAMPLE.slice(hooks?.valueStart, hooks?.valueEnd)).toMatch(/^one[\s\S]*three$/);
    expect(iniEntry(readIni(SAMPLE), 'post', 'qualname')?.value).toBe('');
  });

  it('takes a value that starts on the next line', () => {
    const text = '[a]\nk =\n  v\n  w\n';
    const entry = iniEntry(readIni(text), 'a', 'k');
    expect(entry?.value).toBe('\nv\nw');
    expect(text.slice(entry?.valueStart, entry?.valueEnd)).toBe('v\n  w');
  });

  it('reports what configparser refuses and reads on', () => {
    const ini = readIni('x = 1\n[a]\nk = 1\nK = 2\nnonsense\n[a]\nm = 3');
    expect(ini.problems).toEqual([
      { kind: 'no-section', line: 1, name: 'x' },
      { kind: 'duplicate-key', line: 4, name: 'k' },
      { kind: 'not-an-entry', line: 5, name: 'nonsense' },
      { kind: 'duplicate-section', line: 6, name: 'a' },
    ]);
    expect(iniEntry(ini, 'a', 'k')?.value).toBe('2');
    expect(iniEntry(ini, 'a', 'm')?.value).toBe('3');
  });

  it('reads CRLF, a lone CR and a missing final newline', () => {
    const ini = readIni('[a]\r\nk = 1\r\n  2\rm = 3');
    expect(ini.entries.map((e) => [e.key, e.value, e.line])).toEqual([
      ['k', '1\n2', 2],
      ['m', '3', 4],
    ]);
  });

  it('treats an indented key after a header as a key', () => {
    const ini = readIni('[a]\n  k = 1\n  m = 2\n    more\n');
    expect(ini.entries.map((e) => e.value)).toEqual(['1', '2\nmore']);
  });

  it('never throws, and its ranges hold what it says', () => {
    const line = fc.oneof(
      fc.constantFrom('[a]', '[b', ' [c]', 'k = v', 'k:v', ' x', '# c', '', '=', '\t', '%(x)s', 'k='),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, eol) => {
        const text = lines.join(eol);
        for (const entry of readIni(text).entries) {
          expect(text.slice(entry.keyStart, entry.keyEnd).toLowerCase()).toBe(entry.key);
          expect(entry.valueEnd).toBeLessThanOrEqual(text.length);
          if (!entry.value.includes('\n')) expect(text.slice(entry.valueStart, entry.valueEnd)).toBe(entry.value);
        }
      }),
    );
  });
});

describe('commentOut', () => {
  it('removes the key and no other, for our reader and for the ini package', () => {
    const text = '[alembic]\r\n  sqlalchemy.url = postgresql://u:p@h/db\r\n  script_location = x\r\n[b]\r\nk = 1';
    const url = iniEntry(readIni(text), 'alembic', 'sqlalchemy.url');
    if (!url) throw new Error('not found');
    const after = applyEdits(text, commentOut(url));
    expect(after).toContain('\r\n  # sqlalchemy.url = postgresql://u:p@h/db\r\n');
    expect(readIni(after).entries.map((e) => [e.section, e.key, e.value])).toEqual([
      ['alembic', 'script_location', 'x'],
      ['b', 'k', '1'],
    ]);
    const before = parse(text);
    delete before.alembic['sqlalchemy.url'];
    delete before.alembic.sqlalchemy;
    const rest = parse(after);
    expect(rest.b).toEqual(before.b);
    expect(rest.alembic.script_location).toBe('x');
    expect(JSON.stringify(rest)).not.toContain('postgresql');
  });

  it('covers continuation lines', () => {
    const text = '[a]\nurl =\n    one\n    two\nk = 1\n';
    const url = iniEntry(readIni(text), 'a', 'url');
    expect(url && applyEdits(text, commentOut(url))).toBe('[a]\n# url =\n    # one\n    # two\nk = 1\n');
  });
});

describe('interpolatedNames', () => {
  it('knows %(x)s from %%', () => {
    expect(interpolatedNames('p://%(DB_USER)s:%%(x)s@%(here)s/%%')).toEqual(['DB_USER', 'here']);
  });
});
