import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { applicationReturnedBy } from '../src/survey/applications.ts';
import { mayMake } from '../src/survey/may-make.ts';
import type { FunctionStmt } from '../src/syntax/python/ast.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const CORE = `from fastapi import FastAPI
app = FastAPI()
def make():
    return FastAPI()
class Server:
    def __init__(self):
        self.app = FastAPI()
    def build(self):
        return self.app
class Own(FastAPI):
    pass
`;

/** Of the functions at the top level of a file: whether it returns an application, and whether it may. */
function judged(main: string): { readonly name: string; readonly makes: boolean; readonly may: boolean }[] {
  const modules = createModuleGraph(
    memorySnapshot({ 'core.py': CORE, 'pkg/__init__.py': '', 'pkg/deep.py': CORE, 'main.py': main }),
  );
  const may = mayMake(modules, 'main.py');
  return [...modules.bindings('main.py')].flatMap(([name, bindings]) =>
    bindings
      .flatMap((b): FunctionStmt[] => (b.kind === 'function' ? [b.stmt] : []))
      .map((fn) => ({
        name,
        makes: applicationReturnedBy({ modules, path: 'main.py', around: [] }, fn) !== undefined,
        may: may(fn),
      })),
  );
}

describe('a handler', () => {
  it.each<[string, string, boolean]>([
    ['of a route of a blueprint', '@bp.route("/")', false],
    ['of a route, in a line of its own', '@api.v1.get(\n    "/items",\n)', false],
    ['of an error', '@app.errorhandler(404)', false],
    ['of a hook that is not called', '@app.before_request', false],
    ['of nothing: a cached factory', '@lru_cache', true],
    ['of nothing: a decorator of another name', '@app.getter("x")', true],
    ['of nothing: a plain name', '@get("/")', true],
  ])('%s', (_, decorator, may) => {
    const main = `from flask import Flask\n${decorator}\ndef make():\n    return Flask(__name__)\n`;
    expect(judged(main)).toMatchObject([{ name: 'make', may }]);
  });
});

describe('a function that returns an application', () => {
  it.each<[string, string]>([
    ['it makes', 'from fastapi import FastAPI\ndef create():\n    return FastAPI()\n'],
    ['it makes on one line', 'from fastapi import FastAPI\ndef create(): return FastAPI()\n'],
    ['it makes by a module', 'import fastapi as f\ndef create():\n    app = f.FastAPI()\n    return app\n'],
    ['under another name', 'from fastapi import FastAPI as F\ndef create():\n    return F()\n'],
    ['under a name that is no ASCII', 'from fastapi import FastAPI as Ä\ndef create():\n    return Ä()\n'],
    ['imported where it is made', 'def create():\n    from fastapi import FastAPI as F\n    return F()\n'],
    ['of the module', 'from flask import Flask\napp = Flask(__name__)\ndef create():\n    return app\n'],
    ['of the module, unpacked', 'from core import make\nx, y = make(), 1\ndef create():\n    return x\n'],
    ['of the module, in a branch', 'from core import make\na = None\nif a is None:\n    a = make()\ndef create():\n    return a\n'],
    ['of another function', 'from fastapi import FastAPI\ndef create():\n    return second()\ndef second():\n    return third()\ndef third():\n    return FastAPI()\n'],
    ['of an instance', 'from fastapi import FastAPI\nclass S:\n    def __init__(self):\n        self.app = FastAPI()\ns = S()\ndef create():\n    return s.app\n'],
    ['of a class that inherits', 'from fastapi import FastAPI\nclass A(FastAPI):\n    pass\nclass B(A):\n    pass\ndef create():\n    return B()\n'],
    ['of an imported class', 'from core import Server\ndef create():\n    return Server().build()\n'],
    ['of an imported class that inherits', 'from core import Own as O\ndef create():\n    return O()\n'],
    ['of an imported factory', 'from core import make as m\ndef create():\n    return m()\n'],
    ['of an imported module', 'import core as c\ndef create():\n    return c.make()\n'],
    ['of a module in a package', 'import pkg.deep\ndef create():\n    return pkg.deep.make()\n'],
    ['of a module from a package', 'from pkg import deep as d\ndef create():\n    return d.app\n'],
    ['of a relative import', 'from .core import app as inner\ndef create():\n    return inner\n'],
    ['of a star import', 'from core import *\ndef create():\n    return make()\n'],
    ['that only its annotation tells of', 'from fastapi import FastAPI\ndef create(x) -> FastAPI:\n    return x\n'],
    ['that only an annotation over lines tells of', 'from fastapi import FastAPI as F\ndef create(\n    x,\n) -> (\n    F\n):\n    return x\n'],
    ['that only an annotation of its module tells of', 'from core import Own as Z\ndef create(x) -> Z: return x\n'],
    ['that is wrapped', 'import socketio\nfrom core import app\ndef create():\n    return socketio.ASGIApp(socketio.AsyncServer(), app)\n'],
    ['of Django', 'from django.core.wsgi import get_wsgi_application as g\ndef create():\n    return g()\n'],
  ])('%s is not passed over', (_, text) => {
    expect(judged(text).find((f) => f.name === 'create')).toEqual({ name: 'create', makes: true, may: true });
  }); // biome-ignore format: a table

  it.each<[string, string]>([
    ['of a factory', 'def create():\n    from core import make\n    return make()\n'],
    ['of an application', 'def create():\n    from core import app\n    return app\n'],
    ['of a module', 'def create():\n    import core\n    return core.make()\n'],
    ['of a relative import', 'def create():\n    from .core import app as inner\n    return inner\n'],
    [
      'in a nested function',
      'def create():\n    def inner():\n        from core import make\n        return make()\n    return inner()\n',
    ],
  ])('by an import within itself, %s', (_, text) => {
    expect(judged(text)).toContainEqual({ name: 'create', makes: true, may: true });
  });

  const IMPORTS = [
    'from fastapi import FastAPI',
    'import fastapi as n0',
    'from core import make as n1',
    'import core as n2',
    'from pkg import deep as n3',
    'from core import Own as n4',
  ];
  const MADE = ['FastAPI()', 'n0.FastAPI()', 'n1()', 'n2.app', 'n2.Server().app', 'n3.make()', 'n4()'];

  it('is never passed over, however long the way', () => {
    const link = fc.constantFrom<(name: string, from: string) => string>(
      (name, from) => `def ${name}():\n    return ${from}\n`,
      (name, from) => `def ${name}():\n    x = ${from}\n    return x\n`,
      (name, from) => `${name}_v = ${from}\ndef ${name}():\n    return ${name}_v\n`,
      (name, from) =>
        `class ${name}_c:\n    def __init__(self):\n        self.a = ${from}\ndef ${name}():\n    return ${name}_c().a\n`,
      (name, from) => `def ${name}(q=1):\n    if q:\n        return ${from}\n    return None\n`,
    );
    let made = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...MADE),
        fc.array(link, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (start, links, reversed) => {
          const parts = links.map((l, i) => l(`f${i}`, i === 0 ? start : `f${i - 1}()`));
          if (reversed && !parts.some((p) => p.includes('_v ='))) parts.reverse();
          const found = judged(`${IMPORTS.join('\n')}\n${parts.join('')}`);
          expect(found).toHaveLength(links.length);
          for (const { makes, may } of found) {
            if (makes) made++;
            expect(may || !makes).toBe(true);
          }
        },
      ),
    );
    expect(made).toBeGreaterThan(100);
  });
});

describe('a function that surely returns no application', () => {
  it('is passed over', () => {
    const found = judged(
      'from fastapi import FastAPI\nimport json\napp = FastAPI()\nlimit = 3\ndef read(path):\n    with open(path) as f:\n        return json.load(f)\ndef few() -> int:\n    return limit\n',
    );
    expect(found.map(({ name, may }) => [name, may])).toEqual([
      ['read', false],
      ['few', false],
    ]);
  });

  it('is passed over when only its decorators and parameters mention one', () => {
    const [found] = judged(
      'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef health(a: FastAPI):\n    return {"ok": True}\n',
    );
    expect(found).toEqual({ name: 'health', makes: false, may: false });
  });

  it('is not parsed for that', () => {
    const modules = createModuleGraph(
      memorySnapshot({ 'main.py': 'from fastapi import FastAPI\ndef broken(a):\n    x = = 1\n' }),
      new Set(),
    );
    const [binding] = modules.bindings('main.py').get('broken') ?? [];
    expect(binding?.kind === 'function' && mayMake(modules, 'main.py')(binding.stmt)).toBe(false);
    expect(modules.broken).toEqual([]);
  });
});
