import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeName, parseRequirement, readRequirements } from '../src/syntax/requirements.ts';

describe('parseRequirement', () => {
  it.each([
    ['fastapi', 'fastapi', [], '', undefined],
    ['uvicorn[standard]==0.32.0', 'uvicorn', ['standard'], '==0.32.0', undefined],
    ['a == 1.0', 'a', [], '== 1.0', undefined],
    ['a [x, y] >= 1 , < 2', 'a', ['x', 'y'], '>= 1 , < 2', undefined],
    ['a (>=1,<2)', 'a', [], '(>=1,<2)', undefined],
    ["uvloop==0.17.0; os_name != 'nt'", 'uvloop', [], '==0.17.0', "os_name != 'nt'"],
    ['a===1.0+local', 'a', [], '===1.0+local', undefined],
  ])('%s', (text, name, extras, specifier, marker) => {
    const parsed = parseRequirement(text, 7);
    expect(parsed?.name.text).toBe(name);
    expect(parsed?.extras).toEqual(extras);
    expect(parsed?.specifier.text).toBe(specifier);
    expect(parsed?.marker?.text).toBe(marker);
    expect(text.slice((parsed?.specifier.start ?? 0) - 7, (parsed?.specifier.end ?? 0) - 7)).toBe(specifier);
  });

  it('keeps a direct reference apart from its marker', () => {
    const parsed = parseRequirement('pkg @ https://example.com/a;b.whl ; python_version < "3.9"');
    expect(parsed?.url?.text).toBe('https://example.com/a;b.whl');
    expect(parsed?.marker?.text).toBe('python_version < "3.9"');
  });

  it.each(['', '==1', 'a 1.0', 'a=1', 'a[b', 'a >=1 <2', '{{ package }}'])('refuses %j', (text) => {
    expect(parseRequirement(text)).toBeUndefined();
  });
});

describe('readRequirements', () => {
  const kinds = (text: string) => readRequirements(text).map((l) => l.kind);

  it('tells the lines apart', () => {
    const text = [
      '# head', '', 'fastapi==1', '-r base.txt', '--requirement=more.txt', '-c constraints.txt', '-e .[dev]',
      '--index-url https://example.com/simple', './local', 'git+https://example.com/x.git#egg=Some_Pkg', '??',
    ]; // biome-ignore format: a table
    expect(kinds(text.join('\n'))).toEqual([
      'comment', 'blank', 'requirement', 'include', 'include', 'constraint', 'editable', 'option', 'location', 'location', 'unknown',
    ]); // biome-ignore format: a table
    const egg = readRequirements(text.join('\n'))[9];
    expect(egg?.kind === 'location' && egg.egg).toBe('Some_Pkg');
  });

  it('takes continued lines with hashes as one', () => {
    const text = 'a==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2\n';
    const [a, b] = readRequirements(text);
    expect(a?.kind === 'requirement' && a.hashed).toBe(true);
    expect(a?.kind === 'requirement' && a.specifier.text).toBe('==1');
    expect(b?.kind === 'requirement' && b.hashed).toBe(false);
    expect(b?.line).toBe(4);
    expect(text.slice(b?.start, b?.end)).toBe('b==2');
  });

  it('knows CRLF, a missing final newline and comments', () => {
    const text = 'a==1  # why\r\nb # c#d';
    const [a, b] = readRequirements(text);
    expect(text.slice(a?.start, a?.end)).toBe('a==1  # why');
    expect(a?.comment?.text).toBe('# why');
    expect(a?.next).toBe(text.indexOf('b'));
    expect(b?.comment?.text).toBe('# c#d');
    expect(b?.next).toBe(b?.end);
  });

  it('does not take a fragment for a comment', () => {
    const [line] = readRequirements('x @ https://example.com/x.zip#sha1=00');
    expect(line?.comment).toBeUndefined();
  });

  it('ends a continuation at a comment line, as pip does', () => {
    expect(kinds('a==1 \\\n# note \\\nb==2')).toEqual(['requirement', 'requirement']);
  });

  it('covers every character of any text exactly once', () => {
    const piece = fc.constantFrom('a', '==1', '\n', '\r\n', '\r', '\\', '#', ' ', '-r x', ';', '[', '@', '\f', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        let at = 0;
        for (const line of readRequirements(text)) {
          expect(line.start).toBe(at);
          expect(line.end).toBeLessThanOrEqual(line.next);
          if (line.kind === 'requirement') expect(text.slice(line.name.start, line.name.end)).toBe(line.name.text);
          at = line.next;
        }
        expect(at).toBe(text.length);
      }),
    );
  });
});

it('normalises names as PEP 503 says', () => {
  expect(normalizeName('Flask__SQL.Alchemy')).toBe('flask-sql-alchemy');
});
