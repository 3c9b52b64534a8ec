/** Text made to hurt: regular expressions kept busy, YAML bombs, escape sequences, characters that reorder text. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { patternsOf, slowPatterns } from '../bench/fuzz/patterns.ts';
import { askPython } from '../src/engine/cpython.ts';
import { makePlan } from '../src/engine/make-plan.ts';
import { planRepository } from '../src/engine/run.ts';
import type { FileChange, Plan } from '../src/model/plan.ts';
import type { Part } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { planReport } from '../src/report/json.ts';
import { summary } from '../src/report/summary.ts';
import { mask } from '../src/secrets/mask.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { oneLine, reorderedLine, visible } from '../src/syntax/visible.ts';
import { emitters } from '../templates/index.ts';
import { transforms } from '../transforms/index.ts';
import { cpuSeconds } from './cpu.ts';
import { SAMPLE } from './sample.ts';
import { full, sampled } from './tier.ts';

const home = path.join(import.meta.dirname, '..');
const defaults = (part: Part) => Object.fromEntries(Object.entries(part.options).map(([k, o]) => [k, o.default]));
const steps = [...transforms, ...emitters].map((part) => ({ part, options: defaults(part) }));

beforeAll(loadPython);

describe('regular expressions', () => {
  it('of all sources: none takes long for a string made against it', async () => {
    const patterns = patternsOf(['src', 'transforms', 'templates'].map((f) => path.join(home, f)));
    expect(patterns.length).toBeGreaterThan(300);
    // Cubic in the length takes seconds; exponential never ends, and is stopped.
    expect(await slowPatterns(sampled(patterns, 96), 1200, 200)).toEqual([]);
  });

  it('the search finds those that backtrack', async () => {
    const bad = [String.raw`^\s*\(?\s*x?\s*(\d+)`];
    const found = await slowPatterns(
      bad.map((source) => ({ file: '', source, flags: '' })),
      // Cubic: some 10^8 steps, which no machine does in 20 ms. (200 characters in 2 ms: a fast one did.)
      800,
      20,
    );
    expect(found.map((f) => f.source)).toEqual(bad);
  });
});

describe('YAML', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++) {
    const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }

  it.each([
    ['an alias bomb', `${bomb.join('\n')}\nservices: *l\n`],
    ['an alias to itself', 'services: &a [*a]\n'],
    ['duplicate keys', 'services: []\nservices: []\n'],
    ['duplicate keys in a service', 'services:\n  - type: web\n    type: web\n    name: a\n    name: b\n'],
    ['a tag that builds an object', 'services: !!python/object/apply:os.system ["touch pwned"]\n'],
    ['merge keys', 'x: &x {type: web}\nservices:\n  - <<: *x\n    <<: *x\n'],
    ['__proto__', 'services:\n  - __proto__: {polluted: true}\n    constructor: x\n'],
    ['no YAML at all', '\t{[}]: "\n'],
    ['several documents', 'a: 1\n---\nservices: []\n'],
  ])('%s: in time, nothing written over it', (_, text) => {
    for (const name of ['render.yaml', 'docker-compose.yml']) {
      const repo = memorySnapshot({ ...SAMPLE, [name]: text });
      const plans: Plan[] = [];
      expect(cpuSeconds(() => plans.push(makePlan(repo, steps, { recipe: 'test' })))).toBeLessThan(60);
      const plan = plans[0];
      expect(plan?.verdicts.filter((v) => v.kind === 'failed')).toEqual([]);
      expect(plan?.changes.some((c) => c.path === 'app/main.py')).toBe(true);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('what a terminal would obey', () => {
  const evil = '\x1b]0;pwned\x07\x1b[2J\x9b31m\u202eevil\u2066\u{e0041}\xad';

  it('is spelt out in every report', async () => {
    const main = (SAMPLE['app/main.py'] ?? '').replace('"192.168.0.133", port', `"192.168.0.133${evil}", port`);
    const files = {
      ...SAMPLE,
      'app/main.py': main,
      'requirements.txt': `# ${evil}\nfastapi\nuvicorn\n`,
      '.env': `A${evil}=1\n`,
    };
    const plan = await planRepository(memorySnapshot(files), steps, { recipe: 'test' });
    const shown = summary(plan, { written: false });
    const json = JSON.stringify(planReport(plan, false));
    for (const text of [shown, json]) {
      const odd = [...text].filter((c) => visible(c, true) !== c).map((c) => c.codePointAt(0)?.toString(16));
      expect(odd).toEqual([]);
    }
  });

  it('characters that reorder text are told', async () => {
    const files = { ...SAMPLE, 'requirements.txt': 'fastapi\nuvicorn # \u202e x\n' };
    const plan = await planRepository(memorySnapshot(files), steps, { recipe: 'test' });
    expect(plan.warnings).toContain('holds characters that reorder text on a screen (requirements.txt:2)');
    expect(reorderedLine('a\nb\n\u2067')).toBe(3);
    expect(reorderedLine('été 漢字 \u{1f600}')).toBeUndefined();
  });

  it.each([
    ['\u{e0041}', '\\u{e0041}'],
    ['a\xadb', 'a\\xadb'],
    ['\u3164', '\\u{3164}'],
    ['\u{1f600}é', '\u{1f600}é'],
    ['\ud800x', '\ud800x'],
  ])('%j', (text, shown) => expect(visible(text)).toBe(shown));

  it('several lines become one', () => {
    expect(oneLine('a \n\n \t b\n')).toBe('a b');
    expect(oneLine(' a ')).toBe(' a ');
  });
});

describe('long lines', () => {
  it.each([' ', '\t', '"', 'a', '://', 'password', ':', '=', '\r', 'a@'])(
    '%j for a megabyte, a fifth of it in the default tier, is shown in time',
    (unit) => {
      const text = unit.repeat((full ? 1_000_000 : 200_000) / unit.length);
      expect(cpuSeconds(() => visible(oneLine(mask(`${text}\n${text}`))))).toBeLessThan(60);
    },
  );
});

const withPython = spawnSync('python3', ['-c', '']).status === 0;

/** https://docs.python.org/3/reference/ rejects all of these; tree-sitter's grammar accepts them. */
const ACCEPTED_BY_THE_GRAMMAR: Readonly<Record<string, string>> = {
  'indentation that fits no level': 'if x:\n        a = 1\n    b = 2\n',
  'tabs and blanks mixed': 'if x:\n\ta = 1\n        b = 2\n',
  'an unexpected indentation': 'x = 1\n    y = 2\n',
  'a keyword given twice': 'f(a=1, a=2)\n',
  'positional after keyword': 'f(a=1, 2)\n',
  'a late __future__': 'x = 1\nfrom __future__ import annotations\n',
  'an empty block': 'def f():\nx = 1\n',
  'the print of Python 2': 'print "x"\n',
  'return outside of a function': 'return 1\n',
  'await outside of an async function': 'def f():\n    await x\n',
  'break outside of a loop': 'break\n',
  'an argument given twice': 'def f(a, a):\n    pass\n',
  'assignment to a call': 'f() = 1\n',
  'nonlocal at the top': 'nonlocal x\n',
  'star import in a function': 'def f():\n    from x import *\n',
};

describe.skipIf(!withPython)("CPython's opinion", () => {
  const before = 'from fastapi import FastAPI\napp = FastAPI()\n';
  const changes = Object.entries(ACCEPTED_BY_THE_GRAMMAR).map(([name, bad]): FileChange => {
    const form = { edits: [], encoding: 'utf-8', bom: false, sha256: null, by: ['bad'] } as const;
    return { path: `${name}.py`, before, after: before + bad, ...form };
  });

  it('rejects each of them, of which the grammar alone lets at least 12 pass', async () => {
    const { rejected } = await askPython(changes);
    expect([...rejected.keys()].sort()).toEqual(changes.map((c) => c.path).sort());
    expect(changes.filter((c) => parsePython(c.after).errors === 0).length).toBeGreaterThanOrEqual(12);
  });

  it('and so the part is taken out', async () => {
    const part: Part = {
      ...{ id: 'bad', summary: '', source: '', options: {} },
      plan: (repo) => {
        const text = repo.read('app/main.py')?.text ?? '';
        if (text.includes('f(a=1, a=2)')) return [];
        const edits = { 'app/main.py': [{ start: text.length, end: text.length, text: 'f(a=1, a=2)\n' }] };
        return [{ kind: 'edits', reason: 'bad', at: [], edits }];
      },
    };
    const plan = await planRepository(memorySnapshot(SAMPLE), [{ part, options: {} }], { recipe: 'test' });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts[0]).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('keyword argument repeated'),
    });
  });
});
