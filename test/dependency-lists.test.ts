import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addToPyproject, addToRequirements, type Wish } from '../src/lists/add.ts';
import { onlyAdded } from '../src/lists/proof.ts';
import { applyEdits } from '../src/syntax/edit.ts';

const wish: Wish = {
  additions: [
    { name: 'gunicorn', version: '23.0.0' },
    { name: 'uvicorn-worker', version: '0.4.0' },
  ],
  anchors: ['uvicorn', 'flask', 'fastapi'],
  constrained: new Set(),
  remark: 'Production server',
};
const requirement = fc
  .tuple(
    fc.constantFrom('fastapi', 'uvicorn[standard]', 'SQLAlchemy', 'Flask', 'gevent', 'h11', 'zope.interface'),
    fc.constantFrom('', '==1.0', ' == 1.0', '>=1', '~=1.2', '>=1,<2', '<3,>=1.0.0'),
  )
  .map((parts) => parts.join(''));
const eol = fc.constantFrom('\n', '\r\n');

it('adds two lines to any requirements file and changes none', () => {
  const tail = fc.constantFrom('', '  # why', '; python_version < "3.9"');
  const other = fc.constantFrom('', '# web', '-r base.txt', '--index-url https://example.com/simple');
  const lines = fc.array(fc.oneof({ weight: 3, arbitrary: fc.tuple(requirement, tail).map((t) => t.join('')) }, other));
  fc.assert(
    fc.property(lines, requirement, eol, fc.boolean(), (some, one, end, final) => {
      const text = [...some, one].join(end) + (final ? end : '');
      const added = addToRequirements(text, wish);
      const after = applyEdits(text, added?.edits ?? []);
      expect(onlyAdded('requirements', text, after, 2)).toBe(true);
      expect(/\n$/.test(after)).toBe(final);
      if (end === '\r\n' && text.includes('\r\n')) expect(after).not.toMatch(/[^\r]\n/);
    }),
  );
});

it('adds two strings to any list of a pyproject.toml and changes nothing else', () => {
  const comment = fc.constantFrom('', ' # a', '    # b');
  const items = fc.array(fc.tuple(requirement, comment), { minLength: 1, maxLength: 6 });
  const indent = fc.constantFrom('  ', '\t');
  fc.assert(
    fc.property(items, indent, eol, fc.boolean(), fc.boolean(), (list, space, end, comma, oneLine) => {
      const strings = list.map(([text]) => `"${text}"`);
      const body = list.map(([text, note], i) => `${space}"${text}"${comma || i < list.length - 1 ? ',' : ''}${note}`);
      const array = oneLine ? `[${strings.join(', ')}${comma ? ',' : ''}]` : `[${end}${body.join(end)}${end}]`;
      const text = `[project]${end}name = "x"${end}dependencies = ${array}${end}`;
      const added = addToPyproject(text, wish, [['project', 'dependencies']]);
      expect(added).toBeDefined();
      expect(onlyAdded('pep621', text, applyEdits(text, added?.edits ?? []), 2)).toBe(true);
    }),
  );
});
