import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SIGN } from '../src/survey/connections.ts';
import { CONNECTS } from '../src/survey/environment/uses.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { unlessRenamed, wordOf } from '../src/syntax/python/needle.ts';
import { isValidPython, loadPython } from '../src/syntax/python/parser.ts';
import { calls, expressions, innermost, statements } from '../src/syntax/python/walk.ts';
import { anyPython, wholeOf } from './python-text.ts';
import { runs } from './tier.ts';

beforeAll(loadPython);

interface Place {
  readonly start: number;
  readonly end: number;
}

const WORDS = [['call'], ['other'], ['deco', 'b'], ['x'], ['é'], ['none of them']];

/** Holds for a way through a tree: what mentions the needle is found with it as it is without, and nothing else is. */
function expectAllThatMention(walk: (text: string, needle?: RegExp) => readonly Place[]): void {
  fc.assert(
    fc.property(anyPython, fc.constantFrom(...WORDS), (text, words) => {
      const needle = wordOf(words);
      const every = walk(text).map(({ start, end }) => `${start}-${end}`);
      const found = walk(text, needle).map(({ start, end }) => `${start}-${end}`);
      const mentions = (place: string): boolean => {
        const [start, end] = place.split('-');
        return needle.test(text.slice(Number(start), Number(end)));
      };
      expect(found.filter(mentions)).toEqual(every.filter(mentions));
      const left = [...every];
      for (const place of found) expect(left.splice(0, left.indexOf(place) + 1)).toContain(place);
    }),
    { numRuns: runs(300) },
  );
}

describe('a walk with a needle', () => {
  it('finds every call that mentions it', () =>
    expectAllThatMention((text, needle) => calls(parsePython(text).body, needle).map((c) => c.call)));

  it('finds every statement that mentions it', () =>
    expectAllThatMention((text, needle) => statements(parsePython(text).body, needle).map((s) => s.stmt)));

  it('finds every expression that mentions it', () =>
    expectAllThatMention((text, needle) => expressions(parsePython(text).body, undefined, needle).map((e) => e.expr)));

  it('finds it in the head, the body and the decorators of a definition', () => {
    const text =
      '@hit(1)\ndef a(): pass\ndef b(x=hit(2)):\n    y\ndef c(): hit(3)\nclass D(hit(4)):\n    def e(self):\n        hit(5)\n';
    const found = calls(parsePython(text).body, /\bhit\b/).map(({ call }) => text.slice(call.start, call.end));
    expect(found).toEqual(['hit(1)', 'hit(2)', 'hit(3)', 'hit(4)', 'hit(5)']);
  });

  it('does not parse a definition without it', () => {
    const module = parsePython('def a():\n    x = = 1\ndef b():\n    hit()\n');
    expect(calls(module.body, /\bhit\b/)).toHaveLength(1);
    expect(statements(module.body, /\bhit\b/)).toHaveLength(2);
    expect(module.seenErrors).toBe(false);
    expect(calls(module.body)).not.toHaveLength(0);
    expect(module.seenErrors).toBe(true);
  });

  it('does not parse a body when only the head has it', () => {
    const module = parsePython('@hit()\ndef a(x=hit()):\n    x = = 1\n');
    expect(calls(module.body, /\bhit\b/)).toHaveLength(2);
    expect(module.seenErrors).toBe(false);
  });

  it('keeps the lists of different needles apart', () => {
    const { body } = parsePython('def a():\n    f()\ndef b():\n    g()\n');
    expect([/f/, /g/, /f/, undefined].map((needle) => calls(body, needle).length)).toEqual(
      [2, 1, 2, 2].map((n, i) => (i % 2 === 0 ? 1 : n)),
    );
  });
});

describe('the innermost statement', () => {
  it('is that of the whole parse, with the same statements around it', () => {
    fc.assert(
      fc.property(anyPython, (text) => {
        fc.pre(isValidPython(text) && !/\f/.test(text));
        const { body } = parsePython(text);
        const whole = wholeOf(text).body;
        for (let at = 0; at <= text.length; at++) {
          const [lazy, known] = [innermost(body, at), innermost(whole, at)].map(
            (p) => p && [...p.around, p.stmt].map(({ kind, start, end }) => [kind, start, end]),
          );
          expect(lazy).toEqual(known);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  it('holds the offset, and no statement in it does', () => {
    fc.assert(
      fc.property(anyPython, fc.nat(), (text, n) => {
        fc.pre(!/\f|elif/.test(text));
        const { body } = parsePython(text);
        const at = n % (text.length + 1);
        const holds = statements(body).filter(({ stmt }) => stmt.start <= at && at < stmt.end);
        expect(innermost(body, at)?.stmt).toBe(holds.at(-1)?.stmt);
      }),
    );
  });

  it('is found in the else behind an elif', () => {
    const text = 'if a:\n  b\nelif c:\n  d\nelse:\n  e\n';
    expect(innermost(parsePython(text).body, text.lastIndexOf('e'))?.stmt.kind).toBe('expr');
  });

  it('parses only what holds the offset', () => {
    const text = 'def a():\n    x = = 1\ndef b():\n    hit()\n';
    const module = parsePython(text);
    expect(innermost(module.body, text.indexOf('hit'))).toMatchObject({
      stmt: { kind: 'expr' },
      around: [{ name: 'b' }],
    });
    expect(module.seenErrors).toBe(false);
  });
});

describe('a word', () => {
  it.each<[string, string, boolean]>([
    ['a', 'x.a(1)', true],
    ['a', 'aa', false],
    ['a', 'éa', true],
    ['a', 'a1', false],
    ['a', 'a_', false],
    ['a', '"a"', true],
    ['é', 'éa', false],
    ['é', '(é)', true],
    ['𝒳', 'a𝒳', false],
  ])('%s in %s: %s', (word, text, found) => expect(wordOf(['other', word]).test(text)).toBe(found));
});

describe('a name, unless it is renamed', () => {
  it.each([
    'from m import Queue\nQueue()\n',
    'import m\nx = m.Queue()\n',
    'x = Queue(1)\ny = Queue.z\n',
    'f(x=Queue, y=1)\n',
  ])('has a needle in %j', (text) => {
    const needle = unlessRenamed(text, ['Other', 'Queue']);
    expect(needle?.test('m.Queue(1)')).toBe(true);
    expect(needle?.test('Queues')).toBe(false);
  });

  it.each([
    'from m import Queue as Q\n',
    'from m import (\n    a,\n    Queue  as\tQ,\n)\n',
    'import m.Queue as q\n',
    'Q = Queue\n',
    'Q = m.n.Queue  # short\nx = 1\n',
    'class A:\n    Q=Queue\r\n    x = 1\r\n',
    'Q: type = Queue',
    'Q = R = Queue\n',
  ])('has none in %j', (text) => expect(unlessRenamed(text, ['Other', 'Queue'])).toBeUndefined());

  // The survey follows each of these to what it is another name for.
  it.each([
    'Q = (Queue)\n',
    'Q = \\\n  Queue\n',
    'Q = Queue; x = 1\n',
    'Q = m . Queue\n',
    'from m import (Queue\n as Q)\n',
    'from m import Queue \\\n  as Q\n',
  ])('looks everywhere in %j', (text) => expect(unlessRenamed(text, ['Queue'])).toBeUndefined());
});

const CONNECTING = [
  'f"PostgreSQL+asyncpg://{user}@{host}/x"',
  '"mysql" f"+pymysql://{user}@{host}/x"',
  'create_engine (url)',
  'sqlalchemy.create_async_engine(url)',
  '(MongoClient)(url)',
  'psycopg2.connect(\n  host=host)',
  'Redis  # one\n  (host=host)',
  'PostgresDsn.build(host=host)',
  'URL.create(host=host)',
  '{"Host": host, "database": name}',
];
const FORMED = [
  'Fernet(key)',
  'bytes.fromhex(key)',
  'len(key) < 64',
  'len( key.strip() ) not in (16, 24, 32)',
  'len (key) != \\\n 32',
  '(len(\n  key) < 64)',
  '(len(key)  # bytes\n  < 64)',
  'assert len(os.environ["KEY"]) in [32]',
];
const SIGNS = ['"mysql://x"', 'dj_database_url.config()', 'env.db("X")', 'Tortoise.init(x)', '{"ENGINE": "django.db"}'];

it('what a connection and the form of a secret mention', () => {
  for (const text of [...CONNECTING, ...FORMED, 'SQLALCHEMY_DATABASE_URI = url', 'DATABASES = {"default": x}']) {
    expect(CONNECTS.test(text), text).toBe(true);
  }
  const plain = [
    'service.connection(x)',
    'def create(x): ...',
    'class Client(Base): ...',
    'for i in range(len(x)): ...',
  ];
  for (const text of [...plain, 'HTTPClient("https://a.b")', 'if len(x) > 0: ...', 'create_user(x)', 'url = x']) {
    expect(CONNECTS.test(text), text).toBe(false);
  }
});

it('what a sign of a database mentions', () => {
  for (const text of [...CONNECTING.slice(0, 5), ...SIGNS]) expect(SIGN.test(text), text).toBe(true);
  for (const text of ['config.x', 'def parse(x): ...', 'HTTPClient("https://a.b")', 'self.db.add(x)']) {
    expect(SIGN.test(text), text).toBe(false);
  }
});
