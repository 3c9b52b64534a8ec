import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blueprintServices, deploys } from '../src/survey/blueprint.ts';
import { parseProcfile } from '../src/syntax/procfile.ts';
import { field, listField, parseYaml, textField, type YamlNode } from '../src/syntax/yaml.ts';
import { outdated } from '../templates/render-yaml/existing.ts';

function root(text: string): YamlNode | undefined {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.root;
}

describe('yaml', () => {
  it('gives ranges that hold the values as written', () => {
    const text = 'a: "x"  # c\nb:\n  - 1\n  - two\n';
    const tree = root(text);
    const a = field(tree, 'a');
    expect(a && text.slice(a.start, a.end)).toBe('"x"');
    expect(listField(tree, 'b').map((n) => text.slice(n.start, n.end))).toEqual(['1', 'two']);
    expect(listField(tree, 'b').map((n) => n.line)).toEqual([3, 4]);
  });

  it.each([
    ['a: 1\na: 2\n', 'unique'],
    ['a: [1\n', ''],
    ['a: 1\n---\nb: 2\n', 'several documents'],
    ['a: *nowhere\n', ''],
    [`${'['.repeat(5000)}`, ''],
    [`${'- '.repeat(5000)}x`, 'nested too deeply'],
    [`a: ${'x'.repeat(1_000_001)}`, 'million'],
    ['\t- a: b\n c', ''],
  ])('%.20s is a problem, not an exception', (text, problem) => {
    const parsed = parseYaml(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.problem).toContain(problem);
  });

  it('keeps an alias bomb as small as its text', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 40; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    // 9 to the power of 39 is more than any machine can hold.
    const tree = root(`${lines.join('\n')}\nservices: *a39\n`);
    expect(blueprintServices(tree)).toHaveLength(9);
    expect(outdated(tree, 'render.yaml')).toEqual([]);
  });

  it('reads through aliases and merges', () => {
    const tree = root('base: &b {type: web, runtime: python}\nservices:\n  - <<: *b\n    name: x\n  - *b\n');
    expect(blueprintServices(tree).map((s) => textField(s, 'type'))).toEqual(['web', 'web']);
  });

  it('survives a merge of itself', () => {
    const parsed = parseYaml('a: &a\n  <<: *a\n  b: 1\n');
    if (parsed.ok) expect(textField(field(parsed.root, 'a'), 'missing')).toBeUndefined();
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      '{',
      '&x',
      '*x',
      '"',
      "'",
      '|',
      '#',
      '<<',
      '\t',
      '!',
      '?',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (parts) => void parseYaml(parts.join(''))));
  });
});

describe('a render.yaml that is there', () => {
  const service = (text: string) => {
    const [found] = blueprintServices(root(`services:\n  - ${text.replaceAll('\n', '\n    ')}\n`));
    if (!found) throw new Error('no service');
    return found;
  };

  it.each([
    ['type: web\nruntime: python', '', true],
    ['type: web\nenv: python', '', true],
    ['type: web\nruntime: python\nrootDir: ./backend/', 'backend', true],
    ['type: web\nruntime: python\nstartCommand: cd backend && gunicorn a:b', 'backend', true],
    ['type: web\nruntime: python\nrootDir: other', 'backend', false],
    ['type: web\nruntime: docker\ndockerContext: ./backend', 'backend', true],
    ['type: web\nruntime: docker\ndockerfilePath: ./frontend/Dockerfile', 'backend', false],
    ['type: worker\nruntime: python', '', false],
    ['type: web\nruntime: static', '', false],
    ['type: web\nruntime: node', '', false],
  ])('%s in %s: %s', (text, folder, expected) => expect(deploys(service(text), folder)).toBe(expected));

  it('is found in projects and ungrouped too', () => {
    const tree = root(
      'projects:\n  - name: p\n    environments:\n      - name: e\n        services: [{type: web}]\nungrouped:\n  services: [{type: worker}]\n',
    );
    expect(blueprintServices(tree).map((s) => textField(s, 'type'))).toEqual(['worker', 'web']);
  });

  it('is told what Render no longer takes, with the line', () => {
    const tree = root(
      [
        'services:',
        '  - type: web',
        '    env: python',
        '    releaseCommand: x',
        '    envVars:',
        '      - {key: DEBUG, value: true}',
        '      - {key: PYTHON_VERSION, value: 3.10}',
        'databases:',
        '  - name: d',
      ].join('\n'),
    );
    const lines = outdated(tree, 'render.yaml').map((w) => /^render\.yaml:(\d+)/.exec(w)?.[1]);
    expect(lines).toEqual(['3', '4', '6', '7', '9']);
  });
});

describe('Procfile', () => {
  it('reads as Heroku does', () => {
    const text = '# a comment\r\nweb: gunicorn a:b --bind :$PORT\r\n#release: migrate\r\n\r\nnot a line\nworker:\n';
    const { lines, disabled, broken } = parseProcfile(text);
    expect(lines).toEqual([{ type: 'web', command: 'gunicorn a:b --bind :$PORT', line: 2 }]);
    expect(disabled).toEqual(['release']);
    expect(broken).toEqual([5, 6]);
  });
});
