/** What stands inside of functions in unusual words, and must be found all the same: they are parsed by what they mention. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '../src/model/facts.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const HEAD = 'import os\n\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n';

function facts(main: string, others: Record<string, string> = {}): Facts {
  return survey(memorySnapshot({ 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': HEAD + main, ...others }));
}

function names(found: Facts): string[] {
  return found.services.flatMap((s) => s.env.map((e) => e.name)).sort();
}

describe('a health route', () => {
  it.each([
    '"/api/v1" + "/health"',
    '"/api" "/health"',
    '("/api"\n    "/health")',
    '"/heal\\x74h"',
    '\n    "/health"',
    'path="/health"',
  ])('is found at %j', (path) => {
    const found = facts(`@app.get(${path})\ndef state():\n    return {"ok": True}\n`);
    expect(found.services[0]?.health?.path).toMatch(/\/health$/);
  });
});

describe('a call that starts the server, in a function', () => {
  it.each([
    ['in brackets', '(uvicorn.run)(app, port=1)', ''],
    ['over two lines', '(uvicorn\n        .run)(app, port=1)', ''],
    ['with a backslash', 'uvicorn.run \\\n        (app, port=1)', ''],
    ['under another name', 'r(app, port=1)', 'from uvicorn import run \\\n  as r\n'],
    ['of a module that is called as many objects are', 'loop.run(app, port=1)', 'import uvicorn as loop\n'],
  ])('%s', (_, call, imports) => {
    const main = `${imports}\n\ndef main():\n    ${call}\n\n\nif __name__ == "__main__":\n    main()\n`;
    expect(facts(main).runCalls.map((r) => r.server)).toEqual(['uvicorn']);
  });
});

describe('a variable that a function reads', () => {
  it('by a helper that another file gives a second name', () => {
    const env =
      'import os\n\n\ndef get_env(name, default=None):\n    return os.environ.get(name, default)\n\n\nE = get_env\n';
    const main = 'from env import get_env, E\n\nX = get_env("FIRST")\n\n\ndef f():\n    return E("SECOND")\n';
    expect(names(facts(main, { 'env.py': env }))).toEqual(['FIRST', 'SECOND']);
  });

  it('through a copy of what another file calls os.environ', () => {
    const main =
      'from st import cfg\n\nX = os.getenv("FIRST")\n\n\ndef f():\n    return dict(cfg)["SECOND"], cfg.copy().get("THIRD")\n';
    expect(names(facts(main, { 'st.py': 'import os\n\ncfg = os.environ\n' }))).toEqual(['FIRST', 'SECOND', 'THIRD']);
  });

  it('through a name that is not ASCII', () => {
    expect(names(facts('é = os.environ\n\n\ndef f():\n    return é["FIRST"], é.get("SECOND")\n'))).toEqual([
      'FIRST',
      'SECOND',
    ]);
  });

  it('and keeps in an attribute that another class has, too: the file that is imported first counts', () => {
    const holder = (name: string, variable: string, before = ''): string =>
      `import os\n${before}\n\nclass ${name}:\n    def __init__(self):\n        self.url = os.getenv("${variable}")\n`;
    const main =
      'import redis\nfrom a import Config\nfrom b import Other\n\n\ndef make(cfg):\n    return redis.from_url(cfg.url)\n\n\nmake(Config())\n';
    const found = facts(main, {
      'a.py': holder('Config', 'ALPHA', `# ${'x'.repeat(600)}\n`),
      'b.py': holder('Other', 'BETA'),
    });
    expect(found.services[0]?.env.find((e) => e.kind === 'redis')?.name).toBe('ALPHA');
  });
});
