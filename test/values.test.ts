/** The evaluator of Python values against CPython's own answers, on programs that nobody wrote. */

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { envAccess } from '../src/python/env-access.ts';
import { evaluate } from '../src/python/evaluate.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { isSequence, type Known } from '../src/python/known.ts';
import { topOf } from '../src/python/place.ts';
import { sites } from '../src/python/sites.ts';
import { variableOf } from '../src/python/text.ts';
import { meaningsOf } from '../src/python/values.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { directReads } from '../src/survey/environment/wrappers.ts';
import type { Expr } from '../src/syntax/python/ast.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

const withPython = spawnSync('python3', ['-c', '']).status === 0;
beforeAll(loadPython);

/** CPython's answers to a list, one process for all. */
function python<T>(script: string, input: unknown): T {
  const { stdout, stderr, status } = spawnSync('python3', ['-I', '-S', '-W', 'ignore', '-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

function graphOf(files: Readonly<Record<string, string>>) {
  const repo = memorySnapshot(files);
  return { repo, modules: createModuleGraph(repo) };
}

/** As JUDGE writes a value. */
function written(value: Known): unknown {
  if (value === null) return ['none'];
  if (typeof value === 'string') return ['str', value];
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value === 'number') return ['float', value];
  if (typeof value === 'boolean') return ['bool', value];
  if (isSequence(value)) return [value.type, value.type === 'set' ? [] : value.items.map(written)];
  return value.type === 'dict' ? ['dict', value.entries.map(([k, v]) => [written(k), written(v)])] : ['path'];
}

const JUDGE = `
import json, sys
sys.set_int_max_str_digits(0) if hasattr(sys, 'set_int_max_str_digits') else None
def written(v):
    if v is None: return ['none']
    for t in (bool, int, float, str):
        if type(v) is t: return [t.__name__, str(v) if t is int else v]
    if type(v) in (list, tuple): return [type(v).__name__, [written(i) for i in v]]
    if type(v) is set: return ['set', []]
    return ['dict', [[written(k), written(i)] for k, i in v.items()]]
def judge(text):
    try: return written(eval(text, {}))
    except Exception as error: return [type(error).__name__, 'raised']
print(json.dumps([judge(text) for text in json.load(sys.stdin)]))
`;

const text = fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', '/', '.', ',', '-', '_', '\t'), maxLength: 5 });
const expressions = fc.letrec<{ expr: string; atom: string }>((tie) => {
  const e = tie('expr');
  const quoted = text.map((t) => JSON.stringify(t));
  const call = (name: string, ...args: string[]): string => `${name}(${args.join(', ')})`;
  return {
    atom: fc.oneof(
      quoted,
      fc.integer({ min: -9, max: 300 }).map((n) => `(${n})`),
      fc.constantFrom(
        '0.5',
        '2.0',
        '1e3',
        '1_000',
        '0x1f',
        '007'.replace('007', '0'),
        'True',
        'False',
        'None',
        "'8000'",
      ),
    ),
    expr: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('atom'),
      fc.tuple(e, fc.constantFrom('+', '-', '*', '/', '//', '%', '**'), e).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc
        .tuple(e, fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'), e)
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(e, fc.constantFrom('and', 'or'), e).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(e, e, e).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
      fc.tuple(fc.constantFrom('not ', '-', '+'), e).map(([op, a]) => `(${op}${a})`),
      fc.array(e, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.array(e, { minLength: 1, maxLength: 3 }).map((items) => `(${items.join(', ')},)`),
      fc.array(fc.tuple(quoted, e), { maxLength: 3 }).map((all) => `{${all.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
      fc.tuple(e, fc.constantFrom('0', '-1', '"a"')).map(([a, i]) => `${a}[${i}]`),
      fc.tuple(fc.constantFrom('str', 'int', 'float', 'bool'), e).map(([f, a]) => call(f, a)),
      fc
        .tuple(quoted, fc.constantFrom('lower', 'upper', 'strip', 'lstrip', 'rstrip', 'split', 'casefold'))
        .map(([a, m]) => call(`${a}.${m}`)),
      fc
        .tuple(quoted, fc.constantFrom('strip', 'rstrip', 'split', 'startswith', 'endswith'), quoted)
        .map(([a, m, b]) => call(`${a}.${m}`, b)),
      fc.tuple(quoted, quoted, quoted).map(([a, b, c]) => call(`${a}.replace`, b, c)),
      fc
        .tuple(text, tie('atom'))
        .map(
          ([t, a]) =>
            `f${JSON.stringify(`${t}{0}`).replace('{0}', () => `{${a.replaceAll('"', "'").replaceAll('\\', '')}}`)}`,
        ),
    ),
  };
}).expr;

describe.runIf(withPython)('expressions of literals', () => {
  it('have the value that CPython gives them, or none', () => {
    const sources = fc.sample(expressions, { numRuns: 1000, seed: 7 });
    const { modules } = graphOf({ 'm.py': sources.map((s, i) => `x${i} = ${s}\n`).join('') });
    const truth = python<unknown[]>(JUDGE, sources);
    const wrong: unknown[] = [];
    let answered = 0;
    for (const [i, source] of sources.entries()) {
      const binding = modules.bindings('m.py').get(`x${i}`)?.at(-1);
      const value = binding?.kind === 'assign' ? evaluate(topOf(modules, 'm.py'), binding.value) : undefined;
      if (value === undefined) continue;
      answered++;
      // `unknown and False` is False, if the program gets past what is unknown.
      const past = / (?:and|or) /.test(source) && JSON.stringify(truth[i]).endsWith('"raised"]');
      if (!past && JSON.stringify(written(value)) !== JSON.stringify(truth[i]))
        wrong.push([source, written(value), truth[i]]);
    }
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(500);
  });
});

/** Programs that bind x in many ways and use it; `c(n)` is a condition that may hold or not. */
const blocks = fc.letrec<{ block: string[]; stmt: string[] }>((tie) => {
  const inside = (lines: readonly string[]): string[] => lines.map((l) => `    ${l}`);
  const condition = fc.constantFrom('c(0)', 'c(1)', 'c(2)');
  const number = fc.constant('x = NEW');
  const body = tie('block').map(inside);
  return {
    block: fc.array(tie('stmt'), { minLength: 1, maxLength: 4 }).map((all) => all.flat()),
    stmt: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc
        .oneof(
          number,
          number,
          fc.constantFrom(
            'use(x)',
            'use(x)',
            'pass',
            'del x',
            'y = x',
            'if (x := NEW): pass',
            'x += 1',
            'x, y = NEW, 0',
          ),
        )
        .map((l) => [l]),
      fc.tuple(condition, body).map(([c, b]) => [`if ${c}:`, ...b]),
      fc.tuple(condition, body, body).map(([c, a, b]) => [`if ${c}:`, ...a, 'else:', ...b]),
      fc.tuple(condition, body, condition, body).map(([c, a, d, b]) => [`if ${c}:`, ...a, `elif ${d}:`, ...b]),
      body.map((b) => ['for i in two():', ...b]),
      fc.tuple(condition, body).map(([c, b]) => ['for x in two():', ...b, `    if ${c}: break`]),
      fc.tuple(body, body).map(([a, b]) => ['try:', ...a, '    fail(1)', 'except ValueError:', ...b]),
      fc.tuple(body, body, body).map(([a, b, z]) => ['try:', ...a, 'except ValueError:', ...b, 'finally:', ...z]),
      body.map((b) => ['with nothing():', ...b]),
      body.map((b) => ['with suppress(ValueError):', ...b, '    fail(1)']),
      fc
        .tuple(condition, body)
        .map(([c, b]) => ['for i in two():', `    if ${c}:`, ...b.map((l) => `    ${l}`), '        break']),
      fc.tuple(condition, body).map(([c, b]) => [`if ${c}:`, ...b, '    leave()']),
    ),
  };
}).block;

const RUN = `
import contextlib, itertools, json, sys
class Left(Exception): pass
def run(text):
    seen = {}
    code = compile(text, 'm', 'exec')
    for bits in itertools.product((False, True), repeat=4):
        def c(n): return bits[n]
        def fail(n):
            if bits[3]: raise ValueError
        def leave(): raise Left
        def use(n, value): seen.setdefault(n, set()).add(value)
        names = dict(c=c, fail=fail, leave=leave, use=use, two=lambda: iter((-1, -2)), nothing=contextlib.nullcontext, suppress=contextlib.suppress)
        try: exec(code, names)
        except (Left, NameError, TypeError): pass
    return {n: sorted(v) for n, v in seen.items()}
print(json.dumps([run(text) for text in json.load(sys.stdin)]))
`;

describe.runIf(withPython)('bindings', () => {
  /** Each NEW is a number of its own, each use has a number; -1 and -2 are a loop's, and the rest are sums. */
  const program = (lines: readonly string[], within: boolean): string => {
    let next = 1;
    let use = 0;
    const numbered = [...lines, 'use(x)'].map((l) =>
      l.replace(/NEW/g, () => String(next++ * 100)).replace('use(x)', () => `use(${use++}, x)`),
    );
    return within ? ['def f():', ...numbered.map((l) => `    ${l}`), 'f()', ''].join('\n') : `${numbered.join('\n')}\n`;
  };

  it('that may be in force are never fewer than those that CPython meets, and one value is the only one', () => {
    const samples = fc.sample(fc.tuple(blocks, fc.boolean()), { numRuns: 150, seed: 11 });
    const programs = samples.map(([lines, within]) => program(lines, within));
    const met = python<Record<string, number[]>[]>(RUN, programs);
    const wrong: unknown[] = [];
    let certain = 0;
    for (const [i, source] of programs.entries()) {
      const { modules } = graphOf({ 'm.py': source });
      for (const site of sites(modules, 'm.py', isUse)) {
        const [at, x] = site.expr.kind === 'call' ? site.expr.args.map((a) => a.value) : [];
        const seen = met[i]?.[at?.kind === 'number' ? at.text : ''] ?? [];
        if (x?.kind !== 'name') continue;
        const may = meaningsOf(site, x).map((m) => (m?.kind === 'value' ? evaluate(m, m.expr) : undefined));
        const open = may.includes(undefined);
        if (!open && seen.some((v) => !may.includes(BigInt(v))))
          wrong.push(['fewer', source, at, may.map(String), seen]);
        const one = evaluate(site, x);
        if (one !== undefined && seen.length > 0) certain++;
        if (one !== undefined && seen.some((v) => BigInt(v) !== one))
          wrong.push(['other', source, at, String(one), seen]);
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(certain).toBeGreaterThan(40);
  });
});

function isUse(e: Expr): boolean {
  return e.kind === 'call' && e.func.kind === 'name' && e.func.id === 'use';
}

describe('the needles', () => {
  const heads = [
    'import os',
    'import os as system',
    'from os import environ',
    'from os import environ as settings, getenv as read',
    'import os\nvalues = os.environ',
    'import os\nask = os.getenv',
    'import os\ncopied = dict(os.environ)\nagain = os.environ.copy()',
    'from decouple import config',
    'from decouple import config as option',
    'import decouple',
    'from environs import Env\nenv = Env()',
    'import environs\nwith_prefix = environs.Env()',
    'import sys, environ\nreader = environ.Env()',
    'from starlette.config import Config, environ as mapping\nconf = Config(".env")',
    'from dotenv import dotenv_values\nloaded = {**dotenv_values(), "A": "b"}',
  ];
  const callees = ['os.getenv', 'system.getenv', 'os.environ.get', 'environ.get', 'settings.get', 'read', 'values.get', 'ask', 'copied.get', 'again.get', 'config', 'option', 'decouple.config', 'env', 'env.str', 'with_prefix.int', 'reader', 'reader.bool', 'conf', 'mapping.get', 'loaded.get', 'os.environ.pop']; // biome-ignore format: a list of names
  const mappings = ['os.environ', 'system.environ', 'environ', 'settings', 'values', 'copied', 'again', 'mapping', 'loaded']; // biome-ignore format: a list of names
  const read = fc
    .tuple(fc.constantFrom(...callees, ...mappings), fc.constantFrom('A', 'B_C', 'D'))
    .map(([by, name]) => (mappings.includes(by) ? `${by}["${name}"]` : `${by}("${name}")`));
  const shapes = [
    (r: string) => `X = ${r}`,
    (r: string) => `def f():\n    return [${r}, 1]`,
    (r: string) => `class K:\n    x = ${r}\n    def g(self):\n        return ${r}`,
    (r: string) => `if ${r} == "1":\n    print(f"{${r.replaceAll('"', "'")}}")`,
  ];
  const file = fc.tuple(
    fc.uniqueArray(fc.constantFrom(...heads), { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(read, fc.constantFrom(...shapes)), { minLength: 1, maxLength: 4 }),
  );

  it('hide no expression that reads the environment', () => {
    let reads = 0;
    fc.assert(
      fc.property(file, ([imports, uses]) => {
        const source = `${[...imports, ...uses.map(([r, shape]) => shape(r))].join('\n')}\n`;
        const { repo, modules } = graphOf({ 'm.py': source });
        const wanted = sites(modules, 'm.py', () => true).flatMap((site) => {
          const access = envAccess(site, site.expr);
          const name = access && variableOf(site, access);
          return name === undefined ? [] : [`${name}@${site.expr.start}`];
        });
        reads += wanted.length;
        const found = directReads(repo, modules, ['m.py']).map((r) => `${r.name}@${r.start}`);
        expect(found.sort()).toEqual(wanted.sort());
      }),
      { numRuns: 150, seed: 3 },
    );
    expect(reads).toBeGreaterThan(100);
  });
});
